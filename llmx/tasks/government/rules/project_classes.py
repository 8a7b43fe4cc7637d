"""The classes that a project's name ends in: facilities (大桥, 产业园) and works (综合整治), with 项目 or 工程 behind them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from llmx.alternation import any_of

_SEEN = 34


def _turned(words: str) -> str:
    return any_of(word[::-1] for word in words.split())


_FACILITY = (
    "高铁 铁路 专用线 高速公路 高速 公路 国道 省道 大道 快速路 快速通道 环线 隧道 大桥 特大桥 桥梁 机场 港口 港区 港 码头 航道 枢纽 航电枢纽 车站 火车站 "
    "高铁站 客运站 站房 换乘站 轨道 轨道交通 地铁 互通 立交 通道 连接线 连接道 停车场 货场 航站楼 匝道 道路 路 街 大街 段 线 "
    "水库 电站 水电站 抽水蓄能电站 储能电站 电厂 热电厂 核电 风电场 风电 光伏 光伏电站 变电站 输变电工程 变电工程 管网 管道 水厂 污水处理厂 净水厂 灌区 堤防 河堤 渠道 泵站 "
    "供水工程 引水工程 调水工程 水源工程 水网 气站 加油站 焚烧厂 焚烧发电 发电厂 供热站 填埋场 "
    "产业园 产业园区 园区 工业园 物流园 科技园 创业园 示范园 田园综合体 基地 生产线 厂房 标准厂房 工厂 车间 智算中心 数据中心 物流港 保税仓 保税区 冷链物流 冷库 粮库 仓库 "
    "医院 分院 院区 学校 小学 中学 高中 初中 一中 二中 三中 二小 幼儿园 大学 学院 职教城 职教中心 校区 新校区 卫生院 卫生中心 业务楼 综合楼 实验大楼 大楼 办公楼 服务楼 门诊楼 住院楼 教学楼 "
    "中心 次中心 馆 图书馆 博物馆 展览馆 文化馆 科技馆 纪念馆 美术馆 体育馆 体育场 体育中心 公园 湿地公园 广场 步道 绿道 街区 商业街 步行街 夜市 景区 度假区 小镇 综合体 市场 商圈 酒店 "
    "殡仪馆 公墓 养老院 养护院 福利院 敬老院 社区医院 公寓 安置房 安置点 小区 学城 新城 新区 片区 科创城 会展中心 滑雪场 索道 露营地 营地 水街 书院 剧院 剧场 大剧院 "
    "走廊 廊道 科学城 实验室 研究院 孵化器 加速器 平台二期 收费站 服务区 充电站 驿站 场馆 廉租房 保障房 运河 矿 厂 场 园 院 楼 站 库 坝 桥 塔 城 港 仓 "
    "煤矿 矿山 油田 气田 城际 跑道 口岸 特高压 输电通道 双环网 环网 核电站 电池厂 光热 灌渠 大坝 牧场 林场 渔港 渔场 养殖场 屠宰场 批发市场 农贸市场 展厅 塔楼 超算中心 云脑 "
    "总部 船闸 堤 路网 水系 干线 支线 复线 二线 号线 专线 中环 北环 南环 东环 西环 外环 绕城 闸 渠 井 管线 走线 输气管道 馆舍 中学堂 故居 遗址公园 古城 古镇 老街 "
    "二级路 一级路 三级路 电气化 集疏运 换热站 调蓄 分洪 驳岸 海堤 江堤 景观带 码头群 泊位 航运 机楼 新馆 新院 新址 总院 本部 大厦 广场 "
    "抽水蓄能 抽蓄 东延 西延 南延 北延 监控系统 监管系统 栈道 碧道 古道 文廊 云廊 连廊 长廊 锚地 出入口 海洋世界 冰雪世界 水世界 罐区 党校 看守所 监狱 蓄滞洪区 调蓄池 组团 拓展区 区块 商务区 功能岛 病区 乐园 装置 东区 西区 南区 北区 "
    "一期 二期 三期 四期 五期 一期工程 二期工程 三期工程 EPC TOD 设施 合作区 核心区 集聚区 活力区 集中区"
)
_WORKS = (
    "改造 综合整治 整治 综合治理 治理 修复 保护修复 提升 扩能 扩产 技改 扩容 开发 升级 改造提升 提档升级 更新 改造升级 业态升级 封场整治 修缮 保护利用 维修保护 疏浚 清淤 硬化 "
    "改建 迁建 扩建 改扩建 搬迁 新建 增建 重建 还建 技改扩能 扩机 加固 除险加固 提质改造 提标改造 扩能改造 扩容改造 技术改造 综合开发 生态修复 恢复 绿化 亮化 贯通"
)
THINGS = "地标 点 场所 空间 载体 楼盘 楼宇 阵地 产线 电源 作品"
"""Kinds that are no class of facility, and yet things that are built."""
_BRACKET = "(?:[）)][^（(）)]{1,8}[（(])?"
_QUOTE = "[”’』」]?"
_WHAT = "(?:目项|程工|设建)?"
# Read from the end of the name, so that one look tells.
_ENDS_WORKS = re.compile(f"{_WHAT}{_QUOTE}{_turned(_WORKS)}")
_ENDS_FACILITY = re.compile(f"{_BRACKET}{_WHAT}{_BRACKET}{_QUOTE}{_turned(_FACILITY)}|{_BRACKET}[一-龥]{{2,6}}·")
_ENDS_PROJECT = re.compile(f"{_BRACKET}(?:期[一二三])?{_QUOTE}(?:目项|程工)")
_ANY_FACILITY = re.compile(any_of(_FACILITY))
_ROAD = re.compile(r"^[GSXY]\d{1,4}(?:线|国道|省道)?$")
_PHASE = re.compile(r"^[一二三四五六七八九十\d]+期")
_BETWEEN = 8
_ENDINGS = {*f"{_FACILITY} {_WORKS} {THINGS} 项目 工程".split()}
CLASSES = [word for word in sorted(_ENDINGS) if not any(word[at:] in _ENDINGS for at in range(1, len(word)))]
"""What a project's name or its kind ends in, without those that end in another."""


