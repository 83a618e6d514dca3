"""A colleague to be chosen: by a button, or by a typed name."""

import re
from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel

from api.contract.approvals import CandidateOut


class Colleague(BaseModel):
    id: UUID
    name: str


def colleagues_of(people: Sequence[CandidateOut]) -> list[Colleague]:
    return [Colleague(id=each.person_id, name=each.name) for each in people]


def is_named(colleague: Colleague, text: str) -> bool:
    """Whether the text begins with the whole name, so that nobody else can be meant."""
    return re.match(rf"{re.escape(colleague.name)}(?!\w)", text, re.IGNORECASE) is not None


def match_colleagues(colleagues: Sequence[Colleague], wanted: str) -> tuple[list[Colleague], str]:
    """Those with whose full name the text begins, else those who have its first word as a name; and the rest."""
    full_names = [each for each in colleagues if is_named(each, wanted)]
    if full_names:
        longest = max(len(each.name) for each in full_names)
        return [each for each in full_names if len(each.name) == longest], wanted[longest:].strip(" ,")
    first, _, rest = wanted.partition(" ")
    handle = set(first.casefold().replace(".", " ").replace("_", " ").strip(" ,").split())
    return [
        each for each in colleagues if handle and handle <= set(each.name.casefold().split())
    ], rest.strip()
