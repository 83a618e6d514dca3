"""Every sentence that people read, by key and locale; and money, numbers and dates as they write them.

    translate("approvals.title", "de", number="A-12")   one sentence
    translate_plural("notices.waiting", 3, "de")        one sentence with plural forms
    fill_commands(sentence, "slack")                    its commands as they are typed there
    money(amount, "EUR", "de")                          1.234,50 EUR
    refusal("stale", facts, "de")                       the sentence of a refused command

One rule: no sentence is written in code; the catalogues under ``locales/`` are the only place.
"""

from api.text.commands import CommandName, commands_in, fill_commands
from api.text.formats import ago, countdown, day, moment, money, number, reading, ungrouped, zone_name
from api.text.locales import SUPPORTED, comma_separated, isolate, locale_of, right_to_left, supported
from api.text.refusals import refusal
from api.text.translation import (
    MissingPlaceholder,
    MissingTranslation,
    all_keys,
    has_key,
    placeholders,
    translate,
    translate_plural,
)
from api.text.units import quantity
from api.text.value_problems import field_name, value_problem

__all__ = [
    "SUPPORTED",
    "CommandName",
    "MissingPlaceholder",
    "MissingTranslation",
    "ago",
    "all_keys",
    "comma_separated",
    "commands_in",
    "countdown",
    "day",
    "field_name",
    "fill_commands",
    "has_key",
    "isolate",
    "locale_of",
    "moment",
    "money",
    "number",
    "placeholders",
    "quantity",
    "reading",
    "refusal",
    "right_to_left",
    "supported",
    "translate",
    "translate_plural",
    "ungrouped",
    "value_problem",
    "zone_name",
]
