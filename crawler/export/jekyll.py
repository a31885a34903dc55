"""Jekyll: one Markdown post an article, with front matter that every YAML reader reads."""

import html
import re

from crawler.export import front_matter
from crawler.export.front_matter import Value, quoted, words
from crawler.items import Article

HOME = "//finews.withounder.com/"  # of the blog that the posts are for; its category pages lie below it

EXTRA_KEYS = (
    "id",
    "site",
    "kind",
    "original_url",
    "source",
    "source_url",
    "share_url",
    "category_name",
    "subtitle",
    "authors",
    "editors",
    "original_title",
    "last_modified_at",
    "lang",
    "render_with_liquid",
)
"""Keys beside layout, title, date, categories and tags; each only where the article has it."""

_BLOCK = "p|h[1-6]|ul|ol|blockquote|figure|table|pre|hr"
_BETWEEN = re.compile(rf"(</(?:{_BLOCK})>|<hr ?/?>)\s*(?=<(?:{_BLOCK})\b)")
_LIQUID = re.compile(r"\{(?=[{%])")


def post(article: Article, *, tail: bool = False, home: str = HOME) -> str:
    """The whole file. `tail`: the source, the share link and the ways back stand below the body."""
    return _front_matter(article) + (
        _body(article) + "\n" if not tail else _body(article, close=" ") + _tail(article, home)
    )


def id_line(article: Article) -> str:
    """The line of a post that says whose it is."""
    return f"\nid: {quoted(article.id)}\n"


def _front_matter(article: Article) -> str:
    plain = {"layout": "post", "title": quoted(article.title)}
    if article.published_at:
        plain["date"] = f"{article.published_at:%Y-%m-%d %H:%M:%S %z}"
    if article.category:
        plain["categories"] = words((article.category,))
    if article.tags:
        plain["tags"] = words(article.tags)
    return front_matter.write(_extra(article), plain=plain)


def _extra(article: Article) -> dict[str, Value]:
    values: dict[str, Value | None] = {
        "id": article.id,
        "site": article.site,
        "kind": article.kind if article.kind != "article" else None,
        "original_url": article.url,
        "source": article.source,
        "source_url": article.source_url,
        "share_url": article.share_url,
        "category_name": article.category_name,
        "subtitle": article.subtitle,
        "authors": article.authors,
        "editors": article.editors,
        "original_title": article.original_title,
        "last_modified_at": article.modified_at,
        "lang": article.language,
        # Only Jekyll 4 knows this key; in the body the braces are written as entities besides.
        "render_with_liquid": False if _has_liquid(article) else None,
    }
    return {key: value for key, value in values.items() if value is not None and value != "" and value != ()}


def _has_liquid(article: Article) -> bool:
    return any(_LIQUID.search(text) for text in (article.title, article.digest or "", article.body_html))


def _body(article: Article, *, close: str = "") -> str:
    """The digest as a quotation and the blocks, each on its line; no Liquid tag can begin in them.

    `close` stands before the end of the last paragraph.
    """
    blocks = _BETWEEN.sub(r"\1\n ", article.body_html.strip())
    if blocks.endswith("</p>"):
        blocks = f"{blocks.removesuffix('</p>')}{close}</p>"
    if article.digest:
        blocks = f"<blockquote><p>{html.escape(article.digest, quote=False)}</p></blockquote>\n\n{blocks}"
    return _LIQUID.sub("&#123;", blocks)


def _tail(article: Article, home: str) -> str:
    """Source line, share link and back links, as the posts of the blog have them: a paragraph each, no line end."""
    parts = [_source_line(article)]
    if article.share_url:
        parts.append(f"<{_address(article.share_url)}>")
    if article.category:
        label = (
            article.tags[0] if article.tags else f"{article.source or article.category_name or article.category}新闻"
        )
        parts.append(f"[返回{_label(label)}]({home}category/{_address(article.category)}.html)｜[返回首页]({home})")
    return _LIQUID.sub("&#123;", "\n\n".join(parts))


def _source_line(article: Article) -> str:
    """Empty where the body itself ends in the source, in brackets: it is not said twice."""
    ends = tuple(f"{left}{article.source}{right}" for left, right in ("（）", "()", "【】"))
    if not article.source or article.body_text.rstrip().endswith(ends):
        return ""
    return f'<p class="em_media">（文章来源：{html.escape(article.source, quote=False)}）</p>'


def _address(url: str) -> str:
    """Without the characters that would end a Markdown link."""
    return re.sub(r"[\s<>()\[\]{}\"\\`|]", lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), url)


def _label(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>|])", r"\\\1", " ".join(text.split()))
