"""Quantities that frame a result instead of being one: spans of time, ages, limits of a class, starting points."""

from __future__ import annotations

import re
from typing import Literal

from llmx.figures.units import COUNTED, RATES

_AGES = frozenset(("岁", "周岁"))
_HOURS = frozenset(("小时", "个小时", "分钟", "秒", "毫秒"))
_PERIODS = frozenset(("年", "个年度", "周年", "个周", "周", "世纪"))
_TURNS = frozenset(("个月", "个季度", "天", "届", "次"))
_CALENDAR = frozenset(("日", "月", "季度"))
_CIRCLE = re.compile(r"[^，。；、,;0-9]{0,12}?圈")
_AGED = re.compile(r"(?:寿命|年龄|平均|年限)[^，。；,;]{0,18}$|至20\d\d年的$")
_HOLDER = re.compile(r"(?:周)?(?:以上|以下|及|儿|老|女|男|适|常住|退|妇|青|户)")
_HELD = re.compile(r"(?:连续|蝉联|近|过去)[ ]?$")
_HONOUR = re.compile(
    r"[^，。；,;]{0,14}?(?:第一|首位|前列|全[国省市县区球][前第首最]|第\d|前[十百\d一-龥]|榜|获|荣|优秀|最[高好优佳快低]"
    r"|领[先跑]|冠|评为|评选|入选|入围|位[居列]|排名|[居列]全)"
)
_FRAMED = re.compile(r"(?:稳定|保持|维持|超过?|突破|达到?|增长|实现|完成)[^，。；、,;]{0,10}?\d")  # 连续8年稳定在30万吨
_SPENT = re.compile(
    r"(?:缩短|压缩|减少|提前|缩减|压减|压降|达到?|不超过|不低于|不少于|控制在|少|快|增加|提高|降至|缩至|超过|时间|时长|用时|为"
    r"|只需|仅需|由|从|到|至|年限|期限|寿命|约|近)(?:了|到|至|约|近)?[ ]?$"
)

_FROM = re.compile(r"(?:从|由)[^，。；、,;]{0,16}$|(?:从|由)[^，。；,;]{0,10}[0-9][^，。；,;]{0,6}[和、]$")
_TO = re.compile(
    r"[^，。；,;]{0,12}?(?:提[高升]|[增上攀跃飙][加长升至]?|下降|降低?|扩大?|缩[小减短]?|调整|压[减缩降]|发展|回落|优化|整合|拓展|恢复"
    r"|升格|扩面|减少|收窄|扩容)(?:到|至|为)|达?(?:到|至)(?=[^，。；、,;]{0,4}\d)"
)
_SPOKEN_OF = re.compile(
    r"(?:左右|以上|以内)?的?(?:预期|增长)*(?:增速|增长|目标)，?(?:是|的设定|体现|主要|既|更|考虑|兼顾|综合|符合|充分)"
)
_SAID = re.compile(r"增长[ ]?$")
"""经济增长|5%左右的目标，是 says how much; 保持|5%左右的增速，是 speaks of what was said."""

_BOUND = re.compile(r"(?:人口)?[\s*]{0,4}及?(?:以上|以下|以内|之内)的?(?=[一-龥“A-Za-z])")
_WITHIN = frozenset(["米", "公里", "小时", "分钟", "天", "年", "个工作日", "平方公里"])
_INSIDE = re.compile(r"(?:之|范围)?内(?!容|部|外|环|陆|涵|需|控|地|生|河|贸|资)")
_GOES_ON = re.compile(r"(?:并|和|与|及|同时|[，。；、]|目标|台阶|大关|[提增])")
_COUNTED_CLASS = re.compile(r"[^和及与，。、；\d]{2,10}\d+(?:余|多)?(?:户|家|个|名|人)")
_CLASS_MARK = re.compile(r"(?:[超破逾]|(?<![经通])过|低于|高于|达到?|不足|单笔|海拔)[ ]?$")
_MARKING = frozenset("超破逾过于达到足笔拔 ")
"""What such a match may end with; most numbers follow something else, and need no search."""
_THING = "企业|项目|工程|村|乡镇|镇|街道|户|家庭|群众|人员|单位|县|园区|主体|产业|集群|合作社|品牌|平台|大户|养殖场"
_CLASS = re.compile(rf"的(?:[一-龥]{{0,6}}(?:{_THING})|占|超过|达到?\d|不低于)")
_CLASSED = re.compile(rf"[ *]{{0,3}}级?[一-龥]{{0,4}}?(?:{_THING})(?!基金|资金|贷款|投资|园)")
_COUNT = re.compile(r"[一-龥]{0,6}(?:(?:达到?|有|为)[ ]?)?\d")
# 500万元以上|固定资产投资增长|3%: what follows has a figure of its own, so the amount only says which investment.
_MEASURED = re.compile(
    r"[一-龥]{0,8}?(?:资金|投资|贷款|债券|税收?|产值|销售|收入|营收|消费|融资|零售|订单|成交|交易)(?:总?[额量]|余额|占比|比重|笔数|规模)?"
    r"(?:同比|累计|分别|预计|力争|确保|均|共)?(?:完成|实现|增长|增加|下降|减少|达到?|突破|超过?|占|为)?[到至]?[ ]?\d"
)
_MONEY = re.compile(
    r"[^，。；、,;]{0,8}?(?:资金|投资|贷款|债券|税|产值|销售|收入|营收|财政|消费|融资|授信|经费|补助|规模|订单|成交|交易)"
)
_PEOPLE = re.compile(r"[^，。；、,;]{0,8}?(?:人才|就业|培训|转移)")
_EXTENT = re.compile(r"(?:亩|公里|平方米|公顷|吨|千瓦|千瓦时|立方米|斤|米)$")
_MAKES = re.compile(r"[建造增成展植产复理施换治划拓设整垦储收贷放工种养达][设成了出到]?[ ]?$")

