"""Numbers that name or number things: documents, items, roads, products, series, ranks."""

from __future__ import annotations

import re
from typing import Literal

from llmx.figures.units import COUNTED, RATES

_LINE_START = re.compile(r"(?:^|\n)[ \t\u3000*#]*[（(]?$")
_MARKER = re.compile(r"[）)](?!\d)|[.、．](?!\d)|[.．](?=(?:19|20)\d\d ?年)")
_POINTS_TO = re.compile(r"(?:附件|附表|附录|表|图|专栏|注|脚注)[ ]?$")

# A letter before the number makes a name (G319, PM2.5, B7路), unless an abbreviation is counted (新增IPO12家).
_LETTERS = re.compile(r"(?:([A-Za-zⅠ-Ⅻ]+)[_\-— ]?|[一-龥]-|(?<=[0-9A-Za-z”])[+＋×·]|[№#])$")
_ABBREVIATION = 3
_AFTER_LETTERS = frozenset(
    ["级", "号", "线", "路", "国", "型", "区", "科", "站", "层", "代", "县", "省", "年", "月", "日", "期"]
)
_SERIES = frozenset(["级", "号", "线", "路", "型", "强", "代"])
_VOLTAGE = re.compile(r"(?:伏|k[Vv]|K[Vv]|吨级)$")
_ROAD = re.compile(r"(?:国道|省道|县道|乡道|高速|航班|邮编|编号|代码|电话)[ ]?$")
_KIND = re.compile(r"[ ]?(?:[国省县乡]道|级(?!别)|强(?!化|降|度|对)|型|版|号(?!召|码|源)|线(?!上|下|索)|[A-Za-z])")
_JOINED = re.compile(r"[+＋×][0-9A-Za-z一二三四五六七八九十“”]|级(?!别)|制(?![造作定度品成约药剂])")  # 3人制篮球场
_HOTLINE = re.compile(r"[^，。；、,;0-9]{0,8}(?:热线|服务台)")
_SYSTEM = re.compile(
    r"[^，。；、,;0-9一二三四五六七八九十]{0,4}(?:体系|机制|工程|行动|架构|模式|格局|战略|计划|工作|布局)"
)
_OPEN_QUOTE = re.compile(r"[“《「『【][^”》」』】，。；]{0,16}$")
_ALONE = re.compile("(?:左右|以上|以内)?”")
"""目标为“5%左右” is a rate that is quoted, no name."""
_CLOSE_QUOTE = re.compile(r"[^“《「『【，。；]{0,16}[”》」』】]")
_GROUPED = re.compile(r"大(?!于|幅|力|型|学|棚|米|豆|桥|坝|专|病|数据)")
_OUTLINE = re.compile(r"[ ]?方面(?!军)|大类")

# 10万吨调和油生产线: the capacity of a plant is in its name. 年产10万吨 and 建设50万千瓦光伏 measure.
_CAPACITY = re.compile(r"(?:吨|千瓦|千瓦时|兆瓦|兆瓦时|吉瓦|吉瓦时|[MGk]W|[MG]Wh|英寸|微米|纳米|立方米/[日天])$")
_PLANT = re.compile(r"[^，。；、,;！？\n0-9的（(]{0,12}(?:生产线|产线|机组|装置|电站|光伏|风电|储能|泊位|码头)")
_WORKS = re.compile(
    r"[^，。；、,;！？\n0-9的（(]{0,12}(?:项目|工程|基地|工厂)[^，。；、,;]{0,3}(?:开工|建成|投产|竣工|达产|完工|投用|投运|落地|签约|启动|并网)"
)
_MADE = re.compile(
    r"(?:产|量|增|处理|供[水气热电]|备|电|成|加|达到?|破|超过?|近|约|获|计|模|机|[到至]|建|设|进|动|施|工|局|划|造|网|运|停|汰|出|取|准|(?<!第[一二三四五六七八九])批|展|了)[ ]?$"
)
_PRODUCED = re.compile(
    r"(?:年产|产能|产量|新增|处理|供[水气热电]|发电|完成|生产|增加|达到?|突破|超过?|近|约|累计|规模|容量|装机|[到至])[ ]?$"
)

