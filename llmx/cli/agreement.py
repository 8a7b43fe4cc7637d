"""`llmx agreement`."""

from __future__ import annotations

from typing import Annotated

import typer

from llmx.cli.app import SOME_FAILED, WRONG_USAGE, app, stop
from llmx.cli.evaluate import Json, Of, Reports, Resamples, Seed


@app.command(epilog="Example: llmx agreement tests/labels outputs/sample --resamples 0")
def agreement(
    first: Annotated[str, typer.Argument(help="One annotator's label file, or folder of them.", show_default=False)],
    second: Annotated[str, typer.Argument(help="The other's, of the same reports.", show_default=False)],
    task: Of = "",
    reports: Reports = None,
    json: Json = None,
    resamples: Resamples = 1000,
    seed: Seed = 0,
) -> None:
    """Compare two annotators of the same text: F1 both ways, and Krippendorff's alpha on types and fields."""
    from llmx.cli.scores import print_agreement, print_notes
    from llmx.errors import LlmxError, OutputError
    from llmx.evaluation import agreement as agree
    from llmx.evaluation import write_json

    try:
        found = agree(first, second, task=task or None, reports=reports, resamples=resamples, seed=seed)
        print_agreement(found)
        print_notes(found.first)
        if json:
            write_json(found.as_dict(), json)
    except OutputError as error:
        raise stop(error, SOME_FAILED) from error
    except LlmxError as error:
        raise stop(error, WRONG_USAGE) from error
