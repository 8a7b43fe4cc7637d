"""Language models behind OpenAI-compatible endpoints; the only room that imports openai, instructor and tenacity."""

from llmx.models.openai.model import LanguageModel

__all__ = ["LanguageModel"]
