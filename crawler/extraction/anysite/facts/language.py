"""The language of an article: what the page says, unless its letters say otherwise."""

import re

_TAG = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4}|[-_]\d{3})?(?=$|[-_,; ])", re.I)
_HAN, _KANA, _HANGUL = (re.compile(form) for form in (r"[\u4e00-\u9fff]+", r"[\u3040-\u30ff]+", r"[\uac00-\ud7af]+"))
_SCRIPTS = tuple(
    (tag, re.compile(letters))
    for tag, letters in (
        ("ru", r"[\u0400-\u04ff]+"),
        ("ar", r"[\u0600-\u06ff]+"),
        ("el", r"[\u0370-\u03ff]+"),
        ("he", r"[\u0590-\u05ff]+"),
        ("th", r"[\u0e00-\u0e7f]+"),
        ("hi", r"[\u0900-\u097f]+"),
    )
)
_TRADITIONAL = re.compile(
    r"[們個國會這來時對說為學發經過還後點開關東車門問間見長馬體員實現進運動當產業應種報導與將區縣總統選舉]+"
)
_NOT_LATIN = re.compile(r"[\u0370-\u1fff\u3040-\u9fff\uac00-\ud7af]")
_LATIN = re.compile(r"[A-Za-z]")
_LETTERS = re.compile(r"[^\W\d_]+")


def language(stated: list[str | None], text: str) -> str | None:
    """BCP 47. `stated` in order of trust; `text` is some of the article's own."""
    seen = _by_letters(text)
    for value in stated:
        tag = _tag(value)
        if tag and _fits(tag, seen, text):
            return tag
    return seen


def _tag(value: str | None) -> str | None:
    match = _TAG.match((value or "").strip())
    if match is None:
        return None
    main, _, rest = match[0].replace("_", "-").partition("-")
    main = {"cn": "zh", "jp": "ja", "gb": "en", "us": "en", "kr": "ko"}.get(main.lower(), main.lower())
    if not rest:
        return main
    return f"{main}-{rest.title() if len(rest) == 4 else rest.upper()}"


def _by_letters(text: str) -> str | None:
    """The language of a script of its own, as far as letters tell; None for Latin letters."""
    if text.isascii():
        return None
    text = text[:800]
    if not _NOT_LATIN.search(text):
        return None
    letters = _count(_LETTERS, text)
    if letters < 20:
        return None
    han = _count(_HAN, text)
    if _count(_KANA, text) > 0.1 * letters:
        return "ja"
    if _count(_HANGUL, text) > 0.3 * letters:
        return "ko"
    if han > 0.3 * letters:
        return "zh-Hant" if _count(_TRADITIONAL, text) > 0.04 * han else "zh"
    return next((tag for tag, form in _SCRIPTS if _count(form, text) > 0.4 * letters), None)


def _count(form: re.Pattern[str], text: str) -> int:
    """How many letters the runs have that a form finds."""
    return sum(map(len, form.findall(text)))


def _fits(tag: str, seen: str | None, text: str) -> bool:
    """Whether a statement can be true of the letters: templates say "en" on pages of any language."""
    main = tag.split("-")[0]
    if seen is None:
        return main not in ("zh", "ja", "ko") or not _LATIN.search(text)
    if seen == "ru":
        return main in ("ru", "uk", "bg", "sr", "be", "mk", "kk", "mn", "ky", "tg")
    if seen == "ar":
        return main in ("ar", "fa", "ur", "ps", "ckb", "ug")
    if seen == "hi":
        return main in ("hi", "mr", "ne", "sa")
    return main == seen.split("-")[0]
