"""Which endpoint a model's name stands for: providers as data, keys from the environment or the configuration."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from llmx.batch import Limits
from llmx.errors import UnknownModel, UsageError
from llmx.masking import keep_secret, names_secret
from llmx.models.openai.configuration import Source, not_agreed, read_sources
from llmx.models.openai.secret import check_headers, usable_key
from llmx.models.options import Mode, ModelOptions, RequestOptions


class Headers(BaseModel):
    """Names of a provider's rate-limit headers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    remaining_requests: str = "x-ratelimit-remaining-requests"
    remaining_tokens: str = "x-ratelimit-remaining-tokens"
    reset_requests: str = "x-ratelimit-reset-requests"
    reset_tokens: str = "x-ratelimit-reset-tokens"


class ModelRow(RequestOptions):
    """How some models of a provider are asked."""

    @model_validator(mode="before")
    @classmethod
    def _short_names(cls, table: Any) -> Any:
        """`body` and `headers`, as other programs call them, stand for `extra_body` and `extra_headers`."""
        short = {"body": "extra_body", "headers": "extra_headers"}
        return {short.get(name, name): value for name, value in table.items()} if isinstance(table, dict) else table


class Provider(ModelRow):
    """One table of providers.toml or of [providers] in llmx.toml."""

    base_url: str = ""
    base_url_variable: str = ""
    path: str = ""
    key: str = ""
    key_value: SecretStr | None = None
    """The key itself, in a configuration that is nobody else's to read."""
    key_header: str = "Authorization"
    key_optional: bool = False
    max_tokens: str = "max_tokens"
    rate_headers: Headers = Field(default_factory=Headers)
    batch: Limits | None = None
    """What it takes in a batch; None where it takes none, as far as is known."""
    models: dict[str, ModelRow] = Field(default_factory=dict)
    """By patterns of names, such as qwen3-*; the longest that fits counts."""

    def asks(self, model: str) -> RequestOptions:
        """How a model is asked."""
        fitting = [pattern for pattern in self.models if fnmatch(model.lower(), pattern.lower())]
        return self.models[max(fitting, key=len)].over(self) if fitting else self


_WHERE_KEYS_GO = ("base_url", "base_url_variable", "path", "key", "key_value", "key_header")


class TablePrice(BaseModel):
    """A price of [prices] in llmx.toml, for a million tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompt: float
    completion: float
    cached: float | None = None
    """Of prompt tokens in the provider's cache; the prompt's price unless given."""
    currency: str = "USD"


class Configuration(BaseModel):
    """What llmx.toml may say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    providers: dict[str, Provider] = {}
    prices: dict[str, TablePrice] = {}
    indicators: dict[str, str] = {}
    """The file of a user's indicators, which `llmx extract` gives to a task that takes some."""
    trusted: list[str] = []
    """Folders whose own llmx.toml may say where keys and reports are sent; only in the user's own file."""


class Endpoint(BaseModel):
    """Where a model is asked, with what and how."""

    model_config = ConfigDict(frozen=True)

    name: str
    """Provider and model, as records carry it."""
    provider: str
    model: str
    base_url: str
    key: SecretStr
    key_header: str
    asked: RequestOptions
    """What is sent with each request, as tables and options say."""
    insisted: frozenset[str]
    """What of it the user said, and not only the shipped table: it is not changed where an endpoint refuses it."""
    mode: Mode
    max_tokens: str
    rate_headers: Headers
    price: TablePrice | None
    """From the configuration; otherwise genai-prices is asked."""

    is_own_address: bool
    """Whether the base URL is the provider's own."""
    batch: Limits | None = None
    """What it takes in a batch."""
    share: float = 1.0
    """What calls cost, as a share of the model's price: less than all in a batch."""

    @property
    def temperature(self) -> float | None:
        """The sampling temperature; None where none is sent."""
        return None if isinstance(self.asked.temperature, str) else self.asked.temperature

    @property
    def in_batches(self) -> Endpoint:
        """This endpoint at the price of its batches."""
        return self.model_copy(update={"share": self.batch.price if self.batch else 1.0})

    @property
    def host(self) -> str:
        """Host and port, without scheme, path, user or password: what messages carry."""
        address = urlsplit(self.base_url)
        return f"{address.hostname}:{address.port}" if address.port else address.hostname or ""

    @property
    def address(self) -> str:
        """Scheme, host, port and path: what cache keys carry. Two paths of one gateway may be two models."""
        address = urlsplit(self.base_url)
        usual = {"http": 80, "https": 443}[address.scheme]
        port = "" if address.port in (None, usual) else f":{address.port}"
        return f"{address.scheme}://{address.hostname}{port}{address.path}"


