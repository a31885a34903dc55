"""crawl, fetch, record: what goes out to the sites."""

import logging
from argparse import Namespace
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from crawler.commands import report
from crawler.commands.progress import Show, progress
from crawler.commands.storing import database
from crawler.commands.terminal import console, json_text, write_out
from crawler.crawl import CrawlOptions, run_crawl
from crawler.errors import UnknownSite
from crawler.site import Site
from crawler.sites import load_site, site_for
from crawler.store import Summary
