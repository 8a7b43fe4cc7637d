"""Why a number measures nothing: it dates, names, ranks, numbers or bounds something.

Advice for the model, read from the number's own surroundings: the embedded model claims only figures without a reason, a
language model sees them all.
"""

from __future__ import annotations

import re
from typing import Literal

from llmx.figures.units import COUNTED

Reason = Literal[
    "date",
    "duration",
    "ordinal",
    "rank",
    "name",
    "document number",
    "list marker",
    "reference",
    "threshold",
    "base",
    "structure",
    "no unit",
]

REASONS: dict[Reason, str] = {
    "date": "a day, month, year, period of the calendar or time of day: 2025年2月28日, 1—11月, “6·30”, 07时41分",
    "duration": "a stretch of time that is the frame of a result, not the result: 5年累计, 延长30年, 连续9年居全国第一",
    "ordinal": "a place in a series: 第3次, 第33届",
    "rank": "a place in a ranking, which is a recognition: 全国第2位, 前1%, 12县之首",
    "name": "part of a name: G319, 5G, PM2.5, 4A级, “1+10+4”, 110千伏, 100强, 12345热线, 15分钟生活圈, 20万吨生产线",
    "document number": "国发〔2023〕5号",
    "list marker": "the number of an item: 1. at the start of a line, （3）",
    "reference": "points elsewhere or talks about a figure: 附件1, ［12］, 7%的增速是…",
    "threshold": "defines a class of things: 20亿元以上项目, 1000人以上居民点, 65岁以上老年人",
    "base": "the past that a result is set against: 从39个拓展到91个",
    "structure": "counts parts of the text itself or gives a headline: 以下9个方面, 7大产业集群",
    "no unit": "a bare number that no word nearby makes a quantity",
}
"""Every reason, with what it means and examples."""

_BEFORE = 20
_AFTER = 24

# A letter before the number makes a name (G319, PM2.5, B7路), unless an abbreviation is counted (新增IPO12家).
_LETTERS = re.compile(r"(?:([A-Za-zⅠ-Ⅻ]+)[_\-— ]?|[一-龥]-|(?<=[0-9A-Za-z”])[+＋×·]|[№#])$")
_LETTER_AFTER = re.compile(r"[A-Za-z+＋×]")
_NAMING = frozenset("级 号 线 路 国 型 区 科 站 层 代 A 县 省 年 月 日 期 会 版".split())
_VOLTAGE = re.compile(r"千伏$|伏$|kV$|KV$|吨级$|级$")
_KIND = re.compile(r"[ ]?(?:级(?!别)|强(?!化|降|度|对)|型|版|[多余]?号(?!召|码|源)|线(?!上|下|索)|[A-Za-z])")
_GROUPED = re.compile(r"大(?!于|幅|力|型|学|棚|米|豆|桥|坝|专|病|数据)")
_HOTLINE = re.compile(r"[^，。；、,;0-9]{0,8}(?:热线|服务台)|小时.{0,3}(?:服务|在线|值|营业|开放|便|制)")
_SYSTEM = re.compile(
    r"[^，。；、,;0-9一二三四五六七八九十]{0,4}(?:体系|机制|工程|行动|架构|模式|格局|战略|计划|工作|布局)"
)
_ROADS = re.compile(r"(?:国道|省道|县道|乡道|高速|航班|邮编|编号|代码|电话)[ ]?$")
_CIRCLE = re.compile(r"[^，。；、,;0-9]{0,12}?圈")
_OPEN_QUOTE = re.compile(r"[“《「『【][^”》」』】，。；]{0,16}$")
_CLOSE_QUOTE = re.compile(r"[^“《「『【，。；]{0,16}[”》」』】]")
# 10万吨调和油生产线: the capacity of a plant is in its name. 年产10万吨 and 新增50万千瓦 measure.
_CAPACITY = re.compile(
    r"(?:吨|千瓦|千瓦时|兆瓦|兆瓦时|吉瓦|吉瓦时|MW|GW|MWh|GWh|kW|英寸|微米|纳米|立方米/[日天]|升|标方)$"
)
_PLANT = re.compile(
    r"[^，。；、,;！？\n0-9的（(]{0,12}(?:生产线|产线|机组|装置|电站|光伏|风电|储能|泊位|码头"
    r"|(?:项目|工程|基地|工厂)(?:[^，。；、,;]{0,3}(?:开工|建成|投产|竣工|达产|完工|投用|投运|落地|签约|启动|并网)))"
)
_PRODUCED = re.compile(
    r"(?:年产|产能|产量|新增|日处理|年处理|处理|供[水气热电]|储备|发电|完成|生产|增加|达到?|突破|超过?|近|约|投产|收获|累计|总计|规模|容量|装机|到|至)[ ]?$"
)

