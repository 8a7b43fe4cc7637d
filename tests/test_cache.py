"""Answers on disk: what makes them found, and what becomes of broken ones."""

from __future__ import annotations

import pickle
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from endpoint import Endpoint

import llmx
from llmx.cache import AnswerCache, CacheKey, Entry
from llmx.calls import Usage
from llmx.errors import CacheError

ROOT = Path(__file__).parent.parent
TEXT = "一、2023年工作回顾\n\n地区生产总值增长6.2%。\n"


def key(**parts: str) -> CacheKey:
    return CacheKey({"model": "m", "question": "q", **parts})


def entry(of: CacheKey, answer: str = "{}") -> Entry:
    return Entry(parts=dict(of.parts), answer=answer, finish="stop", usage=Usage(prompt=3), date="2026-01-01")


def sent(**changes: object) -> int:
    """Calls of a second run that differs from the first in some options."""
    folder = changes.pop("folder")
    with Endpoint() as endpoint:
        options = {"base_url": endpoint.url, "api_key": "sk-1", "cache": folder}
        llmx.extract(llmx.read_text(TEXT, id="a"), "m", **options)
        before = len(endpoint.bodies)
        model = changes.pop("model", "m")
        llmx.extract(llmx.read_text(changes.pop("text", TEXT), id="b"), model, **options | changes)
        return len(endpoint.bodies) - before


def test_what_changes_the_answer_changes_the_key_and_nothing_else_does(tmp_path: Path) -> None:
    same = [{"api_key": "sk-2"}, {"concurrency": 2}, {"attempts": 3}, {"passes": 1}, {"rpm": 60_000}]
    other = [{"temperature": 0.5}, {"max_tokens": 900}, {"mode": "tools"}, {"model": "n"}, {"text": TEXT + "增长。\n"}]
    assert [sent(folder=tmp_path / f"same{n}", **change) for n, change in enumerate(same)] == [0] * len(same)
    assert all(sent(folder=tmp_path / f"other{n}", **change) for n, change in enumerate(other))


def test_a_corrupted_entry_is_a_miss_that_is_said(tmp_path: Path) -> None:
    cache, wanted = AnswerCache(tmp_path), key()
    cache.put(wanted, entry(wanted))
    assert cache.get(wanted) == entry(wanted)
    with sqlite3.connect(tmp_path / "cache.db") as database:
        database.execute("UPDATE Cache SET value = substr(value, 1, 20)")
    assert cache.get(wanted) is None
    assert "corrupted" in cache.fault
    assert wanted.digest[:16] in cache.fault


def test_an_entry_under_another_questions_key_is_not_believed(tmp_path: Path) -> None:
    cache, wanted, other = AnswerCache(tmp_path), key(), key(question="another")
    cache.put(wanted, entry(other))
    assert cache.get(wanted) is None
    assert "another question's" in cache.fault


