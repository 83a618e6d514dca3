"""What people write stays words on either platform, and no card is too large for one."""

import html
import json
import re
import unicodedata
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.text import SUPPORTED, translate
from bots.cards.card import Button, Card, Style, Table, rows_of
from bots.cards.press import Op, Press
from bots.dialog.menu import KNOWN
from bots.slack import render as slack
from bots.telegram import render as telegram
from tests.bots.injections import INJECTIONS

PRESS = Press(Op.approve, UUID(int=7), 3)
TURNING = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067")


def full_card(text: str) -> Card:
    """A card that carries the text wherever one can stand."""
    return Card(
        title=text,
        facts=(text, f"Note: {text}"),
        items=(text,) * 3,
        table=Table(("Line", text), ((text, text), ("Total", "1"))),
        history=(text,),
        buttons=rows_of(
            Button("Approve", PRESS, Style.good),
            Button("Reject…", PRESS, Style.danger),
            Button(text, PRESS),
        ),
        more="… and {n} more",
    )


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def texts(blocks: list[Any]) -> Iterator[dict[str, Any]]:
    """Every text object in there."""
    for value in blocks if isinstance(blocks, list) else blocks.values():
        if isinstance(value, dict) and value.get("type") in ("plain_text", "mrkdwn"):
            yield value
        if isinstance(value, dict | list):
            yield from texts(value)  # type: ignore[arg-type]


def check_slack(card: Card) -> None:
    """Slack's limits, and our own 8,000 characters."""
    blocks: list[Any] = slack.blocks(card)
    assert len(blocks) <= 50
    assert sum(len(each) for block in blocks if block["type"] != "table" for each in strings(block)) < 13_200
    seen = [block for block in blocks if block["type"] not in ("table", "actions")]
    assert sum(len(each["text"]) for each in texts(seen)) < 8_000
    for block in blocks:
        match block["type"]:
            case "header":
                assert 1 <= len(block["text"]["text"]) <= 150
            case "section":
                assert len(block.get("text", {"text": ""})["text"]) <= 3_000
                assert len(block.get("fields", [])) <= 10
                assert all(1 <= len(field["text"]) <= 2_000 for field in block.get("fields", []))
            case "context":
                assert all(1 <= len(each["text"]) <= 3_000 for each in block["elements"])
                assert len(block["elements"]) <= 10
            case "table":
                assert 1 <= len(block["rows"]) <= 100
                assert all(1 <= len(row) <= 20 for row in block["rows"])
                assert sum(len(cell["text"]) for row in block["rows"] for cell in row) <= 10_000
                assert all(cell["text"] for row in block["rows"] for cell in row)
            case "actions":
                check_buttons(block["elements"])
    assert len(slack.text(card)) <= 4_000
    assert slack.text(card).strip()


def check_buttons(elements: list[Any]) -> None:
    assert 1 <= len(elements) <= 25
    assert len({button["action_id"] for button in elements}) == len(elements)
    for button in elements:
        assert 1 <= len(button["text"]["text"]) <= 75
        assert len(button["value"]) <= 2_000
        assert 1 <= len(button["accessibility_label"]) <= 75
        if "confirm" in button:
            assert len(button["confirm"]["title"]["text"]) <= 100
            assert len(button["confirm"]["text"]["text"]) <= 300


@pytest.mark.parametrize("text", INJECTIONS, ids=range(len(INJECTIONS)))
def test_on_slack_words_stay_words(text: str) -> None:
    card = full_card(text)
    check_slack(card)
    blocks: list[Any] = slack.blocks(card)
    assert {each["type"] for each in texts(blocks)} == {"plain_text"}
    left = json.dumps([slack.text(card), blocks], ensure_ascii=False)
    assert not re.search(r"<[!@#]|<(https?|mailto|tel|javascript):", left)
    assert "<" not in slack.text(card)
    assert not re.search(r"&(?!(?:amp|lt|gt);)", slack.text(card))
    clean_enough(strings(blocks))