_DOCUMENT = re.compile(r"[〔\[［（(](?:19|20)?\d{0,4}$")
_LINE_START = re.compile(r"(?:^|\n)[ \t\u3000*#]*[（(]?$")
_MARKER = re.compile(r"[）)](?!\d)|[.、．](?!\d)|[.．](?=(?:19|20)\d\d ?年)")
_POINTS_TO = re.compile(r"(?:附件|附表|附录|表|图|专栏|注|脚注)[ ]?$")
_SPOKEN_OF = re.compile(
    r"(?:左右|以上|以内)?的?(?:预期|增长)*(?:增速|增长|目标)[，]?(?:是|的设定|体现|主要|既|更|考虑|兼顾|综合|符合|充分)"
)

_RANKED = re.compile(r"(?:[居列占名排位][^，。；、,;]{0,6}|[国省市县区球部洲界业地方沿]|东北|西北|西南|前列)第[ ]?$")
_PLACED = re.compile(r"[^，。；、,;\d“]{0,12}“?[^，。；、,;\d”]{0,10}”?(?:之首|之一|之冠|之最)")
_OUTLINE = re.compile(r"[ ]?(?:个)?方面(?!军)|大类")

_BOUND = re.compile(r"(?:人口)?[\s*]{0,4}及?(?:以上|以下|以内|之内)(?:的)?(?=[一-龥“A-Za-z])")
_INSIDE = re.compile(r"(?:之|范围)?内(?!容|部|外|环|陆|涵|需|控|地|生|河|贸|资)")
_CONTINUES = re.compile(r"(?:并|和|与|及|同时|[，。；、]|目标|台阶|大关|[提增])")
_MONEY = re.compile(
    r"[^，。；、,;]{0,8}?(?:资金|投资|贷款|债券|税|产值|销售|收入|营收|财政|消费|融资|授信|经费|补助|规模|订单|成交|交易)"
)
_PEOPLE = re.compile(r"(?:[^，。；、,;]{0,8}?(?:人才|就业|培训|转移))")
_EXTENT = re.compile(r"(?:亩|公里|平方米|平方公里|公顷|吨|千瓦|千瓦时|立方米|斤|米)$")
_MAKES = re.compile(r"(?:建|造|增|成|展|植|产|复|理|施|换|治|划|拓|设|整|垦|储|收|贷|放|工|种|养|达)[设成了出到]?[ ]?$")
_CLASS_MARK = re.compile(r"(?:超|超过|低于|高于|达到?|不足|单笔|海拔)[ ]?$")
_CLASS = re.compile(r"(?:以上|以下)?的[一-龥]{0,6}(?:企业|项目|村|镇|户|家庭|群众|人员|单位|县|园区|主体)")

_AGED = re.compile(r"(?:寿命|年龄|平均)[^，。；,;]{0,18}$|至20\d\d年的$")
_HOLDER = re.compile(r"(?:周)?(?:以上|以下|及|儿|老|女|男|适|常住|退|妇|青|户)")
_FROM = re.compile(r"(?:从|由)[^，。；、,;]{0,16}$|(?:从|由)[^，。；,;]{0,10}[0-9][^，。；,;]{0,6}[和、]$")
_TO = re.compile(
    r"[^，。；,;]{0,12}?(?:提[高升]|[增上攀跃飙][加长升至]?|下降|降低|降|扩大?|缩[小减短]|调整|压[减缩降]|发展|回落|优化|整合|拓展|恢复|跃升|升格|扩面|减少|收窄|扩容|缩)(?:到|至|为)"
    r"|(?:到|至)(?=[^，。；、,;]{0,4}\d)"
)
_HELD = re.compile(r"(?:连续|蝉联|近|过去)[ ]?$")
_HONOUR = re.compile(
    r"[^，。；,;]{0,14}?(?:第一|首位|前列|全[国省市县区球][前第首最]|第\d|前[十百\d一-龥]|榜|获|荣|优秀|最[高好优佳快低]|领[先跑]|冠|评为|评选|入选|入围|位[居列]|排名|[居列]全)"
)
_SPENT = re.compile(
    r"(?:缩短|压缩|减少|提前|缩减|压减|压降|达到?|不超过|不低于|不少于|控制在|少|快|增加|提高|降至|缩至|超过|时间|时长|用时|为|只需|仅需|由|从|到|至|年限|期限|寿命|约|近)(?:了|到|至|约|近)?[ ]?$"
)
_PERIODS = frozenset(("年", "个年度", "周年", "个周", "周", "世纪"))
_HOURS = frozenset(("小时", "个小时", "分钟", "秒", "毫秒"))
_AGES = frozenset(("岁", "周岁"))
_SERIES = frozenset("级 号 线 路 型 强".split())
_QUANTIFIED = re.compile(
    r"(?:达到?|[为至到]|突破|超过|低于|高于|不低于|不超过|控制在|指数|系数|得分|评分|分值|倍差|[入偿产容]比|比值|超|综合得分|稳定在|保持在|增长|下降|缩小|提升|提高|回落|约|近)[\s*]{0,3}$"
)


