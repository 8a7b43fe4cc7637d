"""Whether a reply answers its question, and if not, what kind of fault that is."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from llmx.cache import Entry
from llmx.calls import Usage
from llmx.errors import AnswerError, CutError, RefusalError, TooLongError
from llmx.models.openai.answers import Found, find_answer, items_in
from llmx.models.openai.endpoints import Endpoint
from llmx.models.openai.replies import Reply
from llmx.prompting import Asking, Fault, Question

_CUT_SILENTLY = 0.6
"""Under this share of the estimated tokens a prompt was cut: the leanest tokenizers of today take 0.8 of it."""
_CUT_BY_OLLAMA = 0.75
_SMALLEST_CONTEXT = 1500
"""A count of fewer tokens is no context that a server cuts to, but a made-up number."""
_MOST_FAULTS = 5


@dataclass(frozen=True, slots=True)
class Answered:
    """An accepted answer."""

    answer: Any
    whole: frozenset[str]
    """The lists that lack nothing: not all where the answer was cut, none where its halves were asked instead."""
    faults: tuple[Fault, ...] = ()
    """The items that cannot be used."""

    @property
    def cut(self) -> bool:
        """Whether something is missing."""
        return len(self.whole) < len(type(self.answer).model_fields)

    @property
    def split(self) -> bool:
        """Whether its halves were answered instead, in an earlier run."""
        return not self.whole and not self.items

    @property
    def lost(self) -> list[Fault]:
        """Items that cannot be used and may stand for records."""
        return [fault for fault in self.faults if fault.lost]

    @property
    def blank(self) -> bool:
        """Whether it says that there is nothing at all."""
        return not self.cut and not self.items

    @property
    def items(self) -> int:
        """How many items it has."""
        return items_in(self.answer)

    def replaces(self, earlier: Answered) -> bool:
        """Whether it says all that an earlier answer to the same question said, and better."""
        return self.items >= earlier.items and len(self.lost) <= len(earlier.lost)

    def with_more_of(self, later: Answered, asking: Asking) -> Answered:
        """This answer with what a later one has besides: some models give the mended items alone."""
        lists = {}
        for name in asking.parts:
            held = getattr(self.answer, name)
            known = {asking.about(item) for item in held}
            lists[name] = [*held, *(item for item in getattr(later.answer, name) if asking.about(item) not in known)]
        return replace(self, answer=self.answer.model_copy(update=lists))


def judged(reply: Reply, question: Question, asking: Asking) -> Answered:
    """The answer that a reply holds.

    Raises:
        CutError: it was cut before anything of it was complete.
        RefusalError: the model refused, or its answer was filtered.
        AnswerError: it holds no answer.
    """
    found = find_answer(reply.texts, question.marks, asking)
    if found and _usable(found, question):
        return Answered(found.answer, found.whole, found.faults)
    if reply.finish in ("refusal", "content_filter"):
        raise RefusalError(f"the model answered with a {reply.finish}: {reply.refused[:200]!r}")
    if reply.finish == "length" or (found and not found.ended):
        raise _used_up(reply)
    if reply.silent and not found:
        raise AnswerError("the model's answer is empty", "empty")
    raise AnswerError(_fault(reply, found, asking), "schema" if found else "prose")


def _usable(found: Found, question: Question) -> bool:
    """Whether there is something in what was found, or nothing because there is nothing to be found."""
    if found.items:
        return True
    lost = any(fault.lost for fault in found.faults)
    cut = len(found.whole) < len(type(found.answer).model_fields)
    return not cut and not lost and not (found.faults and question.marks)


def _used_up(reply: Reply) -> AnswerError:
    """An answer that ends at its length limit with nothing complete in it."""
    if reply.silent or (reply.thought and "{" not in reply.text[-2000:]):
        return AnswerError(
            "the model used up its tokens before it answered"
            + (", by thinking" if reply.thought else "")
            + ": raise --max-tokens, or switch thinking off",
            "thinking",
        )
    return CutError("the answer was cut at its length limit; raise --max-tokens")


def _fault(reply: Reply, found: Found | None, asking: Asking) -> str:
    """What is wrong with an answer, in words that the model can act on."""
    if found and found.faults:
        return said(found.faults)
    text = reply.texts[0] if isinstance(reply.texts[0], str) else json.dumps(reply.texts[0])
    try:
        asking.answer.model_validate_json(text[:10_000])
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        lines = [f"{'.'.join(map(str, fault['loc'])) or 'JSON'}: {fault['msg']}" for fault in faults]
        return "; ".join(lines[:_MOST_FAULTS])
    return "it holds no answer"


def said(faults: tuple[Fault, ...] | list[Fault]) -> str:
    """Faults in one line, for the model, which knows its items."""
    return "; ".join(f"{fault.part}: {fault.why}" for fault in faults[:_MOST_FAULTS])


def remembered(entry: Entry, question: Question, asking: Asking) -> Answered | None:
    """The answer of an entry of the cache; None where it is none of today's.

    Raises:
        AnswerError: what the entry holds is that there was no usable answer.
    """
    if entry.finish == "failed":
        raise _recalled(entry)
    if entry.finish == "split":
        return Answered(asking.nothing, frozenset())
    found = find_answer([entry.answer], question.marks, asking)
    return Answered(found.answer, found.whole, found.faults) if found else None


_KINDS = {kind.__name__: kind for kind in (AnswerError, CutError, RefusalError, TooLongError)}


def noted(error: AnswerError) -> str:
    """A failure as the cache keeps it."""
    return json.dumps({"error": type(error).__name__, "kind": error.kind, "message": str(error)}, ensure_ascii=False)


def _recalled(entry: Entry) -> AnswerError:
    try:
        told = json.loads(entry.answer)
        kind, message = _KINDS[told["error"]], f"{told['message']}; noted {entry.date[:10]}, --retry-failed asks again"
    except (ValueError, LookupError, TypeError):
        return AnswerError(f"no usable answer came on {entry.date[:10]}; --retry-failed asks again")
    return kind(message, str(told.get("kind", "")))


def cut_silently(endpoint: Endpoint, usage: Usage, estimate: Usage) -> TooLongError | None:
    """The fault of a prompt that was cut without a word, as Ollama does: far fewer tokens than were sent."""
    if usage.prompt is None or not estimate.prompt:
        return None
    read = usage.prompt + (usage.cached or 0 if (usage.cached or 0) > usage.prompt else 0)
    least, share = (1, _CUT_BY_OLLAMA) if endpoint.provider == "ollama" else (_SMALLEST_CONTEXT, _CUT_SILENTLY)
    if read < least or read >= share * estimate.prompt:
        return None
    return TooLongError(
        f"{endpoint.host} read {read:,} tokens of a question of about {estimate.prompt:,}, so it cut the question: "
        "raise the server's context length (for Ollama OLLAMA_CONTEXT_LENGTH, or num_ctx)",
        "silent",
    )