@pytest.mark.parametrize("text", INJECTIONS, ids=range(len(INJECTIONS)))
def test_on_telegram_words_stay_words(text: str) -> None:
    card = full_card(text)
    shown = telegram.as_html(card)
    ours = {"b", "i", "pre", "blockquote expandable", "/b", "/i", "/pre", "/blockquote"}
    assert set(re.findall(r"<([^>]*)>", shown)) <= ours
    assert not re.search(r"&(?!(?:amp|lt|gt|quot|#x27);)", shown)
    assert len(html.unescape(re.sub(r"<[^>]*>", "", shown))) <= 4_096
    markup = telegram.keyboard(card)
    assert markup is not None
    clean_enough([shown, *(button.text for row in markup.inline_keyboard for button in row)])


def test_a_cell_is_read_no_further_than_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []
    width = telegram._width

    def counted(sign: str) -> int:
        looked_at.append(sign)
        return width(sign)

    monkeypatch.setattr(telegram, "_width", counted)
    telegram.as_html(full_card("x" * 5_000))
    assert len(looked_at) < 1_000


def clean_enough(shown: Any) -> None:
    for each in shown:
        assert not TURNING.intersection(each), each
        assert all(sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs") for sign in each), each


@pytest.mark.parametrize("count", [29, 30, 31, 120])
def test_the_way_out_is_drawn_however_many_rows_there_are(count: int) -> None:
    rows = rows_of(*(Button(f"Line {n}", PRESS) for n in range(count)), per_row=1)
    card = Card("Which?", buttons=(*rows, (Button("Back", PRESS), Button("Cancel", PRESS))))
    check_slack(card)
    [*_, last] = slack.actions(card)
    assert [each["text"]["text"] for each in last["elements"]] == ["Back", "Cancel"]  # type: ignore[attr-defined]
    markup = telegram.keyboard(card)
    assert markup is not None
    assert [each.text for each in markup.inline_keyboard[-1]] == ["Back", "Cancel"]
    assert sum(len(row) for row in markup.inline_keyboard) <= telegram.MAX_BUTTONS


@pytest.mark.parametrize("locale", SUPPORTED)
def test_two_hundred_lines_end_with_how_many_more(locale: str) -> None:
    items = tuple(
        translate("cards.line_pieces", locale, quantity=str(Decimal(n)), item=f"Laptop 14 inch {'x' * 60}")
        for n in range(1, 201)
    )
    card = Card(
        "REQ-104 · submitted",
        items=items,
        facts=("3,600.00 USD",),
        more=translate("cards.more", locale, n="{n}"),
    )
    check_slack(card)
    told = "\n".join(each["text"] for each in texts(slack.blocks(card)))
    shown = told.count("Laptop")
    assert 50 < shown < 200
    assert translate("cards.more", locale, n=str(200 - shown)) in told


def test_a_small_card_is_said_whole_and_in_order() -> None:
    card = Card(
        "REQ-104 · submitted",
        ("3,600.00 USD", "Requested by Rosa"),
        ("3 × Laptop",),
        history=("10:02 submitted",),
    )
    kinds = [block["type"] for block in slack.blocks(card)]
    assert kinds == ["header", "section", "section", "context"]
    assert slack.text(card) == "REQ-104 · submitted\n3 × Laptop"


def test_facts_stand_side_by_side_only_when_all_of_them_are_short() -> None:
    long = "Note: for the meeting room on the third floor; the old one flickers"
    side_by_side = [
        any("fields" in block for block in slack.blocks(Card("REQ-104", ("3,600.00 USD", fact))))
        for fact in ("For IT", long)
    ]
    assert side_by_side == [True, False]


def test_what_is_dangerous_asks_once_more_in_the_readers_language() -> None:
    card = Card("REQ-104", buttons=((Button("Ablehnen…", PRESS, Style.danger),),), locale="de")
    block: Any = slack.blocks(card)[-1]
    button = block["elements"][0]
    assert button["style"] == "danger"
    assert button["confirm"]["confirm"]["text"] == "Ja"
    assert button["accessibility_label"] == "Ablehnen…: REQ-104"


WORDS = st.text(max_size=600)
CARDS = st.builds(
    Card,
    title=WORDS,
    facts=st.lists(WORDS, max_size=30).map(tuple),
    items=st.lists(WORDS, max_size=80).map(tuple),
    history=st.lists(WORDS, max_size=20).map(tuple),
    buttons=st.lists(
        st.lists(
            st.builds(Button, WORDS, st.just(PRESS), st.sampled_from(list(Style))), min_size=1, max_size=3
        ).map(tuple),
        max_size=60,
    ).map(tuple),
    more=st.sampled_from(["", "… and {n} more"]),
)


@settings(deadline=None)
@given(CARDS)
def test_no_card_is_too_large_for_slack(card: Card) -> None:
    check_slack(card)
    assert slack.fingerprint(card) == slack.fingerprint(deepcopy(card))
    assert slack.fingerprint(card) != slack.fingerprint(replace(card, title=f"Not {card.title}"))


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(1, 250))
def test_no_table_is_too_large_for_slack(columns: int, rows: int) -> None:
    row = tuple("x" * 90 for _ in range(columns))
    card = Card("Compare", table=Table(row, (row,) * (rows - 1) + (("last",) * columns,)), more="{n}")
    check_slack(card)
    table: Any = slack.blocks(card)[1]
    assert table["rows"][-1][0]["text"] == "last"


