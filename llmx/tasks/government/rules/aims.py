"""Statuses to be won: 创建, 争创, 申报, 争取…试点 with a named status.

Only what somebody awards is a status: a place or house that strives for an event, a project, money or more favour, or
that only deepens or goes on with what it has, wins none.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from llmx.alternation import any_of


class Aim(NamedTuple):
    """Verbs and the status that they must govern."""

    verbs: str
    status: str
    example: str
    """A sentence of a plan that has such an aim."""


_LEVEL = "国家|全国|老字号|[省市州]级|自治区级|世界|国际|全[省市区州]|中国|[345]A|A级|《"
_KIND = "示范|试点|先行[区市县]|百强|文明|卫生|双拥|模范|先进|森林|园林|三甲|二甲|三级甲等|二级甲等|平安[杯县市区]|长安杯|保护区|名[城镇村]|老字号|遗产|标杆|旗舰|之乡|强[县市区镇]|领跑|连冠|高新区|经开区|双高"
_LISTED = "名单|名录|清单|目录|试点|示范|单位|规划|案例|百强|保护|库$"
_WORDS = f"(?:{_LEVEL}|{_KIND}|“[^”]{{2,12}}”[^，；。]{{0,8}}(?:基地|园区|[县市区]|集群|奖|杯|称号))"

AIMS = (
    Aim(
        "争创 创建 创成 荣创 申创 申报 申建 争当 创争 成长为 蝉联 晋升 晋级 评为 获评 荣获 捧回 捧得",
        _WORDS,
        "支持龙河镇创建国家卫生镇。",
    ),
    Aim("入选 获批 纳入 列入 争取 争取纳入 争取列入 争取入选", f"(?:{_LISTED})", "争取县域商业体系建设试点。"),
    Aim(
        "建成",
        "(?:示范(?:[县市区州]|城市|高中|学校|园区|先行区)|文明城市|先行区|百强|模范|强[县市区]|[二三]甲)",
        "建成全省城乡一体化示范区。",
    ),
    Aim("创 捧 四捧 三捧", "“[^”]{2,8}”$", "支持县第二人民医院创“二甲”。"),
    Aim("冲刺 跻身 进入", r"(?:百强|\d+强|国家级|前列|十强)", "推动龙河高新区冲刺百强高新区。"),
    Aim("通过 取得 完成", "(?:复[核审查]|验收|评估|评审|认定|认证|资格|称号|提名)", "确保通过国家卫生县城复审。"),
)
_VERB = re.compile(any_of([word for row in AIMS for word in row.verbs.split()]))
_STATUS = {word: re.compile(f"[^，；。]{{0,40}}?{row.status}[^，；。]*") for row in AIMS for word in row.verbs.split()}
# 推进|全国文明城市|创建: the verb may close the clause.
_CLOSED = re.compile(
    f"(?:{_LEVEL}|(?:{_KIND})(?!细胞)(?=[^，；。]{{1,8}}(?:创建|申)))[^，；。]{{0,24}}?(?:创建|申报|申创|创成)$"
)
_CLOSING = ("创建", "申报", "申创", "创成")
_GOES_ON = re.compile("(?:深化|巩固|加强|强化|统筹(?!推进)|抓好|完善|打造|提升)[^，；。]{0,16}$")
"""Before the verb: what is deepened or kept is there already."""
_REASON = re.compile("(?:^|[着紧要])(?:以|围绕|聚焦|对标|对照|依托|借助|按照)[^，；。]{0,16}$")
"""Before the verb: 以创建全国文明城市为契机 says why something else is done."""
_NO_STATUS = re.compile(
    "举办|承办|主办|资金|债券|国债|转移支付|支持$|支持力度|帮扶|落户|倾斜|盘子|活动|会展|重大|(?<!奖补)(?<!试验)(?<!试点)项目$|总体要求|品牌创建|满堂红|(?:机制|体系|制度|模式)(?!.{0,6}(?:示范|试点))|氛围|环境$|"
    "格局|条件|行动$|工程$|方案|办法|局面|路径|意见|政策|预算|现代化国家|小康社会|伟大复兴|范围|监管|统筹|管理$|保障$|共同体意识$|为契机|为抓手|为统领|为目标|为牵引|实验室$|中心$"
)
_FACILITY = re.compile("(?:馆|站|医院|楼|水厂|病区|项目（[一二三]期）|路网|健身圈|世界|调峰站)$")


def may_aim(text: str, start: int, stop: int) -> bool:
    """Whether a sentence holds any verb of an aim; its clauses need not be looked at where it does not."""
    return _VERB.search(text, start, stop) is not None


def aim(clause: str) -> tuple[int, int] | None:
    """Where the verb of a status to be won begins in a clause, and where the status ends; None where there is none.

    Args:
        clause: one clause of a plan.
    """
    verbs = list(_VERB.finditer(clause))
    for verb in verbs:
        status = _STATUS[verb.group()].match(clause, verb.end())
        if verb.group() == "争取" and verb is not verbs[-1]:
            continue  # 争取甲高铁|纳入规划
        if status and _is_aim(clause[: verb.start()], clause[verb.start() : status.end()]):
            return verb.start(), status.end()
    return None


def closing_aim(clause: str) -> tuple[int, int] | None:
    """Where the status that a clause with its verb at the end is about begins, and where it ends: 全国文明城市|创建."""
    closed = _CLOSED.search(clause) if clause.rstrip(" *\n").endswith(_CLOSING) else None
    if not closed or _GOES_ON.search(clause[: closed.start()]) or _NO_STATUS.search(clause):
        return None
    return closed.span()


def _is_aim(before: str, words: str) -> bool:
    """Whether a verb with its status, by the words before it, is something to be won."""
    if _GOES_ON.search(before) or _REASON.search(before):
        return False
    return not _NO_STATUS.search(words) and not (words.startswith("建成") and _FACILITY.search(words))
