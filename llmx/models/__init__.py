"""The seam where implementations differ: a model reads a chunk and says what it claims."""

from llmx.models.model import Model, open_model

__all__ = ["Model", "open_model"]
