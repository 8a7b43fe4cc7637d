"""What a caller may say of how a language model is asked; `rules` takes none of it.

The one place where an option's name, type, range and default stand. Callers give `ModelOptions` whole, single options as
keywords, or both; `chosen` makes one validated value of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Annotated, Any, Literal, Self, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    ModelWrapValidatorHandler,
    SecretStr,
    ValidationError,
    model_validator,
)

from llmx.cache import default_cache
from llmx.calls import Hook
from llmx.errors import UsageError
from llmx.masking import names_secret

Mode = Literal["json_schema", "tools", "json", "markdown"]


def _path(value: object) -> object:
    """A path of any kind, with ~ as the home folder."""
    return Path(os.fsdecode(cast(Any, value))).expanduser() if isinstance(value, (str, os.PathLike)) else value


def _listed(value: object) -> object:
    """A callable alone as a list of one."""
    if callable(value):
        return (value,)
    return tuple(value) if isinstance(value, Iterable) and not isinstance(value, (str, Mapping)) else value


def _heard(hooks: tuple[Hook, ...]) -> tuple[Hook, ...]:
    """Hooks that are called and not awaited."""
    if waiting := [hook for hook in hooks if iscoroutinefunction(hook)]:
        raise ValueError(f"{waiting[0].__qualname__} is async and would not be awaited; give a plain function")
    return hooks


def _written(value: object) -> object:
    """A number as a user would write it."""
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


Place = Annotated[Path, BeforeValidator(_path)]
Hooks = Annotated[tuple[Callable[..., Any], ...], BeforeValidator(_listed), AfterValidator(_heard)]
Amount = Annotated[str, BeforeValidator(_written)]
Temperature = Annotated[float, Field(ge=0, le=2)] | Literal["none"]
Count = Annotated[int, Field(ge=1)]


class RequestOptions(BaseModel):
    """What is sent with each request: in llmx.toml for a provider or a model, or for one run."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True, allow_inf_nan=False
    )

    mode: Mode | None = None
    """How the schema travels: json_schema, tools, json or markdown; the provider's own unless given."""
    temperature: Temperature | None = None
    """Sampling temperature, or "none" to send none; the provider's own unless given."""
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None
    """Share of the likeliest tokens that are sampled; sent only if given."""
    seed: int | None = None
    """For samples that repeat, where the endpoint can; sent only if given."""
    reasoning_effort: Annotated[str, Field(min_length=1)] | None = None
    """How much a reasoning model thinks, in the endpoint's words: none, minimal, low, medium, high, …"""
    extra_body: dict[str, JsonValue] = {}
    """Further fields of each request, such as {"enable_thinking": False}."""
    extra_headers: dict[str, str] = {}
    """Further HTTP headers of each request."""
    query: dict[str, str] = {}
    """Query of the address, such as {"api-version": "2024-10-21"}."""
    stream: bool | None = None
    """True for models that only stream: the answer comes in pieces and is put together."""
    system: bool | None = None
    """False for models without a system role: its words go into the first message of the user."""

    chunk: Annotated[int, Field(ge=50)] | None = None
    """Characters of text in a question at most: chunks are filled up to it over borders of role, year and tense; the
    provider's own unless given, else 2,500 that no border crosses."""

    def over(self, other: RequestOptions) -> RequestOptions:
        """These settings on top of others; fields, headers and queries are joined."""
        given = {name: getattr(self, name) for name in RequestOptions.model_fields if self._gives(name)}
        for name in ("extra_body", "extra_headers", "query"):
            given[name] = {**getattr(other, name), **getattr(self, name)}
        return RequestOptions(**{name: getattr(other, name) for name in RequestOptions.model_fields} | given)

    def _gives(self, name: str) -> bool:
        return getattr(self, name) is not None


