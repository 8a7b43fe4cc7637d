"""An answer that comes in pieces, put together as one that came whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_LINE = re.compile(r"\r\n|\n|\r")
"""Not all line ends that Python knows: some of those stand inside JSON."""


def completion_of(text: str) -> Any:
    """The completion that a response's text is: JSON or, whether asked for or not, a stream of server-sent events.

    Raises:
        ValueError: it is neither.
    """
    return (
        _joined(_events(text), ended=text.rstrip().endswith("[DONE]"))
        if _is_stream(text)
        else json.loads(text.lstrip("\ufeff"))
    )


def _is_stream(text: str) -> bool:
    """Whether it begins as a stream does: with a field, or with a comment that keeps the connection open."""
    return text.lstrip("\ufeff\r\n ").startswith(("data:", "event:", "id:", "retry:", ":"))


def _events(text: str) -> Iterator[Mapping[str, Any]]:
    """The data of each event; a last one that was broken off is left out."""
    for line in _LINE.split(text):
        name, _, value = line.partition(":")
        if name != "data" or value.strip() in ("", "[DONE]"):
            continue
        try:
            event = json.loads(value)
        except ValueError:
            continue
        if isinstance(event, dict):
            yield event


def _joined(events: Iterator[Mapping[str, Any]], ended: bool) -> dict[str, Any]:
    """One completion of all pieces; an error among them is what came.

    Args:
        events: the pieces.
        ended: whether the stream said that it is complete; one that did not was broken off, and counts as cut.
    """
    whole: dict[str, Any] = {}
    texts: dict[str, list[str]] = {}
    calls: dict[int, dict[str, Any]] = {}
    finish, any_piece = None, False
    for event in events:
        if event.get("error"):
            return dict(event)
        whole |= {name: value for name, value in event.items() if name != "choices" and value is not None}
        for choice in event.get("choices") or ():
            any_piece = True
            finish = choice.get("finish_reason") or finish
            piece = choice.get("delta") or choice.get("message") or {}
            for name in ("content", "reasoning_content", "reasoning", "refusal"):
                if isinstance(piece.get(name), str):
                    texts.setdefault(name, []).append(piece[name])
            for call in piece.get("tool_calls") or ():
                _add_call(calls, call)
    message: dict[str, Any] = {"role": "assistant", **{name: "".join(parts) for name, parts in texts.items()}}
    if calls:
        message["tool_calls"] = [calls[number] for number in sorted(calls)]
    choice = {"index": 0, "finish_reason": finish or ("stop" if ended else "length"), "message": message}
    return {**whole, "object": "chat.completion", "choices": [choice] if any_piece else []}


def _add_call(calls: dict[int, dict[str, Any]], piece: Mapping[str, Any]) -> None:
    """Add a piece of a tool call to the one of its number."""
    function = piece.get("function") or {}
    call = calls.setdefault(
        piece.get("index") or 0,
        {"id": "", "type": "function", "function": {"name": "", "arguments": ""}},
    )
    call["id"] = piece.get("id") or call["id"]
    call["function"]["name"] = function.get("name") or call["function"]["name"]
    call["function"]["arguments"] += function.get("arguments") or ""
