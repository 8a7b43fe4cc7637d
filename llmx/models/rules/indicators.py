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

from llmx.alternation import any_of
from llmx.models.rules.distribution import ACTING, MEASURE_NOUN, distribute
from llmx.models.rules.lexicon import ADVERB, CAUSE, CHANGE, REACH
from llmx.models.rules.mark import Mark
from llmx.models.rules.sentences import protect

_HARD = re.compile(r"[，,；;。！？]|(?<!\d)—|—(?!\d)|[：:](?!\d)")
_LAYOUT = re.compile(r"[\s*＊_]+")
_AFTER_FIGURE = re.compile(
    r"(?:多(?=[，。；、）])|以上|以下|以内|之内|左右|上下|以外|及以上|及以下|大关|新?台阶|关口|的)+"
)
# 增至21个|、居全国第1位: what goes on after 、 speaks of the figure and is no part of what it measures.
_CONTINUED = re.compile(
    r"、(?=(?:数量|总量|总?规模|增速|增量|占比)?[均稳跃]*居|位[居列]|排名|从|由|较|比|占|同比|连续|增长|下降|超|突破|达|创)"
)
# A bracket after what is counted is a remark, unless it goes on (县（市、区）通过验收).
_REMARK = re.compile(r"[（(](?![一-龥、]{1,6}[）)][^（(，、])")
_REMARKED = re.compile(r"[（(][^（）()]{1,6}[）)]$")  # 下降（同口径）|19%
_OTHER_UNIT = re.compile(r"^[（(][一-龥][）)]")  # 100条（个）幸福河湖
_LIST_MARK = re.compile(r"^(?:[、和及与或（(●■◆★•►◇○▪※]|以及|并|其中|\s)+")
_DOING = re.compile(
    r"(?<=.{2})(?:[共已均]|分别)?(?:累计)?(?:完成|实现)(?=.{2}|$)|(?<=.{2})(?:分别|均)$"
)  # 158个|重点项目|完成投资|189亿元
_DATE = re.compile(
    r"^(?:(?:到|至|截至|截止|在)?(?:19|20)\d\d(?:[—－-]\d{4})?年(?:末|底|初|度|以来)?|(?:\d{1,2}[-—－–至到])?\d{1,2}月(?:\d{1,2}日|份)?(?:底|末)?|上?年末"
    r"|“?十[一二三四五六]五”?(?:期间|时期|期末|以来)|(?:近|过去|这)?[\d一二三四五六七八九十]{1,2}年(?:来|间|内)?(?=累计|共|$))+"
)
_NUMBERING = re.compile(r"^(?:[一二三四五六七八九十]+是|[（(]?[一二三四五六七八九十\d]+[）)、.．])")
_OWN = re.compile(r"^(?:我[国省市县区镇乡州盟旗]|在?全[省市县区镇乡州盟旗]的?)(?=.{3}|$)")
_LEADING = re.compile(
    rf"^(?:{any_of(ADVERB, {'有效': '发明|专利|商标|注册|灌溉|投资|需求', '高标准': '农田|基本农田|粮田|菜[地田]|厂房'})}|[共已将并还也又](?![同建享有未行])|把(?!关)|了(?!解)"
    r"|再(?![生制造就贷融保])|要(?![素道闻点案塞事件求])|拟)+"
)
_DONE = re.compile(
    rf"(?<=[^新已未]{{2}})[新已]?(?:{any_of('开工 竣工 完工 投产 建成 签约 落地 投用 交付 到位 开通 开工建设 建成投产')})$"
)
_CAUSING = re.compile(rf"^(?:{any_of(CAUSE)})+(?=.{{2}})")
_TRAILING = re.compile(  # on the reversed head, so that only its end is looked at
    "(?:"
    + any_of(
        (
            word[::-1]
            for word in f"{REACH} {CHANGE} 分别 双双 同比 可比 预计 累计 全年 今年 去年 力争 率先 将 已 均 各 每年 平均 人均达 拟按 定在".split()
            if len(word) > 1
        ),
        not_before={"升提": "造改|固巩|治整|化优"},  # 改造提升|5000个
    )
    + r"|[达超近约为是至到有共逾](?![过抵])|[增降升涨减](?![新净扩缩削提])|[将已各以再拟]|均(?![人户亩地县村日月平年])"
    + r"|要都?(?![需主重必纪概摘提])|均人(?=[到至为达])|期预(?![达及合超])|可(?![许认尚])|在(?![现存正所潜内])|计累年[一二两三四五六七八九十]|年[一二两三四五六七八九十\d]前提)+"
)
_REALISED = re.compile(r"^(?:实现|达成)(?=.{2})")
_TIMES = re.compile(r"^(?:约?[是为]|相当于)[^，、]{1,14}的$")  # 是“十五”期末的|1.9倍
_COMPARED = re.compile(r"(?:分别|均|均分别)?(?<!不)(?:高于|低于|快于|慢于|好于|优于|高出|低出|超出|领先|落后).*$")
_COMPARING = re.compile("^(?:均?分别|均)|^[一-龥]{2}$")  # 增速|高于|40%: the bare verb is the comparator's
_VERSUS = re.compile(
    r"^(?:比|较|相比).*$|"
    r"(?:比|较)(?:上年|去年|同期|全国|全省|全市|年初|计划|预期|目标|\d{4}年|[“”一-龥]{2,8}(?:末|时期|同期)).*$"
)
# 从2020年的645元/月、4318元/年|提高到, 由上年729万人|增加到, 从每人每月1536元|提高到
_SINCE = re.compile(r"(?:从|由)[^，。、\d从由]{0,6}[\d.]+ ?[^，。]{0,40}$")
# 财政收入|迈过千亿大关，达1330亿元: the clause before says whose figure it is.
_LEAD_SUBJECT = re.compile(
    any_of(word for word in REACH.split() if len(word) > 1) + "|再创|连续|位居|位列|居|排名|持续|稳步|不断|进一步|迈|创"
)
_JOINED_LAST = re.compile(r"(?:以及|[和及与])\s*$")
_ETC = re.compile(r"(?:(?<![高中初同平对均优特])|(?=等\d))等(?=[^级]{0,14}$)")
_ACTS = re.compile(
    "(?:搬迁|改造|安置|建设|修复|治理|整治|造林|绿化|培训|转移|清淤|加固|就业)$"
)  # 易地扶贫搬迁: no verb before it
_DEPENDENT = re.compile(  # what belongs to something named before: 实施项目22个，总投资182亿元
    r"^(?:完成|达成)?(?:[总年]|年度|计划|累计|协议|合同|亩均|人均|均)*"
    r"(?:增速|增幅|涨幅|降幅|投资额?|投资计划|产量|产值|增加值|税收|面积|(?!赤字|失业)[一-龥]{2}率|覆盖面|占比|长度|里程|营业收入|营收|资产总额|利润|金额|规模)$"
)
_RATE_UNITS = ("%", "‰", "百分点")


