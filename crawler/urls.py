"""URL identity: one canonical form, by one function; and links resolved against their page."""

import re
from collections.abc import Collection

import ada_url

from crawler.errors import BadField

_TRACKING = (
    # advertisers' click marks
    "fbclid gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid msclkid yclid ysclid twclid ttclid epik srsltid"
    " igshid igsh li_fat_id rb_clickid wickedid s_kwcid ef_id dm_i _openstat"
    # newsletters and campaigns
    " mc_cid mc_eid mkt_tok _hsenc _hsmi __hstc __hssc __hsfp hsctatracking hss_channel vero_id vero_conv oly_anon_id"
    " oly_enc_id ml_subscriber ml_subscriber_hash cmpid wt_mc wt.mc_id xtor sc_campaign sc_channel"
    # analytics carried from page to page
    " _ga _gl guccounter guce_referrer guce_referrer_sig __twitter_impression ns_campaign ns_mchannel ns_source"
    " ns_linkname ns_fee at_medium at_campaign at_custom1 at_custom2 at_custom3 at_custom4"
    # Chinese portals and their share buttons
    " spm spm_id_from vd_source share_source share_medium share_plat share_session_id share_from isappinstalled nsukey"
    " wfr"
    # sessions
    " jsessionid phpsessid aspsessionid"
)

TRACKING = frozenset(_TRACKING.split())
"""Query parameters that never change the page, in lower case. `from`, `ref`, `source`, `id`, `sid` and the like select
the page on some sites, so only a site can drop them."""

TRACKING_PREFIXES = ("utm_", "aspsessionid")

_SCHEMES = ("http://", "https://")
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid)=[^/;?]*", re.IGNORECASE)
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ROOT_DOT = re.compile(r"(?<=[A-Za-z0-9])\.(?=:\d+$|$)")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# What people and editors leave around an address; the standard strips only ASCII blanks and controls.
_AROUND = " \t\r\n\f\v\u00a0\u3000\u200b\ufeff"


def canonical_url(url: str, *, drop: Collection[str] = (), sort_query: bool = False) -> str:
    """The one form of an absolute http(s) URL. Raises BadField for anything else.

    WHATWG parsing, no default port, no fragment, no tracking parameters, and none of those in `drop`. What a server
    may tell apart stays: scheme, case of the path, a closing slash, the query's values and, unless `sort_query`, its
    order.
    """
    path, _, query = _parsed(url).partition("#")[0].partition("?")
    if ";" in path:
        path = _SESSION_IN_PATH.sub("", path)
    if "%" in path:
        path = _plain_escapes(path)
    path = _without_root_dot(path)
    if not query:
        return path
    kept = [part for part in query.split("&") if part and not _is_noise(part, drop)]
    if "%" in query:
        kept = [_plain_escapes(part) for part in kept]
    if sort_query:
        kept.sort(key=lambda part: part.partition("=")[0])
    return f"{path}?{'&'.join(kept)}" if kept else path


def join(base: str, href: str) -> str | None:
    """The absolute http(s) URL of a link on a page, None for any other (mailto:, javascript:, nothing, unreadable)."""
    href = href.strip(_AROUND)
    if not href:
        return None
    try:
        url = ada_url.join_url(base, href)
    except ValueError:
        return None
    return url if url.startswith(_SCHEMES) else None


def host_of(url: str) -> str:
    """Host name of an absolute URL: lower case, ASCII, without port. Raises BadField."""
    try:
        host: str = ada_url.URL(url).hostname
    except ValueError as error:
        raise BadField(f"not a URL: {url[:200]!r}") from error
    return host.removesuffix(".")


def _parsed(url: str) -> str:
    try:
        href = ada_url.normalize_url(url.strip(_AROUND))
    except ValueError as error:
        raise BadField(f"not a URL: {url[:200]!r}") from error
    if not href.startswith(_SCHEMES):
        raise BadField(f"not an http(s) URL: {url[:200]!r}")
    return href


def _is_noise(part: str, drop: Collection[str]) -> bool:
    name = part.partition("=")[0]
    folded = name.lower()
    return folded in TRACKING or folded.startswith(TRACKING_PREFIXES) or name in drop


def _plain_escapes(text: str) -> str:
    """Escapes in upper case, and none for what needs none. A text with a stray % is left as it is: taking an escape
    away beside it could make another one.
    """
    if _STRAY_PERCENT.search(text):
        return text
    return _ESCAPE.sub(_plain_escape, text)


def _plain_escape(match: re.Match[str]) -> str:
    char = chr(int(match[0][1:], 16))
    return char if char in _UNRESERVED else match[0].upper()


def _without_root_dot(url: str) -> str:
    """`http://example.com./a` names the same host as `http://example.com/a`."""
    scheme, _, rest = url.partition("//")
    authority, slash, path = rest.partition("/")
    if not authority.endswith(".") and ".:" not in authority:
        return url
    return f"{scheme}//{_ROOT_DOT.sub('', authority)}{slash}{path}"
