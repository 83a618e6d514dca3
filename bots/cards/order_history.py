"""What became of an order: every entry about its goods with who, when and what, and every version of its terms."""

from collections.abc import Sequence

from api.contract.orders import OrderOut, ReceiptFileOut, ReceiptOut, RevisionOut, SignedLineOut
from api.text import day, moment, money, number, translate
from bots.cards.card import Button, ButtonRow, Card, label, rows_of
from bots.cards.press import Op, Press
from bots.cards.viewer import Viewer

MAX_FILES = 20
"""Buttons; the others are named."""


def of_order(
    order: OrderOut, receipts: Sequence[ReceiptOut], revisions: Sequence[RevisionOut], viewer: Viewer
) -> Card:
    """The versions, then what became of the goods; the newest first, so that a long list loses its beginning."""
    locale = viewer.locale
    versions = _versions(revisions, viewer) if len(revisions) > 1 else ()
    newest = list(reversed(receipts))
    entries = [line for each in newest for line in _entry(each, order, viewer)]
    nothing = () if entries or versions else (translate("cards.order_history_empty", locale),)
    return Card(
        translate("cards.order_history", locale, number=order.number),
        facts=(*nothing, *_other_files(newest, locale)),
        items=(*versions, *entries),
        buttons=_files(newest),
        more=translate("cards.more", locale, n="{n}"),
        locale=locale,
    )


def of_vendor(order: OrderOut, revisions: Sequence[RevisionOut], viewer: Viewer) -> Card:
    """The versions that the vendor agreed to, the newest first."""
    locale = viewer.locale
    return Card(
        translate("cards.order_versions", locale, number=order.number),
        items=_versions(revisions, viewer),
        more=translate("cards.more", locale, n="{n}"),
        locale=locale,
    )


def _entry(entry: ReceiptOut, order: OrderOut, viewer: Viewer) -> list[str]:
    """``3 Dec 2026, 10:02 · Rosa Keller · received: 2 × Laptop``, each further line of the delivery and its note below
    it; a correction counts what it adds or takes away."""
    locale = viewer.locale
    named = {line.id: line.description for line in order.lines}
    counted = [_line(each, entry.kind, named.get(each.line_id, ""), locale) for each in entry.lines]
    first, *others = [text for text in counted if text] or [""]
    told = translate(
        f"cards.receipt_entry.{entry.kind}",
        locale,
        moment=moment(entry.received_at, locale, viewer.zone),
        person=entry.received_by_name,
        lines=first,
    )
    if not entry.note:
        return [told, *(f"· {text}" for text in others)]
    *before, last = [told, *(f"· {text}" for text in others)]
    return [*before, translate("cards.with_words", locale, told=last, text=entry.note)]


def _line(line: SignedLineOut, kind: str, description: str, locale: str) -> str:
    """What goes back is taken away from what was accepted, and is told as what it is: 1 × Laptop."""
    back = kind == "return"
    parts = []
    if line.accepted:
        count = number(abs(line.accepted) if back else line.accepted, locale)
        parts.append(f"{count} × {description}")
    if line.rejected:
        counted = f"{number(line.rejected, locale)} × {description}"
        parts.append(translate("cards.receipt_rejected", locale, line=counted))
    return ", ".join(parts)


def _versions(revisions: Sequence[RevisionOut], viewer: Viewer) -> tuple[str, ...]:
    return tuple(_version(each, viewer) for each in reversed(revisions))


def _version(version: RevisionOut, viewer: Viewer) -> str:
    locale = viewer.locale
    facts = {
        "n": str(version.revision),
        "total": money(version.total, version.currency, locale),
        "day": day(version.due_on, locale),
    }
    if version.until is None:
        return translate("cards.order_version", locale, **facts)
    until = moment(version.until, locale, viewer.zone)
    return translate("cards.order_version_until", locale, **facts, moment=until)


def _files(receipts: Sequence[ReceiptOut]) -> tuple[ButtonRow, ...]:
    files = _documents(receipts)[:MAX_FILES]
    return rows_of(*(Button(label(file.name), Press(Op.file, file.id)) for file in files), per_row=1)


def _other_files(receipts: Sequence[ReceiptOut], locale: str) -> tuple[str, ...]:
    others = _documents(receipts)[MAX_FILES:]
    if not others:
        return ()
    return (translate("cards.files", locale, files=", ".join(file.name for file in others)),)


def _documents(receipts: Sequence[ReceiptOut]) -> list[ReceiptFileOut]:
    return [file for entry in receipts for file in entry.documents]
