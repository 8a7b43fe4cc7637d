"""Keys: taken as they are meant, sent where the user agreed to, and in no form anywhere else."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from endpoint import Endpoint, Reply

import llmx
from llmx.errors import UsageError
from llmx.masking import keep_secret, masked, shown
from llmx.models.openai import configuration
from llmx.models.openai.endpoints import find_endpoint
from llmx.models.openai.surroundings import check_surroundings

KEY = "sk-9f8e7d/6c5b+4a3"
TEXT = "一、2023年工作回顾\n\n地区生产总值增长6.2%。\n"
FORMS = {
    "plain": KEY,
    "escaped line end": repr(KEY + "\n"),
    "percent-encoded": quote(KEY, safe=""),
    "percent-encoded, small letters": quote(KEY, safe="").replace("%2F", "%2f").replace("%2B", "%2b"),
    "slashes escaped": KEY.replace("/", "\\/"),
    "base64": base64.b64encode(KEY.encode()).decode(),
    "basic auth": base64.b64encode(f":{KEY}".encode()).decode(),
    "basic auth with a user": base64.b64encode(f"me:{KEY}".encode()).decode(),
    "in a URL": f"https://host/v1?key={KEY}",
    "bytes of a header": repr(f"Bearer {KEY}".encode()),
}


@pytest.fixture
def own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own configuration, and a working folder of somebody else's reports."""
    path = tmp_path / "own" / "llmx.toml"
    path.parent.mkdir()
    (tmp_path / "downloads").mkdir()
    monkeypatch.setattr(configuration, "own_file", lambda: path)
    monkeypatch.chdir(tmp_path / "downloads")
    return path


def document() -> llmx.Document:
    return llmx.read_text(TEXT, id="short")


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_no_form_of_a_key_is_shown(form: str) -> None:
    keep_secret(KEY)
    heart = base64.b64encode(KEY.encode()).decode()[4:-4]
    for text in (shown(f"refused: {form}."), masked(json.dumps({"said": form}))):
        assert "9f8e7d" not in text
        assert heart not in text
        assert "***" in text
    assert shown(f"refused: {form}.").startswith("refused: ")


@pytest.mark.parametrize(
    "text",
    [
        "GET https://me:pa55word1@proxy.example.org:8080/ failed",
        "headers: {'Authorization': 'Bearer abcdef123456'}",
        "https://host/v1?api-key=abcdef123456&x=1",
        "Incorrect API key provided: sk-abcdefghijkl123",
        '{"api_key": "abcdef123456"}',
    ],
)
def test_what_looks_like_a_key_is_not_shown_either(text: str) -> None:
    assert "***" in shown(text)
    assert not any(secret in shown(text) for secret in ("pa55word1", "abcdef"))


@pytest.mark.parametrize(
    "text", ["max_tokens: 200000", "see https://example.org/a@b", "增长6.2%，key points: 3", "budget of 200,000 tokens"]
)
def test_what_is_no_key_is_shown_as_it_is(text: str) -> None:
    assert shown(text) == text


def test_words_and_numbers_that_stand_for_no_key_are_left_in_answers() -> None:
    for dummy in ("none", "EMPTY", "ollama", "123456"):
        keep_secret(dummy)
    assert masked("none EMPTY ollama 123456") == "none EMPTY ollama 123456"


def test_escape_sequences_of_an_endpoint_do_not_reach_the_terminal() -> None:
    said = "no\x1b]0;title\x07 such\x1b[2J model\x1b[31m \u202egpt\x00\x9b2J"
    reply = Reply(status=404, body={"error": {"message": said}})
    with Endpoint(lambda body, number: reply) as endpoint, pytest.raises(llmx.ModelError) as raised:
        llmx.extract(document(), "m", base_url=endpoint.url, api_key="k", cache=None)
    assert "no such model gpt2J" in str(raised.value)
    assert str(raised.value).isprintable()