@dataclass(slots=True)
class _Place:
    """A figure's surroundings within its sentence."""

    figure: Mark
    head: str
    tail: str
    new_clause: bool
    parted: bool
    """A semicolon stands between the figure before and this one."""
    bare: bool
    """Nothing but a list mark stands between the figure before and this one."""
    lead: str = ""
    """The clause before the figure's own, if no figure stands in it."""


@dataclass(slots=True)
class _Said:
    """What the sentence has said so far."""

    indicators: list[str] = field(default_factory=list)
    verb: str = ""
    unit: str = ""


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
    places = _places(text, begin, end, figures)
    said = _Said()
    at = 0
    while at < len(places):
        size = _run(places, at)
        group = places[at : at + size]
        named = _name(group, said)
        _remember(said, group, named)
        at += size
    return [label + name if name else name for name in said.indicators]


def _places(text: str, begin: int, end: int, figures: Sequence[Mark]) -> list[_Place]:
    """Cut the sentence into heads and tails."""
    sentence = protect(text[begin:end])
    places: list[_Place] = []
    before = begin
    for figure in figures:
        gap, raw = sentence[before - begin : figure.start - begin], text[before : figure.start]
        marks = list(_HARD.finditer(gap))
        if marks:
            tail, head = _CONTINUED.split(raw[: marks[0].start()])[0], raw[marks[-1].end() :]
        elif places and not gap.strip("、和及与以 \n"):
            tail, head = "", ""
        elif places and "、" in gap:
            tail, head = raw[: gap.index("、")], raw[gap.index("、") + 1 :]
        elif places and (joint := _JOINED_LAST.search(gap)):
            tail, head = raw[: joint.start()], ""
        else:
            tail, head = (_DOING.split(_before_figure(raw))[0], raw) if places else ("", raw)
        if places:
            places[-1].tail = _tail(tail)
        lead = raw[marks[-2].end() if len(marks) > 1 else 0 : marks[-1].start()] if marks else ""
        bare = not _plain(gap).strip("、和及与以")
        parted = any(mark.group() in "；;。" for mark in marks)
        places.append(_Place(figure, _plain(head), "", bool(marks) or not places, parted, bare, _plain(lead)))
        before = figure.end + _suffix_length(text, figure.end)
    if places:
        rest = sentence[before - begin :]
        mark = _HARD.search(rest)
        stop = mark.start() if mark else len(rest)
        places[-1].tail = _tail(
            text[before : before + stop].split("、")[0] if "、" in rest[:stop] else text[before : before + stop]
        )
    return places


