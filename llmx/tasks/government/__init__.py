"""Targets, achievements, projects and problems of Chinese government work reports and plan reports."""

from llmx.tasks.government.claims import FigureClaim, ProblemClaim, ProjectClaim, RecognitionClaim, ReportReading
from llmx.tasks.government.facts import ReportFacts
from llmx.tasks.government.following import Following, follow
from llmx.tasks.government.records import Achievement, Problem, Project, Target
from llmx.tasks.government.task import GOVERNMENT

__all__ = [
    "GOVERNMENT",
    "Achievement",
    "FigureClaim",
    "Following",
    "Problem",
    "ProblemClaim",
    "Project",
    "ProjectClaim",
    "RecognitionClaim",
    "ReportFacts",
    "ReportReading",
    "Target",
    "follow",
]
