"""The zone a page's clock most likely runs in, where neither page nor site tells."""

from urllib.parse import urlsplit

_BY_LANGUAGE = {
    "zh": "Asia/Shanghai", "zh-cn": "Asia/Shanghai", "zh-hans": "Asia/Shanghai", "zh-tw": "Asia/Taipei",
    "zh-hk": "Asia/Hong_Kong",
    "zh-mo": "Asia/Macau", "ja": "Asia/Tokyo", "ko": "Asia/Seoul", "de": "Europe/Berlin", "de-at": "Europe/Vienna",
    "de-ch": "Europe/Zurich",
    "it": "Europe/Rome", "pl": "Europe/Warsaw", "cs": "Europe/Prague", "da": "Europe/Copenhagen",
    "sv": "Europe/Stockholm",
    "nb": "Europe/Oslo", "no": "Europe/Oslo", "fi": "Europe/Helsinki", "el": "Europe/Athens",
    "tr": "Europe/Istanbul", "hu": "Europe/Budapest",
    "he": "Asia/Jerusalem", "th": "Asia/Bangkok", "vi": "Asia/Ho_Chi_Minh", "id": "Asia/Jakarta",
    "hi": "Asia/Kolkata", "uk": "Europe/Kyiv",
}  # fmt: skip
_BY_COUNTRY = {
    "cn": "Asia/Shanghai", "tw": "Asia/Taipei", "hk": "Asia/Hong_Kong", "jp": "Asia/Tokyo", "kr": "Asia/Seoul",
    "de": "Europe/Berlin",
    "at": "Europe/Vienna", "ch": "Europe/Zurich", "fr": "Europe/Paris", "be": "Europe/Brussels",
    "nl": "Europe/Amsterdam", "it": "Europe/Rome",
    "es": "Europe/Madrid", "pt": "Europe/Lisbon", "uk": "Europe/London", "ie": "Europe/Dublin",
    "dk": "Europe/Copenhagen",
    "se": "Europe/Stockholm", "no": "Europe/Oslo", "fi": "Europe/Helsinki", "is": "Atlantic/Reykjavik",
    "pl": "Europe/Warsaw",
    "cz": "Europe/Prague", "sk": "Europe/Bratislava", "hu": "Europe/Budapest", "ro": "Europe/Bucharest",
    "bg": "Europe/Sofia",
    "gr": "Europe/Athens", "tr": "Europe/Istanbul", "ua": "Europe/Kyiv", "il": "Asia/Jerusalem",
    "in": "Asia/Kolkata", "pk": "Asia/Karachi",
    "bd": "Asia/Dhaka", "my": "Asia/Kuala_Lumpur", "sg": "Asia/Singapore", "th": "Asia/Bangkok",
    "vn": "Asia/Ho_Chi_Minh",
    "ph": "Asia/Manila", "id": "Asia/Jakarta", "nz": "Pacific/Auckland", "za": "Africa/Johannesburg",
    "ng": "Africa/Lagos",
    "ke": "Africa/Nairobi", "eg": "Africa/Cairo", "ar": "America/Argentina/Buenos_Aires", "pe": "America/Lima",
    "cl": "America/Santiago",
    "lt": "Europe/Vilnius", "lv": "Europe/Riga", "ee": "Europe/Tallinn", "hr": "Europe/Zagreb",
    "si": "Europe/Ljubljana", "rs": "Europe/Belgrade",
}  # fmt: skip


def guessed_zone(url: str, language: str | None) -> str | None:
    """An IANA name by the country of the host, else by a language of one zone; None when neither says."""
    country = (urlsplit(url).hostname or "").rsplit(".", 1)[-1]
    if zone := _BY_COUNTRY.get(country):
        return zone
    tag = (language or "").lower()
    return _BY_LANGUAGE.get(tag) or _BY_LANGUAGE.get(tag.split("-")[0])
