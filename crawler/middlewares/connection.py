"""The download handler: Scrapy's own, with our routes, our address guard and a bound for headers."""

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError, NotConfigured
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from crawler.middlewares.addresses import AddressRefused, GuardedResolver
from crawler.middlewares.compression import TooLarge
from crawler.middlewares.routes import Route, Routes

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.interfaces import IAddress

HEADERS_MOST = 1 << 18  # bytes, as browsers have it; Twisted would take them until the memory is full
_IN_HEADERS = ("STATUS", "HEADER")  # states of Twisted's parser


class GuardedHandler(HTTP11DownloadHandler):
    """http and https. Puts the seconds of the download into `request.meta["seconds"]`, failed ones too."""

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        from twisted.internet import reactor  # importing it installs one: only where Scrapy has

        resolver = reactor.nameResolver
        if not isinstance(resolver, GuardedResolver):
            raise NotConfigured("TWISTED_DNS_RESOLVER is not ours: addresses would not be guarded")
        settings = crawler.settings
        self._resolver = resolver
        self._routes = Routes(settings.getlist("CONNECT_TO"))
        self._only_home = _only_home(settings.get("CONTACT"), settings.get("DELAY_S"))
        self._pool._factory = _bounded(self._pool._factory)

    async def download_request(self, request: "Request") -> "Response":
        if self._only_home and not self._routes.stays_home(request.url):
            raise AddressRefused(self._only_home)
        route = self._routes.find(request.url)
        started = time.monotonic()
        try:
            response = await super().download_request(_routed(request, route) if route else request)
        except CannotResolveHostError as error:
            if urlsplit(request.url).hostname in self._resolver.refused:
                raise AddressRefused("private address") from error
            raise
        except DownloadFailedError as error:
            if _has_swollen(error.__cause__):
                raise TooLarge("headers too large") from error
            raise
        finally:
            request.meta["seconds"] = time.monotonic() - started
        return response.replace(url=request.url) if route else response


def _bounded(factory: Any) -> Any:
    """The pool's factory, such that its connections are given up where a header section does not end."""

    class Bounded(factory):  # type: ignore[misc]
        def buildProtocol(self, address: "IAddress | None") -> Any:  # noqa: N802 - Twisted's name
            protocol = super().buildProtocol(address)
            _bound_headers(protocol)
            return protocol

    return Bounded


def _bound_headers(protocol: Any) -> None:
    ask, receive = protocol.request, protocol.dataReceived
    came = 0

    def request(request: Any) -> Any:
        nonlocal came
        came = 0
        return ask(request)

    def data_received(data: bytes) -> None:
        nonlocal came
        if protocol._parser is not None and protocol._parser.state in _IN_HEADERS:
            came += len(data)
            if came > HEADERS_MOST:
                protocol._giveUp(Failure(TooLarge("headers too large")))  # type: ignore[no-untyped-call]
                return
        receive(data)

    protocol.request, protocol.dataReceived = request, data_received


def _has_swollen(error: BaseException | None) -> bool:
    return isinstance(error, ResponseFailed) and any(reason.check(TooLarge) for reason in error.reasons)


def _only_home(contact: str | None, delay_s: float | str | None) -> str:
    """Why nothing but loopback and routes may be asked; empty: anything may."""
    if not contact:
        return "no contact given"
    if delay_s is not None and float(delay_s) == 0:
        return "delay 0 is for loopback and --connect-to"
    return ""


def _routed(request: "Request", route: Route) -> "Request":
    """The same request to another machine: path and Host header stay those of the URL."""
    parts = urlsplit(request.url)
    address = f"[{route.address}]" if ":" in route.address else route.address
    there = request.replace(url=parts._replace(scheme="http", netloc=f"{address}:{route.port}").geturl())
    there.headers["Host"] = parts.netloc.rpartition("@")[2]
    return there
