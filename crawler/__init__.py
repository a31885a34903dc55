"""newscrawl: news pages in, clean normalised articles out."""
