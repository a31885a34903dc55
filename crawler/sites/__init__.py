"""One file a site; this module finds them. A file is imported when its site is asked for, not before."""

from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from pkgutil import iter_modules

from crawler.errors import UnknownSite
from crawler.site import Site, undescribed
from crawler.urls import host_of


@cache
def _names() -> tuple[str, ...]:
    return tuple(sorted(module.name for module in iter_modules(__path__)))


def site_names() -> list[str]:
    """The sites that come with newscrawl, in alphabetical order."""
    return list(_names())


def load_site(name_or_path: str) -> Site:
    """A known site, or the one in a site file of the user's own, or one that nobody described, by the address of a
    listing. Raises UnknownSite, which names the nearest, and BadField.
    """
    if name_or_path.startswith(("http://", "https://")):
        site = undescribed(name_or_path)
        return replace(site, entries=(site.canonical(name_or_path),))
    if name_or_path in _names():
        return _checked(import_module(f"{__name__}.{name_or_path}"), name_or_path)
    if name_or_path.endswith(".py") or "/" in name_or_path or "\\" in name_or_path:
        return _from_file(Path(name_or_path).expanduser().resolve())
    near = get_close_matches(name_or_path, _names(), n=1, cutoff=0.4)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise UnknownSite(f"no site named {name_or_path!r}{hint} Known: {', '.join(_names())}, or the path of a site file")


def site_named(name: str) -> Site:
    """As a database names it: a known site, or one that nobody described, which has the name of its host.

    Raises UnknownSite, also for a site file of the user's own: a name does not tell where that lies.
    """
    if name in _names() or "." not in name:
        return load_site(name)
    return undescribed(f"https://{name}/")


def site_for(url: str) -> Site:
    """The known site that a URL's host belongs to. Raises UnknownSite, BadField."""
    return _of_host(host_of(url))


def site_at(url: str) -> Site:
    """The site of a URL: described by a file, or not described at all. Raises BadField."""
    try:
        return site_for(url)
    except UnknownSite:
        return undescribed(url)


@cache
def _of_host(host: str) -> Site:
    sites = [load_site(name) for name in _names()]
    for site in sites:
        if site.has_host(host):
            return site
    own = {known.removeprefix("*."): site.name for site in sites for known in (*site.hosts, *site.host_aliases)}
    near = get_close_matches(host, own, n=1, cutoff=0.5)
    hint = f"; the nearest is {near[0]} ({own[near[0]]})" if near else ""
    raise UnknownSite(f"no known site has the host {host}{hint}")


@cache
def _from_file(path: Path) -> Site:
    spec = spec_from_file_location(f"newscrawl_site_{path.stem}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise UnknownSite(f"no site file at {path}")
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (ImportError, NameError, SyntaxError, TypeError) as error:
        raise UnknownSite(f"{path} is no site file: {type(error).__name__}: {error}") from error
    return _checked(module, path.stem)


def _checked(module: object, name: str) -> Site:
    site = getattr(module, "SITE", None)
    if not isinstance(site, Site):
        raise UnknownSite(f"{name}: the file does not define SITE = Site(...)")
    if site.name != name:
        raise UnknownSite(f"{name}: SITE.name is {site.name!r}; it must be the name of its file")
    return site
