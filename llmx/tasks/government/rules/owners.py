"""Whose a measure is that says nothing by itself: 新增企业7家、总数达161家; 茶产业做大做强，总量突破30亿元."""

from __future__ import annotations

import re

from llmx.alternation import any_of
from llmx.tasks.government.rules.distribution import ACTING, MEASURE_NOUN
from llmx.tasks.government.rules.lexicon import ADVERB, REACH

_RATE = r"(?!赤字|失业)[一-龥]{2}率"
# What belongs to something named before: 实施项目22个，总投资182亿元
DEPENDENT = re.compile(
    r"^(?:完成|达成)?(?:[总年]|年度|计划|累计|协议|合同|亩均|人均|户均|均)*"
    r"(?:增速|增幅|涨幅|降幅|投资额?|投资规模|投资计划|[单亩]?产量?|产能|[亩年综合]*产值|增加值|税收|面积|覆盖面|占比|长度|里程|营业收入|营收|资产总额|资产|利润|金额|规模"
    rf"|总?[量数额]|[交成]易额|成交额|销售额|销量|[引到]资额?|到位资金|到位投资额|发电量|用电量|总?装机容?量?|强度|库容|{_RATE})$"
)
# Of these nobody can tell what they measure unless it is said whose they are.
BARE = re.compile(
    r"^(?:[总年]|累计|亩均|亩)*(?:产[值量]|综合产值|总?[量数额]|金额|规模|[交成]易额|成交额|销售额|强度|覆盖率|普及率|参保率|入驻率|占比|库容)$"
)
_PACE = re.compile("(?:增速|增幅|涨幅|降幅|跌幅)$")
# 引进企业7家、到位投资额2亿元: that they were attracted or planned is said of the sum too.
_PROMISED = re.compile("(?<!完成)投资|资额|到位资金|金额|到资$")
_LANDED = re.compile("到位|[引到]资")
_ATTRACTED = re.compile("新?(?:签约|引进|招引|招商|谋划|策划|储备|包装)")
INVESTED = re.compile("^(?:完成|年度)*投资$")
"""It is whose the clause before names, if that is a project: 房地产项目快速推进，完成投资9亿元."""
_MACRO = re.compile(
    r"(?:生产总值|GDP|增加值|[进出]口总?[额值]|零售总额|公共预算收入|财政[总]?收入|固定资产投资|可支配收入|失业率|价格)$"
)
_LOCAL = re.compile("^(?:税收|投资额?|利润|增加值|营业?收入?)$")
_OWN_MEASURE = re.compile(
    r"(?:总产量|产量|总产值|产值|销售?量|总量|总数|(?:播种|种植)面积|面积|(?:年?纯|总)?收入|总?投资|[引到]资额?|到位资金|[交成]易额|成交额|销售额|营收|总?资产|总?装机容?量)$"
)


def owner(indicator: str, subject: str, near: bool = True) -> str:
    """The thing counted before a dependent measure, without its verb and its own measure, if that leaves one.

    An investment is made in what is counted, not in what is measured: 粮食产量4亿斤，完成投资8亿元. What is measured of the
    whole economy owns no taxes or investment: 地区生产总值增长6%，税收增长5%.

    Args:
        indicator: what was measured before.
        subject: the dependent measure.
        near: whether that stands in the same clause or was counted, so that money that came in belongs to it.
    """
    if not near and _LANDED.search(subject):
        return ""
    if _MACRO.search(indicator) and _LOCAL.match(subject):
        return ""
    if _PACE.search(subject):
        return indicator
    attracted = _PROMISED.search(subject) and _ATTRACTED.match(indicator)
    named = indicator if attracted else ACTING.sub("", indicator)
    measure = _OWN_MEASURE.search(named) or MEASURE_NOUN.search(named)
    named = named[: measure.start()] if measure else named
    people = measure is not None and measure.group() in ("人数", "人次")
    invests = measure is not None and "投资" in subject and "投资" not in measure.group()
    return "" if len(ACTING.sub("", named)) < 2 or invests or people else named


# 茶产业|做大做强, 龙口工业园|建成投产, 新兴产业|加快推进: where a clause stops naming and begins to tell.
_TOLD = re.compile(
    any_of(word for word in REACH.split() if len(word) > 1)
    + "|再创|连续|位居|位列|[居列]全|(?<=.{2})在(?=[^，]{2,16}下)|全[国省市州县区]第|排名|持续|稳步|不断|进一步|迈|创(?![新业意])"
    "|做[大强优实]|[提增扩降][质效速量容]|加[快速]|发展势头|势头|增势|蓬勃|快速|全面|逐步|有序|健康|明显|显著|支撑有力|初[具步]|基本|建成|投产|投用|成势|开工|取得|推进|建设"
)
_SAID_OF = re.compile(
    r"^(?:做大做强|做[大强优]|壮大|加快|提速|大力|积极|推动|推进|促进|发展|培育|实施|建成|建设|打造|健全|完善|支持|扩大|提升|巩固|深化)+"
)
_LONGEST = 14
_VAGUE = re.compile(
    r"(?:成果|行动|机制|环境|工作|政策|措施|计划|建设|改革|能力|水平|力度|作用|优势|发展|合作|服务|活动|问题)$|[、“”等]"
)
_EXAMPLES = re.compile("^.*等(?=[一-龥]{3,})")  # 柳湖苑、梅山园等|房地产项目
_TRADE = re.compile("[一-龥]{1,6}?(?:产业|业|经济)(?=[一-龥]{1,3}化)")  # 加快|建筑业|工业化、绿色化发展
# The first words of a sentence that are nothing but a name: 木业产业，建设一批项目，力争产值1300亿元.
_HEADED = re.compile(r"^[一-龥]{1,8}(?:产业|行业|业|经济|集群|园区|[新开]区|产业链|贸易|外贸|市场|旅游|品牌)$")


def topic(lead: str, opening: str) -> str:
    """What the clauses before a bare measure speak of; empty where they do not name one thing plainly.

    Args:
        lead: the clause before, which has no figure.
        opening: the first clause of the sentence, if no figure stands in it.
    """
    verb = _SAID_OF.match(lead)
    begin = verb.end() if verb else 0
    told = _TOLD.search(lead, begin + 2)
    named = owner(_plainly(lead[begin : told.start()] if told else lead[begin:]), "")
    named = _EXAMPLES.sub("", named)
    trade = _TRADE.match(named)
    if trade:
        return trade.group()
    if 2 <= len(named) <= _LONGEST and not _VAGUE.search(named) and (told or verb or _HEADED.match(named)):
        return named
    return opening if _HEADED.match(opening) else ""


# 预算收入10亿元，增收3761万元; 发放救助金25亿元，惠及6万人: a verb that says of what came before what it brought.
BRINGING = re.compile("(?:同比)?(?:增收|减收|减亏|增盈|短收|惠及|受益|带动|涉及)")


def brought(indicator: str, verb: str) -> str:
    """What a bare verb says of the thing before: 预算收入|增收, 救助金|惠及."""
    verb = verb.removeprefix("同比")
    return ACTING.sub("", indicator).removesuffix(verb) + verb


_ADVERBS = re.compile(rf"^(?:{any_of(ADVERB)})+|^(?:全[国省市州县区]|我[省市州县区])(?=.{{2}})")


def _plainly(named: str) -> str:
    return _ADVERBS.sub("", named)
