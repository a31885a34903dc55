"""The zone a page's clock most likely runs in, where neither page nor site tells."""

from urllib.parse import urlsplit

_ZONE = {
    "cn": "Asia/Shanghai", "tw": "Asia/Taipei", "hk": "Asia/Hong_Kong", "mo": "Asia/Macau",
    "jp": "Asia/Tokyo", "kr": "Asia/Seoul",
    "de": "Europe/Berlin", "at": "Europe/Vienna", "ch": "Europe/Zurich", "fr": "Europe/Paris",
    "be": "Europe/Brussels", "nl": "Europe/Amsterdam", "it": "Europe/Rome", "es": "Europe/Madrid",
    "pt": "Europe/Lisbon", "uk": "Europe/London", "ie": "Europe/Dublin", "dk": "Europe/Copenhagen",
    "se": "Europe/Stockholm", "no": "Europe/Oslo", "fi": "Europe/Helsinki", "is": "Atlantic/Reykjavik",
    "pl": "Europe/Warsaw", "cz": "Europe/Prague", "sk": "Europe/Bratislava", "hu": "Europe/Budapest",
    "ro": "Europe/Bucharest", "bg": "Europe/Sofia", "gr": "Europe/Athens", "tr": "Europe/Istanbul",
    "ua": "Europe/Kyiv", "il": "Asia/Jerusalem", "in": "Asia/Kolkata", "pk": "Asia/Karachi", "bd": "Asia/Dhaka",
    "my": "Asia/Kuala_Lumpur", "sg": "Asia/Singapore", "th": "Asia/Bangkok", "vn": "Asia/Ho_Chi_Minh",
    "ph": "Asia/Manila", "id": "Asia/Jakarta", "nz": "Pacific/Auckland", "za": "Africa/Johannesburg",
    "ng": "Africa/Lagos", "ke": "Africa/Nairobi", "eg": "Africa/Cairo", "ar": "America/Argentina/Buenos_Aires",
    "pe": "America/Lima", "cl": "America/Santiago", "lt": "Europe/Vilnius", "lv": "Europe/Riga",
    "ee": "Europe/Tallinn", "hr": "Europe/Zagreb", "si": "Europe/Ljubljana", "rs": "Europe/Belgrade",
}  # fmt: skip
"""By country, as domains name it, where all or nearly all live in one zone."""
_COUNTRY = {
    "zh": "cn", "zh-tw": "tw", "zh-hk": "hk", "zh-mo": "mo", "ja": "jp", "ko": "kr",
    "de": "de", "de-at": "at", "de-ch": "ch", "it": "it", "pl": "pl", "cs": "cz", "da": "dk", "sv": "se", "nb": "no",
    "no": "no", "fi": "fi", "el": "gr", "tr": "tr", "hu": "hu", "he": "il", "th": "th", "vi": "vn", "id": "id",
    "hi": "in", "uk": "ua",
}  # fmt: skip
"""By language, where one country speaks it; or of its countries the one that the tag names."""


def guessed_zone(url: str, language: str | None) -> str | None:
    """An IANA name by the country of the host, else by a language of one zone; None when neither says."""
    country = (urlsplit(url).hostname or "").rsplit(".", 1)[-1]
    tag = (language or "").lower()
    spoken_in = _COUNTRY.get(tag) or _COUNTRY.get(tag.split("-")[0], "")
    return _ZONE.get(country) or _ZONE.get(spoken_in)