_QUANTIFIED = re.compile(
    r"(?:达到?|[为至到]|突破|超过?|低于|高于|控制在|稳定在|保持在|指数|系数|得分|评分|分值|倍差|[入偿产容]比|比值|增长|下降|缩小"
    r"|提升|提高|回落|约|近)[\s*]{0,3}$"
)


def lasting(before: str, after: str, unit: str) -> Literal["date", "duration", "name", "threshold"] | None:
    """Spans of time and ages: 15分钟生活圈 is a name, 65岁以上 bounds a group, 办理时间缩短3小时 measures."""
    if unit in _CALENDAR:
        return "date"
    if unit in _AGES:
        aged = _AGED.search(before) or (_SPENT.search(before) and not _HOLDER.match(after))
        return None if aged else "threshold"
    if unit in _HOURS:
        return "name" if _CIRCLE.match(after) else None if _SPENT.search(before) else "duration"
    return "duration" if (unit in _PERIODS or unit in _TURNS) and _frames(before, after, unit) else None


def _frames(before: str, after: str, unit: str) -> bool:
    """连续5年居全国第一 frames an honour, 5年增长20% a growth; 连续28个月未发生事故 is the result itself."""
    held = _HELD.search(before)
    if held and held.group().startswith(("连续", "蝉联")):
        return _HONOUR.match(after) is not None or (unit in _PERIODS and _FRAMED.match(after) is not None)
    return unit in _PERIODS and (held is not None or not (_SPENT.search(before) or _AGED.search(before)))


def bounding(before: str, after: str, unit: str) -> Literal["base", "reference", "threshold"] | None:
    """Starting points (从39个拓展到91个), figures talked about, and limits of a class (20亿元以上项目)."""
    if _FROM.search(before) and _TO.match(after):
        return "base"
    if not unit:
        return None
    if _SPOKEN_OF.match(after) and not _SAID.search(before):
        return "reference"
    if before.endswith("每") or (unit in _WITHIN and _INSIDE.match(after)):
        return "threshold"
    return "threshold" if _limits(before, after, unit) else None


def _limits(before: str, after: str, unit: str) -> bool:
    """20亿元以上项目 is a class of projects; 100万元以上投资 and 建成10万亩以上高标准农田 are figures.

    Things counted one by one stay figures (招引2家以上企业) unless what they bound is counted in turn (50头以上养殖户23户);
    people bound settlements (1000人以上居民点).
    """
    if unit in RATES:
        return False
    bound = _BOUND.match(after)
    counted = unit.lstrip("十百千万亿") in COUNTED - {"人", "单"}
    if bound is None:
        return (
            before[-1:] in _MARKING
            and _CLASS_MARK.search(before) is not None
            and _of_class(after, always=unit.endswith("元"))
        )
    if counted:
        return _COUNTED_CLASS.match(after, bound.end()) is not None
    if unit.endswith("元") and _MEASURED.match(after, bound.end()):
        return True
    rest = after[bound.end() :]
    if _GOES_ON.match(rest) or (_EXTENT.search(unit) and _MAKES.search(before)):
        return False
    return not ((unit.endswith("元") and _MONEY.match(rest)) or (unit.endswith("人") and _PEOPLE.match(rest)))


def _of_class(after: str, always: bool) -> bool:
    """Whether an amount passed is that of each of a class: 过10亿元|项目120个, 超过50万元|的村.

    Money bounds what stands by it `always`, other amounts only what is counted in turn (超1000头|养殖场20家).
    """
    if _CLASS.match(after):
        return True
    classed = _CLASSED.match(after)
    return classed is not None and (always or _COUNT.match(after, classed.end()) is not None)


def quantified(before: str) -> bool:
    """Whether the words before a bare number make a quantity of it: 满意度达到89.6, 收入比缩小至2.54."""
    return _QUANTIFIED.search(before) is not None
