"""Every number of a text: span, value, unit, comparator and measure, or why it measures nothing."""

from llmx.figures.figure import Figure
from llmx.figures.find import find_figures
from llmx.figures.reasons import REASONS, Reason
from llmx.figures.script import Script, script_of
from llmx.figures.units import base_quantity

__all__ = ["REASONS", "Figure", "Reason", "Script", "base_quantity", "find_figures", "script_of"]
