"""llmx.Extract: parts of tables in, records out, in the engines that call it."""

from __future__ import annotations

import pickle
from pathlib import Path

import pandas as pd
import pytest
from test_jobs import text

import llmx
from llmx.errors import UsageError

COLUMNS = ["report", "type", "quote", "value", "start"]


@pytest.fixture
def table(tmp_path: Path) -> pd.DataFrame:
    """A text, a path, an empty text, a path where nothing is, and neither."""
    (tmp_path / "b.txt").write_text(text(2), encoding="utf-8")
    paths = [None, str(tmp_path / "b.txt"), None, str(tmp_path / "none.txt"), None]
    return pd.DataFrame({"id": ["a", "b", "c", "d", "e"], "text": [text(1), None, " ", None, None], "path": paths})


def test_records_are_those_of_extract_and_failures_are_rows(table: pd.DataFrame) -> None:
    extract = pickle.loads(pickle.dumps(llmx.Extract()))
    found = extract(table)
    expected = llmx.extract(llmx.read_text(text(1), id="a")).to_pandas()
    pd.testing.assert_frame_equal(found[found.report == "a"].drop(columns="failure").reset_index(drop=True), expected)
    assert found.groupby("report").size().to_dict() == {"a": 2, "b": 2, "c": 1, "d": 1, "e": 1}
    told = found[found.report > "b"].failure.tolist()
    assert [one.partition(":")[0] for one in told] == ["NoTextInput", "UnreadableInput", "NoTextInput"]
    assert found[found.report > "b"].quote.isna().all()
    assert [*found.columns] == [*extract.empty.columns] == [*extract.columns]
    assert [*found.dtypes] == [*extract.empty.dtypes]


def test_a_dict_and_an_iterator_are_taken_too(table: pd.DataFrame) -> None:
    extract = llmx.Extract()
    whole = extract(table)
    pd.testing.assert_frame_equal(extract({name: table[name].to_numpy() for name in table}), whole)
    pd.testing.assert_frame_equal(pd.concat(extract(iter([table[:2], table[2:]])), ignore_index=True), whole)
    assert "`value` double" in extract.ddl
    assert "`section` array<string>" in extract.ddl
    unnamed = llmx.Extract(text="body")(pd.DataFrame({"body": [text(3)]}))
    assert set(unnamed.report) == {"report-1"}
    with pytest.raises(UsageError, match="no column 'text' or 'path'"):
        extract(pd.DataFrame({"body": [text(3)]}))


@pytest.mark.filterwarnings("ignore")
def test_it_is_plugged_into_dask(table: pd.DataFrame) -> None:
    dask = pytest.importorskip("dask.dataframe")
    extract = llmx.Extract()
    frame = dask.from_pandas(table, npartitions=2)
    found = frame.map_partitions(extract, meta=extract.empty).compute(scheduler="threads")
    pd.testing.assert_frame_equal(found[COLUMNS].reset_index(drop=True), extract(table)[COLUMNS], check_dtype=False)
