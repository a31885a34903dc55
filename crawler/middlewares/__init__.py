"""Scrapy adapters: addresses, connections, decompression, conduct, and the last resort for a page that went wrong."""
