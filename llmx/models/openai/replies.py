"""What an endpoint sends back, in every shape that servers give it: the texts that may hold an answer, and why it ended."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from llmx.batch import Question as Posted
from llmx.calls import Usage
from llmx.masking import masked
from llmx.models.openai.streaming import completion_of

Finish = Literal["stop", "length", "content_filter", "refusal"]

_FINISHES: dict[str, Finish] = {
    "length": "length",
    "max_tokens": "length",
    "model_length": "length",
    "content_filter": "content_filter",
    "sensitive": "content_filter",  # GLM
    "safety": "content_filter",  # Gemini
    "prohibited_content": "content_filter",
    "blocklist": "content_filter",
    "recitation": "content_filter",
    "refusal": "refusal",
}
BROKEN = frozenset({"insufficient_system_resource", "network_error", "error", "abort", "malformed_function_call"})
"""Why DeepSeek, GLM, OpenRouter, vLLM and Gemini say that an answer ended that did not: it is asked for again."""
_MOST_TOKENS = 10**9
_MOST_KEPT = 400_000
"""Characters of a text that the cache keeps."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, not yet looked at as an answer."""

    completion: Mapping[str, Any]
    texts: tuple[Any, ...]
    """What may hold the answer, likeliest first: texts, or objects where the server has parsed them."""
    finish: Finish
    """Why it ended."""
    usage: Usage
    refused: str = ""
    """The words of a refusal."""
    thought: bool = False
    """Whether the model thought before it answered."""
    silent: bool = False
    """Whether it said nothing besides."""
    seconds: float | None = 0.0
    """How long it took; None where that is not known."""
    posted: Posted | None = None
    """What it came for, where it came in a batch."""

    @property
    def text(self) -> str:
        """All of it as one text, for the cache."""
        texts = (one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in self.texts)
        return "\n".join(texts)[:_MOST_KEPT].encode("utf-8", "replace").decode()


def reply_of(body: bytes) -> Reply | None:
    """A reply's body as a chat completion; None where it is none."""
    try:
        completion = completion_of(masked(body.decode("utf-8", "replace")))
        choice = completion["choices"][0]
        message = choice["message"]
        finish = str(choice.get("finish_reason") or "stop").lower()
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    if not isinstance(message, dict) or finish in BROKEN or choice.get("error"):
        return None
    spoken = [*_called(message), *_told(message.get("content"))]
    aloud = [text for name in ("reasoning_content", "reasoning") for text in _told(message.get(name))]
    refused = message.get("refusal")
    usage = _usage(completion.get("usage"))
    thought = bool(aloud) or _reasoned(completion) or any("<think>" in str(text)[:200] for text in spoken)
    if isinstance(refused, str) and refused.strip() and not spoken:
        return Reply(completion, (), "refusal", usage, refused, thought, True)
    # What was thought aloud comes last: where there is no other answer, a server has put it there.
    return Reply(completion, (*spoken, *aloud), _FINISHES.get(finish, "stop"), usage, "", thought, not spoken)


def _called(message: Mapping[str, Any]) -> Iterator[Any]:
    """Arguments of calls."""
    calls = message.get("tool_calls")
    for call in [*(calls if isinstance(calls, list) else []), {"function": message.get("function_call")}]:
        function = call.get("function") if isinstance(call, dict) else None
        if isinstance(function, dict):
            yield from _told(function.get("arguments"))


def _told(value: Any) -> Iterator[Any]:
    """A text, an object, or the texts of a list of parts; nothing where nothing is said."""
    if isinstance(value, list):
        parts = [part.get("text") if isinstance(part, dict) else part for part in value[:1000]]
        value = "".join(part for part in parts if isinstance(part, str))
    if (isinstance(value, str) and value.strip()) or (isinstance(value, dict) and value):
        yield value


def _reasoned(completion: Mapping[str, Any]) -> bool:
    usage = completion.get("usage")
    details = usage.get("completion_tokens_details") if isinstance(usage, dict) else None
    return bool(isinstance(details, dict) and _tokens(details.get("reasoning_tokens")))


def _usage(usage: Any) -> Usage:
    """Tokens as reported; what is no number of tokens is not known."""
    if not isinstance(usage, dict):
        return Usage()
    details = usage.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else None
    return Usage(
        prompt=_tokens(usage.get("prompt_tokens")),
        completion=_tokens(usage.get("completion_tokens")),
        cached=_tokens(usage.get("prompt_cache_hit_tokens") if cached is None else cached),  # the former is DeepSeek's
    )


def _tokens(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST_TOKENS:
        return None
    return int(value)
