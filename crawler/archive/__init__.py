"""What was fetched, kept: WARC files in a folder beside the database, and readers of anybody's WARC files."""

from crawler.archive.writer import Archive, Limits, folder_for

__all__ = ["Archive", "Limits", "folder_for"]