def reason_of(text: str, start: int, end: int, number: str, unit: str) -> Reason | None:
    """Why the number at text[start:end] measures nothing, from its own surroundings; None if it measures.

    Args:
        text: the text around it.
        start, end: bounds of the number with its unit.
        number: the number alone, as written.
        unit: its unit, empty without one.
    """
    before, after = text[max(0, start - _BEFORE) : start], text[end : end + _AFTER]
    return (
        _numbered(before, after, start, unit)
        or _named(before, after, number, unit)
        or _ordered(before, after, unit)
        or _lasting(before, after, unit)
        or _bounding(before, after, unit)
        or (None if unit or "/" in number or _QUANTIFIED.search(before) else "no unit")
    )


def _numbered(before: str, after: str, start: int, unit: str) -> Reason | None:
    """Numbers of documents, items, notes and annexes."""
    last = before[-1:]
    if last and last in "〔[［" and after[:1] and after[0] in "〕]］":
        return "document number" if after[1:2].isdigit() else "reference"
    if last and last in "〕]］" and unit == "号":
        return "document number"
    if unit:
        return None
    if last in ("（", "(") and _MARKER.match(after):
        return "list marker"
    if _MARKER.match(after) and _LINE_START.search(before if start > _BEFORE else "\n" + before):
        return "list marker"
    return "reference" if _POINTS_TO.search(before) else None


def _named(before: str, after: str, number: str, unit: str) -> Reason | None:
    """Numbers within names."""
    letters = _LETTERS.search(before)
    if letters and not (unit and unit not in _NAMING and len(letters.group(1) or "") > 2):
        return "name"
    if unit in _SERIES or _VOLTAGE.search(unit) or _ROADS.search(before):
        return "name"
    if not unit and (any(pattern.match(after) for pattern in (_KIND, _HOTLINE, _LETTER_AFTER, _SYSTEM))):
        return "name"
    if after[:1] in ("+", "＋", "×") or (_OPEN_QUOTE.search(before) and _CLOSE_QUOTE.match(after)):
        return "name"
    if _CAPACITY.search(unit) and _PLANT.match(after) and not _PRODUCED.search(before):
        return "name"
    return "structure" if not unit and _GROUPED.match(after) else None


def _ordered(before: str, after: str, unit: str) -> Reason | None:
    """Ordinals and ranks."""
    last = before.rstrip()[-1:]
    if last == "第":
        return "rank" if unit in ("位", "名") or (_RANKED.search(before) and unit not in COUNTED) else "ordinal"
    if last == "前":
        return "date" if unit in ("个月", "个季度", "年", "天") else "rank"
    if unit == "名次" or (unit in COUNTED and _PLACED.match(after)):
        return "rank"
    return "structure" if _OUTLINE.match(after) and unit in ("", "个", "大") else None


def _lasting(before: str, after: str, unit: str) -> Reason | None:
    """Spans of time and ages that frame a result instead of being one."""
    if unit in ("日", "月"):
        return "date"
    if unit in _AGES:
        aged = _AGED.search(before) or (_SPENT.search(before) and not _HOLDER.match(after))
        return None if aged else "threshold"
    if unit in _HOURS:
        return "name" if _CIRCLE.match(after) else None if _SPENT.search(before) else "duration"
    if unit in _PERIODS or unit in ("个月", "个季度", "天", "届", "次"):
        held = _HELD.search(before)
        if held and held.group().startswith(("连续", "蝉联")):
            return "duration" if _HONOUR.match(after) else None
        return (
            "duration" if unit in _PERIODS and (held or not (_SPENT.search(before) or _AGED.search(before))) else None
        )
    return None


def _bounding(before: str, after: str, unit: str) -> Reason | None:
    """Starting points and limits of a class."""
    if _FROM.search(before) and _TO.match(after):
        return "base"
    if not unit:
        return None
    if _SPOKEN_OF.match(after):
        return "reference"
    if unit in ("米", "公里", "小时", "分钟", "天", "年", "个工作日", "平方公里") and _INSIDE.match(after):
        return "threshold"
    return "threshold" if _bounds_class(before, after, unit) else None


def _bounds_class(before: str, after: str, unit: str) -> bool:
    """20亿元以上项目 is a class of projects; 100万元以上投资 and 建成10万亩以上高标准农田 are figures."""
    if unit.lstrip("十百千万亿") in COUNTED - {"人", "单"} or unit in ("%", "‰"):
        return False
    bound = _BOUND.match(after)
    if bound is None:
        return bool(_CLASS_MARK.search(before)) and _CLASS.match(after) is not None
    rest = after[bound.end() :]
    if _CONTINUES.match(rest) or (_EXTENT.search(unit) and _MAKES.search(before)):
        return False
    return not (unit.endswith("元") and _MONEY.match(rest)) and not (unit.endswith("人") and _PEOPLE.match(rest))
