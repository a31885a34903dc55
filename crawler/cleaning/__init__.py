"""Small steps on the body tree, the tuples that order them, and text and Markdown from a clean body."""
