"""What a page says of its article beside the text: title, times, people, where it is from."""
