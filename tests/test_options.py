"""Options as a caller gives them: whole or by name, and what is said of one that is wrong."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from endpoint import Endpoint

import llmx
from llmx.errors import UsageError
from llmx.models.options import ModelOptions, RequestOptions

REPORT = Path(__file__).parent / "reports" / "qianjiang-2025.txt"
TEXT = "一、2023年工作回顾\n\n地区生产总值增长6.2%。\n"


async def awaited(call: llmx.Call) -> None:
    """A hook that nobody would await."""


def document() -> llmx.Document:
    return llmx.read_text(TEXT, id="short")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"temprature": 0}, "did you mean 'temperature'"),
        ({"max_token": 100}, "did you mean 'max_tokens'"),
        ({"hook": print}, "did you mean 'hooks'"),
        ({"qwertyuiop": 1}, "there are .*temperature"),
        ({"temperature": "hot"}, "temperature = 'hot'"),
        ({"temperature": -1}, "greater than or equal to 0"),
        ({"concurrency": 0}, "concurrency = 0"),
        ({"concurrency": "8"}, "concurrency = '8'.*integer"),
        ({"timeout": float("nan")}, "timeout = nan"),
        ({"passes": 3}, "less than or equal to 2"),
        ({"mode": "xml"}, "'json_schema', 'tools', 'json' or 'markdown'"),
        ({"hooks": "print"}, "hooks = 'print'"),
        ({"hooks": awaited}, "awaited is async"),
        ({"extra_body": {"a": {1, 2}}}, "extra_body"),
        ({"stream": 1}, "stream = 1"),
        ({"http_client": "proxy"}, "AsyncClient"),
        ({"options": {"timeout": 3}}, "not ModelOptions"),
    ],
)
@pytest.mark.parametrize("call", [llmx.extract, llmx.extract_many, llmx.Extractor])
def test_a_wrong_option_is_a_usage_error_that_says_which_and_what_to_write(call: Any, given: dict, said: str) -> None:
    model = "deepseek/m" if "http_client" in given else "rules"
    sources = () if call is llmx.Extractor else (document(),)
    with pytest.raises(UsageError, match=said):
        call(*sources, model=model, **({"api_key": "k"} if model != "rules" else {}), **given)


def test_a_wrong_option_leaves_no_folder_behind(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="timeout"):
        llmx.run(REPORT, tmp_path / "run", "deepseek/m", timeout=0)
    assert not (tmp_path / "run").exists()


def test_a_key_that_is_no_text_is_not_shown() -> None:
    with pytest.raises(UsageError, match="option api_key") as raised:
        llmx.extract(document(), "deepseek/m", api_key=b"sk-secret-9")
    assert "secret" not in str(raised.value)
    assert "sk-secret-9" not in repr(ModelOptions(api_key="sk-secret-9"))


def test_options_go_whole_or_by_name_and_the_name_comes_first(tmp_path: Path) -> None:
    with Endpoint() as endpoint:
        whole = llmx.ModelOptions(base_url=endpoint.url, api_key="k", cache=None, seed=1, top_p=0.5)
        llmx.extract(document(), "m", whole, seed=2)
    assert (endpoint.bodies[0]["seed"], endpoint.bodies[0]["top_p"]) == (2, 0.5)
    assert whole.seed == 1


def test_paths_of_any_kind_and_a_hook_alone_are_taken(tmp_path: Path) -> None:
    class Somewhere(os.PathLike):
        def __fspath__(self) -> str:
            return str(tmp_path / "cache")

    events: list[llmx.Call] = []
    with Endpoint() as endpoint:
        options = {"base_url": endpoint.url, "api_key": "k", "cache": Somewhere(), "hooks": events.append}
        llmx.extract(document(), "m", **options)
        llmx.extract(document(), "m", **options | {"cache": str(tmp_path / "cache")})
        assert len(endpoint.bodies) == 1
    assert [event.kind for event in events] == ["start", "attempt", "usage", "hit"]


@pytest.mark.parametrize("alone", [str(REPORT), REPORT, document()])
def test_one_source_alone_is_a_list_of_one(alone: Any) -> None:
    assert len(list(llmx.extract_many(alone))) == 1


def test_a_ready_model_takes_no_further_options() -> None:
    class Mute:
        name = "mute"

        def read(self, chunk: llmx.Chunk) -> llmx.Reading:
            return llmx.Reading()

    assert not llmx.extract(document(), Mute()).records
    with pytest.raises(UsageError, match=r"Mute is a ready model.*temperature"):
        llmx.extract(document(), Mute(), temperature=0)


def test_a_hook_that_raises_is_reported_once_and_the_run_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[str] = []

    def broken(call: llmx.Call) -> None:
        heard.append(call.kind)
        raise KeyError("no such column")

    with Endpoint() as endpoint:
        manifest = llmx.run(
            REPORT, tmp_path / "run", "m", base_url=endpoint.url, api_key="k", cache=None, hooks=[broken]
        ).manifest
    assert manifest.failures == 0
    assert len(heard) > len(endpoint.bodies)
    (warning,) = manifest.warnings
    assert "KeyError" in warning
    assert len(caplog.records) == 1
    assert len((tmp_path / "run" / "ledger.jsonl").read_text("utf-8").splitlines()) == len(endpoint.bodies)


def test_the_command_line_offers_every_option_with_its_default() -> None:
    from llmx.cli.options import ANSWER, PACE

    offered = ANSWER | PACE
    # A key is not for a command line, --retry-failed is the run's as well, the others are objects.
    not_offered = {"allowance", "api_key", "again", "http_client", "hooks"}
    assert offered.keys() == ModelOptions.model_fields.keys() - not_offered
    for name, annotation in offered.items():
        default = ModelOptions.model_fields[name].default
        help = annotation.__metadata__[0].help
        if isinstance(default, int | float) and not isinstance(default, bool):
            assert f"({default:g})" in help, name
        else:
            assert not re.search(r"\(\d+\)", help), name


def test_every_setting_of_a_request_can_stand_in_a_table(tmp_path: Path) -> None:
    table = {
        "mode": '"tools"', "temperature": '"none"', "top_p": "0.5", "seed": "7", "reasoning_effort": '"low"',
        "extra_body": "{ a = 1 }", "extra_headers": '{ X-A = "b" }', "query": '{ c = "d" }', "stream": "false",
        "system": "false", "chunk": "2000",
    }  # fmt: skip
    assert table.keys() == RequestOptions.model_fields.keys()
    rows = "\n".join(f"{name} = {value}" for name, value in table.items())
    with Endpoint() as endpoint:
        (tmp_path / "llmx.toml").write_text(f'[providers.mine]\nbase_url = "{endpoint.url}"\n{rows}\n')
        llmx.extract(document(), "mine/m", config=tmp_path / "llmx.toml", cache=None)
    body, head = endpoint.bodies[0], endpoint.heads[0]
    assert (body["top_p"], body["seed"], body["reasoning_effort"], body["a"]) == (0.5, 7, "low", 1)
    assert "temperature" not in body
    assert {message["role"] for message in body["messages"]} == {"user", "assistant"}
    assert "?c=d " in head
    assert "x-a: b" in head.lower()


DOCS = (Path(__file__).parent.parent / "docs" / "providers.md").read_text("utf-8")


def test_the_documented_options_are_those_that_there_are() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*) \|$", DOCS, re.MULTILINE)
    assert [name for name, _, _ in rows] == list(ModelOptions.model_fields)
    for name, default, words in rows:
        field = ModelOptions.model_fields[name]
        assert words == " ".join(field.description.split())
        number = isinstance(field.default, int | float) and not isinstance(field.default, bool)
        assert default == (f"{field.default:g}" if number else "")


def test_the_documented_configuration_is_one(tmp_path: Path) -> None:
    from llmx.models.openai.endpoints import find_endpoint

    example, trusting = re.findall("```toml\n(.*?)```", DOCS, re.DOTALL)
    (tmp_path / "llmx.toml").write_text(trusting + example, encoding="utf-8")
    endpoint = find_endpoint("mine/big-1", ModelOptions(config=tmp_path / "llmx.toml", api_key="k"))
    assert endpoint.asked.extra_body == {"top_k": 1, "thinking": {"type": "disabled"}}
    assert (endpoint.temperature, endpoint.price.currency) == (None, "CNY")
    assert [name for name in re.findall("`(\\w+)`", DOCS.split("Shipped are")[1].split("(")[0]) if name] == shipped()


def shipped() -> list[str]:
    import tomllib

    path = Path(llmx.__file__).parent / "models" / "openai" / "providers.toml"
    return list(tomllib.loads(path.read_text("utf-8")))
