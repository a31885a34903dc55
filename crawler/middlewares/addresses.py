"""The address guard: no connection to a private address, whatever name led there.

It stands at the resolver, so the addresses that were checked are those that are connected to, on every hop: a name
that changes its address between a check and the connection changes nothing.
"""

from collections.abc import Collection, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.interfaces import IAddress, IHostResolution, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.items import State
from crawler.middlewares.routes import Route

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase

_NAT64 = IPv6Network("64:ff9b::/96")
# All that IANA ever gave out to machines. Outside of it are addresses of old and new schemes that hold an IPv4
# address (::/96, ::ffff:0:0:0/96, 64:ff9b:1::/48) and former private ones (fec0::/10), which `is_global` lets pass.
_IPV6_GIVEN_OUT = IPv6Network("2000::/3")
_NOT_THE_INTERNET = (
    IPv4Network("192.0.0.0/24"),  # protocol assignments; a cloud's machines ask about themselves there
    IPv4Network("192.88.99.0/24"),  # of 6to4 relays, given back
    IPv4Network("168.63.129.16/32"),  # what a machine in Azure asks about itself; a public address in form alone
    IPv6Network("3fff::/20"),  # documentation, unknown to older Pythons
)


class AddressRefused(IgnoreRequest):
    """This host is not to be connected to; the message is the reason."""

    state = State.REFUSED


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet: not private, loopback, link-local, reserved or multicast."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        inner = _embedded(ip)
        if inner is not None:
            return is_public(str(inner))
        if ip not in _IPV6_GIVEN_OUT:
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _NOT_THE_INTERNET)


def _embedded(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


class GuardedResolver(CachingHostnameResolver):
    """Scrapy's resolver for IPv4 and IPv6, less the addresses that nobody named.

    `allowed` are host names, `endpoints` (address, port) of routes. `refused` tells why a name came to nothing.
    """

    def __init__(
        self,
        reactor: "ReactorBase",
        cache_size: int,
        *,
        allowed: Collection[str] = (),
        endpoints: Collection[tuple[str, int]] = (),
    ) -> None:
        super().__init__(reactor, cache_size)
        self._allowed = frozenset(host.strip("[]").lower() for host in allowed)
        self._endpoints = frozenset(endpoints)
        self.refused: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: "Crawler", reactor: "ReactorBase") -> Self:
        settings = crawler.settings
        routes = [Route.parse(text) for text in settings.getlist("CONNECT_TO")]
        return cls(
            reactor,
            settings.getint("DNSCACHE_SIZE"),
            allowed=settings.getlist("ALLOW_PRIVATE"),
            endpoints=[(route.address, route.port) for route in routes],
        )

    def resolveHostName(  # noqa: N802 - Twisted's name and arguments
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        receiver: Any = resolutionReceiver
        if hostName.lower() not in self._allowed and (hostName, portNumber) not in self._endpoints:
            receiver = _PublicOnly(receiver, hostName, self.refused)
        return super().resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


@implementer(IResolutionReceiver)
class _PublicOnly:
    """Lets public addresses through; a host whose addresses are all others has none."""

    def __init__(self, receiver: Any, host: str, refused: dict[str, str]) -> None:
        self._receiver = receiver
        self._host = host
        self._refused = refused

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:  # noqa: N802, N803
        self._refused.pop(self._host, None)
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if is_public(address.host):
            self._receiver.addressResolved(address)
        else:
            self._refused[self._host] = address.host

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()
