"""The words that the items of a list share, given to each: 批发、零售|销售额 is 批发销售额 and 零售销售额."""

from __future__ import annotations

import re
from collections.abc import Sequence

from llmx.alternation import any_of
from llmx.tasks.government.rules.lexicon import ACTION
from llmx.tasks.government.rules.sentences import protect

# Some verbs are also the beginning of a noun: 生产安全事故, 出口总额.
_NOUNS = {
    "生产": "安全|总值|性|力",
    "服务": "业|贸易|消费",
    "保障": "性|住?房",
    "出口": "总?额|规模|占|退税|实绩|企业|产品",
    "进口": "总?额|规模|占",
    "交易": "总?额|量|中心",
    "成交": "总?额|量",
    "销售": "总?额|收入",
    "种植": "面积",
    "覆盖": "率|面",
    "运营": "里程|收入|商",
    "监测": "站|点|鱼",
    "上市": "企业|公司|后备",
    "建": "筑|材|制|档",
    "设": "备|施|计",
    "办": "公|学",
    "种": "业|子|类|养",
    "植": "物|被|保",
    "救助": "金|站",
    "帮扶": "资金|车间|单位",
    "培训": "机构|基地",
}
ACTING = re.compile(rf"^(?:新?{any_of(ACTION, _NOUNS)})+")
"""The verbs that a phrase begins with: 新建改造|农村公路."""
MEASURE_NOUN = re.compile(
    r"(?:[一-龥]{2}率|增加值|总产值|产值|[一-龥]{2}额|总量|数量|收入|支出|投资|面积|产量|占比|比重|比例|"
    r"人次|人数|指数|里程|进出口总?额|(?:贷款|存款)余额|余额|增速|强度|浓度|规模|件数|起数|水平|利润|成本|价格|时间|天数|满意度|贡献度|透明度|总?工程量|幅度|费用|贷款|存款|[一-龥]{2}量|销量|运量|收入比|(?:接卸|生产|加工|处理|接待|供给|供应|吞吐|保障)?能力)$"
)
_COMPOUND = re.compile(r"(?:(?:进出口|出口|进口|贷款|存款|销售|交易|成交|零售|营业)(?:总额|余额|额|收入))$")
_JOINT = re.compile(r"、|以及|(?<![普涉触惠波])及(?![时格其])|(?<![共平])和(?![谐美平解])|(?<!参)与(?!会)")
_PAIRED = re.compile("(?P<one>存(?=、?贷)|进(?=、出))、?(?P<two>贷款|出口)")  # 存、贷款|余额
# Words that name several things at once: 城乡居民收入增长6%、7%.
_FUSED = (
    ("城乡", ("城镇", "农村")),
    ("三次产业", ("第一产业", "第二产业", "第三产业")),
)


def distribute(subject: str, size: int) -> list[str]:
    """Give each of `size` figures its subject, with the words that the subjects share.

    Args:
        subject: what stands before the figures: 批发、零售销售额.
        size: how many figures follow.

    Returns:
        One indicator a figure, in order; the whole subject for each where it does not name as many things.
    """
    sectors = _sectors(subject, size)
    if sectors:
        return sectors
    paired = _PAIRED.search(subject) if size == 2 else None
    if paired:
        head, tail = subject[: paired.start()], subject[paired.end() :]
        return [head + paired["one"] + paired["two"][1:] + tail, head + paired["two"] + tail]
    if not _JOINT.search(protect(subject)):
        for word, each in _FUSED:
            if size == len(each) and word in subject:
                return [subject.replace(word, one, 1) for one in each]
    items = [item for item in _JOINT.split(protect(subject)) if item]
    if len(items) != size:
        return [subject] * size
    items = _cut_like(subject, items)
    verb = ACTING.match(items[0])
    last = items[-1]
    found = MEASURE_NOUN.search(last)
    ending = found.group() if found else ""
    shared = []
    for item in items[:-1]:
        share = _SHARE.search(last)
        if share and "占" not in item:
            item += share.group()
        elif not MEASURE_NOUN.search(item) and not (item.endswith(_WHOLE) and ending not in ("", "增速")):
            item += _shared_words(item, last, ending)
        shared.append(item)
    shared.append(_same_crop(items[0], last))
    if not verb or (last.endswith("收入") and not items[0].endswith("收入")):  # 接待人次、旅游收入|增长2%、3%
        return shared
    return [item if at == 0 or ACTING.match(item) else verb.group() + item for at, item in enumerate(shared)]


