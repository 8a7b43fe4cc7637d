"""The embedded model: reads a chunk by the grammar of government reports. No network, no key, no weights."""

from llmx.tasks.government.rules.rules import Rules

__all__ = ["Rules"]
