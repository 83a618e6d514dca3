"""The command of erasures."""

from dataclasses import dataclass

from core.kernel.ids import PersonId


@dataclass(frozen=True)
class ErasePerson:
    """Destroy what is personal about somebody; ``name`` is what was typed to confirm it, where it was asked for."""

    person_id: PersonId
    name: str | None = None
