"""Which endpoint a model's name stands for: providers as data, keys from the environment or the configuration."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from llmx.errors import UnknownModel, UsageError
from llmx.models.options import Mode, ModelOptions


class Headers(BaseModel):
    """Names of a provider's rate-limit headers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    remaining_requests: str = "x-ratelimit-remaining-requests"
    remaining_tokens: str = "x-ratelimit-remaining-tokens"
    reset_requests: str = "x-ratelimit-reset-requests"
    reset_tokens: str = "x-ratelimit-reset-tokens"


class Provider(BaseModel):
    """One table of providers.toml or of [providers] in llmx.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str
    key: str = ""
    key_value: SecretStr | None = None
    """The key itself, in a configuration that is nobody else's to read."""
    key_optional: bool = False
    mode: Mode = "json"
    temperature: float | None = None
    max_tokens: str = "max_tokens"
    headers: Headers = Field(default_factory=Headers)


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


class Endpoint(BaseModel):
    """Where a model is asked, with what and how."""

    model_config = ConfigDict(frozen=True)

    name: str
    """Provider and model, as records carry it."""
    provider: str
    model: str
    base_url: str
    key: SecretStr
    mode: Mode
    temperature: float | None
    max_tokens: str
    headers: Headers
    price: TablePrice | None
    """From the configuration; otherwise genai-prices is asked."""

    is_own_address: bool
    """Whether the base URL is the provider's own."""

    @property
    def host(self) -> str:
        """Host and port, without scheme, path, user or password: what cache keys and messages carry."""
        address = urlsplit(self.base_url)
        return f"{address.hostname}:{address.port}" if address.port else address.hostname or ""


def find_endpoint(name: str, options: ModelOptions) -> Endpoint:
    """The endpoint of PROVIDER/MODEL; with a base URL the provider may be left out.

    Raises:
        UnknownModel: no provider has that name.
        UsageError: the key is missing, or the configuration or base URL is wrong.
    """
    configuration = read_configuration(options.get("config"))
    providers = _builtin() | configuration.providers
    prefix, slash, model = name.partition("/")
    if prefix not in providers or not slash:
        if not options.get("base_url"):
            raise UnknownModel(
                f"no model named {name!r}; use 'rules', or PROVIDER/MODEL with one of {', '.join(providers)}, or give "
                "any OpenAI-compatible endpoint with --base-url"
            )
        prefix, model = "openai", name
    if not model:
        raise UnknownModel(f"{name!r} names a provider but no model; write for instance {prefix}/MODEL")
    provider = providers[prefix]
    base_url = _checked(options.get("base_url") or provider.base_url, prefix)
    return Endpoint(
        name=f"{prefix}/{model}",
        provider=prefix,
        model=model,
        base_url=base_url,
        is_own_address=base_url == provider.base_url.rstrip("/"),
        key=_key(prefix, provider, options),
        mode=options.get("mode") or provider.mode,
        temperature=options.get("temperature", provider.temperature),
        max_tokens=provider.max_tokens,
        headers=provider.headers,
        price=configuration.prices.get(f"{prefix}/{model}") or configuration.prices.get(model),
    )


def read_configuration(path: Path | None = None) -> Configuration:
    """Read llmx.toml: the one named, else the one in the working folder, else the user's own, else none.

    Raises:
        UsageError: it cannot be read or says what it may not.
    """
    places = [path] if path else [Path("llmx.toml"), Path(platformdirs.user_config_dir("llmx")) / "llmx.toml"]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        if path:
            raise UsageError(f"{path}: no such configuration file")
        return Configuration()
    try:
        return Configuration.model_validate(tomllib.loads(found.read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{found}: cannot be read: {error}; correct it or remove it") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise UsageError(f"{found}: {where}: {first['msg']}; correct it or remove it") from None


def _builtin() -> dict[str, Provider]:
    tables: Mapping[str, Any] = tomllib.loads((Path(__file__).parent / "providers.toml").read_text("utf-8"))
    return {name: Provider.model_validate(table) for name, table in tables.items()}


def _checked(base_url: str, provider: str) -> str:
    address = urlsplit(base_url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise UsageError(f"{provider}: no endpoint at {base_url!r}; give --base-url http(s)://HOST/v1")
    if address.username or address.password or address.query:
        raise UsageError(f"{provider}: the base URL holds a user, password or query; give the key in its variable")
    return base_url.rstrip("/")


def _key(name: str, provider: Provider, options: ModelOptions) -> SecretStr:
    given = options.get("api_key") or os.environ.get(provider.key or "", "")
    if given:
        return SecretStr(given)
    if provider.key_value:
        return provider.key_value
    if not provider.key or provider.key_optional or _local(options.get("base_url", "")):
        return SecretStr("none")
    raise UsageError(f"{name}: no API key; set {provider.key}, or name a key for it in llmx.toml")


def _local(base_url: str) -> bool:
    """Whether an endpoint is on this very machine, where a key is seldom asked for."""
    return urlsplit(base_url).hostname in ("127.0.0.1", "localhost", "::1")
