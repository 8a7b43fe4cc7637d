"""What a document is made of: sections that tile the text, and chunks of them."""

from llmx.sections.chunks import BUDGET, halves, part_of, pieces_of, split_chunks
from llmx.sections.outline import OUTLINES, outline_by_headings
from llmx.sections.packing import packed, unpacked
from llmx.sections.path import Path, Step, best_path
from llmx.sections.section import Chunk, Section, narrow, section_at, sections_of

__all__ = [
    "BUDGET",
    "OUTLINES",
    "Chunk",
    "Path",
    "Section",
    "Step",
    "best_path",
    "halves",
    "narrow",
    "outline_by_headings",
    "packed",
    "part_of",
    "pieces_of",
    "section_at",
    "sections_of",
    "split_chunks",
    "unpacked",
]
