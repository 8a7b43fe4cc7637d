"""What a model hands its questions to instead of the wire, and reads their answers from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NoReturn

from llmx.batch.store import TRIES, Question, Store
from llmx.calls import Usage
from llmx.errors import Awaited, OverloadError

Rest = Literal["batch", "live"]


class Post:
    """Questions of one run as its model sees them.

    Args:
        store: where they are kept.
        rest: where what a batch brought no answer to goes: into the next batch, or live.
        id_length: the most characters of a question's id.
    """

    def __init__(self, store: Store, rest: Rest = "batch", id_length: int = 64) -> None:
        self.store, self.rest, self._length = store, rest, id_length

    @property
    def warnings(self) -> list[str]:
        """What should be known of the batches so far."""
        return [f"batch {one.remote}: {one.told}" for one in self.store.batches() if one.told]

    def known(self, id: str) -> Question | None:
        """What is known of a question; None where it was never asked.

        Args:
            id: its content key.
        """
        return self.store.question(id[: self._length])

    def is_live(self, known: Question | None, follows: bool) -> bool:
        """Whether a question that does not wait is to be asked live.

        Args:
            known: what is known of it.
            follows: whether it follows from an answer that a batch brought and that cannot be used.
        """
        return self.rest == "live" and (follows or bool(known and known.tries and not known.waits))

    def want(
        self,
        id: str,
        body: Callable[[], bytes],
        estimate: Callable[[], Usage],
        book: Callable[[Usage], object],
    ) -> NoReturn:
        """Ask a question in the next batch, unless it waits for one or is in one.

        Args:
            id: its content key.
            body: gives what is sent.
            estimate: gives about what it will take.
            book: sets that aside; what it raises keeps the question from being asked.

        Raises:
            Awaited: its answer is yet to come.
            OverloadError: so many batches brought none that it is not put into another.
        """
        known = self.known(id)
        if known is None or not known.waits:
            if known and known.tries >= TRIES:
                raise OverloadError(
                    f"{known.tries} batches brought no answer; run the same command again, or with --rest live"
                )
            usage = estimate()
            book(usage)
            self.store.add(id[: self._length], body(), usage.prompt or 0, usage.completion or 0)
        raise Awaited("its answer is in a batch that has not ended yet")

    def tell(self, one: Question, usage: Usage | None) -> None:
        """Note that the ledger has what came, and what it took."""
        self.store.tell(one.id, *((usage.prompt, usage.completion) if usage else (None, None)))
