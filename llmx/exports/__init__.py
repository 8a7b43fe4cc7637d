"""Records of a run for other programs and for people: tables, databases, lists of tasks, and answers to queries."""

from llmx.exports.answers import Answer, plain
from llmx.exports.export import LAYOUTS, Exported, export
from llmx.exports.query import query

__all__ = ["LAYOUTS", "Answer", "Exported", "export", "plain", "query"]
