"""Plain words that bring a draft, and small talk that brings none, in five languages."""

import datetime as dt

import pytest

from bots.forms.form import FormContext
from bots.forms.plain_request import reads_as_request

NOW = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
CENTRES = (("IT", "IT"), ("OPS", "Operations"))
WANTED = {
    "en": (
        "We need 3 laptops by 24 Dec for IT",
        "Hello, I need 3 laptops",
        "Hello!\nwe need 3 laptops",
        "please order 5 chairs",
        "can you order 3 laptops for IT?",
        "3 boxes of paper by Friday",
        "2x whiteboard",
        "I need 20 hours of consulting by Friday",
        "3 call buttons @40",
    ),
    "de": ("Hallo, wir bräuchten 5 Stühle", "3 Kartons Papier bis Freitag"),
    "es": ("Hola, necesitamos 3 portátiles", "3 cajas de papel para el viernes"),
    "ru": ("Здравствуйте, нам нужны 3 ноутбука", "3 коробки бумаги к пятнице"),
    "ar": ("مرحبا نحتاج 3 أجهزة", "أحتاج إلى 3 طابعات"),
}
TALK = {
    "en": (
        "I need help",
        "I need a hand",
        "can you call me 2 times?",
        "I need 5 minutes please",
        "I need 2 more days",
        "need 10 more minutes",
        "Hi 2 all",
        "we need 2 talk",
        "please 1 question",
        "I need 2 signatures by Friday",
        "2 hours late",
        "2 weeks until Christmas",
        "2x confirmed",
        "3 boxes arrived",
        "Please cancel 3 laptops",
        "can I get 2 minutes?",
    ),
    "de": (
        "Ich brauche 2 Minuten",
        "Bitte 5 Minuten warten",
        "Bitte 3 Laptops stornieren",
        "2 Kartons fehlen",
    ),
    "es": ("Necesito 2 minutos", "por favor espera 5 minutos", "faltan 2 cajas"),
    "ru": ("Мне нужно 2 минуты", "пожалуйста отмените 3 ноутбука", "не хватает 2 коробки"),
    "ar": ("أحتاج 5 دقائق", "من فضلك انتظر 5 دقائق"),
}


def reads(locale: str, text: str) -> bool:
    return reads_as_request(text, FormContext(locale, "Europe/Berlin", NOW, "USD", CENTRES))


@pytest.mark.parametrize(("locale", "text"), [(each, text) for each in WANTED for text in WANTED[each]])
def test_a_wish_is_read(locale: str, text: str) -> None:
    assert reads(locale, text)


@pytest.mark.parametrize(("locale", "text"), [(each, text) for each in TALK for text in TALK[each]])
def test_small_talk_is_none(locale: str, text: str) -> None:
    assert not reads(locale, text)
