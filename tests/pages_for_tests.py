"""Pages made of a few lines of HTML."""

from datetime import UTC, datetime

from crawler.page import Page

FETCHED = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)


def html_page(markup: str | bytes, url: str = "https://www.example.com/news/2026/05/19/story.html") -> Page:
    body = markup.encode() if isinstance(markup, str) else markup
    return Page(url, body, {"content-type": "text/html"}, FETCHED)
