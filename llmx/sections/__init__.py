"""What each part of a report is for: sections that tile the text, and chunks of them."""

from llmx.sections.chunks import BUDGET, halves, part_of, pieces_of, split_chunks
from llmx.sections.packing import packed, unpacked
from llmx.sections.section import Chunk, Role, Section
from llmx.sections.split import Outline, outline, section_at, sections_of
from llmx.sections.years import Years

__all__ = [
    "BUDGET",
    "Chunk",
    "Outline",
    "Role",
    "Section",
    "Years",
    "halves",
    "outline",
    "packed",
    "part_of",
    "pieces_of",
    "section_at",
    "sections_of",
    "split_chunks",
    "unpacked",
]
