"""What became of an order: every entry about its goods with who, when and what, and every version of its terms."""

from collections.abc import Sequence

from api.contract.orders import OrderOut, ReceiptOut, RevisionOut, SignedLineOut
from api.text import day, moment, money, number, translate
from bots.cards.card import Button, ButtonRow, Card, label, rows_of
from bots.cards.press import Op, Press
from bots.cards.viewer import Viewer

MAX_FILES = 20
"""Buttons; the others are listed."""


def of_order(
    order: OrderOut, receipts: Sequence[ReceiptOut], revisions: Sequence[RevisionOut], viewer: Viewer
) -> Card:
    """The newest entries last, as they happened."""
    locale = viewer.locale
    versions = [_version(each, viewer) for each in revisions] if len(revisions) > 1 else []
    entries = [_entry(each, order, viewer) for each in receipts]
    nothing = () if entries or versions else (translate("cards.order_history_empty", locale),)
    return Card(
        translate("cards.order_history", locale, number=order.number),
        facts=nothing,
        items=(*entries, *versions),
        buttons=_files(receipts),
        more=translate("cards.more", locale, n="{n}"),
        locale=locale,
    )


def _entry(entry: ReceiptOut, order: OrderOut, viewer: Viewer) -> str:
    """``3 Dec 2026, 10:02 · Rosa Keller · received: 2 × Laptop``; a correction counts what it adds or takes away."""
    locale = viewer.locale
    named = {line.id: line.description for line in order.lines}
    lines = [_line(each, named.get(each.line_id, ""), locale) for each in entry.lines]
    told = translate(
        f"cards.receipt_entry.{entry.kind}",
        locale,
        moment=moment(entry.received_at, locale, viewer.zone),
        person=entry.received_by_name,
        lines="; ".join(text for text in lines if text),
    )
    return translate("cards.with_words", locale, told=told, text=entry.note) if entry.note else told


def _line(line: SignedLineOut, description: str, locale: str) -> str:
    parts = []
    if line.accepted:
        parts.append(f"{number(line.accepted, locale)} × {description}")
    if line.rejected:
        counted = f"{number(line.rejected, locale)} × {description}"
        parts.append(translate("cards.receipt_rejected", locale, line=counted))
    return ", ".join(parts)


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
    files = [file for entry in receipts for file in entry.documents][:MAX_FILES]
    return rows_of(*(Button(label(file.name), Press(Op.file, file.id)) for file in files), per_row=1)
