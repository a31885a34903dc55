"""Which blocks of a page are the article: chosen, cut, put together."""
