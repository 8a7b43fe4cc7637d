"""Records of a run for other programs and for people: tables, databases, lists of tasks."""

from llmx.exports.export import LAYOUTS, Exported, export

__all__ = ["LAYOUTS", "Exported", "export"]
