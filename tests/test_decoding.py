"""Bytes to text: real texts in every dress, other languages in their old charsets, and what is no text."""

import gzip
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.decoding import decode
from crawler.errors import NotHtml
from tests.benchmarks import charset

needs_data = pytest.mark.skipif(not charset.DATA.is_dir(), reason="needs ../shared/data")

SIMPLIFIED = "中国证券报记者获悉，多家银行下调存款利率，专家表示此举有助于降低企业融资成本。"
TRADITIONAL = "中央銀行今天表示，將視國內外經濟情勢發展，適時調整貨幣政策，維護金融市場穩定。"

LANGUAGES = (
    ("Die Bürgermeisterin erklärte, dass größere Straßen künftig gesperrt würden.", "cp1252"),
    ("L'été dernier, la forêt a brûlé près de la côte; les élèves étaient rentrés à l'école.", "cp1252"),
    ("El año pasado más de un millón de niños acudió a la fundación. ¿Qué pasará mañana?", "cp1252"),
    ("Perché la città è più bella di così? Però l'università non c'è.", "cp1252"),
    ("A eleição não terá comissões; os cidadãos só votarão amanhã, à tarde, você verá.", "cp1252"),
    ("Statsministeren sagde på pressemødet, at ændringerne først gælder fra næste år.", "cp1252"),
    ("Regeringen föreslår att åtgärderna börjar gälla först nästa år på många håll.", "cp1252"),
    ("Hän sanoi, että päätöstä ei tehdä tänään, vaan myöhemmin tällä viikolla.", "cp1252"),
    ("Forsætisráðherra sagði að það þyrfti að ræða málið á Alþingi í næstu viku.", "cp1252"),
    ("“Smart quotes” – and a dash… that’s all there’s in it", "cp1252"),
    ("Rząd ogłosił, że żadne zmiany nie wejdą w życie wcześniej niż w październiku, powiedział.", "iso8859-2"),
    ("Rząd ogłosił, że żadne zmiany nie wejdą w życie wcześniej, powiedział „rzecznik”.", "cp1250"),
    ("Vláda schválila návrh, který příští týden projedná sněmovna; ministr řekl, že změny začnou.", "cp1250"),
    ("A kormány bejelentette, hogy a szülők és tanárok később kapnak tájékoztatást az ősszel.", "iso8859-2"),
    ("Правительство сообщило, что новые правила начнут действовать в следующем году.", "cp1251"),
    ("Правительство сообщило, что новые правила начнут действовать в следующем году.", "koi8-r"),
    ("Уряд повідомив, що нові правила почнуть діяти з наступного року, її підтримали.", "cp1251"),
    ("Η κυβέρνηση ανακοίνωσε ότι οι νέοι κανόνες θα ισχύσουν από το επόμενο έτος.", "cp1253"),
    ("Başbakan dün yaptığı açıklamada değişikliğin gelecek yıl başında yürürlüğe gireceğini söyledi.", "cp1254"),
    ("政府は昨日、新しい規則が来年から始まると発表しました。専門家はこれについて話している。", "cp932"),
    ("政府は昨日、新しい規則が来年から始まると発表しました。専門家はこれについて話している。", "euc_jp"),
    ("정부는 어제 새로운 규칙이 내년부터 시행된다고 발표했다. 전문가들은 이에 대해 말했다.", "cp949"),
    (SIMPLIFIED, "gb18030"),
    (TRADITIONAL, "gb18030"),
    (TRADITIONAL, "big5hkscs"),
)


@pytest.mark.parametrize(("text", "encoding"), LANGUAGES)
@pytest.mark.parametrize("header", [None, "text/html; charset=utf-8", "text/html; charset=ISO-8859-1", "text/html"])
def test_languages(text: str, encoding: str, header: str | None) -> None:
    page = f"<html><head><title>{text}</title></head><body>{'<p>ascii</p>' * 50}<p>{text}</p></body></html>"
    assert decode(page.encode(encoding), header) == page


@pytest.mark.parametrize(("text", "encoding"), LANGUAGES)
def test_declared(text: str, encoding: str) -> None:
    page = f'<meta charset="{encoding.replace("cp125", "windows-125").replace("hkscs", "")}"><title>{text}</title>'
    if encoding in ("cp932", "cp949"):
        page = page.replace(encoding, {"cp932": "shift_jis", "cp949": "euc-kr"}[encoding])
    assert decode(page.encode(encoding)) == page


@pytest.mark.parametrize(
    ("text", "encoding", "label"),
    [
        ("价格", "gb18030", "gb2312"),
        ("朱镕基、王喆谈㎡与5G﹢", "gb18030", "gb2312"),
        ("價格", "big5hkscs", "big5"),
        ("é", "cp1252", "iso-8859-1"),
        ("©", "cp1252", "utf-8"),
        ("©", "utf-8", "gb2312"),
        ("naïve café", "utf-8", "iso-8859-1"),
        ("שלום עולם, זה דף חדשות", "cp1255", "windows-1255"),
        ("مرحبا بالعالم هذه صفحة أخبار", "cp1256", "windows-1256"),
        ("สวัสดีชาวโลก นี่คือข่าว", "cp874", "tis-620"),
        ("Valdība paziņoja, ka izmaiņas sāksies nākamgad", "cp1257", "windows-1257"),
    ],
)
def test_short_with_a_label(text: str, encoding: str, label: str) -> None:
    page = f"<meta charset={label}><p>{text}</p>"
    assert decode(page.encode(encoding)) == page


