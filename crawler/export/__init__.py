"""Other shapes of stored articles. A reader of articles: it knows neither the store nor a site."""

from crawler.export.jekyll import EXTRA_KEYS
from crawler.export.write import FORMATS, STDOUT, Options, write

__all__ = ["EXTRA_KEYS", "FORMATS", "STDOUT", "Options", "write"]
