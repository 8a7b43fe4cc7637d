"""The errors that llmx raises.

    LlmxError
    ├── InputError             a file or folder that cannot be used
    │   ├── UnreadableInput    missing, no permission, a folder without reports
    │   ├── UndecodableInput   bytes that no known encoding reads; names the offset
    │   └── NoTextInput        empty, or binary
    ├── OutputError            a folder that cannot be written
    ├── ProcessError           a process that read a report and ended
    ├── CacheError             a folder where no answers can be kept
    ├── CassetteError          a file that is no recorded exchange
    ├── ModelError             a model that cannot be had or does not answer
    │   ├── UnknownModel       no model or provider of that name
    │   ├── PromptError        prompts that contradict themselves
    │   ├── EndpointError      the endpoint refuses every call: wrong key, unknown model, wrong address
    │   ├── RequestError       the endpoint refuses this call
    │   ├── OverloadError      attempts or time ran out while the endpoint failed or limited calls
    │   ├── AnswerError        the answer is empty or breaks the schema, and asking again did not help
    │   │   ├── CutError       it was cut at its length limit
    │   │   ├── RefusalError   the model refused, or the endpoint filtered the content
    │   │   └── TooLongError   the question is too long for the model's context
    │   ├── BudgetError        the budget does not cover the call; it was not sent
    │   ├── Stopped            the run was interrupted before the call; it was not sent
    │   └── Unanswered         a part of a chunk has no answer; carries what the rest claims
    └── UsageError             options that do not fit together
        └── TaskError          a task that contradicts itself: names file, class and field

Each message says what happened, to which value, and what to do next.
"""

from __future__ import annotations

from llmx.masking import shown


class LlmxError(Exception):
    """Root of all errors that llmx raises on purpose. No message has a key in it, whatever it quotes."""

    def __init__(self, message: str = "") -> None:
        super().__init__(shown(message))


class InputError(LlmxError):
    """An input cannot be used; the rest of a batch goes on."""


class UnreadableInput(InputError):
    """The path does not exist, may not be read, or holds no report."""


class UndecodableInput(InputError):
    """The bytes are in no encoding that llmx reads; the message names the offset of the first bad byte."""


class NoTextInput(InputError):
    """The input is empty or binary."""


class ProcessError(LlmxError):
    """The process that read a report ended before it was done: no memory, or a library that crashed."""


class CacheError(LlmxError):
    """A folder where no answers can be kept: read-only, full, or no cache."""


class CassetteError(LlmxError):
    """A file that holds no recorded exchange."""


class OutputError(LlmxError):
    """The output folder or file cannot be written: read-only, full, or in the way."""


class ModelError(LlmxError):
    """A model cannot be had, or failed for good."""


class UnknownModel(ModelError):
    """No model has that name."""


class PromptError(ModelError):
    """A prompt's template or example is wrong; nothing was sent."""


class EndpointError(ModelError):
    """No call to this endpoint can work until a setting is changed: a wrong key, model or address.

    Args:
        message: what happened, and what to do.
        kind: why, as refusals.toml names it: money, key, model, …
    """

    def __init__(self, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.kind = kind


class RequestError(ModelError):
    """The endpoint refuses this call; the same call will never work."""


class OverloadError(ModelError):
    """The endpoint failed, limited or hung on every attempt within the budget of attempts and time."""


class AnswerError(ModelError):
    """The model answered, but not usably: empty or against the schema, also when asked again.

    Args:
        message: what happened, and what to do.
        kind: what failed alike fails for one reason: empty, prose, schema, thinking.
    """

    def __init__(self, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.kind = kind


class CutError(AnswerError):
    """The answer was cut at its length limit; less text has a shorter answer."""


class RefusalError(AnswerError):
    """The model refused, or the endpoint did not let the content through; other parts of the text may pass."""


class TooLongError(AnswerError):
    """The question is too long for the model's context; less text may fit."""


class BudgetError(ModelError):
    """The budget does not cover the next call, which was not sent."""


class Stopped(ModelError):
    """The run was interrupted before the call, which was not sent."""


class UsageError(LlmxError):
    """The options given do not fit together."""


class TaskError(UsageError):
    """A task cannot be used: a field of no kind, an example that its text does not bear out, a class that is not there."""