_RANKED = re.compile(r"(?:[居列占名排位][^，。；、,;]{0,6}|[国省市县区球部洲界业地方沿]|东北|西北|西南|前列)第[ ]?$")
_MOVED_UP = re.compile(r"(?:排名|位次|名次)[^，。；,;]{0,8}$|(?:前移|跃升|上升|提升|晋升|进位|前进|再进)(?:了)?[ ]?$")
_PLACED = re.compile(r"[^，。；、,;\d“]{0,12}“?[^，。；、,;\d”]{0,10}”?之[首一冠最]")


def numbered(
    before: str, after: str, unit: str, starts_text: bool
) -> Literal["document number", "list marker", "reference"] | None:
    """Numbers of documents, items, notes and annexes; `starts_text` where nothing stands before `before`."""
    last = before[-1:]
    if last and last in "〔[［" and after[:1] and after[0] in "〕]］":
        return "document number" if last == "〔" or after[1:2].isdigit() else "reference"
    if last and last in "〕]］" and unit == "号":
        return "document number"
    if unit:
        return None
    if _MARKER.match(after) and (
        last in ("（", "(") or _LINE_START.search(before if not starts_text else "\n" + before)
    ):
        return "list marker"
    return "reference" if _POINTS_TO.search(before) else None


def named(before: str, after: str, unit: str) -> Literal["name", "structure"] | None:
    """Numbers within names, and headline counts such as 7大产业集群."""
    if _lettered(before, unit) or unit in _SERIES or _VOLTAGE.search(unit) or _ROAD.search(before):
        return "name"
    quoted = _OPEN_QUOTE.search(before) and _CLOSE_QUOTE.match(after)
    if _JOINED.match(after) or (quoted and not (before.endswith("“") and unit in RATES and _ALONE.match(after))):
        return "name"
    if unit:
        return "name" if _CAPACITY.search(unit) and _of_plant(before, after) else None
    if _GROUPED.match(after):
        return "structure"
    return "name" if _KIND.match(after) or _HOTLINE.match(after) or _SYSTEM.match(after) else None


def _lettered(before: str, unit: str) -> bool:
    letters = None if "一" <= before[-1:] <= "龥" else _LETTERS.search(before)
    if letters is None:
        return False
    return not unit or unit in _AFTER_LETTERS or len(letters.group(1) or "") < _ABBREVIATION


# 建成|金河化工|10万吨草酸项目: the owner's name or a phase before it says that one project is meant.
_OWNED = re.compile(
    r"(?:建成|开工|推进|加快|启动|实施|建设|续建)(?:推进|建设|实施)?(?:[一二三四五]期|[一-龥]{2,8}(?:化工|科技|集团|公司|能源|新材|材料|股份|电力|药业))[ ]?$"
)
_PROJECT = re.compile(r"[^，。；、,;！？\n0-9的（(]{0,12}(?:项目|工程)")


def _of_plant(before: str, after: str) -> bool:
    """Whether a capacity stands in a plant's name: no verb of making or reaching takes it for its object."""
    return bool(
        (_PLANT.match(after) and not _MADE.search(before))
        or (_WORKS.match(after) and not _PRODUCED.search(before))
        or (_PROJECT.match(after) and _OWNED.search(before))
    )


def ordered(before: str, after: str, unit: str) -> Literal["ordinal", "rank", "date", "structure"] | None:
    """Ordinals, ranks, and counts of the text's own parts."""
    last = before.rstrip()[-1:]
    if last == "第":
        return "rank" if unit in ("位", "名") or (_RANKED.search(before) and unit not in COUNTED) else "ordinal"
    if last == "前":
        return "date" if unit in ("个月", "个季度", "季度", "年", "天") else "rank"
    if unit == "名次" or (unit == "位" and _MOVED_UP.search(before)) or (unit in COUNTED and _PLACED.match(after)):
        return "rank"
    return "structure" if unit in ("", "个") and _OUTLINE.match(after) else None
