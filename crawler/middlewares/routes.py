"""--connect-to: where a connection goes instead, as curl's."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import Self
from urllib.parse import urlsplit

from crawler.errors import BadField

_FORM = re.compile(
    r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*):(?P<from_port>\d*):(?P<address>\[[^\[\]]+\]|[^:\[\]]+):(?P<port>\d+)"
)
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Route:
    """What is asked for at `host` and `from_port` is fetched from `address` and `port`, in plain HTTP."""

    host: str  # lower case; "": any
    from_port: int | None  # None: any
    address: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Of HOST:PORT:ADDR:PORT; the first two may be empty, an IPv6 address stands in brackets. Raises BadField."""
        if (match := _FORM.fullmatch(text.strip())) is None:
            raise BadField(f"--connect-to {text!r} is not HOST:PORT:ADDR:PORT, such as ::127.0.0.1:8000")
        return cls(
            host=match["host"].strip("[]").lower(),
            from_port=int(match["from_port"]) if match["from_port"] else None,
            address=match["address"].strip("[]"),
            port=int(match["port"]),
        )

    def fits(self, host: str, port: int) -> bool:
        return self.host in ("", host) and self.from_port in (None, port)


class Routes:
    """All routes of a crawl; the first that fits counts."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._routes = tuple(Route.parse(text) for text in texts)

    def find(self, url: str) -> Route | None:
        if not self._routes:
            return None
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
        return next((route for route in self._routes if route.fits(host, port)), None)

    def stays_home(self, url: str) -> bool:
        """Whether asking for this URL leaves the machine's own network only where the user sent it."""
        return is_loopback(urlsplit(url).hostname or "") or self.find(url) is not None


@lru_cache(maxsize=1024)
def is_loopback(host: str) -> bool:
    """Whether a host, as a URL names it, is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