def test_a_pickle_that_someone_else_wrote_is_not_loaded(tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (tmp_path / "exploded",)

    cache, wanted = AnswerCache(tmp_path), key()
    cache.put(wanted, entry(wanted))
    with sqlite3.connect(tmp_path / "cache.db") as database:
        database.execute("UPDATE Cache SET mode = 4, value = ?", [sqlite3.Binary(pickle.dumps(Bomb()))])
    assert cache.get(wanted) is None
    assert "pickled" in cache.fault
    assert not (tmp_path / "exploded").exists()


def test_explain_names_the_parts_that_differ_from_the_nearest_entry(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)
    for one in (key(question="far", mode="tools"), key(question="near")):
        cache.put(one, entry(one))
    nearest, differing = cache.nearest(key(question="asked"))
    assert nearest.parts["question"] == "near"
    assert differing == ["question"]


def test_several_processes_share_a_cache(tmp_path: Path) -> None:
    writes = (
        "import sys; from pathlib import Path; from llmx.cache import *; from llmx.calls import Usage\n"
        "cache = AnswerCache(Path(sys.argv[1]))\n"
        "for n in range(40):\n"
        "    key = CacheKey({'question': f'{sys.argv[2]} {n}'})\n"
        "    cache.put(key, Entry(parts=dict(key.parts), answer='{}', finish='stop', usage=Usage(), date='d'))\n"
        "    shared = CacheKey({'question': str(n)})\n"
        "    cache.put(shared, Entry(parts=dict(shared.parts), answer='{}', finish='stop', usage=Usage(), date='d'))\n"
        "assert cache.fault is None, cache.fault\n"
    )
    command = [sys.executable, "-c", writes, str(tmp_path)]
    running = [subprocess.Popen([*command, str(n)], cwd=ROOT) for n in range(4)]
    assert [one.wait(60) for one in running] == [0] * 4
    assert AnswerCache(tmp_path).info()["entries"] == 4 * 40 + 40


def test_a_folder_that_is_no_folder_is_a_clear_error_before_anything_is_sent(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with Endpoint() as endpoint, pytest.raises(CacheError, match="--cache"):
        llmx.extract("a.txt", "m", base_url=endpoint.url, api_key="k", cache=tmp_path / "file")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "cache.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(CacheError, match="--cache"):
        AnswerCache(tmp_path / "broken")


def test_a_cache_that_another_process_holds_is_a_miss_that_is_said_and_its_answers_are_kept_once_it_lets_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("llmx.cache._PATIENCE", 0.1)
    cache, wanted = AnswerCache(tmp_path), key()
    holder = sqlite3.connect(tmp_path / "cache.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    cache.put(wanted, entry(wanted))
    assert "another process holds the cache" in cache.fault
    assert cache.get(wanted) == entry(wanted), "what waits in memory is an answer as well"
    late = AnswerCache(tmp_path)
    assert late.get(wanted) is None
    with pytest.raises(CacheError, match="holds the cache"):
        late.info()
    holder.execute("ROLLBACK")
    cache.close()
    assert AnswerCache(tmp_path).get(wanted) == entry(wanted)


def test_a_locked_cache_costs_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("llmx.cache._PATIENCE", 0.1)
    AnswerCache(tmp_path / "cache").close()
    with sqlite3.connect(tmp_path / "cache" / "cache.db", isolation_level=None) as holder, Endpoint() as endpoint:
        holder.execute("BEGIN EXCLUSIVE")
        (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
        options = {"base_url": endpoint.url, "api_key": "k", "cache": tmp_path / "cache"}
        manifest = llmx.run(tmp_path / "a.txt", tmp_path / "run", "m", **options).manifest
    assert manifest.records["achievement"] == 1
    assert any("another process" in warning for warning in manifest.warnings)


def test_a_cache_that_takes_no_more_costs_no_answer(tmp_path: Path) -> None:
    with Endpoint() as endpoint:
        options = {"base_url": endpoint.url, "api_key": "k", "cache": tmp_path / "cache"}
        with llmx.Extractor("m", **options) as extractor:
            with sqlite3.connect(tmp_path / "cache" / "cache.db") as database:
                database.execute(
                    "CREATE TRIGGER full BEFORE INSERT ON Cache BEGIN SELECT RAISE(FAIL, 'disk full'); END"
                )
            result = extractor.extract(llmx.read_text(TEXT, id="a"))
            assert "no longer kept: disk full" in extractor.model.cache.fault
    assert len(result.records) == 1
    assert not result.failures


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ("http://HOST.example.org:80/v1/", "http://host.example.org/v1"),
        ("https://host.example.org/v1", "https://host.example.org/v1"),
        ("https://host.example.org:8443/team/a/v1/chat/completions", "https://host.example.org:8443/team/a/v1"),
    ],
)
def test_scheme_port_and_path_of_an_address_are_part_of_a_key(address: str, part: str) -> None:
    from llmx.models.openai.endpoints import find_endpoint

    assert find_endpoint("m", llmx.ModelOptions(base_url=address, api_key="k")).address == part


def run_clear(folder: Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "llmx", "cache", "clear", "--yes", "--cache", str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)


def test_clearing_deletes_no_file_outside_the_cache_whatever_its_table_says(tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("kept")
    cache, wanted = AnswerCache(tmp_path / "cache"), key()
    cache.put(wanted, entry(wanted, "x" * 100_000))
    cache.close()
    with sqlite3.connect(tmp_path / "cache" / "cache.db") as database:
        database.execute("UPDATE Cache SET filename = '../precious.txt'")
    again = AnswerCache(tmp_path / "cache")
    assert again.get(wanted) is None
    assert "outside the cache" in again.fault
    again.close()
    assert run_clear(tmp_path / "cache").returncode == 0
    assert precious.read_text() == "kept"


def test_only_answers_are_cleared_and_no_cache_is_made_to_clear_it(tmp_path: Path) -> None:
    import diskcache

    with diskcache.Cache(str(tmp_path / "theirs")) as theirs:
        theirs["something"] = {"of": "theirs"}
    (tmp_path / "reports").mkdir()
    refused = [run_clear(tmp_path / "theirs"), run_clear(tmp_path / "reports"), run_clear(tmp_path / "nowhere")]
    assert [done.returncode for done in refused] == [1, 1, 1]
    assert b"another program" in refused[0].stderr
    assert b"no answers are kept here" in refused[1].stderr
    with diskcache.Cache(str(tmp_path / "theirs")) as theirs:
        assert theirs["something"] == {"of": "theirs"}
    assert not list((tmp_path / "reports").iterdir())
    assert not (tmp_path / "nowhere").exists()
