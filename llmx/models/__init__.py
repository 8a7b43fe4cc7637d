"""The seam where implementations differ: a model reads a chunk and says what it claims."""

from llmx.models.model import (
    AsyncModel,
    Divided,
    Estimating,
    Lost,
    Model,
    Part,
    Settling,
    SyncModel,
    Unanswered,
    open_model,
)
from llmx.models.options import ModelOptions, chosen

__all__ = [
    "AsyncModel",
    "Divided",
    "Estimating",
    "Lost",
    "Model",
    "ModelOptions",
    "Part",
    "Settling",
    "SyncModel",
    "Unanswered",
    "chosen",
    "open_model",
]
