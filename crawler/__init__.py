"""newscrawl: news pages in, clean normalised articles out."""

__version__ = "0.1.0"