@pytest.mark.parametrize("found", ["failing", "answering"])
def test_a_key_that_the_server_echoes_is_in_nothing_that_a_run_writes(found: str, tmp_path: Path) -> None:
    echo = "; ".join(FORMS.values())

    def script(body: dict[str, Any], number: int) -> Reply:
        if found == "failing":
            return Reply(status=500, body={"error": {"message": echo}})
        return Reply(text=json.dumps({"figures": [{"n": 1, "indicator": f"地区生产总值 {echo}"}], "recognitions": [],
                                      "projects": [], "problems": [], "exceptions": []}))  # fmt: skip

    (tmp_path / "short.txt").write_text(TEXT, encoding="utf-8")
    command = [sys.executable, "-m", "llmx", "extract", "short.txt", "--model", "openai/m", "--out", "run", "-v"]
    with Endpoint(script) as endpoint:
        options = ["--base-url", endpoint.url, "--cache", "cache", "--attempts", "1", "--log-file", "log"]
        environment = {**os.environ, "OPENAI_API_KEY": f" {KEY}\r\n"}
        done = subprocess.run(
            [*command, *options], env=environment, cwd=tmp_path, capture_output=True, timeout=120, check=False
        )
    assert endpoint.keys == {KEY}
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    heart = base64.b64encode(KEY.encode())[4:-4]
    for text in (done.stdout, done.stderr, written):
        assert b"9f8e7d" not in text
        assert heart not in text


