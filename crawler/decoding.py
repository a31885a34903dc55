"""Bytes to text: what the charset really is."""

import codecs

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding

from crawler.errors import NotHtml

_BINARY = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"RIFF")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of a response body. Raises NotHtml when the bytes are no text."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, errors="replace")
    if body.startswith(_BINARY) or b"\0" in body[:4096]:
        raise NotHtml("binary content")
    declared = [http_content_type_encoding(content_type), html_body_declared_encoding(body)]
    for encoding in ("utf-8", *declared, "gb18030", "big5hkscs"):
        if encoding is None:
            continue
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return body.decode("utf-8", errors="replace")