def _suffix_length(text: str, at: int) -> int:
    match = _AFTER_FIGURE.match(text, at)
    return match.end() - at if match else 0


def _plain(text: str) -> str:
    return _LAYOUT.sub("", text)


def _tail(text: str) -> str:
    plain = _OTHER_UNIT.sub("", _plain(text)).removeprefix("人民币")
    match = _AFTER_FIGURE.match(plain)
    plain = plain[match.end() :] if match else plain
    return "" if plain.startswith(tuple("（(）)")) else _REMARK.split(plain)[0].rstrip("。！？；")


def _before_figure(text: str) -> str:
    """The words between two figures without those that lead to the second: 116个|国家和地区|近|4000名."""
    trailing = _TRAILING.match(text[::-1])
    return text[: -trailing.end()] if trailing else text


def _run(places: Sequence[_Place], at: int) -> int:
    """How many figures from `at` on stand in a bare list: 8.6%、69.2%."""
    size = 1
    while at + size < len(places):
        place = places[at + size]
        if place.new_clause or not place.bare or places[at + size - 1].tail:
            break
        size += 1
    return size


def _name(group: Sequence[_Place], said: _Said) -> list[str]:
    """The indicators of a list of figures that share a head."""
    first, size = group[0], len(group)
    each, phrase = _each(first.head)
    if each and size > 1 and (said.indicators or [""])[-1].endswith(each):
        return [name + phrase for name in _earlier(said, size)]  # 5个甲类项目、6个乙类项目|分别完成投资
    subject, predicate, compared = _measured(first.head, each, phrase)
    if not subject and not first.tail:
        subject = _LEAD_SUBJECT.split(_subject(first.lead)[0])[0]
        if said.indicators and not MEASURE_NOUN.search(subject):
            return [name + compared for name in _referred(first, said, size)]
    if group[-1].tail and (not subject or subject.endswith("、")):
        verb = ACTING.match(_strip_leading(first.head))
        return [(verb.group() if verb else _carried(first, said)) + group[-1].tail] * size
    if said.indicators and not first.tail and ACTING.fullmatch(subject):
        subject = _acted_on(said.indicators[-1], subject, not first.new_clause and first.figure.unit == said.unit)
    names = _owned(first, said, subject, distribute(subject, size) if size > 1 else [subject])
    if not predicate and _shares_verb(first, said):
        names = [name if name.startswith(said.verb) else said.verb + name for name in names]
    tail = group[-1].tail if _counts(group[-1], subject) else ""
    return [(_joined(name, tail) + compared).removesuffix("的") for name in names]


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


def _referred(place: _Place, said: _Said, size: int) -> list[str]:
    """The indicators that figures without words of their own go on with."""
    names = [_NEW.sub("", name) if "累计" in place.head else name for name in _earlier(said, size)]
    return [_OF_WHOLE.sub("", name) for name in names] if place.figure.measure == "growth" else names


def _owned(place: _Place, said: _Said, subject: str, names: list[str]) -> list[str]:
    """The names, with what they are shares or measures of where that was said before: 占全市|41%, 总投资|182亿元."""
    if said.indicators and subject.startswith("占"):
        wholes = zip(_earlier(said, len(names)), names, strict=True)
        return [_OF_WHOLE.sub("", whole) + name.removesuffix("的") for whole, name in wholes]
    if said.indicators and not place.parted and _DEPENDENT.match(subject):
        owner = _owner(said.indicators[-1], subject)
        return [owner.removesuffix(name[:2]) + name for name in names]  # 参保|参保率
    return names


