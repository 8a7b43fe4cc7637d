"""What each part of a report is for, of which year, and whether it reports or plans."""

from llmx.tasks.government.structure.outline import Outline, outline
from llmx.tasks.government.structure.roles import Role
from llmx.tasks.government.structure.years import Years

__all__ = ["Outline", "Role", "Years", "outline"]
