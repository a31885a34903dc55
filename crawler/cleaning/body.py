"""Body: the tree that the steps work on, what they found and what they removed."""
