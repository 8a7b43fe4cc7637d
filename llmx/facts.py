"""What a document says of itself, with the words that say it; absent is None, never guessed."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Evidence(BaseModel):
    """The words that a fact was taken from."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    quote: str
    """Verbatim: `text[start:end]`."""
    start: int
    """Where the quote begins, in code points of the document's text."""
    end: int
    """Where it ends, exclusive."""


class Facts(BaseModel):
    """What a document says of itself. A task's own facts are a subclass."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    evidence: dict[str, Evidence] = {}
    """The words behind each fact, by the fact's name."""

    @property
    def told(self) -> dict[str, Any]:
        """The facts that are known, by name."""
        fields = {name: getattr(self, name) for name in type(self).model_fields if name != "evidence"}
        return {name: value for name, value in fields.items() if value is not None}
