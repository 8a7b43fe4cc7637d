"""What a figure measures: the noun phrase around it, with shared words distributed.

A sentence is read figure by figure. The words between the figure before and this one are its head, the words after
it up to the next mark its tail:

    建成|39 个|乡镇级物流配送点、|152 个|村级电商服务站   head 建成, tail 乡镇级物流配送点; the verb is shared
    地区生产总值达到|256.9亿元|、增长|5.5%|              the second head holds only a verb: the indicator before
    规上工业增加值、一般公共预算收入分别增长|8.6%|、|69.2%|   two subjects for two figures
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from llmx.alternation import any_of
from llmx.tasks.government.rules.distribution import ACTING, MEASURE_NOUN, distribute
from llmx.tasks.government.rules.edges import TRAILING, balanced, without_edge
from llmx.tasks.government.rules.lexicon import ADVERB, CAUSE, REACH
from llmx.tasks.government.rules.mark import Mark
from llmx.tasks.government.rules.owners import BARE, BRINGING, DEPENDENT, INVESTED, brought, owner, topic
from llmx.tasks.government.rules.places import Place, places_of
from llmx.tasks.government.rules.sentences import protect

_REMARKED = re.compile(r"[（(][^（）()]{1,6}[）)]$")  # 下降（同口径）|19%
_LIST_MARK = re.compile(r"^(?:[、和及与或（(●■◆★•►◇○▪※]|以及|并|其中|\s)+")
_DATE = re.compile(
    r"^(?:(?:到|至|截至|截止|在)?(?:19|20)\d\d(?:[—－-]\d{4})?年(?:末|底|初|度|以来)?|(?:\d{1,2}月?[-—－–至到])?\d{1,2}月(?:\d{1,2}日|份)?(?:底|末)?|上?年末"
    r"|(?:中华)?民国\d{1,3}年度?|1[01]\d年(?:度|底|初|(?=\d{1,2}月))"
    r"|“?十[一二三四五六]五”?(?:期间|时期|期末|以来)|(?:近|过去|这)?[\d一二三四五六七八九十]{1,2}年(?:来|间|内)?(?=累计|共|$))+"
)
_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]+是|(?![一二]、[二三](?:、|次?产))[（(]?[一二三四五六七八九十\d]+[）)、.．])"
)
_OWN = re.compile(r"^(?:我[国省市县区镇乡州盟旗]|在?全[省市县区镇乡州盟旗]的?)(?=.{3}|$)")
_LEADING = re.compile(
    rf"^(?:{any_of(ADVERB, {'有效': '发明|专利|商标|注册|灌溉|投资|需求', '高标准': '农田|基本农田|粮田|菜[地田]|厂房'})}|[共已将并还也又](?![同建享有未行])|把(?!关)|了(?!解)"
    r"|再(?![生制造就贷融保])|要(?![素道闻点案塞事件求])|拟)+"
)
# 规划纲要明确|2025年经济总量, “一企一策”|推动平台退出: who says it, and in what manner
_STATED = re.compile(
    r"^[^，、\d]{2,14}(?:明确|提出|确定)到?(?=20\d\d年)|^“一[一-龥]一[一-龥]”(?=推[动进]|开展|实施|加快|促进)"
)
_DONE = re.compile(
    rf"(?<=[^新已未]{{2}})[新已]?(?:{any_of('开工 竣工 完工 投产 建成 签约 落地 投用 交付 到位 开通 开工建设 建成投产')})$"
)
_CAUSING = re.compile(rf"^(?:{any_of(CAUSE)})+(?=.{{2}})")
_BROUGHT = re.compile("[带拉]动.{2,3}$")  # 带动消费|22亿元, 拉动GDP|3个百分点
_REALISED = re.compile(r"^(?:实现|达成)(?=.{2})")
_TIMES = re.compile(r"^(?:约?[是为]|相当于)[^，、]{1,14}的$")  # 是“十五”期末的|1.9倍
_COMPARED = re.compile(r"(?:分别|均|均分别)?(?<!不)(?:高于|低于|快于|慢于|好于|优于|高出|低出|超出|领先|落后).*$")
_COMPARING = re.compile("^(?:均?分别|均)|^[一-龥]{2}$")  # 增速|高于|40%: the bare verb is the comparator's
_PACED = re.compile(r"(降幅|跌幅|增幅|涨幅)[^，、]{0,10}(?:收窄|缩小|扩大|回落|提高|提升|加快|放缓)[^，、]{0,4}$")
_VERSUS = re.compile(
    r"^(?:比|较|相比).*$|"
    r"(?:比|较)(?:上年|去年|同期|全国|全省|全市|年初|计划|预期|目标|\d{4}年|[“”一-龥]{2,8}(?:末|时期|同期)).*$"
)
# 从2020年的645元/月、4318元/年|提高到, 由上年729万人|增加到, 从每人每月1536元|提高到
_SINCE = re.compile(r"(?:从|由)[^，。、\d从由]{0,6}[\d.]+ ?[^，。]{0,40}$")
# 财政收入|迈过千亿大关，达1330亿元: the clause before says whose figure it is.
_LEAD_SUBJECT = re.compile(
    any_of(word for word in REACH.split() if len(word) > 1)
    + "|再创|连续|位居|位列|[稳跃]?居(?!民)|排名|持续|稳步|不断|进一步|迈|创(?![新业意])"
)
# 柳湖机场增开|甲至乙、丙等|3条|航线: who does it and what stay, the examples go
_ADDING = re.compile("[^、，]{2,10}?(?:新增|增开|开通|新开|引进|培育|推出|开设)")
_ETC = re.compile(r"(?:(?<![高中初同平对均优特])|(?=等\d))等(?!级)(?=.{0,14}$)")
# 投资|50亿元的|新材料产业园, 实施总投资|5亿元的|12个|项目
_INVESTED = re.compile("(?:年度|计划|总|协议)*投资额?$")
_OWN_VERB = re.compile("[，、]?(?:争取|实现|达成)")
_HAPPENED = re.compile("入选|获评|荣获|上榜|获批|晋级|通过|落地|投产|开工|建成|投用|竣工")
_ACTS = re.compile(
    "(?:搬迁|改造|安置|建设|修复|治理|整治|造林|绿化|培训|转移|清淤|加固|就业)$"
)  # 易地扶贫搬迁: no verb before it
_COUNTED_WITH = re.compile("^(?:新增)?")
_RATE_UNITS = ("%", "‰", "百分点")


@dataclass(slots=True)
class _Said:
    """What the sentence has said so far."""

    indicators: list[str] = field(default_factory=list)
    verb: str = ""
    unit: str = ""
    last: dict[str, str] = field(default_factory=dict)
    """For each unit what was counted in it last."""

    def counted(self, unit: str) -> str:
        """What was counted last in a unit; what was measured last if nothing was."""
        return self.last.get(unit, self.indicators[-1])


def indicators(text: str, begin: int, end: int, figures: Sequence[Mark], label: str = "") -> list[str]:
    """The indicators of one sentence's figures.

    Args:
        text: the chunk's text.
        begin, end: the sentence's bounds.
        figures: those of its figures that measure something, in text order.
        label: the row label of a flattened table (专栏), put before what each figure measures.

    Returns:
        One indicator a figure; empty where nothing around the figure says what it measures.
    """
    places = places_of(text, begin, end, figures)
    said = _Said()
    at = 0
    while at < len(places):
        size = _run(places, at)
        group = places[at : at + size]
        named = _name(group, said)
        _remember(said, group, named)
        at += size
    return [label + balanced(name) if name else name for name in said.indicators]


def _run(places: Sequence[Place], at: int) -> int:
    """How many figures from `at` on stand in a bare list: 8.6%、69.2%."""
    size = 1
    while at + size < len(places):
        place = places[at + size]
        if place.new_clause or not place.bare or places[at + size - 1].tail:
            break
        size += 1
    return size


def _name(group: Sequence[Place], said: _Said) -> list[str]:
    """The indicators of a list of figures that share a head."""
    first, size = group[0], len(group)
    each, phrase = _each(first.head)
    if each and size > 1 and (said.indicators or [""])[-1].endswith(each):
        return [name + phrase for name in _earlier(said, size)]  # 5个甲类项目、6个乙类项目|分别完成投资
    if first.tail and _BESIDE.search(first.head):
        return [_beside(first)] * size
    subject, predicate, compared = _measured(first.head, each, phrase)
    if group[-1].tail:
        named = _with_tail(group, said, subject)
    else:
        subject, named = _without_tail(first, said, subject, size)
        named = [name + compared for name in named]
    if named:
        return named
    names = _owned(first, said, subject, distribute(subject, size) if size > 1 else [subject])
    if not predicate and _shares_verb(first, said):
        names = [name if name.startswith(said.verb) else said.verb + name for name in names]
    tail = group[-1].tail if _counts(group[-1], subject) else ""
    return [_closed(_joined(name, tail, first.figure.unit) + compared) for name in names]


def _with_tail(group: Sequence[Place], said: _Said, subject: str) -> list[str]:
    """The indicators of figures that are followed by what is counted, where nothing before names it."""
    first, what = group[0], group[-1].tail
    if not subject or subject.endswith("、"):
        verb = ACTING.match(_strip_leading(first.head))
        return [(verb.group() if verb else _carried(first, said)) + what] * len(group)
    invested = _INVESTED.search(subject) if "元" in first.figure.unit else None
    doing = subject[: invested.start()] if invested else ""
    if invested and (not doing or ACTING.fullmatch(doing)):
        return [what + invested.group(), *[doing + what] * (len(group) - 1)]
    return []


def _without_tail(first: Place, said: _Said, subject: str, size: int) -> tuple[str, list[str]]:
    """What figures that nothing follows measure, where their own words leave it to what came before.

    Returns:
        The subject with what it lacked, and the indicators themselves where they are known with that.
    """
    if not subject:
        subject = without_edge(_LEAD_SUBJECT.split(_subject(first.lead)[0])[0])[0]
        if said.indicators and not MEASURE_NOUN.search(subject):
            return subject, _referred(first, said, size)
    if BARE.match(subject):
        subject = topic(first.lead, first.opening) + subject
    elif INVESTED.match(subject) and not said.indicators:
        built = topic(first.lead, "")
        subject = built + subject if built.endswith(("项目", "工程")) else subject
    elif BRINGING.fullmatch(subject):
        before = topic(first.lead, first.opening) if first.lead else (said.indicators or [""])[-1]
        return subject, [brought(before, subject)] * size
    if not said.indicators:
        return subject, []
    unit, part = first.figure.unit, first.head.startswith("其中")
    if part and unit == said.unit and _PLACE.fullmatch(subject):
        return subject, [_COUNTED_WITH.sub(rf"\g<0>{subject}", said.indicators[-1], count=1)] * size
    if ACTING.fullmatch(subject):
        counted = (part or not first.new_clause or _UNDER_WAY.fullmatch(subject)) and unit in said.last
        subject = _acted_on(said.counted(unit), subject, bool(counted) or _goes_on(first, subject))
    return subject, []


def _closed(name: str) -> str:
    """A name that does not end in the middle: 的 goes, and what is said to be so much of the whole is a share of it."""
    name = name.removesuffix("的")
    return name + "比" if name.endswith("占") and len(name) > len("占比") else name


_BESIDE = re.compile(r"(?<=[一-龥]{4})(?<![共温调缓平中饱惠普涉触波])[和及与]$")


def _beside(place: Place) -> str:
    """What is counted beside something named before: 建成医疗中心和|6个|卫生院 is 建成卫生院."""
    verb = ACTING.match(_strip_leading(place.head))
    return (verb.group() if verb else "") + place.tail


def _each(head: str) -> tuple[str, str]:
    """Of 甲、乙|分别|完成总工程量的 the subjects and what is measured of each; empty without 分别 after a subject."""
    subjects, each, phrase = head.partition("分别")
    return (subjects, _phrase(phrase)) if each and subjects else ("", "")


def _measured(head: str, each: str, phrase: str) -> tuple[str, bool, str]:
    """What a head says is measured, as `_subject`; with nothing but a basis or 人均 it says it of what came before."""
    subject, predicate, compared = _subject(each or head)
    if each:
        predicate, compared = True, phrase
    if _PER.fullmatch(subject):
        return "", predicate, subject + compared
    return "" if _BASIS.fullmatch(subject) else subject, predicate, compared


def _referred(place: Place, said: _Said, size: int) -> list[str]:
    """The indicators that figures without words of their own go on with."""
    names = [_NEW.sub("", name) if "累计" in place.head else name for name in _earlier(said, size)]
    return [_OF_WHOLE.sub("", name) for name in names] if place.figure.measure == "growth" else names


def _owned(place: Place, said: _Said, subject: str, names: list[str]) -> list[str]:
    """The names, with what they are shares or measures of where that was said before: 占全市|41%, 总投资|182亿元."""
    if said.indicators and subject.startswith("占") and not subject.startswith(("占用", "占有", "占道", "占补")):
        wholes = zip(_earlier(said, len(names)), names, strict=True)
        return [_OF_WHOLE.sub("", whole) + name.removesuffix("的") for whole, name in wholes]
    if said.indicators and not place.parted and DEPENDENT.match(subject):
        whose = owner(said.indicators[-1], subject, near=not place.new_clause or "元" not in said.unit)
        return [whose.removesuffix(name[:2]) + name for name in names]  # 参保|参保率
    return names


@lru_cache(maxsize=64)  # a head is looked at up to three times: for its figure, for its verb and for the next figure
def _subject(head: str) -> tuple[str, bool, str]:
    """The noun phrase of a head, whether a verb of reaching or changing followed it, and a comparison's words."""
    head = _LIST_MARK.sub("", _NUMBERING.sub("", head))
    paced = _PACED.search(head) if "幅" in head else None
    if paced:  # 税收|降幅|较上年收窄
        named = _subject(head[: paced.start()])[0]
        return named + paced.group(1), True, ""
    compared = _COMPARED.search(head)
    phrase = ""
    if compared:
        head, phrase = head[: compared.start()], _COMPARING.sub("", compared.group())
    versus = _VERSUS.search(head)
    head = head[: versus.start()] if versus else head
    remark = _REMARKED.search(head)
    head = head[: remark.start()] if remark and TRAILING.match(head[: remark.start()][::-1]) else head
    head, led = without_edge(head)
    predicate = led or bool(compared)
    head = _SINCE.sub("", _strip_leading(head))
    if predicate and not _BROUGHT.match(head):
        head = _CAUSING.sub("", head)
    head = _TIMES.sub("", _REALISED.sub("", head))
    return head, predicate, phrase


