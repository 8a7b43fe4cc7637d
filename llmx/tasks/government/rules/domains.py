"""The field of policy that a statement belongs to, by its words."""

from __future__ import annotations

import re
from functools import lru_cache

from llmx.alternation import any_of
from llmx.tasks.government.records import Domain

# In the order of the contract; a later word of a statement weighs more than an earlier one, since the noun that a
# Chinese statement is about stands nearest its predicate; a longer word says more (财政收入, not 收入).
_WORDS: dict[Domain, str] = {
    "economy": "经济 增长 需求 内需 外需 消费 投资 市场 主体 营商 民营 企业 生产经营 经营 外贸 进出口 招商 开放 指标 增速 预期 城乡区域 区域发展 外资 项目 商贸 物价 动能",
    "industry": "产业 工业 制造 创新 科技 研发 链条 产业链 转型 升级 新质生产力 数字经济 园区 人才 成果转化 服务业 文旅 旅游 龙头",
    "agriculture": "农业 农村 农民 乡村 粮食 耕地 扶贫 脱贫 返贫 种植 养殖 村集体 畜牧 三农 农产品",
    "infrastructure": "基础设施 交通 公路 铁路 水利 能源 电力 供水 城市建设 管网 城镇化 城市功能 城市管理 市政 停车 通信 城建 土地 用地 要素 危旧房 危房 房屋 棚户区 城市更新",
    "environment": "生态 环境 环保 污染 节能 减排 碳 空气 水质 绿色 降耗 能耗 雾霾 臭氧 大气 水土 地下水 水源",
    "livelihood": "民生 就业 教育 医疗 养老 托育 社保 公共服务 收入 增收 居民 群众 文化 住房 卫生 健康 人口 老龄 生活 学位 民生实事 中小学 优质资源 人均可支配收入 美好生活 公共服务质量",
    "finance": "保工资 刚性支出 财政收入 税收收入 财政 税收 税源 债务 金融 预算 收支 支出 三保 银行 房地产 融资 资金 偿债",
    "safety": "安全 稳定 维稳 信访 反分裂 领域风险 化解风险 风险防控 灾害 应急 防灾 隐患 消防 社会治安 事故",
    "governance": "政府 干部 作风 效能 改革 廉政 腐败 执行力 担当 形式主义 官僚主义 治理 法治 职能 服务意识 思维 落实 监管 行政 本领 四风 政策落地 协调配合 目标任务 工作人员 不作为 懒政 政风 行风 寻租 利益输送 服务质量 工作效率 依法",
}
# 环境 and 稳定 of the economy are no nature and no safety.
_OF_ECONOMY = re.compile(r"(?:营商|外部|市场|消费|发展)环境|经济(?:运行|增长)?稳定|稳定(?:向好|增长|运行|回升)")
_DOMAINS = {word: domain for domain, words in _WORDS.items() for word in words.split()}
_ANY = re.compile(any_of(_DOMAINS))
"""The longest word at a place, whichever domain's; no word begins with a word of another domain."""


def domain_of(statement: str) -> Domain:
    """The domain whose words weigh most in a statement; economy where none is found.

    Args:
        statement: one shortcoming, as the report words it.
    """
    return telling_domain(statement) or "economy"


@lru_cache(maxsize=1 << 16)  # the same statements recur from report to report; 5 µs each where they do not
def telling_domain(statement: str) -> Domain | None:
    """The domain whose words weigh most in a statement; None where it holds no word of any."""
    if "环境" in statement or "稳定" in statement:
        statement = _OF_ECONOMY.sub("经济", statement)
    scores: dict[Domain, float] = {}
    ends: dict[Domain, int] = {}
    match = _ANY.search(statement)
    while match:
        start, end = match.span()
        domain = _DOMAINS[match[0]]
        if start >= ends.get(domain, 0):  # a word within another of its domain counts once
            scores[domain] = scores.get(domain, 0) + (end - start) / 2 + end / (2 * len(statement))
            ends[domain] = end
        match = _ANY.search(statement, start + 1)  # words of several domains may overlap
    if len(scores) < 2:
        return next(iter(scores), None)
    return max((domain for domain in _WORDS if domain in scores), key=lambda domain: scores[domain])
