"""Figures of English and other text in Latin script.

text → its language → that language's marks, months, units and currencies → numbers → what each measures
"""

from llmx.figures.latin.find import find_latin_figures
from llmx.figures.latin.units import latin_base

__all__ = ["find_latin_figures", "latin_base"]
