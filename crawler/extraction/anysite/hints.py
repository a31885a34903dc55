"""What the names that a page gives its elements say about them: class, id, role, itemprop."""

import re
from enum import IntFlag
from functools import lru_cache

from lxml import etree


class Hint(IntFlag):
    """What a block is likely to be, by name alone. A name never condemns a block that holds most of the prose."""

    NONE = 0
    BODY = 1  # the article's text
    LEAD = 2  # a standfirst
    CAPTION = 4
    BYLINE = 8  # author, date, source
    FOREIGN = 16  # navigation, related, share, advertising: not of the article
    COMMENTS = 32
    HIDDEN = 64
    EMBED = 128  # a post of a social network, a player
    DOUBTFUL = 256  # foreign where it is mostly links; the same names are given to parts of articles
    OTHERS = 512  # other articles: related, recommended


_VOCABULARY: tuple[tuple[Hint, str], ...] = (
    (
        Hint.BODY,
        "articlebody articlecontent articletext article-body article-content article-text article-detail article-main "
        "article-copy article-con story-body story-content story-text storybody post-body post-content post-text "
        "postbody postcontent entry-content entry-body entry-text news-body news-content news-text newsbody "
        "newscontent newstext main-content main-text main-body maincontent page-content body-content body-text "
        "body-copy bodytext contentbody content-body content-text contenttext detail-content detail-body detail-text "
        "single-content artibody artbody endtext js-content trs-editor p-detail zoom ozoom paragraph paragraphs "
        "prose wysiwyg rich-text richtext text-body textbody news-txt txt-con article story-main "
        "td-post-content rte copy-text",
    ),
    (
        Hint.LEAD,
        "standfirst dek deck sapo chapo chapeau entradilla bajada copete vorspann ingress manchet intro introtext "
        "introduction lead lede leadtext lead-text excerpt subtitle sub-title subheadline sub-headline subhead "
        "sous-titre subtitulo sommario occhiello summary abstract zhaiyao daodu digest perex annotation description "
        "article-summary article-description article-dek article-lead article-intro teaser-text catchline volanta "
        "sumario descripcion resumen",
    ),
    (
        Hint.CAPTION,
        "caption captions figcaption legend legende bildunterschrift credit credits image-text image-description "
        "image-desc image-credit photo-credit photo-desc photo-by picture-text media-text media-caption "
        "copyright-image",
    ),
    (
        Hint.BYLINE,
        "byline bylines author authors autor autoren auteur auteurs autore writer reporter dateline date datetime "
        "timestamp time pubtime pubdate publish published publishdate published-date posted-on updated article-meta "
        "article-info post-meta post-info entry-meta meta metadata metainfo art-info laiyuan source editor-name zebian "
        "zrbj bianji ep-editor article-editor show-author lastmod dates firma",
    ),
    (
        Hint.FOREIGN,
        # advertising
        "ad ads adv advert adverts advertisement advertisements advertising advertorial adbox adslot adsense "
        "adsbygoogle adunit adcontainer adwrapper gpt dfp ad-container ad-wrapper ad-unit ad-slot ad-block "
        "sponsor sponsored sponsors sponsorship outbrain taboola mgid "
        "zergnet revcontent dianomi nativo "
        # the page's frame
        "breadcrumb breadcrumbs nav navi navbar navigation menu submenu topbar sidebar side-bar footer foot "
        "site-header masthead jump-links jumplinks backlinks back-to-top backtotop gotop go-top "
        "pagination pager paging pagenav page-nav fanye post-nav post-navigation nav-links prev-next next-prev ",
    ),
    (
        Hint.FOREIGN | Hint.OTHERS,
        "related relates relate relatedposts relatedarticles related-articles related-posts recommend recommends "
        "recommendation recommendations recirc recirculation most-read "
        "mostread most-viewed most-popular most-shared latest-news more-on more-from more-news more-stories "
        "more-articles more-like more-in morefrom moreon read-more readmore read-also readalso read-next see-also "
        "seealso also-read lees-ook up-next next-up next-article next-post next-story previous-article prev-post "
        "interlink interlinks interlinking crosslink crosslinks xiangguan tuijian hotnews hot-news ranking rank-list "
        "ranklist paihang you-may you-might en-relacion ver-mas leia-mais veja-mais mehr-zum zum-thema a-lire "
        "lire-aussi leggi-anche czytaj-takze relacionadas relacionados similares noticias-relacionadas ",
    ),
    (
        Hint.FOREIGN,
        # doing something
        "newsletter newsletters subscribe subscription subscriptions signup sign-up cta donate donation donations "
        "support-us sign-in pop-up lightbox "
        "cookie cookies consent gdpr onetrust share sharebox share-box shares sharing sharer share-bar sharebar "
        "share-buttons sns bdshare bshare jiathis social socials social-media socialmedia addthis addtoany sharedaddy "
        "followus follow-us fenxiang qrcode qr-code ewm erweima app-download download-app open-app toolbar tool-bar "
        "article-tools print-link font-size fontsize jiucuo baocuo rating ratings "
        "dianzan zan audio-player audioplayer tts video-player "
        "whatsapp telegram-channel google-news googlenews preferred-source bookmark "
        # said about the article
        "tag tags tag-list taglist tag-cloud post-tags article-tags article-topics topic-list "
        "cat-links copyright copy-right disclaimer shengming mianze author-bio author-box "
        "author-info author-card author-description author-desc author-profile about-author about-the-author "
        "authorbox author-details trust-project factbox fact-box infobox info-box faktaboks faktabox faktenbox",
    ),
    (
        Hint.DOUBTFUL,
        "teaser teasers promo promos promobox promotion promoted latest popular topics topic labels keywords "
        "keyword marketing paywall "
        "regwall piano overlay print tools like likes vote votes statement weather speech player poll quiz survey "
        "register follow bio biography skip feedback listen toc "
        "table-of-contents tooltip dialog modal popup recommended trending categories guess appeal "
        "inread in-read ticker countdown login signin",
    ),
    (
        Hint.COMMENTS,
        "comment comments commentlist comment-list commentary-list disqus respond reply replies pinglun gentie "
        "discussion viafoura coral spotim spot-im fb-comments ds-thread kommentare commentaires comentarios",
    ),
    (
        Hint.HIDDEN,
        "hidden hide visually-hidden visuallyhidden sr-only sronly screen-reader screenreader screen-reader-text "
        "assistive d-none display-none print-only printonly offscreen",
    ),
    (
        Hint.EMBED,
        "twitter tweet twitter-tweet instagram instagram-media fb-post facebook tiktok tiktok-embed youtube bluesky "
        "embed embeds oembed wp-block-embed videoplayer jwplayer brightcove",
    ),
)