@dataclass(frozen=True, slots=True)
class _Layer:
    """What one file says of one provider."""

    table: Provider
    source: Source | None
    """None for what is shipped."""


def find_endpoint(name: str, options: ModelOptions) -> Endpoint:
    """The endpoint of PROVIDER/MODEL; with a base URL the provider may be left out.

    Raises:
        UnknownModel: no provider has that name.
        UsageError: the key is missing or no key, or the configuration or base URL is wrong or not agreed to.
    """
    sources = read_sources(options.config)
    read = [(source, _validated(source)) for source in sources]
    shipped = _shipped()
    known = dict.fromkeys([*shipped, *(one for _, configuration in read for one in configuration.providers)])
    prefix, model = _parts(name, list(known), options)
    layers = [_Layer(shipped[prefix], None)] if prefix in shipped else []
    layers += [_Layer(found.providers[prefix], source) for source, found in read if prefix in found.providers]
    provider = _joined(prefix, layers)
    base_url, query, is_own = _address(prefix, model, provider, options)
    asked = options.over(RequestOptions(query=query))
    for layer in reversed(layers):
        asked = asked.over(layer.table.asks(model))
    check_headers(asked.extra_headers)
    for field, value in [*asked.extra_headers.items(), *asked.query.items()]:
        if names_secret(field):
            keep_secret(value.removeprefix("Bearer "))
    prices = {of: price for _, configuration in read for of, price in configuration.prices.items()}
    return Endpoint(
        name=f"{prefix}/{model}",
        provider=prefix,
        model=model,
        base_url=base_url,
        is_own_address=is_own,
        key=_key(prefix, provider, options, base_url),
        key_header=provider.key_header,
        asked=asked,
        insisted=_insisted([options, *(layer.table.asks(model) for layer in layers if layer.source)]),
        mode=asked.mode or "json",
        max_tokens=provider.max_tokens,
        rate_headers=provider.rate_headers,
        price=prices.get(f"{prefix}/{model}") or prices.get(model),
        batch=provider.batch,
    )


def _parts(name: str, providers: Sequence[str], options: ModelOptions) -> tuple[str, str]:
    """Provider and model of a name."""
    prefix, slash, model = name.partition("/")
    if prefix not in providers or not slash:
        if not options.base_url:
            raise UnknownModel(
                f"no model named {name!r}; use 'rules', or PROVIDER/MODEL with one of {', '.join(providers)}, or give "
                "any OpenAI-compatible endpoint with --base-url"
            )
        prefix, model = "openai", name
    if not model:
        raise UnknownModel(f"{name!r} names a provider but no model; write for instance {prefix}/MODEL")
    return prefix, model


def _joined(name: str, layers: Sequence[_Layer]) -> Provider:
    """One provider of what several files say, the later over the earlier.

    Raises:
        UsageError: a file that is not trusted says where keys go.
    """
    said: dict[str, Any] = {}
    for layer in layers:
        given = {field: getattr(layer.table, field) for field in layer.table.model_fields_set}
        if layer.source and not layer.source.trusted and (wanted := [one for one in _WHERE_KEYS_GO if one in given]):
            raise not_agreed(layer.source, name, wanted)
        said |= given
    return Provider.model_construct(**said)


