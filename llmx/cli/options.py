"""Options of language models, from a command's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def given_options(parameters: Mapping[str, Any]) -> Any:
    """Those of a command's parameters that are `ModelOptions` and were given."""
    from llmx.models import ModelOptions

    return {name: parameters[name] for name in ModelOptions.__annotations__ if parameters.get(name) is not None}
