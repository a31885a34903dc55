"""How often `decode` finds the charset: real texts in every dress that a page may wear.

    python tests/benchmarks/charset.py

Right means that all characters above ASCII (for Chinese: all Han characters) come out in place. Without ../shared/data
there is nothing to measure.
"""

import gzip
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.decoding import decode

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
HAN = re.compile(r"[\u3400-\u9fff]")
HIGH = re.compile(r"[^\x00-\x7f]")
KANA = re.compile(r"[\u3041-\u30fe]")
TAG = re.compile(r"<[^>]{0,2000}>")

WESTERN = {
    "de": ("cp1252", "iso8859-15"),
    "at": ("cp1252",),
    "fr": ("cp1252", "iso8859-1"),
    "es": ("cp1252",),
    "it": ("cp1252",),
    "no": ("cp1252",),
    "se": ("cp1252",),
    "isl": ("cp1252",),
    "tr": ("cp1254",),
    "ru": ("cp1251", "koi8-r"),
    "ja": ("cp932", "euc_jp"),
    "jp": ("cp932", "euc_jp"),
    "ko": ("cp949",),
}


@dataclass(frozen=True)
class Text:
    name: str
    text: str
    encodings: tuple[str, ...]


def feeds() -> Iterator[Text]:
    """The Chinese feeds of chardet's tests, each in its own charset, with 60 or more Han characters."""
    for folder, own in (("GB2312", "gb18030"), ("Big5", "big5hkscs"), ("utf-8", "utf-8")):
        for path in sorted((DATA / "hostile" / "chardet-zh" / "tests" / folder).iterdir()):
            text = TAG.sub(" ", path.read_bytes().decode(own, errors="ignore"))
            if len(HAN.findall(text)) >= 60:
                yield Text(path.name, text, _encodings(text))


