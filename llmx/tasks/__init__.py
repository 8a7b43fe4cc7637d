"""What is extracted: how a model's reading of a chunk becomes records."""

from llmx.tasks.report import Unclaimed, audit, ground, merge

__all__ = ["Unclaimed", "audit", "ground", "merge"]