def _subject(head: str) -> tuple[str, bool, str]:
    """The noun phrase of a head, whether a verb of reaching or changing followed it, and a comparison's words."""
    head = _LIST_MARK.sub("", _NUMBERING.sub("", head))
    compared = _COMPARED.search(head)
    phrase = ""
    if compared:
        head, phrase = head[: compared.start()], _COMPARING.sub("", compared.group())
    versus = _VERSUS.search(head)
    head = head[: versus.start()] if versus else head
    remark = _REMARKED.search(head)
    head = head[: remark.start()] if remark and _TRAILING.match(head[: remark.start()][::-1]) else head
    trailing = _TRAILING.match(head[::-1])
    predicate = bool(trailing or compared)
    if trailing:
        head = head[: -trailing.end()]
    head = _SINCE.sub("", _strip_leading(head))
    if predicate:
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
    trailing = _TRAILING.match(phrase[::-1])
    return _SINCE.sub("", phrase[: -trailing.end()] if trailing else phrase)


def _strip_leading(head: str) -> str:
    """Without dates, adverbs and 全县 before what is measured."""
    for pattern in (_DATE, _LEADING, _DATE, _OWN, _LEADING):
        head = pattern.sub("", head)
    return head


def _owner(indicator: str, subject: str) -> str:
    """Whose a dependent measure is: the thing counted before, without its verb and its own measure, if that leaves one.

    An investment is made in what is counted, not in what is measured: 粮食产量4亿斤，完成投资8亿元.
    """
    owner = ACTING.sub("", indicator)
    measure = _OWN_MEASURE.search(owner) or MEASURE_NOUN.search(owner)
    owner = owner[: measure.start()] if measure else owner
    invests = measure is not None and "投资" in subject and "投资" not in measure.group()
    return "" if len(owner) < 2 or invests else owner


_OWN_MEASURE = re.compile(r"(?:总产量|产量|总产值|产值|销量|(?:播种|种植)面积|面积|(?:年?纯|总)?收入|总?投资)$")
_NEW = re.compile(r"^新增(?=.{2})")  # 新增联网信号灯|1000处、累计达|8000处
_OF_WHOLE = re.compile(r"(?<=.{2})占[^占]*$")  # 总产值|占全市|10%，增长|8%: the growth is not that of the share
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
    return verb + indicator[before.end() :] if before and counted else verb


_RECENT = 20
"""How many figures back a bare verb may refer; a sentence of thousands of figures stays linear."""


def _earlier(said: _Said, size: int) -> list[str]:
    """The indicators that a bare verb refers back to: the last one, or the last `size` different ones."""
    distinct = list(dict.fromkeys(_AGAIN.sub("", name) for name in said.indicators[-_RECENT:]))
    return distinct[-size:] if len(distinct) >= size else [distinct[-1]] * size


def _carried(place: _Place, said: _Said) -> str:
    """The verb that a list's later item shares: 建成39个A、152个B."""
    return said.verb if not place.new_clause else ""


def _shares_verb(place: _Place, said: _Said) -> bool:
    """Whether an item without a verb continues the one before: 新增企业8家、科技型企业12家."""
    subject = _subject(place.head)[0]
    acts = ACTING.match(subject) or (place.new_clause and _ACTS.search(subject))
    if not said.verb or acts or subject.startswith(("未", "已", "在")):
        return False
    unit = place.figure.unit
    if unit.endswith(_RATE_UNITS):
        return False
    if place.new_clause and place.head.lstrip("，,").startswith("其中"):
        return True
    return (unit == said.unit and "元" not in unit) if place.new_clause else True


def _counts(place: _Place, subject: str) -> bool:
    """Whether the words after a figure belong to what it measures: 完成79个老旧小区改造."""
    unit = place.figure.unit
    if not place.tail or unit.endswith(_RATE_UNITS):
        return False
    return not ("元" in unit and MEASURE_NOUN.search(subject))


def _joined(name: str, tail: str) -> str:
    """Head and tail as one phrase; of 完工人民小学等|12所|学校配套设施项目 the examples go.

    They stay where what follows 等 says nothing by itself (等项目).
    """
    etc = list(_ETC.finditer(protect(name)))
    if not etc:
        return name + tail
    verb = ACTING.match(name)
    kind = name[etc[-1].end() :] + tail
    if len(kind) <= len("项目"):
        return name + tail if kind else name[: etc[-1].start()]
    return (verb.group() if verb else "") + kind


def _remember(said: _Said, group: Sequence[_Place], named: Sequence[str]) -> None:
    said.indicators += named
    said.unit = group[-1].figure.unit
    acting = ACTING.match(_subject(group[0].head)[0])
    if acting and acting.end() < len(named[0]):
        said.verb = acting.group()
    elif group[0].new_clause and not (named and said.verb and named[0].startswith(said.verb)):
        said.verb = ""
