"""The tables are put to a server from outside, as anyone with a token would: here the sandbox is that server."""

import pytest

from tests.sandbox import live_check
from tests.sandbox.conftest import ROSA, TOKEN, TelegramSandbox
from tests.sandbox.slack.conftest import ROSA as ROSA_ON_SLACK
from tests.sandbox.slack.conftest import TOKEN as SLACK_TOKEN
from tests.sandbox.slack.conftest import SlackSandbox, workspace

__all__ = ["workspace"]


async def test_telegrams_table_from_outside(
    sandbox: TelegramSandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TELEGRAM_API_BASE", sandbox.url)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("TELEGRAM_TEST_CHAT", str(ROSA))
    differences = await live_check.main(pace=0)
    output = capsys.readouterr().out
    assert differences == 0, output


async def test_slacks_table_from_outside(
    workspace: SlackSandbox,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SLACK_API_BASE", f"{workspace.url}/slack/api/")
    monkeypatch.setenv("SLACK_BOT_TOKEN", SLACK_TOKEN)
    monkeypatch.setenv("SLACK_TEST_USER", ROSA_ON_SLACK)
    assert await live_check.main(pace=0) == 0, capsys.readouterr().out
    assert " 0 different" in capsys.readouterr().out