def _insisted(settings: Iterable[RequestOptions]) -> frozenset[str]:
    """Names of settings, and of fields of the body, that the user gave."""
    names: set[str] = set()
    for one in settings:
        names |= {name for name in RequestOptions.model_fields if getattr(one, name) not in (None, {})}
        names |= set(one.extra_body)
    return frozenset(names)


def _address(name: str, model: str, provider: Provider, options: ModelOptions) -> tuple[str, dict[str, str], bool]:
    """The base URL without its query, the query, and whether it is the provider's own.

    An option comes first, then the provider's variable (OPENAI_BASE_URL), then the tables.
    """
    elsewhere = options.base_url or os.environ.get(provider.base_url_variable or "", "").strip()
    given = elsewhere or provider.base_url
    base_url, query = _checked(given, name, provider)
    own = urlsplit(provider.base_url.rstrip("/"))
    return base_url.replace("{model}", quote(model, safe="")), query, not elsewhere or urlsplit(base_url) == own


def _checked(given: str, name: str, provider: Provider) -> tuple[str, dict[str, str]]:
    """A base URL that is one, and its query; what it may hold of a key is not shown."""
    address = urlsplit(given.strip())
    query = dict(parse_qsl(address.query))
    for value in (address.password or address.username, *(query[one] for one in query if names_secret(one))):
        keep_secret(value or "")
    variable = f" or set {provider.base_url_variable}" if provider.base_url_variable else ""
    if not given:
        raise UsageError(f"{name}: where its endpoint is is not known; give --base-url http(s)://HOST/v1{variable}")
    if address.scheme not in ("http", "https") or not address.hostname or not _has_port(address):
        raise UsageError(f"{name}: no endpoint at {given!r}; give --base-url http(s)://HOST/v1{variable}")
    if address.username or address.password or any(map(names_secret, query)):
        raise UsageError(f"{name}: the base URL holds a user, password or key; give the key in its variable")
    path = address.path.rstrip("/").removesuffix("/chat/completions") or provider.path
    return urlunsplit((address.scheme, address.netloc, path, "", "")), query


def _has_port(address: SplitResult) -> bool:
    """Whether an address has a port that is one, or none."""
    try:
        return address.port != 0
    except ValueError:
        return False


def _validated(source: Source) -> Configuration:
    try:
        return Configuration.model_validate(source.tables)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise UsageError(f"{source.path}: {where}: {first['msg']}; correct it or remove it") from None


def _shipped() -> dict[str, Provider]:
    tables: Mapping[str, Any] = tomllib.loads((Path(__file__).parent / "providers.toml").read_text("utf-8"))
    return {name: Provider.model_validate(table) for name, table in tables.items()}


def _key(name: str, provider: Provider, options: ModelOptions, base_url: str) -> SecretStr:
    """The key of a provider: given, of its variable, or of the configuration."""
    if options.api_key and (given := usable_key(options.api_key.get_secret_value(), "api_key")):
        return SecretStr(given)
    variable = provider.key or ""
    if given := usable_key(os.environ.get(variable, ""), variable):
        return SecretStr(given)
    if provider.key_value and (given := usable_key(provider.key_value.get_secret_value(), "key_value in llmx.toml")):
        return SecretStr(given)
    if not variable or provider.key_optional or _local(base_url):
        return SecretStr("none")
    if not variable.replace("_", "").isalnum() or variable != variable.upper():
        # Somebody may have written the key itself where its variable's name belongs.
        raise UsageError(
            f"{name}: `key` in llmx.toml names the environment variable that holds the key, such as MY_KEY"
        )
    raise UsageError(f"{name}: no API key; set {variable}, or name a key for it in llmx.toml")


def _local(base_url: str) -> bool:
    """Whether an endpoint is on this very machine, where a key is seldom asked for."""
    return urlsplit(base_url).hostname in ("127.0.0.1", "localhost", "::1")
