"""Names of people: told apart from roles, organisations, addresses and the name of the site."""

import re
from collections.abc import Iterable

from crawler.credits import BETWEEN_NAMES
from crawler.extraction.anysite.text import loose

_WESTERN_NAME = re.compile(
    r"(?:[A-ZÀ-ÖØ-ÞĀ-ŽА-Я][\w.'’-]*\s+){1,3}(?:(?:de|van|von|der|den|la|da|di|du|bin|al|el|ter|ten"
    r"|le)\s+)*[A-ZÀ-ÖØ-ÞĀ-ŽА-Я][\w'’.-]+"
)
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SEVERAL = re.compile(r"[,;&/|、，]|\band\b")
_SPLIT = re.compile(
    # The short words of other languages are initials when in capitals: Cam E. Kettles.
    r"\s*(?:[,;，；、/|｜&•·\n]|\b(?i:and|und|with)\b|(?<=\s)(?:et|y|e|og|och|en|dan|и|ET|OG|OCH|DAN|И)(?=\s))\s*"
)
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|@\w+")
_BRACKETS = re.compile(r"[(（\[【][^)）\]】]{0,60}[)）\]】]")
_ROLE = re.compile(
    r"^(?:(?:senior|staff|special|chief|associate|assistant|deputy|managing|executive|contributing|freelance"
    r"|national|political|sports?|science|health|technology|tech|business|news|breaking|foreign|investigative"
    r"|guest|digital|features?|entertainment|culture|editorial|multimedia|data|video|photo|copy|web|lead|editor-in"
    r"|in|the)[\s-]+)*"
    r"(?:reporters?|writers?|editors?|correspondents?|contributors?|columnists?|journalists?|producers?|staff"
    r"|author|critic|intern|fellow|desk|team|bureau|chief|director|redakteur(?:in)?|reporter(?:in)?|autor(?:in)?"
    r"|redaktion|redazione|redacción|rédaction|redaktor|redactie|admin|administrator|guest|user|webmaster|newsroom"
    r"|newsdesk|editorial|superuser|web desk|sponsored|promoted|partner content)$"
    r"|^(?:[\w&/’'-]+\s+){1,5}(?:reporter|writer|editor|correspondent|columnist|journalist|contributor|producer"
    r"|reviewer|consultant|specialist|expert|analyst|advis[eo]r)$"
    r"|^team\s|\bstaff(?: reporters?| writers?)?$"
    r"|\b(?:news ?desk|web ?desk|redaktion|redazione|redacción|rédaction|redactie|newsroom|editorial board"
    r"|media relations)$",
    re.I,
)
_BESIDE = re.compile(
    r"(?:[A-Z]{2,4}|Ph\.?D\.?|M\.?D\.?|Jr\.?|Sr\.?|CPA|MBA)$"
    r"|(?i:(?:the\s)?(?:associated press|reuters|agence france-presse|bloomberg|xinhua|press association|agencies"
    r"|agences|agenturen|agencias|agenzie|wire services?)$"
    r"|(?:[\w&’'-]+\s+){0,4}(?:officer|ceo|cto|cfo|coo|president|manager|expert|analyst|professor|lecturer|researcher"
    r"|specialist|founder|director|technologies|university|institute|inc\.?|ltd\.?|llc|foundation|association)$)"
)
_TITLES = re.compile(
    r"^(?:view all posts by|posts? by|by|von|par|por|di|door|av|af|oleh|dr\.?|prof\.?|mr\.?|mrs\.?|ms\.?|rev\.?|记者"
    r"|作者|文|撰文|编辑)[\s:：]+",
    re.I,
)
_DEGREES = re.compile(r"(?:,?\s+(?:Ph\.?D\.?|M\.?D\.?|MS|MPH|RN|RDN?|CFP|CPA|Esq\.?))+$")
_NEXT_LABEL = re.compile(r"(?<=[\u4e00-\u9fff]{2})(?:责任编辑|责编|编辑|编审|校对|来源|时间|日期|审核)$")
"""The label of what stands behind a name, run together with it: 作者：周明责编：李兰."""
_ORGANISATION = re.compile(
    r"[\u4e00-\u9fff]+(?:网络|科技|公司|集团|中心|网|报|報|新闻|频道|传媒|媒体|政府|编辑部|工作室|出版社|电视台|通讯社|期刊|办公室"
    r"|委员会|大学|学院|协会|党支部|联合会|专栏作者|专栏作家|特约记者|特约评论员)"
)
"""No person: templates of Chinese sites name their maker as the author."""
_HAN_ACT = re.compile(
    r"(?:网络|本站|本网|互联网|网站|网友|编辑部?|小编|官方|综合|(?:综合)?媒体|记者|系统|超级|后台|内容|平台)?"
    r"(?:综合|整理|整合|汇总|编译|编写|采编|采写|撰写|报道|供稿|来稿|投稿|发布|转载|转发|转帖|摘编|摘录|搜集|收集|提供|原创稿?"
    r"|管理员|用户|审核|校对|摄影|摄)"
)
"""What was done to a text, or the account that did it, where a name is due: 网络整理, 综合编译, 系统管理员."""
_NOBODY = frozenset(
    loose(name)
    for name in (
        "佚名 匿名 网络 未知 不详 暂无 无 本站 本网 本报 本刊 小编 编辑 记者 新闻 作者 互联网 网友 来源 通讯员 实习生 "
        "举报 分享 收藏 评论 关注 点赞 打印 订阅 复制 纠错 反馈 投诉 点击 阅读 浏览 更多 登录 注册 首页 正文 "
        "admin administrator none null unknown anonymous n/a editor author user guest webmaster root system undefined "
        "false true agencies agences agenturen agencias on in at by name yourname authorname username nickname "
        "sysadmin test demo"
    ).split()
)
_LONGEST_NAME = 60
_LONGEST_LIST = 500  # characters of a list of names
_MOST = 12