def _phrase(words: str) -> str:
    """What stands between 分别 and the figures, if it names a measure: 分别|完成总工程量的|78%、65%."""
    phrase = words.removesuffix("的")
    compared = _COMPARED.search(phrase)
    if compared:
        return compared.group()
    phrase = _VERSUS.sub("", phrase)
    trailing = TRAILING.match(phrase[::-1])
    return _SINCE.sub("", phrase[: -trailing.end()] if trailing else phrase)


def _strip_leading(head: str) -> str:
    """Without dates, adverbs and 全县 before what is measured."""
    head = _STATED.sub("", head) if "年" in head or head.startswith("“") else head
    for pattern in (_DATE, _LEADING, _DATE, _OWN, _LEADING):
        if match := pattern.match(head):
            head = head[match.end() :]
    return head


_NEW = re.compile(r"^新增(?=.{2})")  # 新增联网信号灯|1000处、累计达|8000处
_OF_WHOLE = re.compile(
    r"(?<=.{2})占(?![用有道补])[^占]*$"
)  # 总产值|占全市|10%，增长|8%: the growth is not that of the share
_BASIS = re.compile(  # 自然增幅2%、同口径完成3.67亿元 say on what basis, not of what
    r"(?:按|扣除)?(?:自然|名义|实际|同口径|可比口径|可比价格?|不变价格?|价格因素)(?:计算|后)?"
)
_PER = re.compile(r"[人户亩地县村日月]均|平均")  # 提高基础养老金，全年人均|增加|1680元
_AGAIN = re.compile(r"(?<=.{2})(?:连续|新增|接连)$")  # 通车里程新增|3000公里、突破|1.1万公里