_WHOLE = ("生产总值", "GDP")
"""What takes no measure of others: 地区生产总值、固定资产投资|分别增长5%、4%."""
_CROP = re.compile("(?:播种|种植|养殖)面积$")


def _same_crop(first: str, last: str) -> str:
    """粮食播种面积和产量: a yield without a name is that of what is grown."""
    crop = _CROP.search(first)
    return first[: crop.start()] + last if crop and last in ("产量", "总产量", "单产", "产值") else last


_SECTORS = re.compile(r"(?P<list>第?[一二三](?:次?产业?)?(?:[、和及]?第?[一二三](?:次?产业?)?){1,2})(?<=[产业])")


def _sectors(subject: str, size: int) -> list[str]:
    """一、二、三产增加值 is 一产增加值, 二产增加值 and 三产增加值; 第二、三产业 is 第二产业 and 第三产业; empty for anything else."""
    match = _SECTORS.search(subject)
    numerals = re.findall("[一二三]", match["list"]) if match else []
    if match is None or len(numerals) != size:
        return []
    before, named, after = subject[: match.start()], match["list"], subject[match.end() :]
    ordinal, kind = ("第", "产业") if named.endswith("业") else ("", "产")
    return [before + ordinal + numeral + kind + after for numeral in numerals]


def _shared_words(item: str, last: str, measure: str) -> str:
    """What an item of a list leaves to the last one: 先进制造业、高技术制造业|增加值, 涉诈、涉毒|警情, 批发、零售|销售额."""
    compound = _COMPOUND.search(last) if len(item) > 2 else None
    if compound:
        return compound.group()
    alike = last.find(item[-2:])
    if alike >= 0 and len(item) > _SHORT:
        return last[alike + 2 :].removeprefix("”")
    level = _LEVEL.search(item) and _LEVEL.match(last[:4])
    if level:  # 省级、市级|龙头企业
        return last[level.end() :]
    pollutant = _POLLUTANT.match(last)
    if pollutant:
        return last[pollutant.end() :]
    yielded = _YIELD.search(last)
    if yielded:  # 蔬菜、肉蛋奶|产量
        return yielded.group()
    parallel = len(item) <= _SHORT < len(last) and not measure.endswith("能力")  # 铁矿石、煤炭|接卸能力
    words = last[len(item) :] if parallel else measure
    return words[words.rfind("”") + 1 :] if words.count("“") != words.count("”") else words


_POLLUTANT = re.compile("氮氧化物|二氧化[硫碳]|挥发性有机物|化学需氧量|(?:细|可吸入)颗粒物")
_SHARE = re.compile(r"占[^占、]{2,12}(?:比重|比例)$")  # 工业投资、技改投资|占固定资产投资比重
_YIELD = re.compile("(?:总产|产|销|存栏|出栏)量$")
_LEVEL = re.compile("(?:国家|[省市县州区乡镇])级")
_SHORT = 3
"""Items of so many characters stand in parallel with the first characters of the last one."""


def _cut_like(subject: str, items: Sequence[str]) -> list[str]:
    """The items of the protected subject, read from the subject itself."""
    found, at = [], 0
    protected = protect(subject)
    for item in items:
        at = protected.index(item, at)
        found.append(subject[at : at + len(item)])
        at += len(item)
    return found
