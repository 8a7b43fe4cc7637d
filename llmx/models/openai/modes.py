"""How the schema travels to an endpoint, and how an answer is taken out of what comes back.

The shapes of requests and reasks are instructor's, made once a model instead of once a call (that is three quarters of
what a call through instructor costs the client).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from instructor import Mode as InstructorMode
from instructor.processing.response import handle_reask_kwargs, handle_response_model
from instructor.utils import extract_json_from_codeblock
from openai.types.chat import ChatCompletion

from llmx.models.options import Mode
from llmx.models.schemas import answer_schema
from llmx.prompting import Asking, Message

_MODES = {
    "json_schema": InstructorMode.JSON_SCHEMA,
    "tools": InstructorMode.TOOLS,
    "json": InstructorMode.JSON_SCHEMA,
    "markdown": InstructorMode.MD_JSON,
}


@dataclass(frozen=True)
class Shape:
    """What a mode makes of a request, but for its messages."""

    mode: Mode
    schema: Mapping[str, Any]
    body: Mapping[str, Any]
    """Fields of the request: response_format, or tools and tool_choice."""
    instruction: str
    """Words that the first message ends with, where the schema travels in the prompt; else empty."""

    def messages(self, messages: Sequence[Message]) -> list[Message]:
        """The messages with the schema in the first one, where it travels there."""
        if not self.instruction:
            return list(messages)
        first: Message = {"role": messages[0]["role"], "content": f"{messages[0]['content']}\n\n{self.instruction}"}
        return [first, *messages[1:]]

    def text(self, message: Mapping[str, Any]) -> str:
        """The JSON text of an answer: a tool call's arguments, or the content without a code fence around it."""
        calls = message.get("tool_calls") or []
        if calls:
            return str(calls[0]["function"].get("arguments") or "")
        content = str(message.get("content") or "").strip()
        return content if content.startswith("{") else extract_json_from_codeblock(content).strip()

    def reasked(self, messages: Sequence[Message], completion: Mapping[str, Any], error: str) -> list[Message]:
        """The messages with the answer that broke the schema and its error, to be asked again."""
        asked = handle_reask_kwargs(
            {"messages": list(messages)},
            mode=_MODES[self.mode],
            response=ChatCompletion.construct(None, **completion),
            exception=ValueError(error),
        )
        return [_bare(message) for message in asked["messages"]]


def shape_of(mode: Mode, asking: Asking) -> Shape:
    """What a mode makes of a request."""
    schema = answer_schema(asking.answer)
    if mode in ("json_schema", "tools"):
        _, body = handle_response_model(asking.answer, mode=_MODES[mode], messages=[])
        body.pop("messages")
        if mode == "tools":
            body["tools"][0]["function"] |= {"parameters": schema, "strict": True, "description": asking.purpose}
        else:
            body["response_format"]["json_schema"] |= {"schema": schema, "strict": True}
        return Shape(mode, schema, body, "")
    text = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
    body = {"response_format": {"type": "json_object"}} if mode == "json" else {}
    return Shape(mode, schema, body, asking.prompt.fill("json.md", schema=text))


def _bare(message: Any) -> Message:
    """A message without fields that are null, which some endpoints refuse."""
    return {name: value for name, value in dict(message).items() if value is not None}  # type: ignore[return-value]
