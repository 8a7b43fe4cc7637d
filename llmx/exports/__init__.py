"""Records of a run for other programs and for people: tables, databases, lists of tasks."""

from llmx.exports.export import LAYOUTS, export
from llmx.exports.tasks import Task, tasks

__all__ = ["LAYOUTS", "Task", "export", "tasks"]