def _acted_on(indicator: str, verb: str, counted: bool) -> str:
    """What a bare verb speaks of: 亿元以上项目|新开工|43个、|竣工|38个, and for a like count 建成|过江通道|4座、|在建|8座."""
    if _DONE.search(indicator):
        return _DONE.sub("", indicator) + verb
    before = ACTING.match(indicator)
    if before is None and (_HANDLED.fullmatch(verb) or (counted and _UNDER_WAY.fullmatch(verb))):
        return verb + indicator
    return verb + indicator[before.end() :] if before and before.end() < len(indicator) and counted else verb


_UNDER_WAY = re.compile("(?:新?开工|[新续在]建|竣工|完工|投产|投用|签约|落地|新?登记|新?注册|净增)")
# 新增车位2500个，其中中心城区500个: a place after 其中 has its part of what was counted.
_PLACE = re.compile(
    r"[一-龥]{0,4}(?:城区|农村|城镇|乡村|市区|县城|区县|[省市州县区]内|[省市州县区]外|[境国海][内外]|园区)"
)

_RECENT = 20
"""How many figures back a bare verb may refer; a sentence of thousands of figures stays linear."""


_HANDLED = re.compile("(?:累计)?(?:归集|接入|办结|办理|受理|整改|处置|化解|调解|检测|检查|排查)")


