"""Recorded exchanges with a language model: replayed without key or network, and recorded anew.

A cassette is readable YAML: Chinese as it is, bodies unpacked and parsed, keys and account headers left out. A request
is matched by method, path and parsed JSON body, so that a changed prompt finds nothing instead of an old answer. An
exchange is in the file the moment that it is over: what was paid for outlives a crash.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from llmx.errors import CassetteError, UsageError
from llmx.masking import masked
from llmx.models import ModelOptions
from llmx.outputs.files import whole, writing

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
    recorder.register_persister(_Tape)
    recorder.register_matcher("json", _same_json)
    with recorder.use_cassette(str(path), serializer="readable") as cassette:
        if record:
            cassette.append = _kept_at_once(Path(path), cassette)
        yield cassette


def _kept_at_once(path: Path, cassette: Any) -> Callable[[Any, Any], None]:
    """A cassette's `append` that also adds the exchange to the file."""
    append, begun = cassette.append, len(cassette) > 0
    if begun:
        cassette._save(force=True)  # without what a crash cut off at its end
    else:
        path.unlink(missing_ok=True)

    def kept(request: Any, response: Any) -> None:
        nonlocal begun
        append(request, response)
        told, answer = cassette.data[-1]
        text = _Readable.interaction({"request": told._to_dict(), "response": answer})
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(path, "ab", buffering=0) as file:
                file.write(f"{'' if begun else _HEADER}{text}".encode())
        begun = True

    return kept


class _Tape:
    """Where vcrpy keeps a cassette: a UTF-8 file that is replaced as a whole."""

    @staticmethod
    def load_cassette(path: str, serializer: Any) -> Any:
        """Requests and responses.

        Raises:
            CassetteNotFoundError: there is no such file, or nothing in it.
        """
        from vcr.persisters.filesystem import CassetteNotFoundError
        from vcr.serialize import deserialize

        if not Path(path).is_file() or not (text := Path(path).read_text("utf-8")).strip():
            raise CassetteNotFoundError
        return deserialize(text, serializer)

    @staticmethod
    def save_cassette(path: str, data: dict[str, Any], serializer: Any) -> None:
        """Put all exchanges in place."""
        from vcr.serialize import serialize

        Path(path).parent.mkdir(parents=True, exist_ok=True)
        with whole(Path(path)) as hidden:
            hidden.write_text(serialize(data, serializer), "utf-8", newline="\n")


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


_HEADER = "version: 1\ninteractions:\n"
_BEGINS = "\n- request:"


class _Readable:
    """vcrpy's data as YAML that a person can read: JSON bodies parsed, Chinese as it is."""

    @staticmethod
    @staticmethod
    def interaction(one: dict[str, Any]) -> str:
        """One exchange."""
        request, response = dict(one["request"]), dict(one["response"])
        request |= _told(request.pop("body"))
        response |= _told(response.pop("body")["string"])
        plain = json.loads(masked(json.dumps([{"request": request, "response": response}], ensure_ascii=False)))
        return str(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=120))

    @classmethod
    def serialize(cls, data: dict[str, Any]) -> str:
        """All of them."""
        return _HEADER + "".join(map(cls.interaction, data["interactions"]))

    @staticmethod
    def deserialize(text: str) -> dict[str, Any]:
        """Back; an exchange at the end that a crash cut off is left out."""
        try:
            data: dict[str, Any] = yaml.safe_load(text)
        except yaml.YAMLError:
            if text.count(_BEGINS) < 2:
                raise
            data = yaml.safe_load(text[: text.rindex(_BEGINS)])
        last = data["interactions"][-1].get("response") if data["interactions"] else {}
        if not isinstance(last, dict) or (last and not {"json", "text", "base64"} & last.keys()):
            data["interactions"].pop()
        for one in data["interactions"]:
            request, response = one["request"], one["response"]
            request["body"] = _body(request)
            response["body"] = {"string": _body(response)}
        return data


def _told(body: bytes | str | None) -> dict[str, Any]:
    """A body as a person can read it: JSON, text, or else base64."""
    try:
        text = body.decode() if isinstance(body, bytes) else body or ""
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()} if isinstance(body, bytes) else {}
    try:
        return {"json": json.loads(text)}
    except ValueError:
        return {"text": text}


def _body(told: dict[str, Any]) -> str | bytes:
    """The body of a message, taken out of it."""
    if "json" in told:
        return json.dumps(told.pop("json"), ensure_ascii=False)
    return base64.b64decode(told.pop("base64")) if "base64" in told else str(told.pop("text"))


def _same_json(a: Any, b: Any) -> None:
    """vcrpy's matcher: the bodies say the same."""
    assert _told(a.body) == _told(b.body), "the request's body is not the recorded one"


def _scrubbed_request(request: Any) -> Any:
    """Without the key, and without what the client says of this machine."""
    request.headers = {name: value for name, value in request.headers.items() if name.lower() in _KEPT_REQUEST_HEADERS}
    return request


def _scrubbed_response(response: dict[str, Any]) -> dict[str, Any]:
    """Unpacked, and without the account's headers."""
    headers, body = response["headers"], response["body"]["string"]
    packing = "".join(
        str(value) for name, values in headers.items() if name.lower() == "content-encoding" for value in values
    )
    kept = _KEPT_RESPONSE_HEADERS
    if packing.lower() in ("gzip", "deflate", "x-gzip") and isinstance(body, bytes):
        body = _unpacked(body)
    elif packing.lower() not in ("", "identity"):
        kept = kept | {"content-encoding"}  # whoever plays it unpacks it as the client did that recorded it
    told = {name: value for name, value in headers.items() if name.lower() in kept}
    return {**response, "headers": told, "body": {"string": body}}


def _unpacked(body: bytes) -> bytes:
    """A gzip or deflate body, the latter with or without its header; as it is where it is neither."""
    for window in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):
        try:
            return zlib.decompressobj(window).decompress(body)
        except zlib.error:
            continue
    return body