_HINT_OF: dict[str, int] = {}
for _hint, _names in _VOCABULARY:
    for _name in _names.split():
        _HINT_OF[_name] = _HINT_OF.get(_name, 0) | int(_hint)
_LONG_STARTS = frozenset(name.split("-")[0] for name in _HINT_OF if "-" in name)

_CAMEL = re.compile(r"([a-z])(?=[A-Z])")
_WORD = re.compile(r"[a-z]+")
_DISPLAY_NONE = re.compile(r"display\s*:\s*none", re.I)
_LONGEST_NAME = 300  # characters of a class attribute that are read: utility frameworks write hundreds
_MOST_WORDS = 6  # a longer name is a headline made into an anchor: "she-promoted-her-film-in-london-and-paris"
_ROLES = frozenset("navigation complementary banner search dialog contentinfo menu toolbar tablist".split())
_HIDDEN, _FOREIGN, _LEAD, _BYLINE, _BODY = (
    int(hint) for hint in (Hint.HIDDEN, Hint.FOREIGN, Hint.LEAD, Hint.BYLINE, Hint.BODY)
)
_MODIFIERS = frozenset("has with no without not tag category is".split())
"""What they stand before is said of the whole page: "has-sidebar", "tag-podcast"."""
_NO_BODY = int(Hint.FOREIGN | Hint.COMMENTS)
_TELLING = frozenset(  # attributes besides class and id
    "hidden aria-hidden style role itemprop property data-testid data-component data-block data-name data-qa".split()
)
_PROPERTIES = {
    "articleBody": _BODY,
    "content:encoded": _BODY,
    "schema:articleBody": _BODY,
    "description": _LEAD,
    "alternativeHeadline": _LEAD,
    "author": _BYLINE,
    "datePublished": _BYLINE,
    "dateModified": _BYLINE,
    "publisher": _BYLINE,
}


def hints_of(element: etree._Element) -> int:
    """The union of `Hint` values that an element's attributes give, as a plain int: it is asked for every block."""
    hint = 0
    for key, value in element.items():
        if key == "class" or key == "id":
            hint |= of_name(value)
        elif key in _TELLING:
            hint |= _of_attribute(key, value)
    return hint


def _of_attribute(key: str, value: str) -> int:
    if key == "hidden":
        return _HIDDEN
    if key == "aria-hidden":
        return _HIDDEN if value == "true" else 0
    if key == "style":
        return _HIDDEN if "none" in value and _DISPLAY_NONE.search(value) else 0
    if key == "role":
        return _FOREIGN if value in _ROLES else 0
    if key in ("itemprop", "property"):
        return _PROPERTIES.get(value, 0)
    return of_name(value) if len(value) < 80 else 0


@lru_cache(maxsize=50_000)  # the records of a page share their names, and the pages of a site
def of_name(name: str) -> int:
    """The hints in the value of a class or an id attribute: of its words, and of two or three words in a row."""
    hint = 0
    for word in name[:_LONGEST_NAME].split():
        hint |= _of_word(word)
    return hint


@lru_cache(maxsize=50_000)  # pages of all sites share their words; reading one takes as long as twenty look-ups
def _of_word(word: str) -> int:
    # Names of utility frameworks ("md:hidden", "[&>p]:mt-4") speak of looks, not of matter.
    if ":" in word or "[" in word:
        return 0
    if not word.islower():
        word = _CAMEL.sub(r"\1-", word).lower()
    words = _WORD.findall(word)
    if not words or words[0] in _MODIFIERS or len(words) > _MOST_WORDS:
        return 0
    if len(words) == 1:
        return _HINT_OF.get(words[0], 0)
    hint = 0
    for at, first in enumerate(words):
        # "label-hidden" says how a part is shown; only the bare word says that all of it is hidden.
        hint |= _HINT_OF.get(first, 0) & ~_HIDDEN
        if first in _LONG_STARTS:
            hint |= _HINT_OF.get("-".join(words[at : at + 2]), 0) | _HINT_OF.get("-".join(words[at : at + 3]), 0)
    # "article-comments", "detail-content-recommend": the last word counts; the article only qualifies it.
    return hint & ~_BODY if hint & _NO_BODY else hint
