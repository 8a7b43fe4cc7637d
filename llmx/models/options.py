"""What a caller may say of how a language model is asked; `rules` takes none of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypedDict

from llmx.calls import Hook

Mode = Literal["json_schema", "tools", "json", "markdown"]


class ModelOptions(TypedDict, total=False):
    """Keyword options of `extract`, `aextract`, `run`, `Extractor`; each has a default."""

    base_url: str
    """Where the endpoint is; the provider's own unless given."""
    api_key: str
    """The key; the provider's environment variable unless given."""
    mode: Mode
    """How the schema travels; the provider's own unless given."""
    temperature: float
    """Sampling temperature; sent only if given here or in the provider's table."""
    max_tokens: int
    """The most tokens an answer may have; the endpoint's own bound unless given."""
    concurrency: int
    """The most calls under way at once (64); fewer while the endpoint limits them."""
    rpm: int
    """Requests a minute that are never exceeded; unlimited unless given."""
    tpm: int
    """Tokens a minute, prompt and answer, that are never exceeded; unlimited unless given."""
    attempts: int
    """HTTP attempts a call at most (6)."""
    patience: float
    """Seconds that a call may take with all its attempts (600)."""
    timeout: float
    """Seconds that one attempt may take (120)."""
    reasks: int
    """How often an answer that breaks the schema is asked again (2)."""
    again: bool
    """Whether what the cache says to have failed is asked again."""
    passes: int
    """1: one question a chunk; 2: a second, short one where something stayed open (2)."""
    budget: str
    """The most that a run may spend: 5 (the price's currency), 5USD, 20CNY, or 200000tokens."""
    cache: Path | None
    """Where answers are kept; None keeps none; the user's own cache folder unless given."""
    config: Path
    """A llmx.toml; the one at hand, else the user's, unless given."""
    hooks: Sequence[Hook]
    """Called with each event of each call."""