class Shape(NamedTuple):
    """What a name ends in, empty where it does not."""

    works: str
    """综合整治项目"""
    facility: str
    """大桥（二期）"""
    project: str
    """项目"""


_NONE = Shape("", "", "")
_LASTS = frozenset([*(word[-1] for word in f"{_WORKS} {_FACILITY}".split()), *"目程设期”’』」）)"])


@lru_cache(4096)
def _shape(last: str) -> Shape:
    turned = "".join(last.split())[::-1]
    if turned[:1] not in _LASTS and "·" not in turned:
        return _NONE
    works, facility, project = _ENDS_WORKS.match(turned), _ENDS_FACILITY.match(turned), _ENDS_PROJECT.match(turned)
    return Shape(
        works.group()[::-1] if works else "",
        facility.group()[::-1] if facility else "",
        project.group()[::-1] if project else "",
    )


def shape_of(name: str) -> Shape:
    """What a name ends in."""
    return _shape(name[-_SEEN:])


def class_of(name: str) -> str:
    """The class that a name ends in, 大桥 or 综合整治项目; empty where it ends in none."""
    works, facility, project = _shape(name[-_SEEN:])
    return "" if name.endswith("之路") else works or facility or project  # 海上丝绸之路 is none to be built


def cuts_word(name: str, at: int) -> bool:
    """Whether `at` lies inside a class of facility: 柳河水|库岸带治理."""
    return any(match.start() < at < match.end() for match in _ANY_FACILITY.finditer(name))


def is_road(name: str) -> bool:
    """Whether a name is a road's number."""
    return bool(_ROAD.match(name))


def on_one(name: str) -> bool:
    """Whether it is works on one facility: 填埋场|封场整治, 产业园|配套基础设施提升工程."""
    works = shape_of(name).works
    before = name[: len(name) - len(works)] if works else ""
    return any(len(before) - match.end() <= _BETWEEN for match in _ANY_FACILITY.finditer(before))


def is_phase(words: str) -> bool:
    """Whether a class only counts: 二期."""
    return bool(_PHASE.match(words))