def _goes_on(place: Place, verb: str) -> bool:
    """Whether a bare verb handles what was just counted in other units: 编目数据4486类、归集|7539万条."""
    return not place.new_clause and _HANDLED.fullmatch(verb) is not None


def _earlier(said: _Said, size: int) -> list[str]:
    """The indicators that a bare verb refers back to: the last one, or the last `size` different ones."""
    distinct = list(dict.fromkeys(_AGAIN.sub("", name) for name in said.indicators[-_RECENT:]))
    return distinct[-size:] if len(distinct) >= size else [distinct[-1]] * size


def _carried(place: Place, said: _Said) -> str:
    """The verb that a list's later item shares: 建成39个A、152个B."""
    return said.verb if not place.new_clause else ""


def _shares_verb(place: Place, said: _Said) -> bool:
    """Whether an item without a verb continues the one before: 新增企业8家、科技型企业12家."""
    subject = _subject(place.head)[0]
    acts = ACTING.match(subject) or (place.new_clause and _ACTS.search(subject))
    if place.new_clause and _HAPPENED.search(place.tail):  # 新增首店20家，柳河药业等|4家|企业入选百强
        return False
    if not said.verb or acts or subject.startswith(("未", "已", "在", "每", "人均", "平均", "总", "累计")):
        return False
    unit = place.figure.unit
    if unit.endswith(_RATE_UNITS):
        return False
    if place.new_clause and place.head.lstrip("，,").startswith("其中"):
        return True
    if _OWN_VERB.match(place.head) or (subject.endswith("收入") and "元" not in said.unit):
        return False  # 接待游客3万人次、实现|旅游收入2亿元
    return (unit == said.unit and "元" not in unit) if place.new_clause else True