def test_marks_and_wide() -> None:
    page = f"<html><head><title>News</title></head><body><p>{SIMPLIFIED}</p></body></html>"
    for encoding in ("utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        assert decode(page.encode(encoding), "text/html; charset=gbk") == page


def test_cut_and_broken() -> None:
    page = f"<title>{SIMPLIFIED}</title>".encode()
    assert decode(page[:-10])[:-1] == f"<title>{SIMPLIFIED[:-1]}"  # two bytes short of a character
    broken = page[:28] + b"\xe4" + page[28:]  # between two characters
    assert decode(broken, "text/html; charset=gb2312").replace("\ufffd", "") == f"<title>{SIMPLIFIED}</title>"
    broken = "中国证券报".encode("gb18030")[:-1] + b"<br>" + SIMPLIFIED.encode("gb18030")
    assert decode(broken).endswith("<br>" + SIMPLIFIED)


def test_what_gbk_pages_hold_beside_their_charset() -> None:
    assert decode(b"<meta charset=gbk>" + SIMPLIFIED.encode("gbk") + b"\x80 5") == f"<meta charset=gbk>{SIMPLIFIED}€ 5"


def test_iso_2022_jp() -> None:
    text = "政府は昨日、新しい規則を発表しました。"
    assert decode(text.encode("iso2022_jp")) == text


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        b"\r\n%PDF-1.4 text",
        b"PK\x03\x04\x14\x00",
        b"\x89PNG\r\n\x1a\n\0\0",
        b"GIF89a\x01\x00",
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"RIFF\x24\x00\x00\x00WEBPVP8 ",
        b"\0\0\0\x20ftypisom",
        gzip.compress(b"<html>"),
        bytes(range(256)) * 8,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500,
    ],
)
def test_no_text(body: bytes) -> None:
    with pytest.raises(NotHtml):
        decode(body, "text/html; charset=utf-8")


def test_stray_nulls_are_dropped() -> None:
    assert decode(b"<p>a\0b</p>" + b"<p>text</p>" * 200).startswith("<p>ab</p>")
    assert decode(b"<p>many of them are in it\0</p>" * 200).startswith("<p>many of them are in it</p>")


@pytest.mark.parametrize(
    "label", ["utf-7", "hex", "rot13", "idna", "unicode_escape", "base64", "utf-16", "x-unknown", ""]
)
def test_labels_that_are_no_charset_of_the_web(label: str) -> None:
    for text in (f"<meta charset={label}>+ADw-b+AD4- \\u0041", f"<meta charset={label}>{SIMPLIFIED}"):
        assert decode(text.encode("gb18030"), f"text/html; charset={label}") == text


def test_fast_for_utf8() -> None:
    page = (f"<p>{SIMPLIFIED}</p>" * 500).encode()
    start = time.perf_counter()
    for _ in range(20):
        decode(page, "text/html; charset=utf-8")
    ours = time.perf_counter() - start
    start = time.perf_counter()
    for _ in range(20):
        page.decode("utf-8")
    assert ours < 3 * (time.perf_counter() - start) + 0.005


@pytest.mark.parametrize("body", [b"\xa1" * 2_000_000, b"a\xe4" * 1_000_000, b"\x81" * 500_000 + b"<" * 500_000])
def test_hostile_is_bounded(body: bytes) -> None:
    start = time.perf_counter()
    decode(body)
    assert time.perf_counter() - start < 2


@given(st.binary(max_size=400), st.sampled_from([None, "text/html; charset=gbk", "text/html; charset=big5", "x"]))
def test_never_another_error(body: bytes, header: str | None) -> None:
    with suppress(NotHtml):
        decode(body, header)


@given(st.text(max_size=200))
def test_utf8_is_utf8(text: str) -> None:
    body = text.encode("utf-8", errors="ignore")
    if not any(mark in text for mark in "\0\x1b\ufeff") and not body[:64].lstrip().startswith((b"BZh", b"%PDF", b"PK")):
        assert decode(body, "text/html; charset=gbk") == body.decode()


@needs_data
def test_real_texts_in_eight_dresses() -> None:
    for texts, sign, least in (
        ((*charset.feeds(), *charset.posts()), charset.HAN, 700),
        (tuple(charset.bodies()), charset.HIGH, 500),
    ):
        rows = charset.tally(iter(texts), sign)
        assert sum(total for _, total in rows.values()) >= least
        assert all(right == total for right, total in rows.values())


@needs_data
def test_pages_with_hardly_any_han() -> None:
    right = sum(charset.is_right(page, encoding, body, header) for page, encoding, body, header in charset.shapes())
    assert right >= 198


@needs_data
def test_real_pages_without_a_declaration() -> None:
    texts = [decode(body) for body in charset.cwced()]
    assert all(text.count("\ufffd") <= 20 for text in texts)
