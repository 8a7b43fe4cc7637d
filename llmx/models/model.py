"""What a model is, and how one is had by name."""

from __future__ import annotations

from typing import Protocol

from llmx.errors import UnknownModel
from llmx.reading import Reading
from llmx.sections import Chunk


class Model(Protocol):
    """Anything that reads a chunk. Everything after the Reading is shared by all models."""

    @property
    def name(self) -> str:
        """What records carry in their field `model`."""

    def read(self, chunk: Chunk) -> Reading:
        """Say what a chunk claims.

        Args:
            chunk: whole sentences of one section, with their figures.

        Returns:
            The claims: figures by their number in `chunk.figures` (from 1), all else by verbatim quote.

        Raises:
            ModelError: the model cannot answer; the chunk becomes a failure and the rest goes on.
        """


def open_model(model: str | Model) -> Model:
    """The model of a name; a model passes through.

    Raises:
        UnknownModel: no model has that name.
    """
    if not isinstance(model, str):
        return model
    if model == "rules":
        from llmx.models.rules import Rules

        return Rules()
    raise UnknownModel(f"no model named {model!r}; the model that this version has is 'rules'")
