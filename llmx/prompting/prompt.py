"""The prompt as data: templates read once, checked whole, hashed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from string import Template
from typing import TypedDict

from llmx.errors import PromptError


class Message(TypedDict):
    """One message of a chat, as endpoints take it."""

    role: str
    content: str


@dataclass(frozen=True)
class Prompt:
    """The words that every question of a run shares."""

    texts: Mapping[str, str]
    """Files by name, in the order of the hash."""
    folder: str = "prompts"
    """What messages call their folder."""

    @cached_property
    def sha256(self) -> str:
        """A hash of all that is sent besides the report, for the manifest."""
        return hashlib.sha256("\0".join(f"{name}\0{text}" for name, text in self.texts.items()).encode()).hexdigest()

    def with_text(self, name: str, text: str) -> Prompt:
        """The prompt with another text of a name."""
        return Prompt({**self.texts, name: text}, self.folder)

    def fill(self, name: str, **values: str) -> str:
        """A template with its variables filled in; a `$` in a value stands as it is.

        Raises:
            PromptError: the template's variables are not those given.
        """
        template = Template(self.texts[name])
        if not template.is_valid():
            raise PromptError(f"{self.folder}/{name}: a $ that begins no variable; write $$ for the character itself")
        wanted = set(template.get_identifiers())
        if unknown := wanted - values.keys():
            raise PromptError(f"{self.folder}/{name}: unknown variables {sorted(unknown)}; it may use {sorted(values)}")
        if missing := values.keys() - wanted:
            raise PromptError(f"{self.folder}/{name}: lacks the variables {sorted(missing)}; put each in as $name")
        return template.substitute(values).strip()


def load_prompt(folder: Path, files: Sequence[str]) -> Prompt:
    """Read the files of a prompt.

    Raises:
        PromptError: one is missing.
    """
    texts = {}
    for name in files:
        try:
            texts[name] = (folder / name).read_text("utf-8")
        except OSError as error:
            raise PromptError(
                f"{folder / name}: cannot be read: {error.strerror}; a prompt needs {tuple(files)}"
            ) from error
    return Prompt(texts)


def shipped(name: str = "") -> Path:
    """The folder of llmx's own prompts: inside the package in a wheel, beside it in the repository."""
    package = Path(__file__).parent.parent
    found = next((path for path in (package / "prompts", package.parent / "prompts") if path.is_dir()), package)
    return found / name