def posts() -> Iterator[Text]:
    for path in sorted((DATA / "finews" / "gold").glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text = "\n".join(_strings(gold))
        if len(HAN.findall(text)) >= 60:
            yield Text(path.name, text, _encodings(text))


def pages() -> Iterator[Text]:
    """Whole saved pages of many sites, those in UTF-8 and those in GB18030, as text."""
    for path in sorted((DATA / "pages").rglob("*.html")):
        text = _strict(path.read_bytes(), "utf-8", "gb18030")
        if len(HAN.findall(text)) >= 60:
            yield Text(path.name, text, _encodings(text))


def bodies() -> Iterator[Text]:
    """Article texts in other languages than Chinese, in the charsets they were once written in."""
    for line in (DATA / "bench" / "fundus" / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        if encodings := WESTERN.get(gold["lang"]):
            yield Text(gold["id"], gold["title"] + "\n" + gold["body"], encodings)
    page = DATA / "pages" / "gazeta.pl"
    for path in sorted(page.glob("*.html")):
        text = TAG.sub(" ", path.read_bytes().decode("iso8859-2", errors="ignore"))
        yield Text(path.name, text, ("iso8859-2", "cp1250"))


def _strict(body: bytes, *encodings: str) -> str:
    for encoding in encodings:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def _encodings(text: str) -> tuple[str, ...]:
    """UTF-8 and GB18030 for Chinese, Big5 for what it can hold; the Japanese charsets for Japanese."""
    if len(KANA.findall(text)) > len(HAN.findall(text)) // 5:
        return ("utf-8", "cp932", "euc_jp")
    han = "".join(HAN.findall(text))
    lost = len(han) - len(han.encode("big5hkscs", errors="ignore").decode("big5hkscs"))
    return ("utf-8", "gb18030", "big5hkscs") if lost <= len(han) // 200 else ("utf-8", "gb18030")


def dresses(text: str, encoding: str) -> Iterator[tuple[str, bytes, str | None]]:
    """The eight ways in which a page may declare, or belie, its charset: name, body, Content-Type."""
    label = {"gb18030": "gb2312", "big5hkscs": "big5", "cp932": "shift_jis", "cp949": "euc-kr"}.get(encoding, encoding)
    wrong = "gb2312" if encoding == "utf-8" else "utf-8"
    bytes_ = text.encode(encoding, errors="ignore")

    def page(meta: str | None, pad: int = 0) -> bytes:
        tag = f'<meta http-equiv="Content-Type" content="text/html; charset={meta}">' if meta else ""
        head = f"<html><head>{'<!-- -->' * (pad // 8)}{tag}<title>x</title></head><body><p>".encode("ascii")
        return head + bytes_ + b"</p></body></html>"

    yield "right meta", page(label), None
    yield "none", page(None), None
    yield "wrong meta", page(wrong), None
    yield "right header, wrong meta", page(wrong), f"text/html; charset={label}"
    yield "wrong header, right meta", page(label), f"text/html; charset={wrong}"
    yield "wrong header", page(None), f"text/html; charset={wrong}"
    yield "iso-8859-1 header", page(None), "text/html; charset=ISO-8859-1"
    yield "meta after 2 KiB", page(label, pad=2048), None


def is_right(text: str, encoding: str, body: bytes, content_type: str | None, sign: re.Pattern[str] = HAN) -> bool:
    """Whether every character that counts comes out in its place."""
    wanted = sign.findall(text.encode(encoding, errors="ignore").decode(encoding))
    return sign.findall(decode(body, content_type)) == wanted


def tally(texts: Iterator[Text], sign: re.Pattern[str] = HAN) -> dict[str, tuple[int, int]]:
    """Dress -> right, all."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for text in texts:
        for encoding in text.encodings:
            for dress, body, content_type in dresses(text.text, encoding):
                total[dress] += 1
                if is_right(text.text, encoding, body, content_type, sign):
                    right[dress] += 1
                else:
                    print(f"  wrong: {text.name}, {encoding}, {dress}", file=sys.stderr)
    return {dress: (right[dress], total[dress]) for dress in total}


def shapes(count: int = 200) -> Iterator[tuple[str, str, bytes, str | None]]:
    """Pages with less than 5 % Han among script and markup: a title, a few lines, a footer."""
    texts = [*feeds(), *posts()]
    chance = random.Random(5)
    for number in range(count):
        text = texts[number % len(texts)]
        encoding = chance.choice(text.encodings[1:] or text.encodings)
        lines = re.findall(r"[\u3400-\u9fff，。：、（）“”]{4,}", text.text)
        few = chance.sample(lines, min(len(lines), chance.randint(1, 6)))
        page = _page(few, chance)
        dress = chance.choice(list(dresses(page, encoding)))
        yield page, encoding, dress[1], dress[2]


def _page(lines: list[str], chance: random.Random) -> str:
    script = "<script>(function(){var s=document.createElement('script');s.src='//a.example/h.js?%d';})();</script>"
    filler = "".join(script % chance.randrange(10**9) for _ in range(20 * len(lines)))
    items = "".join(
        f'<li class="item"><a href="/a/{chance.randrange(10**9)}.html">{line}</a></li>{filler}' for line in lines
    )
    return f"<title>{lines[0]}</title>{filler}<ul>{items}</ul>"


def undeclared(texts: Iterator[Text], lengths: tuple[int, ...] = (4, 8, 15, 30)) -> dict[int, tuple[int, int]]:
    """Short stretches without any declaration: length in Han characters -> right, all."""
    chance = random.Random(7)
    result = {}
    pool = [(text, HAN.findall(text.text)) for text in texts]
    for length in lengths:
        right = total = 0
        for text, han in pool:
            for encoding in text.encodings[1:]:
                start = chance.randrange(max(1, len(han) - length))
                piece = "".join(han[start : start + length])
                bytes_ = piece.encode(encoding, errors="ignore")
                total += 1
                right += HAN.findall(decode(b"<title>" + bytes_ + b"</title>")) == HAN.findall(bytes_.decode(encoding))
        result[length] = (right, total)
    return result


def cwced() -> Iterator[bytes]:
    for path in sorted((DATA / "bench" / "cwced").glob("*.gz")):
        yield gzip.decompress(path.read_bytes())


def main() -> int:
    if not DATA.is_dir():
        print(f"skipped: no data at {DATA}")
        return 0
    sets = {
        "feeds and posts": tally(_both(feeds(), posts())),
        "saved pages": tally(pages()),
        "other languages": tally(bodies(), HIGH),
    }
    for name, rows in sets.items():
        print(f"\n{name}: {sum(r for r, _ in rows.values())} of {sum(n for _, n in rows.values())}")
        for dress, (right, total) in rows.items():
            print(f"  {dress:<28}{right:>5} of {total}")
    right = sum(is_right(page, encoding, body, header) for page, encoding, body, header in shapes())
    print(f"\nshapes with less than 5 % Han: {right} of 200")
    for length, (right, total) in undeclared(_both(feeds(), posts(), pages())).items():
        print(f"{length} Han characters, undeclared: {right} of {total}")
    bodies_ = list(cwced())
    start = time.perf_counter()
    texts = [decode(body) for body in bodies_]
    spent = (time.perf_counter() - start) / len(bodies_) * 1000
    readable = sum(text.count("\ufffd") <= 20 for text in texts)
    print(f"\ncwced: {readable} of {len(texts)} readable, {spent:.2f} ms a page")
    return 0


def _both(*parts: Iterator[Text]) -> Iterator[Text]:
    for part in parts:
        yield from part


if __name__ == "__main__":
    raise SystemExit(main())
