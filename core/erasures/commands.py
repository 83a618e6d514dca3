"""The command of erasures."""

from dataclasses import dataclass

from core.kernel.ids import PersonId


@dataclass(frozen=True)
class ErasePerson:
    """Destroy what is personal about somebody."""

    person_id: PersonId
