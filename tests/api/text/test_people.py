"""Who can do it instead: by name where names are known, in the reader's language, never as a code."""

from collections.abc import Mapping

import pytest

from api.text import SUPPORTED, refusal
from api.text.people import WHO_CAN

FORBIDDEN = {"permission": "approvals:decide", "who": "manager, admin"}


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("Mara",), "You don’t have permission to do this. Mara can do it."),
        (("David", "Mara"), "You don’t have permission to do this. David or Mara can do it."),
        (
            ("Ada", "David", "Eva", "Mara", "Nia"),
            "You don’t have permission to do this. Ada, David, Eva, and 2 more can do it.",
        ),
        ((), "You don’t have permission to do this. It takes one of these roles: manager or administrator."),
    ],
)
def test_a_missing_right_names_who_has_it(names: tuple[str, ...], told: str) -> None:
    assert refusal("forbidden", {**FORBIDDEN, "able": names}, "en") == told


@pytest.mark.parametrize("locale", SUPPORTED)
@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("forbidden", FORBIDDEN),
        ("forbidden", {"permission": "orders:issue", "who": "nobody but the system"}),
        ("approvals.own_request", {"who": "nobody yet"}),
        ("approvals.not_candidate", {"candidates": "nobody yet"}),
        ("approvals.second_step", {"step": "finance", "candidates": "nobody yet"}),
        ("delegations.not_yours", {"who": "admin"}),
    ],
)
def test_neither_a_right_nor_a_role_is_told_as_a_code(
    code: str, facts: Mapping[str, object], locale: str
) -> None:
    told = refusal(code, facts, locale)
    assert not any(raw in told.split() for raw in ("approvals:decide", "orders:issue", "admin.", "admin"))
    assert "nobody yet" not in told
    assert "nobody but" not in told


@pytest.mark.parametrize("locale", SUPPORTED)
@pytest.mark.parametrize("code", sorted(WHO_CAN))
def test_names_stand_in_the_sentence_of_every_language(code: str, locale: str) -> None:
    facts = {"permission": "x", "step": "finance", "who": "Mara, David", "candidates": "Mara, David"}
    facts["person"] = "Rosa"
    told = refusal(code, facts, locale)
    assert "Mara" in told
    assert "David" in told
