"""Pages that say that there is no page."""

import re

from crawler.page import Page

# A whole title, not words in one: this is asked of described sites too, where it overrules the rules of the site.
_MISSING_PAGE = re.compile(
    r"(?:(?:错误|error)?[\s:：-]*404(?:[\s:：-]*(?:错误|error|not found|page not found|页面[^，。“”]{0,12}))?"
    r"|(?:the\s+)?(?:page|file|article|document)?\s*(?:was\s+|could\s+not\s+be\s+|can(?:no|')t\s+be\s+)?not\s+found"
    r"|(?:抱歉|对不起|提示|出错了?)?[\s，,：:！!]*(?:(?:您|你)(?:所)?(?:访问|请求|要找|查看|浏览)的|该|此|本)?"
    r"(?:页面|网页|文章|内容|新闻|信息)(?:不存在|未找到|没有找到|找不到|无法找到|(?:已经?)?被?删除了?|已失效|走丢了?)"
    r"(?:或[^，。“”]{0,10})?)[\s。.！!…]*",
    re.IGNORECASE,
)


def is_missing(page: Page) -> bool:
    """Whether a page says in its title that there is none, though its status is 200."""
    if page.type != "html":
        return False
    title = " ".join((page.tree.findtext("head/title") or page.tree.findtext(".//title") or "").split())
    if not _MISSING_PAGE.match(title):
        return False
    first = re.split(r"\s*[|｜_]\s*|\s+[-–—]\s+", title, maxsplit=1)[0]
    return _MISSING_PAGE.fullmatch(first) is not None
