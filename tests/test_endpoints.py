"""Which endpoint a model's name stands for, and what is said where it stands for none."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmx.errors import UnknownModel, UsageError
from llmx.models import ModelOptions
from llmx.models.openai.endpoints import find_endpoint

CONFIG = """
[providers.mine]
base_url = "https://llm.example.org/v1"
key = "MY_KEY"
mode = "tools"

[prices."mine/model"]
prompt = 1
completion = 2
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "llmx.toml").write_text(CONFIG)
    return tmp_path / "llmx.toml"


@pytest.mark.parametrize(
    ("name", "variable", "host"),
    [
        ("openai/gpt-x", "OPENAI_API_KEY", "api.openai.com"),
        ("deepseek/deepseek-chat", "DEEPSEEK_API_KEY", "api.deepseek.com"),
        ("openrouter/qwen/qwen3", "OPENROUTER_API_KEY", "openrouter.ai"),
    ],
)
def test_a_known_provider_takes_its_key_from_its_variable(
    name: str, variable: str, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "sk-1")
    endpoint = find_endpoint(name, ModelOptions())
    assert (endpoint.name, endpoint.host, endpoint.key.get_secret_value()) == (name, host, "sk-1")
    assert "sk-1" not in repr(endpoint)
    monkeypatch.delenv(variable)
    with pytest.raises(UsageError, match=variable):
        find_endpoint(name, ModelOptions())


def test_a_configuration_adds_providers_and_prices(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "k")
    endpoint = find_endpoint("mine/model", ModelOptions(config=config))
    assert (endpoint.base_url, endpoint.mode, endpoint.price.completion) == ("https://llm.example.org/v1", "tools", 2)


def test_an_endpoint_of_ones_own_needs_no_provider_and_on_this_machine_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    endpoint = find_endpoint("qwen3:8b", ModelOptions(base_url="http://127.0.0.1:11434/v1/"))
    assert (endpoint.model, endpoint.host) == ("qwen3:8b", "127.0.0.1:11434")
    assert endpoint.base_url == "http://127.0.0.1:11434/v1"


@pytest.mark.parametrize(
    ("name", "options", "error", "message"),
    [
        ("gpt-x", {}, UnknownModel, "--base-url"),
        ("nobody/gpt-x", {}, UnknownModel, "deepseek"),
        ("openai/", {}, UnknownModel, "openai/MODEL"),
        ("m", {"base_url": "ftp://host/v1"}, UsageError, "http"),
        ("m", {"base_url": "https://user:word@host/v1"}, UsageError, "user, password"),
        ("m", {"base_url": "http://127.0.0.1/v1", "mode": "xml"}, UsageError, "json_schema"),
        ("m", {"config": Path("nowhere.toml")}, UsageError, "nowhere.toml"),
    ],
)
def test_what_cannot_be_asked_is_said_with_what_to_do(
    name: str, options: dict, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        find_endpoint(name, ModelOptions(**options))


def test_a_wrong_configuration_names_the_field_and_not_its_value(tmp_path: Path) -> None:
    path = tmp_path / "llmx.toml"
    path.write_text('[providers.mine]\nbase_url = "https://h/v1"\nkey_valeu = "sk-secret"\n')
    with pytest.raises(UsageError, match=r"providers\.mine\.key_valeu") as raised:
        find_endpoint("mine/m", ModelOptions(config=path))
    assert "sk-secret" not in str(raised.value)