def _counts(place: Place, subject: str) -> bool:
    """Whether the words after a figure belong to what it measures: 完成79个老旧小区改造."""
    unit = place.figure.unit
    if not place.tail or unit.endswith(_RATE_UNITS):
        return False
    return not ("元" in unit and MEASURE_NOUN.search(subject))


def _joined(name: str, tail: str, unit: str) -> str:
    """Head and tail as one phrase; of 完工人民小学等|12所|学校配套设施项目 the examples go.

    They stay where nothing else says what is counted (等项目, 等系列活动), and with money, which they make up.
    """
    places = [match.start() for match in _ETC.finditer(protect(name))] or [len(name) - 1] * name.endswith("等")
    if not places:
        return name + tail
    verb = ACTING.match(name) or _ADDING.match(name[: places[-1]])
    kind = name[places[-1] + 1 :] + tail
    if not kind:
        return name[: places[-1]]
    says = len(kind) > len("项目") and "元" not in unit and not kind.startswith(("系列", "各类"))
    return (verb.group() if verb else "") + kind if says else name + tail


def _remember(said: _Said, group: Sequence[Place], named: Sequence[str]) -> None:
    said.indicators += named
    said.last |= {place.figure.unit: name for place, name in zip(group, named, strict=True)}
    said.unit = group[-1].figure.unit
    acting = ACTING.match(_subject(group[0].head)[0] or (_strip_leading(group[0].head) if group[-1].tail else ""))
    if acting and acting.end() < len(named[0]) and acting.group() != "实现":
        said.verb = acting.group()
    elif group[0].new_clause and not (named and said.verb and named[0].startswith(said.verb)):
        said.verb = ""
