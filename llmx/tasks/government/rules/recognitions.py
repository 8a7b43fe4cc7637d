"""Honours, ranks, accreditations and named statuses, won or to be won."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Literal

from llmx.alternation import any_of
from llmx.tasks.government.claims import RecognitionClaim
from llmx.tasks.government.rules.aims import aim, closing_aim, may_aim
from llmx.tasks.government.rules.mark import Mark
from llmx.tasks.government.rules.sentences import Bounds, items

Aim = Literal["target", "achievement"]
Measure = tuple[Mark, str]
"""A figure and what it measures."""
_PLACE = r"(?:全[国省市区县州盟旗球]|世界|国际|国内|西部|中部|东部|东北|西南|西北|华[东南中北]|长三角|[一-龥]{2,5}(?:地区|省|市)?)"

# Verbs that by themselves say a status was won.
_WON = (
    "获评 荣获 喜获 入选 获选 获批 上榜 登榜 授牌 挂牌成为 晋级 晋升为 升格为 跻身 入围 蝉联 摘得 摘获 夺得 斩获 获授 获颁 新晋 创成 荣登 荣膺 "
    "荣创 明确为 评为 评估为 评价为 评定为 列为 认定为 命名为 确定为 确立为 授予 获得批复 评选为 表彰为 捧得 捧回 问鼎 获誉"
)
_NAMED = r"(?:试点|示范|培育单位|建设单位|先进单位|地方标准|国家标准|名单|名录|清单|目录|案例|行列|百强|[0-9一二三四五六七八九十百]+强|经验|一等奖|二等奖|三等奖|金奖|银奖|大奖)"
_AWARD = r"(?:奖|称号|荣誉|表彰|通报表扬|激励|肯定|认证|批复|资格|奖牌|锦旗|殊荣|评级|证书|品牌|商标|推广|连[冠好优]|点赞|嘉奖|奖励|表扬|“?优秀”?|等次|“[^”]{1,6}”的?等)"
_ACHIEVED = re.compile(
    r"(?<!工程)(?<!项目)"
    + any_of(_WON)
    + r"(?![^，；。]{0,8}(?:国债|资金|债券|用地|贷款|投资))"
    + rf"|(?:获得?|受到|得到|取得|赢得)[^，；。]{{0,28}}?(?:{_AWARD}|{_NAMED})"
    + r"|通过[^，；。]{0,18}?(?:验收|评审|评估|认证|认定|复审|复核|复查|自评|督导|检查|考核|核查|审定|评定)"
    + rf"|(?:列入|纳入|进入|成功申报|成功列入|成功纳入|迈入|加入)[^，；。]{{0,26}}?(?:{_NAMED}|第一方阵|计划|规划|盘子|建设|共同体|平台|联盟|库|(?<!保障|报销|低保|医保|扶贫|帮扶|支付|监管|补贴|救助|管理|资助)范围)"
    + r"|成功(?:创建|创成|申报|申办|注册|争取|承办权)"
    + r"|(?:经验|做法|案例|模式|成果|机制|事迹|工作法)[^，；。]{0,24}(?:推广|推介|刊发|宣传|肯定|转发|交流|报道)"
    + r"|(?:位列|位居|进入|跻身)[^，；。]{0,14}(?:百强|十强|\d+强)|全[国省市]推广"
    + r"|建成(?:全[国省市]|国家级?|省级|市级)[^，；。]{2,20}(?:[省市县区镇乡村]|城市|河湖)$"
    + r"|成为[^，；。]{0,24}(?:唯一|首批|首个|首家|第一|试点|示范|城市|生源|区县|国家级|省级|市级)"
    + r"|(?:保持|获评?|评为|取得|居)[^，；。]{0,12}(?:A+ ?[档级](?!景)|“优秀”等次)"
    + r"|创建(?:全国|国家|省级|世界)[^，；。]{2,24}(?:[县市区州镇村]|城市|基地|单位)$"
)
_NTH = r"第(?:[一二三四五六七八九十]{1,3}|\d+)(?:位|名)?(?=$|[，。；、（(且并])"
_RANK = re.compile(
    rf"(?:(?:位?居|位列|列|排名|排|保持|稳居|跃居|跃升至?|上升至?|领先|名列|均居)?{_PLACE}[^，；。、第]{{0,8}}?|"
    rf"(?:稳居|位居|跃居|名列|居|排名)[^，；。、第]{{0,12}}?)"
    rf"(?<!放在|摆在|置于|作为|以及)(?:{_NTH}|首位(?!度)|榜首|之首|第一方阵|第一梯队)"
    r"|(?:稳居|位居|跃居|名列|居|排名|保持(?=全))[^，；。、第]{0,12}?(?:前列|前茅|前[一二三四五六七八九十\d]+[位名强]?)"
)
_RANKED = re.compile(r"[第首前]|唯一|之首|率先")
"""A clause without these holds no rank and no first; the patterns themselves begin anywhere and are slow."""
# A rank without a holder of its own speaks of the clause before: 地区生产总值增长5.8%，增速居全国第2位.
_DEPENDENT = re.compile(
    r"^(?:和|增速|增幅|增量|总量|总数|数量|规模|占比|均|分别|分(?=[居列])|继续|连续[^，]{1,4}年)*"
    r"(?:位?居(?!民)|位列|列|排名|排|保持|稳居|跃居|跃升至?|上升至?|领先|名列|全[国省市区县州](?=(?:排名?|位?居|位列)?[第首前唯最]))"
)
_AMONG = r"全[国省市区县州盟旗球]|世界|国际|国内|行业|西[部南北]|中部|东[部北南]"
# 重庆首个 is a first among others wherever it is said; 首次 and 率先 are only with 在 or a place of many.
_FIRST = re.compile(
    rf"(?:{_AMONG}|(?![建投打引举成新开用造办立])[一-龥]{{2,3}})(?:首[个批家例张座条台套艘款部只枚]|唯一|第一[个批家例张座笔])"
    rf"|(?:{_AMONG})(?:首[创制]|第\d+个)"
    rf"|(?:{_AMONG}|(?<=在)[一-龥]{{2,6}})(?:首次|率先)"
)
# Where the words of a rank begin: what stands before them is whose rank it is.
_RANK_FROM = re.compile(
    r"稳居|跃居|位居|位列|名列|排名|跃升|上升|升至|居|列|排|保持|领先|踏入|全[国省市区县州盟旗球]|世界|国际|国内|[东西中]部|东北|西南|西北|华[东南中北]|长三角"
)
_SHARING = re.compile(r"(?:均|分别|双双|都)+$")
_NTH_AGAIN = re.compile(r"第[一二三四五六七八九十\d]{1,3}[位名]?")
# 动力电池、储能电池|出货量: what the last of a list says for all, unless an item has a measure of its own.
_SHARED = re.compile(
    r"(?:出货|出栏|出口|拥有|保有)?(?:数量|年?产量|年?销量|产销量|总量|存量|容量|(?<=出货|出栏|出口|拥有|保有)量|规模|增速|占比|比重|增加值|总?产值|"
    r"收入|投资|总额|面积|价值|成效|幅度|人数|总数|(?:通车)?里程)$"
)
_MEASURED = re.compile(r"(?:[数率额量度值]|规模|增速|占比|比重|收入|投资|面积|成效|里程)$")
_LATELY = re.compile(r"(?:历史性|先后|继续|持续|再次|首次)+$")
_TAIL = re.compile(r"^[^，、]*")
_TO_RANK = re.compile(r"^(?:以上|以内|左右|[，,、]|\s)+")  # 22家|、|居全国第6
_WINS = re.compile(
    rf"(?:成功)?(?:{any_of(_WON)}|{any_of('争创 创建 申创 申报 申建 争当 建成 获得 获 受到 得到 取得 赢得 列入 纳入 进入 通过')})"
)
_EACH = re.compile("(?:分别|双双|均)?被?$")  # 甲药业、乙药业分别被|评为
_OWN_AIM = re.compile("(?<=..)(?:创建(?!名单)|争创|申创|申报|打造)(?=..)")
_DOES = re.compile("开工|进入|创建|争创|申报|入选|优化重组|建成")
_FAR = 400
"""What is so far away is left out of a quote, so that a list of thousands costs no more than its length."""
_ORGAN = re.compile("(?:[省市州县区]委|政府|部委|办公厅|[部厅局]|中央|国务院|[国中]办)$")  # 得到省委、省政府|肯定
_AND_LEVEL = re.compile("(?<=.{4})和(?=全国|国家|[省市]级|全省|中国)")
_ETC = re.compile(r"等[^、]{0,4}$")
_APPROVED = re.compile(
    "(?:可研|方案|条例|工程|项目|[高城]铁|铁路|高速|机场|水库|段)[^，；。]{0,2}(?:获批|获得批复|获[^，；。]{1,6}批复)$"
)
"""The way that works and plans go, no status: 柳河高铁可研|获批."""
_VAGUE = re.compile(r"(?:更多|一批|若干|多个)")
_LEAD = re.compile(
    r"^[\s*]*(?:[一二三四五六七八九十]+是|其中|并|同时|特别是|统筹|预计|全力|加快|积极|努力|力争|确保|推动|推进|启动|持续|扎实|深入|大力|抓实|支持|成功|整体策划|高质量|开展|做好|锚定|完成)*"
)
_STATUS = re.compile(rf"{_AWARD}|{_NAMED}|[国省市县]家?级|全[国省市县区]|示范|试点|百强|[“《]|国家|中国|世界")


def recognitions(
    text: str, clauses: Sequence[Bounds], figures: Sequence[Mark], named: Sequence[str], planned: bool
) -> list[RecognitionClaim]:
    """The recognitions of one sentence.

    Args:
        text: the chunk's text.
        clauses: bounds of the sentence's clauses, in order.
        figures: its figures that measure something; 创建示范村5个 is a figure's record, not a recognition.
        named: what each of the figures measures: 蚕茧产量 in 蚕茧产量达2万担、居全市第一.
        planned: whether the section speaks of what is to come.

    Returns:
        One claim a holder, in text order.
    """
    claims: list[RecognitionClaim] = []
    if not clauses or (planned and not may_aim(text, clauses[0][0], clauses[-1][1])):
        return claims
    measures = list(zip(figures, named, strict=True))
    places = [figure.start for figure in figures]
    before = clauses[0][0]
    for start, stop in clauses:
        earlier = first = last = 0
        if places:
            earlier, first, last = bisect_left(places, before), bisect_left(places, start), bisect_left(places, stop)
        if not planned:
            measured = before if earlier < first else start
            claims += _achieved(text, start, stop, measures[earlier:last], measured)
        elif first == last:
            claims += _aimed(text, start, stop)
        before = start
    return claims


def _achieved(text: str, start: int, stop: int, measures: Sequence[Measure], measured: int) -> list[RecognitionClaim]:
    """Statuses won in a clause; beside a figure only a rank counts.

    `measured` is where the clause before begins, if it has a figure that this one's rank may speak of.
    """
    clause = text[start:stop]
    figures = [figure for figure, _ in measures if start <= figure.start < stop]
    ranked = _RANKED.search(clause)
    rank = _RANK.search(clause) if ranked else None
    if figures and not (rank and all(figure.end - start <= rank.start() + 1 for figure in figures)):
        return []
    match = rank or _ACHIEVED.search(clause) or (_FIRST.search(clause) if ranked and not figures else None)
    if match is None or _VAGUE.match(clause):
        return []
    if match is not rank and _APPROVED.search(clause):
        return []
    if match is rank and not figures and _DEPENDENT.match(clause):
        start = measured
    lead = _LEAD.match(text[start:stop])
    verb = stop - len(clause) + match.start()
    begin = start + (lead.end() if lead and start + lead.end() <= verb else 0)
    if match is rank:
        words = _RANK_FROM.search(text, verb, stop)
        return _ranked(text, begin, words.start() if words else verb, stop, measures)
    return _by_holder(text, begin, verb, stop, "achievement")


def _ranked(text: str, begin: int, verb: int, stop: int, measures: Sequence[Measure]) -> list[RecognitionClaim]:
    """One claim for each thing that holds a rank: what the figures before it measure, or the names in a list."""
    sharing = _SHARING.search(text[begin:verb])
    held = verb - len(sharing.group()) if sharing else verb
    won = text[verb:stop]
    before = [(figure, name) for figure, name in measures if begin <= figure.start < held and name]
    if not before:
        return [_claim(text[a:stop], name + won, "achievement") for a, name in _holders(text, begin, held)]
    last = before[-1][0]
    between = text[last.end : held]
    every = sharing or "，" in between
    names = list(dict.fromkeys(name for _, name in before)) if every else [before[-1][1]]
    aspect = _TO_RANK.sub("", _TAIL.sub("", between, count=1)) if re.search("[，、]", between) else ""
    return [
        _claim(text[begin:stop], name if won in name else name + aspect + rank, "achievement")
        for name, rank in zip(names, _each(won, len(names)), strict=True)
    ]


def _each(ranks: str, size: int) -> list[str]:
    """The rank of each of `size` things: 居全国第二、第七、第九 holds three."""
    first, *others = ranks.split("、")
    if len(others) + 1 != size or "第" not in first or not all(_NTH_AGAIN.fullmatch(other) for other in others):
        return [ranks] * size
    return [first] + [first[: first.index("第")] + other for other in others]


def _holders(text: str, begin: int, stop: int) -> list[tuple[int, str]]:
    """The names in a list, each with its offset and with the measure that the last one says for all.

    葡萄酒、枸杞、生鲜乳等|年产量: 葡萄酒年产量, 枸杞年产量, 生鲜乳年产量
    """
    bounds = items(text, begin, stop)
    if len(bounds) < 2:
        return [(begin, text[begin:stop])]
    names = [_LATELY.sub("", text[a:b]) for a, b in bounds]
    last, etc, measure = names[-1].rpartition("等")
    if not etc:
        noun = _SHARED.search(names[-1])
        last, measure = names[-1].removesuffix(noun.group()) if noun else names[-1], noun.group() if noun else ""
    whole = [name if _MEASURED.search(name) else name + measure for name in names[:-1]]
    return [(a, name) for (a, _), name in zip(bounds, [*whole, last + measure], strict=True)]


def _aimed(text: str, start: int, stop: int) -> list[RecognitionClaim]:
    """Statuses to be won in a clause without a figure: 创建, 争创, 申报, 争取…试点 with a named status."""
    clause = text[start:stop]
    found = aim(clause)
    closing = None if found else closing_aim(clause)
    status = found or closing
    if status is None or _VAGUE.search(clause):
        return []
    lead = _LEAD.match(clause)
    begin = start + (lead.end() if lead and lead.end() <= status[0] else 0)
    verb, end = start + status[0], start + status[1]
    return _by_holder(text, begin, verb, end, "target") if found else _closing_aims(text, begin, verb, end)


def _closing_aims(text: str, begin: int, status: int, stop: int) -> list[RecognitionClaim]:
    """One claim for each holder of a status whose verb closes the clause: 县人民医院、县中医院|三级甲等医院创建."""
    holders = items(text, begin, status)
    if len(holders) < 2:
        return [_claim(text[begin:stop], text[begin:stop], "target")]
    return [_claim(text[a:stop], text[a:b] + text[status:stop], "target") for a, b in holders]


def _by_holder(text: str, begin: int, verb: int, stop: int, type: Aim) -> list[RecognitionClaim]:
    """One claim for each holder before the verb, or for each status after it."""
    stop = begin + len(text[begin:stop].rstrip(" *\n"))
    won = text[verb:stop]
    by = text.find("被", begin, stop)
    if by >= 0 and "、" in text[by:stop] and not _WINS.match(text, by + 1):  # 经验做法|被中办、国办|通报推广
        return [_claim(text[begin:stop], text[begin:stop], type)]
    holders = items(text, begin, verb)
    if len(holders) > 1:
        # 甲县建成…、乙县创建…: only what stands right before the verb is its holder
        own = [(a, b) for a, b in holders[:-1] if not _DOES.search(text, a, b)]
        return [
            _claim(text[a:stop], _EACH.sub("", _ETC.sub("", text[a:b])) + won, type) for a, b in [*own, holders[-1]]
        ]
    statuses = _statuses(text, verb, stop)
    praised = any(_ORGAN.search(text, a, b) for a, b in statuses[:-1])
    if (
        len(statuses) > 1
        and not praised
        and all(b - a >= 4 and (type == "target" or _STATUS.search(text[a:b])) for a, b in statuses)
    ):
        wins = _WINS.match(won)
        holder, verbs = text[begin:verb], wins.group() if wins else ""
        return [_claim(*_one_status(text, (begin, a, b), holder, verbs), type) for a, b in statuses]
    return [_claim(text[begin:stop], text[begin:stop], type)]


def _statuses(text: str, verb: int, stop: int) -> list[Bounds]:
    """The statuses of a list: split at 、, and at 和 before another level (全国文明县|和|国家卫生县)."""
    found: list[Bounds] = []
    for start, end in items(text, verb, stop):
        joint = _AND_LEVEL.search(text, start, end)
        found += [(start, joint.start()), (joint.end(), end)] if joint else [(start, end)]
    return found


def _one_status(text: str, place: tuple[int, int, int], holder: str, verbs: str) -> tuple[str, str]:
    """The quote and the words of one status of a list; 丙县争创… within it has a holder and a verb of its own."""
    begin, start, end = place
    name = text[start:end]
    wins = _WINS.match(name)
    if not wins and _OWN_AIM.search(name):
        return name, name
    return text[begin if end - begin <= _FAR else start : end], holder + (name if wins else verbs + name)


def _claim(quote: str, indicator: str, type: Aim) -> RecognitionClaim:
    return RecognitionClaim(type=type, quote=quote, indicator="".join(indicator.split()).replace("*", ""))
