"""The prompt as data: read once, checked whole, hashed.

`prompts/` in the repository, `llmx/prompts/` in the wheel. What never changes comes first (instructions, then worked
examples), so that a provider's prefix cache holds all of it from the second call on.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from string import Template
from typing import TypedDict

from pydantic import ValidationError

from llmx.errors import PromptError
from llmx.figures import find_figures
from llmx.prompting.answer import Answer
from llmx.prompting.marks import mark, measuring

FILES = ("system.md", "examples.toml", "chunk.md", "second_look.md", "outline.md", "json.md")


class Message(TypedDict):
    """One message of a chat, as endpoints take it."""

    role: str
    content: str


@dataclass(frozen=True)
class Prompt:
    """The words that every question of a run shares.

    Raises (on first use of what is wrong):
        PromptError: a template names a variable that is not filled, or lacks one; an example contradicts its text.
    """

    texts: Mapping[str, str]
    """The files of `prompts/` by name."""

    @cached_property
    def sha256(self) -> str:
        """A hash of all that is sent besides the report, for the manifest."""
        return hashlib.sha256("\0".join(f"{name}\0{self.texts[name]}" for name in FILES).encode()).hexdigest()

    @cached_property
    def opening(self) -> tuple[Message, ...]:
        """Instructions and worked examples: the same for every chunk of every report."""
        messages: list[Message] = [{"role": "system", "content": self.texts["system.md"].strip()}]
        for number, example in enumerate(_examples(self.texts["examples.toml"]), 1):
            text, answer = _checked(example, f"prompts/examples.toml, example {number}")
            asked = self.fill("chunk.md", path=example["path"], role=example["role"], year=example["year"], text=text)
            messages += [{"role": "user", "content": asked}, {"role": "assistant", "content": answer}]
        return tuple(messages)

    def fill(self, name: str, **values: str) -> str:
        """A template with its variables filled in; a `$` in a value stands as it is.

        Raises:
            PromptError: the template's variables are not those given.
        """
        template = Template(self.texts[name])
        if not template.is_valid():
            raise PromptError(f"prompts/{name}: a $ that begins no variable; write $$ for the character itself")
        wanted = set(template.get_identifiers())
        if unknown := wanted - values.keys():
            raise PromptError(f"prompts/{name}: unknown variables {sorted(unknown)}; it may use {sorted(values)}")
        if missing := values.keys() - wanted:
            raise PromptError(f"prompts/{name}: lacks the variables {sorted(missing)}; put each in as $name")
        return template.substitute(values).strip()


def load_prompt(folder: Path | None = None) -> Prompt:
    """Read the prompt and check it whole, before anything is sent.

    Args:
        folder: where the files are; llmx's own unless named.

    Raises:
        PromptError: a file is missing, or what `Prompt` raises.
    """
    folder = folder or _own_folder()
    texts = {}
    for name in FILES:
        try:
            texts[name] = (folder / name).read_text("utf-8")
        except OSError as error:
            raise PromptError(f"{folder / name}: cannot be read: {error.strerror}; a prompt needs {FILES}") from error
    prompt = Prompt(texts)
    _ = prompt.opening
    prompt.fill("chunk.md", path="", role="", year="", text="")
    prompt.fill("second_look.md", open="", path="", role="", year="", text="")
    prompt.fill("outline.md", outline="")
    prompt.fill("json.md", schema="")
    return prompt


def _own_folder() -> Path:
    """Inside the package in a wheel, beside it in the repository."""
    package = Path(__file__).parent.parent
    return next((path for path in (package / "prompts", package.parent / "prompts") if path.is_dir()), package)


def _examples(text: str) -> list[dict[str, str]]:
    try:
        examples = tomllib.loads(text)["examples"]
        fields = {"path", "role", "year", "text", "answer"}
        if wrong := next((number for number, one in enumerate(examples, 1) if set(one) != fields), None):
            raise PromptError(f"prompts/examples.toml, example {wrong}: its fields must be {sorted(fields)}")
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise PromptError(f"prompts/examples.toml: no list of examples: {error}") from error
    return list(examples)


def _checked(example: dict[str, str], where: str) -> tuple[str, str]:
    """An example's marked text and its answer as compact JSON, once they agree."""
    text = example["text"].strip("\n")
    figures = find_figures(text)
    try:
        answer = Answer.model_validate_json(example["answer"])
    except ValidationError as error:
        raise PromptError(f"{where}: the answer breaks the schema: {error}") from error
    numbers = {figure.n for figure in answer.figures} | {exception.n for exception in answer.exceptions}
    if strange := numbers - set(range(1, len(measuring(figures)) + 1)):
        raise PromptError(f"{where}: the answer names figures {sorted(strange)}, which the text does not have")
    quotes = [part.quote for parts in (answer.recognitions, answer.projects, answer.problems) for part in parts]
    if lost := next((quote for quote in quotes if quote not in text), None):
        raise PromptError(f"{where}: {lost!r} is not in its text")
    return mark(text, 0, measuring(figures)), answer.model_dump_json()
