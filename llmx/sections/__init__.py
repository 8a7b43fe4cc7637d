"""The heading tree of a report: sections that tile the text, and chunks of them."""

from llmx.sections.chunks import BUDGET, halves, part_of, split_chunks
from llmx.sections.section import Chunk, Role, Section
from llmx.sections.split import section_at, sections_of, split_sections
from llmx.sections.years import planned_year

__all__ = [
    "BUDGET",
    "Chunk",
    "Role",
    "Section",
    "halves",
    "part_of",
    "planned_year",
    "section_at",
    "sections_of",
    "split_chunks",
    "split_sections",
]
