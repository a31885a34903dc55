"""Every setting: Scrapy's own first, ours last. Scrapy reads this file and nobody imports it.

Command line arguments stand above it, as everywhere in Scrapy: `scrapy crawl finews -s DB=other.db`.
"""

# Who we are, and where the spiders come from: one per site.
BOT_NAME = "newscrawl"
SPIDER_LOADER_CLASS = "crawler.spiders.SiteSpiders"
USER_AGENT = "newscrawl"  # "newscrawl/0.1 (+CONTACT)" once a crawl begins

# The frontier hands out requests, paces the hosts, tries again and settles what became of a page.
SCHEDULER = "crawler.scheduler.Frontier"
CONCURRENT_REQUESTS = 16  # in all; of one host `Site.concurrency`
CONCURRENT_REQUESTS_PER_DOMAIN = 16  # the frontier's bound is the one that counts
DOWNLOAD_DELAY = 0  # seconds; the frontier's clock, which outlives the process, is the one that counts
RETRY_ENABLED = False
REDIRECT_ENABLED = False
METAREFRESH_ENABLED = False
ROBOTSTXT_OBEY = False
HTTPCACHE_ENABLED = False

# One connection: what is accepted, from where, for how long.
DOWNLOAD_HANDLERS = {
    "http": "crawler.middlewares.connection.GuardedHandler",
    "https": "crawler.middlewares.connection.GuardedHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
TWISTED_DNS_RESOLVER = "crawler.middlewares.addresses.GuardedResolver"
HTTPPROXY_ENABLED = False  # a proxy would resolve the names, past our address guard
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_TIMEOUT = 20  # seconds, from the request to the last byte
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024  # bytes, on the wire and after decompression
DOWNLOAD_WARNSIZE = 0  # bytes; 0: never
DOWNLOAD_FAIL_ON_DATALOSS = True
COMPRESSION_ENABLED = False  # ours, which takes no broken end for an end
COOKIES_ENABLED = False
REFERER_ENABLED = False

# The way of a page: four pipelines; the steps inside them are tuples in crawler/cleaning.
ITEM_PIPELINES = {
    "crawler.pipelines.CleanBody": 100,
    "crawler.pipelines.StripTail": 200,
    "crawler.pipelines.Normalise": 300,
    "crawler.pipelines.Store": 900,
}
CONCURRENT_ITEMS = 1  # a page gives one item; Scrapy starts this many tasks for every response: a third of its CPU

# Scrapy's own lists are named anew, not switched off one by one: what it begins with is loaded and looked at even where
# it is off (a web server, a console), and a later version may begin with more.
DOWNLOADER_MIDDLEWARES_BASE = {
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
}
DOWNLOADER_MIDDLEWARES = {"crawler.middlewares.compression.Decompression": 590}
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
SPIDER_MIDDLEWARES = {"crawler.middlewares.closing.Closing": 10}
EXTENSIONS_BASE = {"scrapy.extensions.feedexport.FeedExporter": 0}
EXTENSIONS = {
    "crawler.middlewares.conduct.Conduct": 0,
    "crawler.middlewares.recording.Recording": 0,
}
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# What is written where.
FEED_EXPORT_ENCODING = "utf-8"
FEED_EXPORTERS = {
    "jsonl": "crawler.pipelines.ArticleLines",
    "jsonlines": "crawler.pipelines.ArticleLines",
    "jl": "crawler.pipelines.ArticleLines",
}
LOG_LEVEL = "INFO"
LOG_FORMATTER = "crawler.middlewares.log.PageLog"
STATS_DUMP = False
WARN_ON_GENERATOR_RETURN_VALUE = False  # it parses the source of every callback

# Ours.
DB: str = "news.db"  # path of the database
ARCHIVE: str | None = None  # folder of WARC files; None: beside the database (news.db, news.archive); "": no archive
CONTACT: str = ""  # a page or mail address for a site's owner; needed for anything but loopback and CONNECT_TO
DELAY_S: float | None = None  # seconds between two requests to one host; None: as the site's file says
CONNECT_TO: tuple[str, ...] = ()  # HOST:PORT:ADDR:PORT, as curl's; an empty HOST or PORT matches any
ALLOW_PRIVATE: tuple[str, ...] = ()  # host names that may have a private address
LIMIT: int = 0  # articles stored (new or changed) after which a run ends; 0: no limit
SINCE: str = ""  # ISO 8601; articles published before are left out; "": all
GROUP_S: float = 0.05  # seconds that a page waits at most for others to be committed with it
LISTINGS: list[str] | None = None  # addresses of the listings that are read again; None: all
LIMIT_FETCHED: bool = False  # LIMIT counts articles that were fetched, whatever became of them
RECHECK_S: float = 0.0  # articles that were not fetched for this long are looked at again; 0: as the site's file says
COMMAND: str = "scrapy crawl"  # what the run is called in the database
PROGRESS_S: float = 0.0  # how often the counts of a run are read while it goes on; 0: never
RECORD_TO: str = ""  # folder of a site's cases; what is fetched is saved there as new ones; "": nothing is
PATIENCE_S: float = 20.0  # seconds that a run waits for what failed to be tried again, since it last got anywhere
REPLAY_INDEX: str = ""  # of a replay: the database that indexes the archive
REPLAY_FOLDER: str = ""  # the folder that its file names are relative to
REPLAY_RUN: int = 0  # only the records of this run; 0: of all
REPLAY_FROM: str = ""  # ISO 8601; where the clock of a replay begins
REPLAY_UNTIL: str = ""  # ISO 8601; when its last record was made
