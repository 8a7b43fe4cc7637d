"""What a language model may answer about one chunk: small, every field required, nothing open.

The strict mode of OpenAI-compatible endpoints takes this schema as it is. A field's docstring is its description.
What code can prove (value, unit, place, year, tense) is not asked for: an answer's token costs four times a prompt's.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from llmx.tasks.government.records import Domain, Stage


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class AnsweredFigure(_Part):
    n: int
    """编号"""
    indicator: str
    """衡量什么"""


class AnsweredRecognition(_Part):
    quote: str
    """逐字引文"""
    indicator: str | None
    """谁得了什么；与引文相同则null"""


class AnsweredProjects(_Part):
    quote: str
    """逐字引文，含名称与表示阶段的词"""
    stage: Stage
    """阶段"""
    names: list[str]
    """每个工程的名称"""


class AnsweredProblem(_Part):
    quote: str
    """逐字引文"""
    domain: Domain
    """领域"""


class AnsweredException(_Part):
    n: int
    """编号"""
    type: Literal["target", "achievement"] | None
    """性质不同于本段时"""
    year: int | None
    """年份不同于本段时"""
    scope: str | None
    """别人的数字：谁的"""


class Answer(_Part):
    figures: list[AnsweredFigure]
    """数字"""
    recognitions: list[AnsweredRecognition]
    """没有数字的认定"""
    projects: list[AnsweredProjects]
    """有名称的工程"""
    problems: list[AnsweredProblem]
    """不足、困难、风险"""
    exceptions: list[AnsweredException]
    """例外"""


OWN = (AnsweredFigure, AnsweredRecognition, AnsweredProjects, AnsweredProblem, AnsweredException)
