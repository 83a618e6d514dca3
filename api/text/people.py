"""Who can do something, as part of a sentence: names, else roles, else nobody.

One rule: at most three names, then how many more; a role is told in the reader's language, never as a code.
"""

from collections.abc import Mapping, Sequence

from babel.lists import format_list

from api.text.locales import babel_locale
from api.text.translation import has_key, translate, translate_plural

MOST_NAMES = 3
WHO_CAN = frozenset(
    {
        "forbidden",
        "approvals.own_request",
        "approvals.not_candidate",
        "approvals.second_step",
        "delegations.not_yours",
        "requests.not_colleague",
    }
)
"""Refusals that say who can do it instead; ``<code>_roles`` and ``<code>_nobody`` are told where no name is known."""

_NOBODY = frozenset({"nobody yet", "nobody but the system"})


def any_of(names: Sequence[str], locale: str) -> str:
    """``Mara or David``; of many the first three: ``Ada, David, Mara, and 4 more``."""
    if len(names) <= MOST_NAMES:
        return format_list(list(names), style="or", locale=babel_locale(locale))
    more = translate_plural("people.more", len(names) - MOST_NAMES, locale)
    return format_list([*names[:MOST_NAMES], more], locale=babel_locale(locale))


def who_can(code: str, facts: Mapping[str, object], locale: str) -> tuple[str, dict[str, str]]:
    """The key of the sentence and who it names, for a refusal of ``WHO_CAN``.

    ``able`` are the names that the edge looked up; the facts ``who`` and ``candidates`` hold names or roles,
    separated by commas.
    """
    name = "candidates" if "candidates" in facts else "who"
    told = str(facts.get(name, ""))
    parts = [part for part in told.split(", ") if part]
    able = facts.get("able")
    if isinstance(able, list | tuple) and able:
        return f"errors.{code}", {name: any_of([str(each) for each in able], locale)}
    if told in _NOBODY:
        return _known(f"errors.{code}_nobody", code), {name: told}
    if all(has_key(f"roles.{part}") for part in parts):
        roles = [translate(f"roles.{part}", locale) for part in parts]
        return _known(f"errors.{code}_roles", code), {
            name: format_list(roles, style="or", locale=babel_locale(locale))
        }
    return f"errors.{code}", {name: any_of(parts, locale)}


def _known(key: str, code: str) -> str:
    return key if has_key(key) else f"errors.{code}"