@pytest.mark.parametrize("locale", SUPPORTED)
def test_our_commands_are_written_as_each_platform_types_them(locale: str) -> None:
    card = Card(translate("help.requester", locale))
    assert "/parley status REQ-104" in json.dumps(slack.blocks(card), ensure_ascii=False)
    assert "/status REQ-104" in telegram.as_html(card)
    for shown in (
        json.dumps(slack.blocks(card), ensure_ascii=False),
        slack.text(card),
        telegram.as_html(card),
    ):
        assert not any(unicodedata.category(character) == "Co" for character in shown)


@settings(deadline=None)
@given(st.sampled_from(KNOWN), st.sampled_from(["", "\ue000", "\uf8ff" * 8, "{command.my}", "{0}"]))
def test_words_of_a_person_are_never_rewritten(name: str, noise: str) -> None:
    words = f'sign {noise}"/{name} desk"'
    read = words.translate({0xE000: None, 0xF8FF: None})
    told = [
        words,
        translate("cards.with_words", "en", told="t", text=words),
        translate("forms.saying.review", "en", text=words),
    ]
    for text in told:
        shown = [each["text"] for each in texts(slack.blocks(Card(text)))]
        assert read in shown[0]
        assert read in html.unescape(slack.text(Card(text)))
        assert read in html.unescape(telegram.as_html(Card(text)))


@pytest.mark.parametrize("vendors", [1, 2, 3, 7])
def test_a_table_is_narrow_enough_for_a_telephone(vendors: int) -> None:
    """34 columns of a fixed font; an ideograph takes two. Every cell of every vendor is there."""
    names = ("Alder Computing GmbH & Co. KG", "株式会社ベンダーコンピュータ", "Büro & Söhne", "ООО Поставщик")
    head = ("Line", *(f"{number} {names[number % 4]}" for number in range(vendors)))
    rows = [
        (
            f"3 × Laptop Dell 5440 with a long name {line}",
            *(f"{number},{line}80 (lowest)" for number in range(vendors)),
        )
        for line in range(4)
    ]
    shown = html.unescape(
        re.sub(r"</?pre>", "\n", telegram.as_html(Card("Compare", table=Table(head, tuple(rows)))))
    )
    wide = [
        sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in each)
        for each in shown.splitlines()[1:]
    ]
    assert max(wide) <= 34
    assert all(f"{number},{line}80 (lowest)" in shown for number in range(vendors) for line in range(4))
