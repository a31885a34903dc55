"""Steps on the last lines of a body: back links, share link, credits, disclaimers and prompts.

Each looks at the last line only; `strip_tail` runs them again until none applies. The whole line, or the closing
part of one after the end of a sentence, has to have the form: a sentence that uses the words stays.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from lxml import etree

from crawler.body import Body, is_short, visible_text
from crawler.cleaning.lines import Line, cut, first_line, last_line, same_line
from crawler.credits import Credit, closing_credits, line_credits

_PLACE = r"(?:新闻|首页|主页|列表|频道|目录|顶部|上一页|上页|上一级|上级|专题|栏目|官网|网站|搜狐|新浪|网易)"
_ONE_BACK = rf"[<＜«‹《【\[（(\s]*(?:点击|请)?返回[^，。；！？：“”\s]{{0,14}}?{_PLACE}[>＞»›》】\]）)\s]*"
_BACK = re.compile(rf"{_ONE_BACK}(?:[,，｜|丨/·\s]*(?:{_ONE_BACK}|查看更多[>＞»›》\s]*))*")
_BACK_CHARS = 60
_BACK_END = re.compile(rf"(?<=[。！？”’）)…】\]])\s*(?P<all>{_ONE_BACK}(?:[，,]?\s*查看更多)?[>＞»›》\s]*)$")
_DISCLAIMER = re.compile(
    r"[（(【\[*＊※\s]*(?:(?:本[站网报文刊]|平台|网站|搜狐|新浪|东方财富网?|腾讯|凤凰网?)?"
    r"(?:(?:郑重|免责|特别|版权|重要|转载|法律|作者|平台|风险|侵权)(?:及免责|与免责|和免责|及版权)?(?:声明|提示|提醒|条款)"
    r"|(?P<bare>声明))|Disclaimer|Copyright\s+notice)\s*(?:[】\]]\s*[：:]?|[：:]).{4,600}",
    re.IGNORECASE | re.DOTALL,
)
# A bare 声明：… may be the article's own note to its readers; the publisher's speaks of itself and of its rights.
_PUBLISHER = re.compile(r"本[站网报刊]|网站|平台|[网报社]力求|登载|刊载|转载|版权|侵权|著作权|未经")
_DISCLAIMER_SIGN = re.compile(
    r"(?:不代表|不构成|仅供参考|仅代表|与本[站网报]|立场|观点|转载|版权|授权|侵权|删除|责任|承担|风险自担|盈亏|投资有风险|入市|"
    r"信息存储|自负|据此操作|谨慎|views?|opinions?|permission|reproduc|advice|rights)",
    re.IGNORECASE,
)
_BARE_DISCLAIMER = re.compile(
    r"[（(【\[*＊※\s]*(?:(?:以上|本文|该文(?!件)|文中|文章|本内容|上述|本稿|本网|本站)(?:内容|观点|信息|图文|图片|数据|文章|言论|仅)?[^。：“”]{0,30}"
    r"(?:不代表|仅代表|不构成|仅供参考)[^“”]{0,120}|(?:[^。“”]{0,30}(?:专稿|原创|所有|作品)[^。“”]{0,8}[，,。]\s*)?未经[^。“”]{0,16}(?:授权|许可|允许|同意)[^。“”]{0,12}"
    r"(?:不得|禁止|严禁|谢绝|请勿)[^。“”]{0,8}"
    r"(?:转载|使用|复制|摘编|镜像|引用|转发|改编|传播)[^。“”]{0,20}"
    r"|.{0,40}转载时?[务敬]?(?:请|须|需)[^。，]{0,12}(?:注明|联系|保留|标明|获得).{0,120}"
    r"|[^。]{0,60}仅提供信息存储(?:空间)?服务|(?:股市|投资|市场|入市)有风险[，,]?[^“”。]{0,20}|版权所有[^。“”]{0,40}"
    r"|[^。“”]{0,30}版权作品[^。“”]{0,20}|(?:图片|图文|部分图片)?[^。“”]{0,12}来源于?(?:网络|互联网)[^“”。]{0,40}(?:侵权|侵删|删除|联系)[^“”]{0,30}"
    r"|All rights reserved.{0,80}|Copyright\b.{0,120}|©.{0,120})[。.!！）)】\]\s]*",
    re.IGNORECASE,
)
_GLUED_DISCLAIMER = re.compile(
    r"(?<=[。！？”’）)…])\s*(?P<all>(?:郑重|免责|特别|风险)声明\s*[：:].{10,400})$", re.DOTALL
)
_TOOL = (
    r"(?:举报|反馈|纠错|收藏|分享|点赞|在看|赞|评论|打印|字体|字号|大|中|小|推荐|转发|投诉|关闭|关闭窗口|微信|微博|朋友圈"
    r"|QQ空间|QQ好友|QQ|新浪微博|复制链接|分享到|分享至|更多)"
)
_TO_WHAT = r"(?:公众号|微信|微博|客户端|视频号|小程序|服务号|订阅号|头条号|百家号|抖音号|账号|APP)"
_WHY = r"(?:获取|了解|查看|查阅|阅读|观看|看|下载|参与|加入|第一时间|更多|即可|回复|关注|进群|我们|体验)"
_PROMPT = re.compile(
    r"[▼▲↓↑>＞→\-—=*＊\s（(【\[]*(?:"
    r"(?:请|欢迎|打开|快|马上|立即|长按|手机|微信|点击|使用|用|更多[^。，]{1,12}[！!，,])*(?:扫一扫|扫码|扫描|识别)"
    r"(?:[上下左右]方|[上下]图|图中|此|本|文末|左侧|右侧|以下|下面)?的?(?:二维码|条形码|小程序码|我|关注|下载|订阅|加入|进群"
    r"|分享|打开|查看|阅读|观看|添加|领取|，|,|到|$)[^。“”？]{0,40}"
    r"|(?:更多[^。，]{0,16}[，,。！!]?)?(?:请|欢迎|长按|点击|快来|敬请|立即|马上)(?:微信)?(?:关注|订阅|添加|下载|收听|搜索)[^。？]{0,50}"
    rf"|关注[^。，“”]{{0,16}}{_TO_WHAT}(?:[：:“”\"\s（(]+[^。，“”]{{1,20}}[”\"）)]*)?(?:[，,、！!\s]*{_WHY}[^。？]{{0,30}})?"
    r"|[^。“”]{4,60}。(?:扫描|扫一扫|扫码|长按)[^。“”]{0,16}二维码[^。“”？]{0,50}"
    r"|(?:更多|相关(?:资讯|内容|新闻|报道|信息))[^。]{0,40}(?:请|欢迎|敬请)(?:持续)?(?:关注|访问|登录|点击|搜索|下载)[^。]{0,40}|海量资讯、?精准解读[^。]{0,40}"
    rf"|(?:点击|下载|打开)[^。，“”]{{0,16}}(?:{_TO_WHAT}|专题|阅读原文)(?:[，,、！!\s]*{_WHY}[^。？]{{0,30}})?"
    r"|打开\S{2,8}\s*查看[^。？]{0,20}|打开微信[^“”？]{0,60}|点击底部的.{0,60}"
    r"|(?:更多精彩|更多资讯|更多内容|更多新闻|更多报道)[^。“”？]{0,12}(?:请|尽在|欢迎|关注|点击|下载|扫|搜索|[>＞»]|$)[^。“”？]{0,20}"
    r"|查看更多|点击查看[^。“”？]{0,12}|点击阅读[^。“”？]{0,12}|阅读原文|阅读全文|展开全文|查看原文|听全文|点击播报本文[^。“”]{0,20}"
    rf"|{_TOOL}(?:[\s/／|｜：:·、【】\[\]()（）\d]*{_TOOL})*[\s\d()（）]*"
    r"|[^，。：“”\s]{0,8}(?:热线|爆料|报料|投稿|责编|联系)(?:电话|邮箱|信箱|方式|微信)?\s*[：:](?=.*[\d@])[^。“”]{3,60}"
    r"|(?:原文|本文)(?:链接|地址|网址)?\s*[：:]\s*https?://\S{4,80}|[您你](?:还|尚)?未登[录陆][^。“”]{0,24}"
    r"|安全提示|系统出于安全考虑[^“]{0,12}“?发送语音验证码.{0,60}"
    r"|(?:全文|本文|正文)?完|全文结束|END|The End|[-—=*＊_·•●◆■□]{3,}"
    r"|Follow us[^.]{0,60}|Download the[^.]{0,60}app[^.]{0,40}|Scan the QR[^.]{0,60}|Share this[^.]{0,30}"
    r"|(?:Click|Tap) here[^.]{0,60}|Read more[^.]{0,60}|Sign up[^.]{0,80}newsletter[^.]{0,40}"
    r")[】\]）)>＞→\-—=*＊\s:：！!。.|]*",
    re.IGNORECASE,
)
_PROMPT_CHARS = 90
_CREDIT_CHARS = 300
_PAGER_WORD = (
    r"(?:第?\s*\d+\s*页?\s*[/／共]{1,2}\s*\d+\s*页|[上下前后][一1]?[页篇章]"
    r"|首页|尾页|末页|返?回?目录|全文阅读|阅读全文)"
)
_PAGER = re.compile(rf"[\s<>＜＞«»|｜\[\]【】()（）\d]*(?:{_PAGER_WORD}[\s<>＜＞«»|｜/\[\]【】()（）\d]*){{1,8}}")
_HEAD_TOOLS = re.compile(rf"(?:{_TOOL}|T|[+-]|[\s/／|｜：:·、【】\[\]()（）\d])+")
_HEAD_TOOL = re.compile(r"分享|字号|字体|打印|收藏|举报|^T\s*\+|复制链接")
_LABEL_CHARS = 40
_MOST_HEAD_LINES = 4
_MOST_RELATED = 60  # blocks
_RELATED = re.compile(
    r"[【\[（(《■●◆▎▍|\s]*(?:相关(?:阅读|新闻|报道|文章|链接|推荐|资讯|专题|稿件)"
    r"|(?:推荐|延伸|扩展|更多|热点|精彩|往期|深度)(?:阅读|推荐|回顾|新闻|文章|内容)"
    r"|为您推荐|为你推荐|猜你喜欢|热门推荐|你可能(?:还)?(?:感兴趣|喜欢).{0,6}"
    r"|(?:read|see) (?:more|also)|related (?:articles?|stories|news|links?)"
    r"|more on this(?: story)?|recommended)[】\]）)》：:\s>＞]*",
    re.IGNORECASE,
)


def take_back_links(body: Body) -> None:
    """Drop a closing line of links back to a listing or the home page.

    <p>a。</p><p><a href="/">返回新闻</a>｜<a href="/">返回首页</a></p>  ->  <p>a。</p>
    """
    line = last_line(body)
    if line is None:
        return
    text = line.whole
    links_only = text.startswith("返回") and len(text) < _BACK_CHARS and bool(line.links) and _all_linked(line)
    if links_only or _BACK.fullmatch(text):
        cut(body, line, 0, "take_back_links")
    elif "返回" in line.ending and (match := _BACK_END.search(line.ending.rstrip())):
        cut(body, line, line.ending_start + match.start("all"), "take_back_links")


def take_related(body: Body) -> None:
    """Drop a closing run of lines that are nothing but links under a line such as 相关阅读. Without it they are text.

    <p>a。</p><p>相关阅读：</p><ul><li><a href="/b">b</a></li></ul>  ->  <p>a。</p>
    """
    run: list[etree._Element] = []
    for block in islice(reversed(body.tree), _MOST_RELATED):
        if next(block.iter("a"), None) is None and not is_short(block, _LABEL_CHARS):
            return
        text = visible_text(block)
        if block.tag in ("p", "h2", "h3", "h4") and _RELATED.fullmatch(text):
            for related in (block, *reversed(run)):
                body.remove(related, "take_related")
            return
        if not text or len("".join(text.split())) > 1.1 * _linked_chars(block) + 4:
            return
        run.append(block)


def take_share_link(body: Body) -> None:
    """Move a closing line that is one link, printed as its own address, into `found.share_url`.

    <p>a。</p><p><a href="https://b.cn/c">https://b.cn/c</a></p>  ->  <p>a。</p>
    """
    line = last_line(body)
    if line is None:
        return
    text = line.whole
    if text in ("<>", "＜＞"):
        cut(body, line, 0, "take_share_link")
        return
    links = line.links
    address = links[0].get("href", "") if len(links) == 1 else ""
    if address and _is_printed(text, address):
        body.found.share_url = body.found.share_url or address
        cut(body, line, 0, "take_share_link", "share_url")


def take_credits(body: Body) -> None:
    """Move closing source, editor, author and first-title lines into their fields, one row for each credit.

    <p>a。</p><p>本文来源：新京报 责任编辑：杜硕_NB1</p>  ->  <p>a。</p>, source = 新京报, editors = 杜硕_NB1
    """
    line = last_line(body)
    if line is None:
        return
    found = line_credits(line.text) if line.whole and len(line.text) <= _CREDIT_CHARS else []
    if not found:
        closing = closing_credits(line.ending)
        found = [replace(credit, start=line.ending_start + credit.start, end=len(line.text)) for credit in closing]
    take_credits_of(body, found)
    for credit in reversed(found):  # from the last one back, so that the positions of the others stay true
        cut(body, same_line(line), credit.start, "take_credits", credit.field)


def take_disclaimers(body: Body) -> None:
    """Drop a closing 郑重声明：…, 免责声明：… or a line of the same form without the word.

    <p>a。</p><p>郑重声明：本网发布此信息，不构成投资建议。</p>  ->  <p>a。</p>
    """
    line = last_line(body)
    if line is None:
        return
    text, ending = line.whole, line.ending
    if _is_disclaimer(text) or _BARE_DISCLAIMER.fullmatch(text):
        cut(body, line, 0, "take_disclaimers")
    elif "声明" in ending and (match := _GLUED_DISCLAIMER.search(ending)) and _DISCLAIMER_SIGN.search(match["all"]):
        cut(body, line, line.ending_start + match.start("all"), "take_disclaimers")


def _is_disclaimer(text: str) -> bool:
    match = _DISCLAIMER.fullmatch(text)
    if match is None or not _DISCLAIMER_SIGN.search(text):
        return False
    return match["bare"] is None or _PUBLISHER.search(text) is not None


def take_prompts(body: Body) -> None:
    """Drop a closing line that only asks to scan, follow, download or share, and a mark that only says the end.

    <p>a。</p><p>海量资讯、精准解读，尽在新浪财经APP</p>  ->  <p>a。</p>
    """
    line = last_line(body)
    if line is None:
        return
    text = line.whole
    if text and len(text) <= _PROMPT_CHARS and (_PROMPT.fullmatch(text) or _PAGER.fullmatch(text)):
        cut(body, line, 0, "take_prompts")


def take_head_tools(body: Body) -> None:
    """Drop first lines that are a share bar, a pager or the sizes of the type.

    <p>分享到：</p><p>第1页/共3页 下一页</p><p>a</p>  ->  <p>a</p>
    """
    for _ in range(_MOST_HEAD_LINES):
        line = first_line(body)
        if line is None or len(body.tree) < 2 or not 0 < len(line.text) <= _LABEL_CHARS:
            return
        text = line.whole
        if not ((_HEAD_TOOLS.fullmatch(text) and _HEAD_TOOL.search(text)) or _PAGER.fullmatch(text)):
            return
        cut(body, line, 0, "take_head_tools")


def take_credits_of(body: Body, found: list[Credit]) -> None:
    """What credits say, into `found`; the first one that was found stays."""
    editors = (name for credit in found if credit.field == "editors" for name in credit.values)
    authors = (name for credit in found if credit.field == "authors" for name in credit.values)
    body.found.editors = _with(editors, body.found.editors)
    body.found.authors = _with(authors, body.found.authors)
    for credit in found:
        if credit.field == "original_title":
            body.found.original_title = body.found.original_title or credit.values[0]
        elif credit.field == "source":
            body.found.source = body.found.source or credit.values[0]


def _with(first: Iterable[str], rest: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *rest)))


def _all_linked(line: Line) -> bool:
    linked = "".join("".join(link.itertext()) for link in line.links)
    unlinked = len("".join(line.text.split())) - len("".join(linked.split()))
    return unlinked <= 4 * max(1, len(line.links))


def _linked_chars(block: etree._Element) -> int:
    return sum(len("".join("".join(link.itertext()).split())) for link in block.iter("a"))


def _is_printed(text: str, address: str) -> bool:
    """Whether a link's text is its own address, with or without scheme and closing slash."""
    shown = re.sub(r"^https?://|/$", "", text.strip("<>＜＞ "))
    return shown.lower() == re.sub(r"^https?://|/$", "", address).lower()
