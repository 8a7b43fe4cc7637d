"""The seam where implementations differ: a model reads a chunk and says what it claims."""

from llmx.models.model import AsyncModel, Estimating, Lost, Model, SyncModel, Unanswered, open_model
from llmx.models.options import ModelOptions

__all__ = ["AsyncModel", "Estimating", "Lost", "Model", "ModelOptions", "SyncModel", "Unanswered", "open_model"]