class ModelOptions(RequestOptions):
    """How a language model is asked: options of `extract`, `aextract`, `extract_many`, `run`, `Extractor`.

    Raises:
        UsageError: an option has no such name, type or range.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    base_url: str | None = None
    """Where the endpoint is; the provider's own unless given."""
    api_key: SecretStr | None = None
    """The key; the provider's environment variable unless given."""
    http_client: Any = None
    """An httpx2.AsyncClient of your own, for proxies, certificates and the like; it is not closed."""
    fallback: str | None = None
    """PROVIDER/MODEL that is asked for what the first refuses or fails; its settings are its provider's."""
    max_tokens: Annotated[int, Field(ge=16)] | None = None
    """The most tokens an answer may have; the endpoint's own bound unless given."""
    concurrency: Count = 64
    """The most calls under way at once; fewer while the endpoint limits them."""
    rpm: Count | None = None
    """Requests a minute that are never exceeded; unlimited unless given."""
    tpm: Count | None = None
    """Tokens a minute, prompt and answer, that are never exceeded; unlimited unless given."""
    attempts: Count = 6
    """HTTP attempts a call at most."""
    patience: Annotated[float, Field(ge=0)] = 600.0
    """Seconds that a call may take with all its attempts."""
    timeout: Annotated[float, Field(gt=0)] = 120.0
    """Seconds that one attempt may take."""
    reasks: Annotated[int, Field(ge=0)] = 2
    """How often an answer that breaks the schema is asked again."""
    again: bool = False
    """Whether what the cache says to have failed is asked again."""
    passes: Annotated[int, Field(ge=1, le=2)] = 2
    """1: one question a chunk; 2: a second, short one where something stayed open."""
    check: Any = None
    """What else reads each chunk, PROVIDER/MODEL or a Model: figures that it claims and the first leaves out are asked
    about in the second look; the task's own reader unless given."""
    budget: Amount | None = None
    """The most that a run may spend: 5 (the price's currency), 5USD, 20CNY, or 200000tokens."""
    allowance: Any = None
    """Where processes find the rates, budget and answers that they share: a `llmx.models.allowance.Reach`."""
    cache: Place | None = Field(default_factory=default_cache)
    """Where answers are kept; None keeps none; the user's own cache folder unless given."""
    config: Place | None = None
    """A llmx.toml, which is trusted; the one at hand over the user's unless given."""
    hooks: Hooks = ()
    """Called with each event of each call: one callable or several."""

    @model_validator(mode="wrap")
    @classmethod
    def _in_words(cls, given: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(given)
        except ValidationError as error:
            raise UsageError("; ".join(dict.fromkeys(_fault(one) for one in error.errors(include_url=False)))) from None

    @property
    def given(self) -> dict[str, Any]:
        """The options that were given, without those left at their default."""
        return {name: getattr(self, name) for name in ModelOptions.model_fields if name in self.model_fields_set}

    def __reduce__(self) -> tuple[Any, ...]:
        """Without the key, which is found again by the provider's variable.

        Raises:
            TypeError: an option is a key under another name, or cannot leave the process.
        """
        for name in ("http_client", "hooks"):
            if getattr(self, name):
                raise TypeError(
                    f"option {name} is of this process and cannot be pickled; give it where the options arrive"
                )
        for name in ("extra_headers", "query", "extra_body"):
            if secret := next(filter(names_secret, getattr(self, name)), None):
                raise TypeError(
                    f"option {name}: {secret} may be a key, and keys are in no pickle; give it where they arrive"
                )
        return _remade, ({name: value for name, value in self.given.items() if name != "api_key"},)

    def keys(self) -> Iterable[str]:
        """The names of the options given: `**options` and `options | {…}` take them as keywords."""
        return self.given.keys()

    def __getitem__(self, name: str) -> Any:
        return self.given[name]

    def __or__(self, other: Mapping[str, Any]) -> dict[str, Any]:
        return self.given | dict(other)

    def with_(self, **changes: Any) -> ModelOptions:
        """These options with some changed.

        Raises:
            UsageError: as when made.
        """
        return ModelOptions(**self.given | changes)

    def of_fallback(self) -> ModelOptions:
        """These options for the fallback: without what is the first model's own, its address, key and settings."""
        own = {*RequestOptions.model_fields, "base_url", "api_key", "fallback"}
        return ModelOptions(**{name: value for name, value in self.given.items() if name not in own})

    def heard_by(self, *hooks: Hook) -> ModelOptions:
        """These options with further listeners."""
        return self.with_(hooks=(*self.hooks, *hooks))


def _remade(given: dict[str, Any]) -> ModelOptions:
    return ModelOptions(**given)


def chosen(options: ModelOptions | None, given: Mapping[str, Any]) -> ModelOptions:
    """One value of options given whole and as keywords; keywords come first.

    Raises:
        UsageError: an option has no such name, type or range.
    """
    if options is not None and not isinstance(options, ModelOptions):
        raise UsageError(f"options is a {type(options).__name__}, not ModelOptions; give single options by name")
    if options is None:
        return ModelOptions(**given)
    return options.with_(**given) if given else options


def _fault(error: Any) -> str:
    """What is wrong with an option, without the value of a secret."""
    name = str(error["loc"][0]) if error["loc"] else "options"
    if error["type"] == "extra_forbidden":
        near = get_close_matches(name, ModelOptions.model_fields, 1, 0.6)
        known = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(ModelOptions.model_fields))}"
        return f"no option {name!r}; {known}"
    inner = [str(part) for part in error["loc"][1:]]
    silent = name in ("api_key", "http_client") or any(map(names_secret, inner))
    value = "" if silent else f" = {error['input']!r:.100}"
    return f"option {name}{value}: {error['msg'][:1].lower()}{error['msg'][1:]}; see ModelOptions.{name}"
