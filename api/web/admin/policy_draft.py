"""The approval policy while somebody changes it in a form: tier by tier, step by step.

One rule: a draft decides nothing; whatever it holds is read by the contract and checked by the policy's own rules.

The form's fields are named after the contract's places: ``tiers.0.steps.1.needs`` is told as ``/tiers/0/steps/1/needs``
when it cannot be taken.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from api.contract import approvals as wire
from api.language import Amount, parse_amount
from api.web.phrasing import Phrasing
from api.web.typed_numbers import whole
from core.access.permissions import Permission
from core.access.roles import PEOPLE, ROLE_PERMISSIONS
from core.kernel.policy_terms import AskOnce, SplitWhat, SplitWho

FORM = "administration-policy-set-tiers"
ROLES = tuple(role.value for role in PEOPLE if Permission.approvals_decide in ROLE_PERMISSIONS[role])
HEADS = ("cost_centre", "department")
ASK_ONCE = tuple(each.value for each in AskOnce)
SPLIT_WHO = tuple(each.value for each in SplitWho)
SPLIT_WHAT = tuple(each.value for each in SplitWhat)
MOST_TIERS, MOST_STEPS = 50, 10
_CHANGE = re.compile(
    r"(add-tier|remove-tier|earlier-tier|add-step|remove-step)(?::(\d{1,2}))?(?::(\d{1,2}))?"
)
_TIER = re.compile(r"tiers\.(\d{1,2})\.name")
_COMMA = re.compile(r"[,;،\s]+")
_LIST = re.compile(r"\s*[,;،]\s*")


@dataclass(frozen=True)
class StepDraft:
    """Who decides a step, and how many of them."""

    name: str = ""
    needs: str = "1"
    roles: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    people: str = ""
    is_new: bool = False

    @classmethod
    def of(cls, step: wire.StepIn) -> "StepDraft":
        return cls(
            step.name,
            str(step.needs),
            tuple(each.role for each in step.approvers if each.role),
            tuple(each.head_of for each in step.approvers if each.head_of),
            ", ".join(each.person for each in step.approvers if each.person),
        )

    @classmethod
    def typed(cls, typed: Mapping[str, str], at: str) -> "StepDraft":
        return cls(
            typed.get(f"{at}.name", ""),
            typed.get(f"{at}.needs", ""),
            tuple(each for each in ROLES if f"{at}.roles.{each}" in typed),
            tuple(each for each in HEADS if f"{at}.heads.{each}" in typed),
            typed.get(f"{at}.people", ""),
        )

    def body(self) -> dict[str, Any]:
        approvers = [
            *({"role": each} for each in self.roles),
            *({"head_of": each} for each in self.heads),
            *({"person": each} for each in _COMMA.split(self.people) if each),
        ]
        return {"name": self.name.strip(), "needs": whole(self.needs), "approvers": approvers}


@dataclass(frozen=True)
class TierDraft:
    """For which amounts and things, within how many hours, and its steps."""

    name: str = ""
    below: str = ""
    departments: str = ""
    categories: str = ""
    due_hours: str = "72"
    ask_once: str = ASK_ONCE[0]
    steps: tuple[StepDraft, ...] = (StepDraft(),)
    is_new: bool = False

    @classmethod
    def of(cls, tier: wire.TierIn, p: Phrasing) -> "TierDraft":
        return cls(
            tier.name,
            "" if tier.below is None else p.number(tier.below),
            ", ".join(tier.departments),
            ", ".join(tier.categories),
            str(tier.due_hours),
            tier.ask_once.value,
            tuple(StepDraft.of(each) for each in tier.steps),
        )

    @classmethod
    def typed(cls, typed: Mapping[str, str], at: str) -> "TierDraft":
        steps = _numbers(typed, re.compile(re.escape(at) + r"\.steps\.(\d{1,2})\.name"))
        return cls(
            typed.get(f"{at}.name", ""),
            typed.get(f"{at}.below", ""),
            typed.get(f"{at}.departments", ""),
            typed.get(f"{at}.categories", ""),
            typed.get(f"{at}.due_hours", ""),
            typed.get(f"{at}.ask_once", ""),
            tuple(StepDraft.typed(typed, f"{at}.steps.{each}") for each in steps),
        )

    def body(self, p: Phrasing, currency: str) -> dict[str, Any]:
        return {
            "name": self.name.strip(),
            "below": _amount(self.below.strip(), p, currency),
            "departments": _listed(self.departments),
            "categories": _listed(self.categories),
            "due_hours": whole(self.due_hours),
            "ask_once": self.ask_once,
            "steps": [each.body() for each in self.steps],
        }


@dataclass(frozen=True)
class PolicyDraft:
    """The whole policy as its form holds it; ``version`` is the one that was read."""

    version: str
    currency: str
    undo_seconds: str
    days: str
    who: str
    what: str
    tiers: tuple[TierDraft, ...] = field(default=())

    @classmethod
    def of(cls, found: wire.PolicyOut, p: Phrasing) -> "PolicyDraft":
        splits = found.splits
        return cls(
            version=str(found.version),
            currency=found.currency,
            undo_seconds=str(found.undo_seconds),
            days=str(splits.days),
            who=splits.who.value,
            what=splits.what.value,
            tiers=tuple(TierDraft.of(each, p) for each in found.tiers),
        )

    @classmethod
    def typed(cls, typed: Mapping[str, str]) -> "PolicyDraft":
        """What the form sent; tiers and steps stand one after the other again."""
        return cls(
            version=typed.get("version", ""),
            currency=typed.get("currency", ""),
            undo_seconds=typed.get("undo_seconds", ""),
            days=typed.get("splits.days", ""),
            who=typed.get("splits.who", ""),
            what=typed.get("splits.what", ""),
            tiers=tuple(TierDraft.typed(typed, f"tiers.{each}") for each in _numbers(typed, _TIER)),
        )

    def body(self, p: Phrasing) -> dict[str, Any]:
        """The contract's body; what nobody could read stays as it was typed, and is refused at its place."""
        return {
            "currency": self.currency.strip(),
            "undo_seconds": whole(self.undo_seconds),
            "splits": {"days": whole(self.days), "who": self.who, "what": self.what},
            "tiers": [each.body(p, self.currency.strip()) for each in self.tiers],
        }

    def changed(self, wanted: str) -> "PolicyDraft":
        """With a tier or a step more, less, or earlier; the same for whatever is not there."""
        found = _CHANGE.fullmatch(wanted)
        verb, at, step = (found[1], int(found[2] or 0), int(found[3] or 0)) if found else ("", 0, 0)
        tiers = list(self.tiers)
        if verb == "add-tier" and len(tiers) < MOST_TIERS:
            tiers.append(TierDraft(is_new=True))
        elif at >= len(tiers):
            return self
        elif verb == "remove-tier":
            del tiers[at]
        elif verb == "earlier-tier" and at > 0:
            tiers[at - 1 : at + 1] = [tiers[at], tiers[at - 1]]
        elif verb in ("add-step", "remove-step"):
            tiers[at] = replace(tiers[at], steps=_steps(tiers[at].steps, verb, step))
        return replace(self, tiers=tuple(tiers))


def why(wrong: Mapping[str, str], place: str) -> str:
    """What is wrong at a place of the form, or below it: an unknown department is told at all of them."""
    return next((told for name, told in wrong.items() if name == place or name.startswith(f"{place}.")), "")


def _steps(steps: tuple[StepDraft, ...], verb: str, at: int) -> tuple[StepDraft, ...]:
    if verb == "add-step":
        return (*steps, StepDraft(is_new=True)) if len(steps) < MOST_STEPS else steps
    return tuple(step for number, step in enumerate(steps) if number != at)


def _numbers(typed: Mapping[str, str], pattern: re.Pattern[str]) -> list[int]:
    """Which numbers a repeated field has."""
    return sorted(int(found[1]) for found in map(pattern.fullmatch, typed) if found)


def _listed(text: str) -> list[str]:
    return [each for each in _LIST.split(text.strip()) if each]


def _amount(text: str, p: Phrasing, currency: str) -> str | None:
    """As the reader writes amounts, if there is one reading."""
    if not text:
        return None
    reading = parse_amount(text, p.locale, currency)
    return str(reading.value) if isinstance(reading, Amount) else text