def test_a_key_that_the_server_echoes_is_in_no_cassette(tmp_path: Path) -> None:
    from llmx.cassettes import opened

    reply = Reply(text='{"figures": []}', headers={"x-echo": KEY})
    with Endpoint(lambda body, number: reply) as endpoint:
        options = {"base_url": endpoint.url, "api_key": KEY, "cache": None, "attempts": 1}
        with opened(tmp_path / "cassette.yaml", record=True):
            list(llmx.extract_many(document(), "m", query={"key": KEY}, extra_body={"note": KEY}, **options))
    written = (tmp_path / "cassette.yaml").read_text("utf-8")
    assert "地区生产总值" in written
    assert "9f8e7d" not in written


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (f"“{KEY}”", "quotation marks"),
        (f'"{KEY}"', "quotation marks"),
        (f"{KEY}\nsecond line", "no HTTP header"),
        (f"Bearer {KEY}", "SPACE"),
        (f"{KEY}密钥", "no HTTP header"),
    ],
)
def test_a_key_that_no_header_can_hold_is_said_before_anything_is_sent(
    key: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with Endpoint() as endpoint, pytest.raises(UsageError, match=said) as raised:
        llmx.extract(document(), "openai/m", base_url=endpoint.url, cache=None)
    assert not endpoint.bodies
    assert "OPENAI_API_KEY" in str(raised.value)
    assert "9f8e7d" not in str(raised.value)


@pytest.mark.parametrize("blanks", [" {}\n", "\ufeff{}\r\n", "\t{}\u200b "])
def test_blanks_around_a_key_are_no_part_of_it(blanks: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", blanks.format(KEY))
    assert find_endpoint("openai/m", llmx.ModelOptions()).key.get_secret_value() == KEY


@pytest.mark.parametrize(
    "options",
    [
        {"base_url": f"https://me:{KEY}@host/v1"},
        {"base_url": f"https://host/v1?api-key={quote(KEY)}"},
        {"base_url": f"ftp://me:{KEY}@host/v1"},
    ],
)
def test_a_key_in_an_address_is_refused_and_not_shown(options: dict) -> None:
    with pytest.raises(UsageError) as raised:
        find_endpoint("openai/m", llmx.ModelOptions(api_key="k", **options))
    assert "9f8e7d" not in str(raised.value)


def test_a_key_where_its_variables_name_belongs_is_not_shown(own_file: Path) -> None:
    own_file.write_text(f'[providers.mine]\nbase_url = "https://h/v1"\nkey = "{KEY}"\n')
    with pytest.raises(UsageError, match="names the environment variable") as raised:
        find_endpoint("mine/m", llmx.ModelOptions())
    assert "9f8e7d" not in str(raised.value)


STEALING = {
    "a new address": '[providers.openai]\nbase_url = "https://elsewhere.example.org/v1"\n',
    "another's key": '[providers.mine]\nbase_url = "https://elsewhere.example.org/v1"\nkey = "OPENAI_API_KEY"\n',
    "a key to watch by": '[providers.openai]\nkey_value = "sk-of-somebody-else"\n',
    "another header": '[providers.openai]\nkey_header = "X-Logged"\n',
}


@pytest.mark.parametrize("text", STEALING.values(), ids=STEALING)
def test_a_folder_of_reports_does_not_say_where_keys_go(
    text: str, own_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    Path("llmx.toml").write_text(text)
    name = "mine/m" if "mine" in text else "openai/m"
    with pytest.raises(UsageError, match="--config") as raised:
        find_endpoint(name, llmx.ModelOptions())
    assert str(Path.cwd()) in str(raised.value)
    assert find_endpoint("deepseek/m", llmx.ModelOptions(api_key="k")).host == "api.deepseek.com"
    assert find_endpoint(name, llmx.ModelOptions(config="llmx.toml")).name == name
    own_file.write_text(f"trusted = ['{Path.cwd()}']\n")
    assert find_endpoint(name, llmx.ModelOptions()).name == name
    own_file.write_text(f"trusted = ['{Path.cwd().parent}']\n")
    with pytest.raises(UsageError, match="trusted"):
        find_endpoint(name, llmx.ModelOptions())


def test_a_folder_may_set_prices_and_settings_over_the_users_own(own_file: Path) -> None:
    own_file.write_text(
        '[providers.mine]\nbase_url = "https://mine/v1"\nseed = 1\ntop_p = 0.5\n[prices.a]\nprompt = 1\ncompletion = 2\n'
    )
    Path("llmx.toml").write_text(
        'trusted = ["/"]\n[providers.mine]\nseed = 2\n[prices.a]\nprompt = 3\ncompletion = 4\n'
    )
    endpoint = find_endpoint("mine/a", llmx.ModelOptions())
    assert (endpoint.host, endpoint.asked.seed, endpoint.asked.top_p, endpoint.price.prompt) == ("mine", 2, 0.5, 3)


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("SSL_CERT_FILE", "/nowhere/ca.pem", "SSL_CERT_FILE.*'/nowhere/ca.pem'"),
        ("SSL_CERT_FILE", __file__, "SSL_CERT_FILE names a file that cannot be used"),
        ("SSL_CERT_DIR", "/nowhere", "SSL_CERT_DIR"),
        ("ALL_PROXY", "socks5://127.0.0.1:1080", "ALL_PROXY.*pip install socksio"),
        ("https_proxy", "socks://127.0.0.1:1080", "https_proxy is no proxy"),
        ("HTTPS_PROXY", "http://me:pa55word1@host:port", "HTTPS_PROXY is no proxy"),
    ],
)
def test_surroundings_that_break_every_call_are_named_before_the_first(
    variable: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", *(f"{one}_PROXY" for one in ("HTTP", "HTTPS", "ALL", "NO"))):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    check_surroundings()
    monkeypatch.setattr("llmx.models.openai.surroundings.find_spec", lambda name: None)
    monkeypatch.setenv(variable, value)
    with Endpoint() as endpoint, pytest.raises(UsageError, match=said) as raised:
        llmx.extract(document(), "m", base_url=endpoint.url, api_key="k", cache=None)
    assert not endpoint.bodies
    assert "pa55word1" not in str(raised.value)


def test_a_dry_run_needs_no_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from llmx.runs import estimate

    monkeypatch.delenv("DEEPSEEK_API_KEY", raising=False)
    report = Path(__file__).parent / "reports" / "qianjiang-2025.txt"
    assert estimate(str(report), "deepseek/m", cache=tmp_path).chunks == 3
    with pytest.raises(UsageError, match="DEEPSEEK_API_KEY"):
        llmx.extract(report, "deepseek/m", cache=tmp_path)
