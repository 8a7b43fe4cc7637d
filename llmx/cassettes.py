"""Recorded exchanges with a language model: replayed without key or network, and recorded anew.

A cassette is readable YAML: Chinese as it is, bodies parsed, keys and account headers left out. A request is matched by
method, path and parsed JSON body, so that a changed prompt finds nothing instead of an old answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from llmx.errors import CassetteError, UsageError
from llmx.masking import masked
from llmx.models import ModelOptions

_KEPT_REQUEST_HEADERS = {"content-type"}
_KEPT_RESPONSE_HEADERS = {"content-type", "retry-after", "retry-after-ms"}


@contextmanager
def replayed(
    path: str | PathLike[str], model: str, options: ModelOptions | None = None
) -> Iterator[tuple[str, ModelOptions]]:
    """Replay a cassette: while this is open, no request leaves the machine.

    Args:
        path: the cassette.
        model: the model asked for; `rules` stands for the one that the cassette was recorded with.
        options: those given; what was recorded (address, mode, sampling) fills in the rest.

    Yields:
        The model's name and the options to ask it with: no cache, so that everything is played.

    Raises:
        CassetteError: the file is no cassette.
        UsageError: vcrpy is not installed.
    """
    recorded = _recorded(Path(path))
    name = recorded.pop("model")
    given = options.given if options else {}
    asked = ModelOptions(**recorded | given | {"api_key": "none", "cache": None, "attempts": 1})
    with opened(path, record=False):
        yield (name if model == "rules" else model), asked


@contextmanager
def opened(path: str | PathLike[str], record: bool) -> Iterator[Any]:
    """Replay a cassette or record it anew.

    Args:
        path: the cassette; written when recording.
        record: whether requests that it does not hold are sent and kept.

    Yields:
        vcrpy's cassette, which knows what was played.
    """
    try:
        import vcr
    except ImportError as error:
        raise UsageError("a cassette needs vcrpy; install it with: pip install 'llmx-extract[llm]'") from error
    recorder = vcr.VCR(
        record_mode="new_episodes" if record else "none",
        match_on=["method", "path", "json"],
        before_record_request=_scrubbed_request,
        before_record_response=_scrubbed_response,
    )
    recorder.register_serializer("readable", _Readable)
    recorder.register_matcher("json", _same_json)
    with recorder.use_cassette(str(path), serializer="readable") as cassette:
        yield cassette


def _recorded(path: Path) -> dict[str, Any]:
    """Model, address, mode and sampling that a cassette was recorded with."""
    try:
        first = yaml.safe_load(path.read_text("utf-8"))["interactions"][0]["request"]
        body, address = first["json"], urlsplit(first["uri"])
    except OSError as error:
        raise CassetteError(f"{path}: cannot be read: {error.strerror}; name a file of cassettes/") from error
    except (yaml.YAMLError, LookupError, TypeError, UnicodeDecodeError) as error:
        raise CassetteError(f"{path}: no cassette: {error!r}; name a file of cassettes/") from error
    base = f"{address.scheme}://{address.netloc}{address.path.removesuffix('/chat/completions')}"
    found = {"model": body["model"], "base_url": base, "mode": _mode(body)}
    sampling = {name: body[name] for name in ("temperature", "max_tokens") if name in body}
    if "max_completion_tokens" in body:
        sampling["max_tokens"] = body["max_completion_tokens"]
    return found | sampling


def _mode(body: Mapping[str, Any]) -> str:
    """How the schema travelled in a request."""
    if body.get("tools"):
        return "tools"
    kind = (body.get("response_format") or {}).get("type")
    return {"json_schema": "json_schema", "json_object": "json"}.get(str(kind), "markdown")


class _Readable:
    """vcrpy's data as YAML that a person can read: JSON bodies parsed, Chinese as it is."""

    @staticmethod
    def serialize(data: dict[str, Any]) -> str:
        interactions = []
        for one in data["interactions"]:
            request, response = dict(one["request"]), dict(one["response"])
            request["json"] = json.loads(request.pop("body"))
            response["json"] = json.loads(response.pop("body")["string"])
            interactions.append({"request": request, "response": response})
        readable = {"version": data["version"], "interactions": interactions}
        readable = json.loads(masked(json.dumps(readable, ensure_ascii=False)))
        return str(yaml.safe_dump(readable, allow_unicode=True, sort_keys=False, width=120))

    @staticmethod
    def deserialize(text: str) -> dict[str, Any]:
        data: dict[str, Any] = yaml.safe_load(text)
        for one in data["interactions"]:
            request, response = one["request"], one["response"]
            request["body"] = json.dumps(request.pop("json"), ensure_ascii=False)
            response["body"] = {"string": json.dumps(response.pop("json"), ensure_ascii=False)}
        return data


def _same_json(a: Any, b: Any) -> None:
    """vcrpy's matcher: the bodies say the same."""
    assert json.loads(a.body) == json.loads(b.body), "the request's body is not the recorded one"


def _scrubbed_request(request: Any) -> Any:
    """Without the key, and without what the client says of this machine."""
    request.headers = {name: value for name, value in request.headers.items() if name.lower() in _KEPT_REQUEST_HEADERS}
    return request


def _scrubbed_response(response: dict[str, Any]) -> dict[str, Any]:
    """Without the account's headers."""
    headers = response["headers"]
    kept = {name: value for name, value in headers.items() if name.lower() in _KEPT_RESPONSE_HEADERS}
    return {**response, "headers": kept}
