"""`python -m crawler` is `newscrawl`."""

import sys

from crawler.cli import main

sys.exit(main())
