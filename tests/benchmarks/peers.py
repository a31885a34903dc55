"""Run one peer over pages: `peers.py NAME < pages.jsonl > predictions.jsonl`.

Runs in an environment of its own (`pip install -r peers.txt`), so that no peer comes near the core. A page is
{"id", "url", "html"} with the text already decoded, the same for all; a prediction is {"id", "title", "published_at",
"authors", "body", "seconds"}, CPU seconds with the peer's own parse.
"""

import json
import re
import sys
import time
from collections.abc import Callable
from typing import Any

Reading = dict[str, Any]


def trafilatura(html: str, url: str) -> Reading:
    from trafilatura import bare_extraction

    found = bare_extraction(html, url=url or None, with_metadata=True, include_comments=False)
    if found is None:
        return {}
    fields = found.as_dict()
    authors = [part.strip() for part in re.split(r"[;]", fields.get("author") or "") if part.strip()]
    return {
        "title": fields.get("title"),
        "published_at": fields.get("date"),
        "authors": authors,
        "body": fields.get("text"),
    }


def readability(html: str, url: str) -> Reading:
    from lxml.html import fromstring
    from readability import Document

    document = Document(html, url=url or None)
    tree = fromstring(document.summary())
    for block in tree.iter("p", "div", "li", "br", "h1", "h2", "h3", "h4", "tr", "blockquote", "pre"):
        block.tail = "\n" + (block.tail or "")
    return {"title": document.short_title(), "body": tree.text_content()}


def newspaper4k(html: str, url: str) -> Reading:
    from newspaper import Article

    article = Article(url or "https://example.com/a.html", fetch_images=False)
    article.download(input_html=html)
    article.parse()
    published = article.publish_date
    return {
        "title": article.title,
        "published_at": str(published) if published else None,
        "authors": list(article.authors),
        "body": article.text,
    }


def gne(html: str, url: str) -> Reading:
    from gne import GeneralNewsExtractor

    found = GeneralNewsExtractor().extract(html, noise_node_list=[], with_body_html=False)
    authors = [part for part in re.split(r"[,，、 ]+", found.get("author") or "") if part]
    return {
        "title": found.get("title"),
        "published_at": found.get("publish_time"),
        "authors": authors,
        "body": found.get("content"),
    }


def resiliparse(html: str, url: str) -> Reading:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse(html)
    body = extract_plain_text(tree, main_content=True, alt_texts=False, links=False, comments=False)
    return {"title": tree.title, "body": body}


PEERS: dict[str, Callable[[str, str], Reading]] = {
    "trafilatura": trafilatura,
    "readability": readability,
    "newspaper4k": newspaper4k,
    "gne": gne,
    "resiliparse": resiliparse,
}


def main(name: str) -> None:
    peer = PEERS[name]
    peer(
        "<html><body><article><p>Warm up, so that imports are not counted.</p></article></body></html>",
        "https://example.com/",
    )
    for line in sys.stdin:
        page = json.loads(line)
        start = time.process_time()
        try:
            found = peer(page["html"], page["url"])
        except Exception as error:  # noqa: BLE001  a peer may raise anything; that page counts as empty
            found = {"error": repr(error)}
        found["seconds"] = time.process_time() - start
        print(json.dumps({"id": page["id"], **found}, default=str), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
