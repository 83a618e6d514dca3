"""Every sentence a person reads, by key and locale; and money, numbers and dates as that person writes them.

    say("approvals.title", "de", number="A-12")      one sentence
    say_many("notices.waiting", 3, "de")             one sentence with plural forms
    money(amount, "EUR", "de")                       1.234,50 EUR
    refusal("stale", facts, "de")                    the sentence of a refused command

One rule: no sentence stands in code; the catalogues under ``locales/`` are the only place.
"""

from api.text.formats import ago, countdown, day, moment, money, number
from api.text.locales import SUPPORTED, isolate, locale_of, right_to_left, supported
from api.text.refusals import refusal
from api.text.sentences import MissingFact, MissingSentence, has, keys, placeholders, say, say_many
from api.text.units import quantity

__all__ = [
    "SUPPORTED",
    "MissingFact",
    "MissingSentence",
    "ago",
    "countdown",
    "day",
    "has",
    "isolate",
    "keys",
    "locale_of",
    "moment",
    "money",
    "number",
    "placeholders",
    "quantity",
    "refusal",
    "right_to_left",
    "say",
    "say_many",
    "supported",
]
