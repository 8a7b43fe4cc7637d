"""The seam where implementations differ: a model reads a chunk and says what it claims."""

from llmx.models.checking import read_checked
from llmx.models.model import (
    Answering,
    AsyncModel,
    Batched,
    Divided,
    Estimating,
    Lost,
    Model,
    Part,
    Rereading,
    Settling,
    SyncModel,
    Unanswered,
    checker_of,
    open_model,
)
from llmx.models.options import ModelOptions, chosen

__all__ = [
    "Answering",
    "AsyncModel",
    "Batched",
    "Divided",
    "Estimating",
    "Lost",
    "Model",
    "ModelOptions",
    "Part",
    "Rereading",
    "Settling",
    "SyncModel",
    "Unanswered",
    "checker_of",
    "chosen",
    "open_model",
    "read_checked",
]
