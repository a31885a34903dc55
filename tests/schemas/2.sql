BEGIN TRANSACTION;
CREATE TABLE articles (
	id TEXT NOT NULL, 
	url TEXT NOT NULL, 
	canonical_url TEXT NOT NULL, 
	site TEXT NOT NULL, 
	category TEXT NOT NULL, 
	category_name TEXT, 
	kind TEXT NOT NULL, 
	story_id TEXT NOT NULL, 
	upstream_id TEXT, 
	title TEXT NOT NULL, 
	subtitle TEXT, 
	digest TEXT, 
	authors TEXT NOT NULL, 
	editors TEXT NOT NULL, 
	source TEXT, 
	source_url TEXT, 
	share_url TEXT, 
	original_title TEXT, 
	published_at TEXT, 
	published_utc VARCHAR(32), 
	published_raw TEXT, 
	zone_from TEXT, 
	modified_at TEXT, 
	fetched_at TEXT, 
	language TEXT, 
	tags TEXT NOT NULL, 
	word_count INTEGER NOT NULL, 
	body_length INTEGER NOT NULL, 
	content_hash TEXT NOT NULL, 
	conduct TEXT NOT NULL, 
	code TEXT NOT NULL, 
	run_id INTEGER, 
	stored_at VARCHAR(32) NOT NULL, 
	changed_at VARCHAR(32), 
	images TEXT NOT NULL, 
	warnings TEXT NOT NULL, 
	body_text TEXT NOT NULL, 
	body_html TEXT NOT NULL, 
	body_markdown TEXT NOT NULL, 
	provenance TEXT NOT NULL, 
	removed TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT articles_url UNIQUE (url), 
	CONSTRAINT articles_canonical_url UNIQUE (canonical_url), 
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
INSERT INTO "articles" VALUES('428160c49aa1378f','https://news.example.com/a','https://news.example.com/a','example','world',NULL,'article','shttps://news.example.com/a',NULL,'标题 “5G﹢”',NULL,NULL,'[]','[]',NULL,NULL,NULL,NULL,'2026-11-21T07:00:00+00:00','2026-11-21T07:00:00.000000+00:00',NULL,NULL,NULL,NULL,NULL,'[]',1,14,'New text of a.','{}','0.1.0',1,'2026-11-21T08:00:00.000000+00:00','2026-11-21T08:00:00.000000+00:00','[]','[]','New text of a.','<p>New text of a.</p>','New text of a.','{}','[]');
INSERT INTO "articles" VALUES('2404dc86a719b214','https://news.example.com/b','https://news.example.com/b','example','world',NULL,'article','shttps://news.example.com/b',NULL,'标题 “5G﹢”',NULL,NULL,'[]','[]',NULL,NULL,NULL,NULL,'2026-11-21T07:00:00+00:00','2026-11-21T07:00:00.000000+00:00',NULL,NULL,NULL,NULL,NULL,'[]',1,14,'New text of b.','{}','0.1.0',1,'2026-11-21T08:00:00.000000+00:00','2026-11-21T08:00:00.000000+00:00','[]','[]','New text of b.','<p>New text of b.</p>','New text of b.','{}','[]');
INSERT INTO "articles" VALUES('7e0b42de36a996d0','https://news.example.com/c','https://news.example.com/c','example','world',NULL,'article','shttps://news.example.com/c',NULL,'标题 “5G﹢”',NULL,NULL,'[]','[]',NULL,NULL,NULL,NULL,'2026-11-21T07:00:00+00:00','2026-11-21T07:00:00.000000+00:00',NULL,NULL,NULL,NULL,NULL,'[]',1,14,'New text of c.','{}','0.1.0',1,'2026-11-21T08:00:00.000000+00:00','2026-11-21T08:00:00.000000+00:00','[]','[]','New text of c.','<p>New text of c.</p>','New text of c.','{}','[]');
CREATE TABLE hosts (
	host TEXT NOT NULL, 
	next_at VARCHAR(32), 
	hold_until VARCHAR(32), 
	hold_reason TEXT, 
	crawl_delay_s FLOAT, 
	robots_status INTEGER, 
	robots_body BLOB, 
	robots_fetched_at VARCHAR(32), 
	robots_expires_at VARCHAR(32), 
	PRIMARY KEY (host)
);
INSERT INTO "hosts" VALUES('news.example.com',NULL,NULL,NULL,NULL,200,X'','2026-11-21T08:00:00.000000+00:00','2026-11-22T08:00:00.000000+00:00');
CREATE TABLE ledger (
	site TEXT NOT NULL, 
	category TEXT NOT NULL, 
	scheduled INTEGER NOT NULL, 
	PRIMARY KEY (site, category)
);
INSERT INTO "ledger" VALUES('example','',1);
INSERT INTO "ledger" VALUES('example','world',8);
CREATE TABLE listed (
	listing_id INTEGER NOT NULL, 
	url_id INTEGER NOT NULL, 
	walk_id INTEGER NOT NULL, 
	PRIMARY KEY (listing_id, url_id), 
	FOREIGN KEY(walk_id) REFERENCES walks (id)
)
 WITHOUT ROWID

;
INSERT INTO "listed" VALUES(2,3,1);
INSERT INTO "listed" VALUES(2,4,1);
CREATE TABLE parts (
	url_id INTEGER NOT NULL, 
	parent_id INTEGER NOT NULL, 
	article TEXT NOT NULL, 
	conduct TEXT NOT NULL, 
	PRIMARY KEY (url_id), 
	FOREIGN KEY(url_id) REFERENCES urls (id), 
	FOREIGN KEY(parent_id) REFERENCES urls (id)
);
CREATE TABLE polls (
	id INTEGER NOT NULL, 
	listing_id INTEGER NOT NULL, 
	url_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	walk_id INTEGER NOT NULL, 
	run_id INTEGER NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	entries TEXT, 
	same_as INTEGER, 
	PRIMARY KEY (id), 
	FOREIGN KEY(walk_id) REFERENCES walks (id), 
	FOREIGN KEY(run_id) REFERENCES runs (id), 
	FOREIGN KEY(same_as) REFERENCES polls (id)
);
INSERT INTO "polls" VALUES(1,2,2,0,1,1,'2026-11-21T08:00:00.000000+00:00','[3,4]',NULL);
CREATE TABLE quarantine (
	url_id INTEGER NOT NULL, 
	site TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	run_id INTEGER, 
	status INTEGER NOT NULL, 
	headers TEXT NOT NULL, 
	article TEXT, 
	body BLOB NOT NULL, 
	PRIMARY KEY (url_id), 
	FOREIGN KEY(url_id) REFERENCES urls (id), 
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
INSERT INTO "quarantine" VALUES(7,'example','FieldMissing: title','2026-11-21T08:00:00.000000+00:00',1,200,'{}','{"id":"a82849ba7a24bb75","story_id":"shttps://news.example.com/q","upstream_id":null,"kind":"article","site":"example","url":"https://news.example.com/q","canonical_url":"https://news.example.com/q","category":"world","category_name":null,"title":"","subtitle":null,"digest":null,"authors":[],"editors":[],"source":null,"source_url":null,"share_url":null,"original_title":null,"published_at":"2026-11-21T07:00:00+00:00","published_raw":null,"zone_from":null,"modified_at":null,"fetched_at":null,"language":null,"tags":[],"images":[],"body_html":"<p>Text.</p>","body_text":"Text.","body_markdown":"Text.","word_count":1,"content_hash":"Text.","warnings":[],"provenance":{},"removed":[]}',X'3C703EFF00');
CREATE TABLE responses (
	id INTEGER NOT NULL, 
	url_id INTEGER, 
	run_id INTEGER, 
	url TEXT NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	type TEXT NOT NULL, 
	status INTEGER, 
	file TEXT NOT NULL, 
	"offset" INTEGER NOT NULL, 
	length INTEGER NOT NULL, 
	digest TEXT, 
	PRIMARY KEY (id), 
	FOREIGN KEY(url_id) REFERENCES urls (id), 
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
CREATE TABLE run_groups (
	run_id INTEGER NOT NULL, 
	category TEXT NOT NULL, 
	new INTEGER NOT NULL, 
	changed INTEGER NOT NULL, 
	requests INTEGER NOT NULL, 
	bytes INTEGER NOT NULL, 
	seconds FLOAT NOT NULL, 
	PRIMARY KEY (run_id, category), 
	FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
);
INSERT INTO "run_groups" VALUES(1,'',0,0,1,0,0.0);
INSERT INTO "run_groups" VALUES(1,'world',3,3,9,37,0.0);
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	site TEXT NOT NULL, 
	command TEXT NOT NULL, 
	holder TEXT NOT NULL, 
	started_at VARCHAR(32) NOT NULL, 
	heartbeat_at VARCHAR(32) NOT NULL, 
	began_at VARCHAR(32), 
	ended_at VARCHAR(32), 
	reason TEXT, 
	requests INTEGER DEFAULT '0' NOT NULL, 
	bytes INTEGER DEFAULT '0' NOT NULL, 
	new INTEGER DEFAULT '0' NOT NULL, 
	changed INTEGER DEFAULT '0' NOT NULL, 
	articles INTEGER DEFAULT '0' NOT NULL, 
	body_length INTEGER, 
	states TEXT, 
	presence TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES(1,'example','crawl example','vm:30741','2026-11-21T08:00:00.000000+00:00','2026-11-21T09:00:00.000000+00:00',NULL,'2026-11-21T09:00:00.000000+00:00','finished',0,0,3,3,3,14,'{"gone":1,"quarantined":1,"read":2,"stored":3}','{"subtitle":0.0,"digest":0.0,"authors":0.0,"editors":0.0,"source":0.0,"source_url":0.0,"share_url":0.0,"original_title":0.0,"published_at":1.0,"modified_at":0.0,"language":0.0,"tags":0.0,"images":0.0,"category_name":0.0,"upstream_id":0.0}');
CREATE TABLE schema_version (
	version INTEGER NOT NULL
);
INSERT INTO "schema_version" VALUES(2);
CREATE TABLE stories (
	name TEXT NOT NULL, 
	story_id TEXT NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE tombstones (
	"key" TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	PRIMARY KEY ("key")
);
CREATE TABLE urls (
	id INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	site TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	category TEXT NOT NULL, 
	host TEXT NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	target TEXT, 
	parent_id INTEGER, 
	listing_id INTEGER, 
	walk_id INTEGER, 
	number INTEGER NOT NULL, 
	barren INTEGER NOT NULL, 
	hops INTEGER NOT NULL, 
	priority INTEGER NOT NULL, 
	not_before VARCHAR(32), 
	run_id INTEGER, 
	attempts INTEGER NOT NULL, 
	tries INTEGER NOT NULL, 
	lost INTEGER NOT NULL, 
	published VARCHAR(32), 
	scheduled_at VARCHAR(32) NOT NULL, 
	settled_at VARCHAR(32), 
	settled_run_id INTEGER, 
	status INTEGER, 
	etag TEXT, 
	last_modified TEXT, 
	content_hash TEXT, 
	article_id TEXT, 
	requests INTEGER NOT NULL, 
	bytes INTEGER NOT NULL, 
	seconds FLOAT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (url), 
	FOREIGN KEY(parent_id) REFERENCES urls (id), 
	FOREIGN KEY(listing_id) REFERENCES urls (id), 
	FOREIGN KEY(walk_id) REFERENCES walks (id), 
	FOREIGN KEY(run_id) REFERENCES runs (id), 
	FOREIGN KEY(settled_run_id) REFERENCES runs (id)
);
INSERT INTO "urls" VALUES(1,'https://news.example.com/robots.txt','example','robots','','news.example.com','read','',NULL,NULL,NULL,NULL,0,0,0,0,NULL,NULL,0,0,0,NULL,'2026-11-21T08:00:00.000000+00:00','2026-11-21T08:00:00.000000+00:00',1,200,NULL,NULL,NULL,NULL,1,0,0.0);
INSERT INTO "urls" VALUES(2,'https://news.example.com/world/','example','listing','world','news.example.com','read','',NULL,NULL,NULL,1,0,0,0,1,NULL,NULL,0,0,0,NULL,'2026-11-21T08:00:00.000000+00:00','2026-11-21T08:00:00.000000+00:00',1,200,NULL,NULL,NULL,NULL,1,4,0.0);
INSERT INTO "urls" VALUES(3,'https://news.example.com/a','example','article','world','news.example.com','stored','',NULL,2,NULL,NULL,0,0,0,3,NULL,NULL,0,0,0,'2026-11-21T07:00:00.000000+00:00','2026-11-21T08:00:00.000000+00:00','2026-11-21T08:00:00.000000+00:00',1,200,NULL,NULL,'New text of a.','428160c49aa1378f',2,4,0.0);
INSERT INTO "urls" VALUES(4,'https://news.example.com/b','example','article','world','news.example.com','stored','',NULL,2,NULL,NULL,0,0,0,3,NULL,NULL,0,0,0,'2026-11-21T07:00:00.000000+00:00','2026-11-21T08:00:00.000000+00:00','2026-11-21T08:00:00.000000+00:00',1,200,NULL,NULL,'New text of b.','2404dc86a719b214',2,4,0.0);
INSERT INTO "urls" VALUES(5,'https://news.example.com/p2','example','listing','world','news.example.com','waiting','',NULL,2,2,1,1,0,0,4,NULL,NULL,0,0,0,NULL,'2026-11-21T08:00:00.000000+00:00',NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,0.0);
INSERT INTO "urls" VALUES(6,'https://news.example.com/c','example','article','world','news.example.com','stored','',NULL,NULL,NULL,NULL,0,0,0,3,NULL,NULL,0,0,0,'2026-11-21T07:00:00.000000+00:00','2026-11-21T08:00:00.000000+00:00','2026-11-21T08:00:00.000000+00:00',1,200,NULL,NULL,'New text of c.','7e0b42de36a996d0',2,4,0.0);
INSERT INTO "urls" VALUES(7,'https://news.example.com/q','example','article','world','news.example.com','quarantined','FieldMissing: title',NULL,NULL,NULL,NULL,0,0,0,3,NULL,NULL,0,0,0,NULL,'2026-11-21T08:00:00.000000+00:00','2026-11-21T08:00:00.000000+00:00',1,200,NULL,NULL,NULL,NULL,1,5,0.0);
INSERT INTO "urls" VALUES(8,'https://news.example.com/gone','example','article','world','news.example.com','gone','404',NULL,NULL,NULL,NULL,0,0,0,3,NULL,NULL,0,0,0,NULL,'2026-11-21T08:00:00.000000+00:00','2026-11-21T08:00:00.000000+00:00',1,404,NULL,NULL,NULL,NULL,1,4,0.0);
INSERT INTO "urls" VALUES(9,'https://news.example.com/later','example','article','world','news.example.com','waiting','',NULL,NULL,NULL,NULL,0,0,0,3,NULL,NULL,0,0,0,NULL,'2026-11-21T09:00:00.000000+00:00',NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,0.0);
CREATE TABLE versions (
	id INTEGER NOT NULL, 
	article_id TEXT NOT NULL, 
	content_hash TEXT NOT NULL, 
	replaced_at VARCHAR(32) NOT NULL, 
	run_id INTEGER, 
	code TEXT NOT NULL, 
	article TEXT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE ON UPDATE CASCADE, 
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
INSERT INTO "versions" VALUES(1,'428160c49aa1378f','Text of a.','2026-11-21T08:00:00.000000+00:00',1,'0.1.0','{"id":"428160c49aa1378f","story_id":"shttps://news.example.com/a","upstream_id":null,"kind":"article","site":"example","url":"https://news.example.com/a","canonical_url":"https://news.example.com/a","category":"world","category_name":null,"title":"标题 “5G﹢”","subtitle":null,"digest":null,"authors":[],"editors":[],"source":null,"source_url":null,"share_url":null,"original_title":null,"published_at":"2026-11-21T07:00:00+00:00","published_raw":null,"zone_from":null,"modified_at":null,"fetched_at":null,"language":null,"tags":[],"images":[],"body_html":"<p>Text of a.</p>","body_text":"Text of a.","body_markdown":"Text of a.","word_count":1,"content_hash":"Text of a.","warnings":[],"provenance":{},"removed":[]}');
INSERT INTO "versions" VALUES(2,'2404dc86a719b214','Text of b.','2026-11-21T08:00:00.000000+00:00',1,'0.1.0','{"id":"2404dc86a719b214","story_id":"shttps://news.example.com/b","upstream_id":null,"kind":"article","site":"example","url":"https://news.example.com/b","canonical_url":"https://news.example.com/b","category":"world","category_name":null,"title":"标题 “5G﹢”","subtitle":null,"digest":null,"authors":[],"editors":[],"source":null,"source_url":null,"share_url":null,"original_title":null,"published_at":"2026-11-21T07:00:00+00:00","published_raw":null,"zone_from":null,"modified_at":null,"fetched_at":null,"language":null,"tags":[],"images":[],"body_html":"<p>Text of b.</p>","body_text":"Text of b.","body_markdown":"Text of b.","word_count":1,"content_hash":"Text of b.","warnings":[],"provenance":{},"removed":[]}');
INSERT INTO "versions" VALUES(3,'7e0b42de36a996d0','Text of c.','2026-11-21T08:00:00.000000+00:00',1,'0.1.0','{"id":"7e0b42de36a996d0","story_id":"shttps://news.example.com/c","upstream_id":null,"kind":"article","site":"example","url":"https://news.example.com/c","canonical_url":"https://news.example.com/c","category":"world","category_name":null,"title":"标题 “5G﹢”","subtitle":null,"digest":null,"authors":[],"editors":[],"source":null,"source_url":null,"share_url":null,"original_title":null,"published_at":"2026-11-21T07:00:00+00:00","published_raw":null,"zone_from":null,"modified_at":null,"fetched_at":null,"language":null,"tags":[],"images":[],"body_html":"<p>Text of c.</p>","body_text":"Text of c.","body_markdown":"Text of c.","word_count":1,"content_hash":"Text of c.","warnings":[],"provenance":{},"removed":[]}');
CREATE TABLE walks (
	id INTEGER NOT NULL, 
	listing_id INTEGER NOT NULL, 
	run_id INTEGER NOT NULL, 
	started_at VARCHAR(32) NOT NULL, 
	read_at VARCHAR(32) NOT NULL, 
	ended_at VARCHAR(32), 
	reason TEXT, 
	before_id INTEGER, 
	verdict TEXT, 
	why TEXT, 
	page INTEGER, 
	entries INTEGER, 
	new INTEGER, 
	overlap INTEGER, 
	newest_before INTEGER, 
	oldest_now INTEGER, 
	calm INTEGER, 
	broken INTEGER, 
	late INTEGER, 
	PRIMARY KEY (id), 
	FOREIGN KEY(run_id) REFERENCES runs (id), 
	FOREIGN KEY(before_id) REFERENCES walks (id)
);
INSERT INTO "walks" VALUES(1,2,1,'2026-11-21T08:00:00.000000+00:00','2026-11-21T08:00:00.000000+00:00',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE INDEX runs_of_site ON runs (site, started_at);
CREATE INDEX stories_of_story ON stories (story_id);
CREATE INDEX walks_of_listing ON walks (listing_id, ended_at);
CREATE INDEX articles_of_story ON articles (story_id);
CREATE INDEX articles_of_run ON articles (run_id);
CREATE INDEX articles_by_time ON articles (published_utc, id);
CREATE INDEX articles_of_content ON articles (content_hash);
CREATE INDEX articles_of_site ON articles (site, published_utc, id);
CREATE INDEX urls_of_group ON urls (site, category, state, reason);
CREATE INDEX urls_of_article ON urls (article_id);
CREATE INDEX urls_listings ON urls (site, category, id) WHERE kind IN ('listing', 'feed', 'sitemap') AND listing_id IS NULL;
CREATE INDEX urls_in_walk ON urls (walk_id, state) WHERE walk_id IS NOT NULL;
CREATE INDEX urls_failed ON urls (site, not_before) WHERE state = 'failed';
CREATE INDEX urls_ready ON urls (site, host, priority, id) WHERE state = 'waiting' AND not_before IS NULL;
CREATE INDEX urls_robots ON urls (target) WHERE kind = 'robots';
CREATE INDEX urls_delayed ON urls (site, not_before) WHERE state = 'waiting' AND not_before IS NOT NULL;
CREATE INDEX urls_ready_of_category ON urls (site, category, host, priority, id) WHERE state = 'waiting' AND not_before IS NULL;
CREATE INDEX urls_of_parent ON urls (parent_id, kind);
CREATE INDEX urls_trouble ON urls (settled_run_id) WHERE state IN ('failed', 'quarantined');
CREATE INDEX urls_leased ON urls (site) WHERE state = 'leased';
CREATE INDEX polls_of_walk ON polls (walk_id);
CREATE INDEX polls_of_page ON polls (url_id, id);
CREATE INDEX ix_versions_article_id ON versions (article_id);
CREATE INDEX ix_parts_parent_id ON parts (parent_id);
CREATE INDEX ix_quarantine_site ON quarantine (site);
CREATE INDEX responses_of_digest ON responses (digest);
CREATE INDEX responses_of_file ON responses (file, "offset");
CREATE INDEX responses_of_url ON responses (url, at);
COMMIT;
