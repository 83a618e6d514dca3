"""The administrator's words: they call the use cases, and a refusal is one sentence."""

import argparse
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from stack import admin, office, organisation
from stack.paths import Paths
from stack.problem import StackProblem
from tests.support.postgres import Database, in_thread

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
class Desk:
    """Says a word as ``./parley`` would, on this test's database."""

    paths: Paths
    database: Database

    def say(self, word: str, **asked: object) -> None:
        assert in_thread(getattr(admin, word), self.paths, argparse.Namespace(**asked)) == 0

    def organise(self, file: Path) -> None:
        asked = argparse.Namespace(file=file)
        assert in_thread(organisation.organisation_set, self.paths, asked) == 0


@pytest.fixture
def desk(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    @dataclass(frozen=True)
    class Present:
        databases = database.addresses

    monkeypatch.setattr(office.plan, "present", lambda paths: Present())
    return Desk(Paths(tmp_path, tmp_path), database)


async def test_a_person_is_added_given_roles_and_disabled_and_the_log_says_by_whom(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.say("person_add", name="Ada", email="Ada@Example.test", roles=["admin"])
    desk.say("person_role", person="ada@example.test", roles=["officer", "finance"])
    desk.say("person_disable", person="ada@example.test")
    assert "Changed Ada (finance, officer)" in capsys.readouterr().out
    connection = await asyncpg.connect(desk.database.owner_url)
    rows = await connection.fetch("SELECT type, actor FROM audit_events ORDER BY seq")
    await connection.close()
    assert [row["type"] for row in rows] == ["person.added", "person.role_changed", "person.disabled"]
    assert {row["actor"] for row in rows} == {"command line"}


def test_an_address_that_is_taken_and_a_person_nobody_knows_are_told(desk: Desk) -> None:
    desk.say("person_add", name="Ada", email="ada@example.test", roles=[])
    with pytest.raises(StackProblem, match="already belongs to somebody"):
        desk.say("person_add", name="Ada Two", email="ada@example.test", roles=[])
    with pytest.raises(StackProblem):
        desk.say("person_disable", person="nobody@example.test")


def test_a_policy_that_is_shown_can_be_set_again(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(POLICY)
    desk.say("policy_set", file=file)
    capsys.readouterr()
    desk.say("policy_show")
    first = capsys.readouterr().out
    assert "below: '500'" in first or "below: '500.000000'" in first
    file.write_text(first)
    desk.say("policy_set", file=file)
    desk.say("policy_show")
    assert capsys.readouterr().out.split("\n", 2)[2] == first.split("\n", 1)[1]


def test_a_file_that_is_no_policy_is_told(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("tiers: 7")
    with pytest.raises(StackProblem, match="is not a policy"):
        desk.say("policy_set", file=file)


def test_an_organisation_is_set_from_a_file_and_can_be_set_again(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.say("person_add", name="Mara", email="mara@example.test", roles=["manager"])
    file = tmp_path / "organisation.yaml"
    file.write_text(organisation.EXAMPLE)
    for _ in range(2):
        desk.organise(file)
    assert "1 departments, 1 cost centres and base currency USD" in capsys.readouterr().out
    file.write_text(organisation.EXAMPLE.replace("USD", "EUR"))
    with pytest.raises(StackProblem, match="/base_currency"):
        desk.organise(file)
    file.write_text(organisation.EXAMPLE.replace("department: IT", "department: HR"))
    with pytest.raises(StackProblem, match="/department"):
        desk.organise(file)
    file.write_text("name: Northwind\nbase: USD\n")
    with pytest.raises(StackProblem, match="base_currency: Field required"):
        desk.organise(file)


def test_rates_need_an_organisation(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_text("currency,day,rate\nEUR,2026-11-23,1.09\n")
    with pytest.raises(StackProblem, match="organisation set"):
        desk.say("rates", file=file)


def test_rates_are_loaded_and_a_wrong_line_is_named(desk: Desk, tmp_path: Path) -> None:
    desk.say("person_add", name="Mara", email="mara@example.test", roles=["manager"])
    company = tmp_path / "organisation.yaml"
    company.write_text(organisation.EXAMPLE)
    desk.organise(company)
    file = tmp_path / "rates.csv"
    file.write_text("currency,day,rate\nEUR,2026-11-23,1.09\nGBP,2026-11-23,1.27\n")
    desk.say("rates", file=file)
    file.write_text("currency,day,rate\nEUR,2026-11-23,1.09\nGBP,yesterday,1.27\n")
    with pytest.raises(StackProblem, match="line 3: write currency,day,rate"):
        desk.say("rates", file=file)
