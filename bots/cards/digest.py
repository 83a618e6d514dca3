"""The digest: what waits for a person, what of theirs moved, what closes soon; one message a day.

One rule: a line for each thing, what is due first, and a button that opens it; the details stand on its card.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from api.contract.digest import ClosingOut, DigestOut, MovedOut, TaskOut, WaitingOut
from api.text import comma_separated, countdown, day, moment, money, number, translate, translate_plural
from bots.cards import phrases
from bots.cards.card import Button, ButtonRow, Card, label, rows_of
from bots.cards.page_ref import ListName, PageRef
from bots.cards.press import Op, Press
from bots.cards.viewer import Viewer

MAX_OPEN_BUTTONS = 6
MAX_ITEMS = 20
MAX_HELD_BACK = 10
OPEN_OPS = {
    TaskOut.decide: Op.open_approval,
    TaskOut.answer: Op.open_approval,
    TaskOut.choose: Op.open_rfq,
    TaskOut.clarify: Op.open_rfq,
    TaskOut.quote: Op.open_rfq,
    TaskOut.acknowledge: Op.open_order,
    TaskOut.receive: Op.open_order,
    TaskOut.source: Op.open_request,
    TaskOut.settle: Op.open_order,
    TaskOut.agree: Op.open_order,
}


def for_person(digest: DigestOut, viewer: Viewer) -> Card:
    """Silent: it is there when it is looked for."""
    locale = viewer.locale
    return Card(
        title=_title(digest, viewer),
        items=tuple(line(item, digest.at, viewer) for item in digest.waiting[:MAX_ITEMS]),
        facts=(
            *_more(digest, locale),
            *_unusual(digest.findings, locale),
            *_changed(digest.moved, locale),
            *_closing(digest.closing, viewer),
        ),
        history=_held_back(digest.kept, locale),
        buttons=(
            *open_buttons(digest.waiting[:MAX_OPEN_BUTTONS], locale),
            *_next_button(digest, locale),
            _snooze_buttons(locale),
            (Button(translate("buttons.dashboard", locale), Press(Op.dashboard)),),
        ),
        silent=True,
        more=translate("cards.more", locale, n="{n}"),
    )


def _title(digest: DigestOut, viewer: Viewer) -> str:
    locale = viewer.locale
    if not digest.waiting:
        return translate("digest.title", locale, told=translate("digest.nothing_waits", locale))
    text = translate_plural("digest.waiting", digest.waits, locale)
    days_left = [_days_left(item, digest.at, viewer.zone) for item in digest.waiting]
    late = sum(left is not None and left < 0 for left in days_left)
    for key, count in (("digest.late", late), ("digest.today", days_left.count(0))):
        if count:
            text = f"{text} · {translate_plural(key, count, locale)}"
    return translate("digest.title", locale, told=text)


def line(item: WaitingOut, now: dt.datetime, viewer: Viewer) -> str:
    """What waits, how much it is about, until when and since when."""
    locale = viewer.locale
    parts = [translate(f"digest.task.{item.task.value}", locale, number=item.number)]
    if item.amount is not None and item.currency is not None:
        parts.append(money(item.amount, item.currency, locale))
    left = _days_left(item, now, viewer.zone)
    is_over = item.due < now if item.due is not None else left is not None and left < 0
    key = "digest.overdue" if is_over else "digest.due"
    if left == 0 and not is_over:
        parts.append(translate("digest.due_today", locale))
    elif item.due is not None:
        parts.append(translate(key, locale, moment=moment(item.due, locale, viewer.zone)))
    elif item.due_on is not None:
        parts.append(translate(key, locale, moment=day(item.due_on, locale)))
    parts.append(translate("digest.since", locale, waiting=countdown(now - item.since, locale)))
    return " · ".join(parts)


def _days_left(item: WaitingOut, now: dt.datetime, zone: str) -> int | None:
    """Days from the person's today until it is due, negative once that day is over; None: no day is set."""
    today = now.astimezone(ZoneInfo(zone)).date()
    due = item.due.astimezone(ZoneInfo(zone)).date() if item.due else item.due_on
    return None if due is None else (due - today).days


def _unusual(findings: int, locale: str) -> tuple[str, ...]:
    """What has no card of its own."""
    return (translate("digest.findings", locale, n=number(findings, locale)),) if findings else ()


def _more(digest: DigestOut, locale: str) -> tuple[str, ...]:
    left = digest.waits - min(len(digest.waiting), MAX_ITEMS)
    return (translate("cards.more", locale, n=str(left)),) if left > 0 else ()


def _next_button(digest: DigestOut, locale: str) -> tuple[ButtonRow, ...]:
    """The rest of what waits, page by page."""
    if digest.waits <= MAX_ITEMS:
        return ()
    rest = PageRef(ListName.worklist, offset=MAX_ITEMS)
    return ((Button(translate("buttons.next", locale), rest.press()),),)


def _changed(changed: tuple[MovedOut, ...], locale: str) -> tuple[str, ...]:
    if not changed:
        return ()
    text = comma_separated(
        (f"{item.number} {phrases.state(item.family, item.state, locale)}" for item in changed[:MAX_ITEMS]),
        locale,
    )
    return (translate("digest.moved", locale, told=text),)


def _closing(closing: tuple[ClosingOut, ...], viewer: Viewer) -> tuple[str, ...]:
    return tuple(
        translate(
            "digest.closing",
            viewer.locale,
            number=item.number,
            moment=moment(item.closes, viewer.locale, viewer.zone),
            answered=str(item.answered),
            invited=str(item.invited),
        )
        for item in closing[:MAX_ITEMS]
    )


def _held_back(held_back: tuple[str, ...], locale: str) -> tuple[str, ...]:
    if not held_back:
        return ()
    left = len(held_back) - MAX_HELD_BACK
    more = (translate("cards.more", locale, n=str(left)),) if left > 0 else ()
    return (translate("digest.kept", locale), *held_back[:MAX_HELD_BACK], *more)


def open_buttons(waiting: tuple[WaitingOut, ...], locale: str) -> tuple[ButtonRow, ...]:
    """A button for each, which opens its card."""
    buttons = [
        Button(label(translate("buttons.open_number", locale, number=item.number)), _open_press(item))
        for item in waiting
    ]
    return rows_of(*buttons, per_row=2)


def _open_press(item: WaitingOut) -> Press:
    return Press(OPEN_OPS[item.task], item.subject_id)


def _snooze_buttons(locale: str) -> ButtonRow:
    return (
        Button(translate("buttons.snooze_hour", locale), Press(Op.snooze, arg="hour")),
        Button(translate("buttons.snooze_tomorrow", locale), Press(Op.snooze, arg="tomorrow")),
        Button(translate("buttons.settings", locale), Press(Op.settings)),
    )
