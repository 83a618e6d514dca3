"""What the bots' tests stand on."""

import itertools

import pytest

from tests.bots import bot_env


def test_no_two_test_runs_get_the_same_port(monkeypatch: pytest.MonkeyPatch) -> None:
    first = bot_env.free_port()
    monkeypatch.setattr(bot_env, "_PORTS", itertools.count(first))
    assert bot_env.free_port() != first