def is_name(text: str) -> bool:
    """Whether a text has the form of a person's name: two to four capitalised words, or two to four Han."""
    return _WESTERN_NAME.fullmatch(text) is not None or _HAN_NAME.fullmatch(text) is not None


def split(text: str) -> list[str]:
    """The parts of a list of names, without the degree, office or employer that stands behind one."""
    text = _ADDRESS.sub(" ", _BRACKETS.sub(" ", " ".join(text.split())))
    form = BETWEEN_NAMES if len(_HAN.findall(text)) * 2 > len(text.replace(" ", "")) else _SPLIT
    return without_company([part for part in form.split(text) if part])


def without_company(names: list[str]) -> list[str]:
    """A list of names without the degree, office or employer that stands behind one."""
    return names[:1] + [name for name in names[1:] if not _BESIDE.match(name)]


def is_nobody(name: str) -> bool:
    """Whether a template, an account or what was done to the text stands where a name is due."""
    return _is_nobody(loose(name))


def _is_nobody(bare: str) -> bool:
    return bare in _NOBODY or _HAN_ACT.fullmatch(bare) is not None


def split_wide(text: str) -> list[str]:
    """The parts of a list of Han names, which a space sets apart."""
    return [part for part in BETWEEN_NAMES.split(text) if part]


def people(values: Iterable[str], ban: set[str]) -> list[str]:
    """The values that are names of people, cleaned, each once; `ban` and `_NOBODY` are none."""
    found: dict[str, str] = {}
    for value in (value[:_LONGEST_LIST] for value in values):
        if loose(value) in ban:
            continue
        for part in split(value) if len(value) > 25 or _SEVERAL.search(value) else [value]:
            name, bare = _cleaned(part)
            if len(found) < _MOST and bare not in found and _is_person(name, bare, ban):
                found[bare] = name
    return list(found.values())


def _cleaned(part: str) -> tuple[str, str]:
    """A name as it is to be kept, and its letters alone."""
    name = _TITLES.sub("", _BRACKETS.sub(" ", _ADDRESS.sub(" ", part))).strip(" .,;:-–—|/·、，。：")
    name = _NEXT_LABEL.sub("", _DEGREES.sub("", " ".join(name.split())))
    return name, loose(name)


def _is_person(name: str, bare: str, ban: set[str]) -> bool:
    if len(bare) < 2 or len(name) > _LONGEST_NAME or bare in ban or _is_nobody(bare) or _ROLE.search(name):
        return False
    if name.isupper() and any(bare.startswith(word) for word in ban if len(word) > 2):
        return False
    if _HAN.search(name):
        return not (len(name) > 3 and _ORGANISATION.fullmatch(name))
    return not any(char.isdigit() for char in name)
