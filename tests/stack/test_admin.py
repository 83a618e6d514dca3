"""The administrator's words: they call the use cases, and a refusal is one sentence."""

import argparse
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from administration import commands, erase_person, organisation
from administration.errors import CommandError
from administration.target import Target
from tests.support.postgres import Database, in_thread
from tests.support.target import target_of

POLICY = """
currency: USD
tiers:
- name: small
  below: 500
  steps:
  - name: head
    approvers: [{head_of: cost_centre}]
- name: large
  departments: [IT]
  steps:
  - name: manager
    approvers: [{role: manager}]
"""


@dataclass(frozen=True)
class AdminCommands:
    """Says a word as ``./parley`` would, on this test's database."""

    target: Target
    database: Database

    def run(self, command_name: str, **args: object) -> None:
        assert in_thread(getattr(commands, command_name), self.target, argparse.Namespace(**args)) == 0

    def set_organisation(self, file: Path) -> None:
        args = argparse.Namespace(file=file)
        assert in_thread(organisation.organisation_set, self.target, args) == 0


@pytest.fixture
def admin_commands(database: Database, tmp_path: Path) -> AdminCommands:
    return AdminCommands(target_of(database, tmp_path), database)


async def test_a_person_is_added_given_roles_and_disabled_and_the_log_says_by_whom(
    admin_commands: AdminCommands, capsys: pytest.CaptureFixture[str]
) -> None:
    admin_commands.run("person_add", name="Ada", email="Ada@Example.test", roles=["admin"])
    admin_commands.run("person_role", person="ada@example.test", roles=["officer", "finance"])
    admin_commands.run("person_disable", person="ada@example.test")
    admin_commands.run("person_enable", person="ada@example.test")
    admin_commands.run("password", person="ada@example.test")
    assert "Changed Ada (finance, officer)" in capsys.readouterr().out
    connection = await asyncpg.connect(admin_commands.database.owner_url)
    rows = await connection.fetch("SELECT type, actor FROM audit_events ORDER BY seq")
    await connection.close()
    assert [row["type"] for row in rows] == [
        "person.added",
        "person.role_changed",
        "person.disabled",
        "person.enabled",
        "link.made",
    ]
    assert {row["actor"] for row in rows} == {"command line"}


async def test_a_person_is_erased_by_their_name_only(
    admin_commands: AdminCommands, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def erase(name: str | None) -> None:
        args = argparse.Namespace(person="rosa@example.test", name=name)
        assert in_thread(erase_person.person_erase, admin_commands.target, args) == 0

    admin_commands.run("person_add", name="Ada", email="ada@example.test", roles=["admin"])
    admin_commands.run("person_add", name="Rosa Quintana", email="rosa@example.test", roles=["requester"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    with pytest.raises(CommandError, match="with --name"):
        erase(None)
    with pytest.raises(CommandError, match="is not the name of this person"):
        erase("Ada")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda asked: "rosa quintana" if "Rosa Quintana" in asked else "")
    capsys.readouterr()
    erase(None)
    told = capsys.readouterr().out
    assert "cannot be undone" in told
    assert "What stays" in told
    assert "Erased erased-" in told
    assert "Kept as evidence (GDPR Art. 17(3)(b)) in no row." in told
    connection = await asyncpg.connect(admin_commands.database.owner_url)
    names = await connection.fetch("SELECT name, email, active FROM people ORDER BY name")
    who = await connection.fetchval("SELECT actor FROM audit_events WHERE type = 'person.erased'")
    await connection.close()
    assert [(row["email"], row["active"]) for row in names] == [("ada@example.test", True), (None, False)]
    assert names[1]["name"].startswith("erased-")
    assert who == "command line"
    with pytest.raises(CommandError):
        erase("Rosa Quintana")


def test_an_address_that_is_taken_and_a_person_nobody_knows_are_told(admin_commands: AdminCommands) -> None:
    admin_commands.run("person_add", name="Ada", email="ada@example.test", roles=[])
    with pytest.raises(CommandError, match="is already in use"):
        admin_commands.run("person_add", name="Ada Two", email="ada@example.test", roles=[])
    with pytest.raises(CommandError):
        admin_commands.run("person_disable", person="nobody@example.test")


def test_a_policy_that_is_shown_can_be_set_again(
    admin_commands: AdminCommands, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    admin_commands.run("person_add", name="Mara", email="mara@example.test", roles=["manager"])
    company, file = tmp_path / "organisation.yaml", tmp_path / "policy.yaml"
    company.write_text(organisation.EXAMPLE)
    file.write_text(POLICY)
    with pytest.raises(CommandError, match="/tiers/1/departments/0: IT is no department"):
        admin_commands.run("policy_set", file=file)
    admin_commands.set_organisation(company)
    admin_commands.run("policy_try", file=file)
    assert "0 purchases: 0 asked of others, 0 that nobody could approve." in capsys.readouterr().out
    admin_commands.run("policy_set", file=file)
    capsys.readouterr()
    admin_commands.run("policy_show")
    first = capsys.readouterr().out
    assert "below: '500'" in first or "below: '500.000000'" in first
    file.write_text(first)
    admin_commands.run("policy_set", file=file)
    admin_commands.run("policy_show")
    assert capsys.readouterr().out.split("\n", 2)[2] == first.split("\n", 1)[1]


def test_a_file_that_is_no_policy_is_told(admin_commands: AdminCommands, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("tiers: 7")
    with pytest.raises(CommandError, match="is not a policy"):
        admin_commands.run("policy_set", file=file)


def test_an_organisation_is_set_from_a_file_and_can_be_set_again(
    admin_commands: AdminCommands, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    admin_commands.run("person_add", name="Mara", email="mara@example.test", roles=["manager"])
    file = tmp_path / "organisation.yaml"
    file.write_text(organisation.EXAMPLE)
    for _ in range(2):
        admin_commands.set_organisation(file)
    assert "1 departments, 1 cost centres and base currency USD" in capsys.readouterr().out
    file.write_text(organisation.EXAMPLE.replace("USD", "EUR"))
    with pytest.raises(CommandError, match="/base_currency"):
        admin_commands.set_organisation(file)
    file.write_text(organisation.EXAMPLE.replace("department: IT", "department: HR"))
    with pytest.raises(CommandError, match="/department"):
        admin_commands.set_organisation(file)
    file.write_text("name: Northwind\nbase: USD\n")
    with pytest.raises(CommandError, match="base_currency: Field required"):
        admin_commands.set_organisation(file)


def test_rates_need_an_organisation(admin_commands: AdminCommands, tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_text("currency,day,rate\nEUR,2026-11-23,1.09\n")
    with pytest.raises(CommandError, match="organisation set"):
        admin_commands.run("rates", file=file)


def test_rates_are_loaded_and_a_wrong_line_is_named(
    admin_commands: AdminCommands, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    admin_commands.run("person_add", name="Mara", email="mara@example.test", roles=["manager"])
    company = tmp_path / "organisation.yaml"
    company.write_text(organisation.EXAMPLE)
    admin_commands.set_organisation(company)
    file = tmp_path / "rates.csv"
    file.write_text("currency,day,rate\nEUR,2026-11-23,1.09\nGBP,2026-11-23,1.27\n")
    admin_commands.run("rates", file=file)
    file.write_text("currency,day,rate\nEUR,2026-11-23,1.09\nGBP,yesterday,1.27\n")
    capsys.readouterr()
    with pytest.raises(CommandError, match="line 3: write currency,day,rate"):
        admin_commands.run("rates", file=file)
    assert "Loaded 1 rates." in capsys.readouterr().out
