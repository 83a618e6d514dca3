"""The schema of a scenario file: who is played, where, and step by step what they do and what must appear.

    people: {rosa: 1001, mara: 1007}
    slack: [rosa]                       # who is on Slack when the cast is mixed
    steps:
      - {who: rosa, says: "/request 3x laptop @1200 needed 2026-12-24 for OFF"}
      - {who: rosa, presses: "Reject…", answers: [Budget], expect: {contains: [rejected]}}

The same file can be played with every cast: ``telegram``, ``slack`` and ``mixed``. A person's number is their
id on Telegram; on Slack it is the same after a ``U``.
"""

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

DEFAULT_WAIT_SECONDS = 50.0
"""Longer than anything takes on a busy machine, shorter than the page waits for the sandbox."""
Cast = Literal["telegram", "slack", "mixed"]


class ScenarioExpectation(BaseModel):
    """What one message must contain; ``absent`` must not occur. ``where``: a modal or the home tab instead.

    ``file`` is the name of the file attached to it.
    """

    model_config = ConfigDict(extra="forbid")

    contains: list[str] = []
    buttons: list[str] = []
    absent: list[str] = []
    no_buttons: bool = False
    file: str | None = None
    answer: str | None = None
    where: Literal["chat", "modal", "home"] = "chat"


class ScenarioStep(BaseModel):
    """One thing that somebody does, or sees.

    ``answers`` answers what is asked next: in a chat one question after the other, by pressing a button with
    that label, else by typing; in a modal its fields in their order, then submitting. ``modal`` names the
    fields instead, where a modal asks differently from the chat.
    """

    model_config = ConfigDict(extra="forbid")

    who: str = ""
    says: str | None = None
    presses: str | None = None
    card: str | None = None
    drops: str | None = None
    replies: str | None = None
    to: str | None = None
    answers: list[str] = []
    modal: dict[str, Any] = {}
    closes: bool = False
    uses: str | None = None
    opens: Literal["home"] | None = None
    do: str | None = None
    expect: ScenarioExpectation | None = None
    within: float = DEFAULT_WAIT_SECONDS
    save: dict[str, str] = {}
    caption: str = ""

    @property
    def acts(self) -> bool:
        return any((self.says, self.presses, self.drops, self.replies, self.answers, self.closes, self.uses))


class Scenario(BaseModel):
    """A whole scenario file."""

    model_config = ConfigDict(extra="forbid")

    about: str = ""
    people: dict[str, int | str]
    slack: list[str] = []
    values: dict[str, str] = {}
    steps: list[ScenarioStep] = Field(min_length=1)

    def ids(self, cast: Cast) -> dict[str, str]:
        """The people with their ids in this cast."""
        return {
            name: _on_slack(number)
            if cast == "slack" or (cast == "mixed" and name in self.slack)
            else str(number)
            for name, number in self.people.items()
        }


def _on_slack(number: int | str) -> str:
    return f"U{number}" if str(number).isdigit() else str(number)


def load(path: Path) -> Scenario:
    """Read a scenario file; an error names its position."""
    return parse(path.read_text(encoding="utf-8"))


def parse(text: str) -> Scenario:
    """Read a scenario from a text."""
    return Scenario.model_validate(yaml.safe_load(text))
