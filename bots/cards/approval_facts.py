"""What an approval's card says beside who decides: lines, days, the quote's rank, and what was bought before.

One rule: the past helps to decide, so a decided approval's card leaves it out.
"""

from decimal import Decimal

from api.contract.approvals import ApprovalFactsOut, ApprovalOut, DecidedLineOut, RankOut, SimilarRequestOut
from api.text import comma_separated, day, money, number, translate, vendor_scores
from api.text.findings import unusual
from bots.cards import phrases
from bots.cards.viewer import Viewer

MAX_LINES = 8
"""A longer list is folded; the comparison shows all."""


def lines(approval: ApprovalOut, locale: str) -> tuple[str, ...]:
    """What would be ordered at which price, and what was paid for it before."""
    if approval.facts is not None and approval.facts.shares:
        return split_lines(approval, approval.facts, locale)
    found = approval.facts.lines if approval.facts else ()
    told = [_line(line, approval, locale) for line in found]
    if len(told) <= MAX_LINES:
        return tuple(told)
    folded = translate("cards.more", locale, n=str(len(told) - MAX_LINES + 1))
    return (*told[: MAX_LINES - 1], folded)


def split_lines(approval: ApprovalOut, found: ApprovalFactsOut, locale: str) -> tuple[str, ...]:
    """What each vendor would get and the sum; many lines are folded, the sums never are."""
    told: list[str] = []
    most = max(1, MAX_LINES // len(found.shares))
    for share in found.shares:
        lines = [line for line in found.lines if line.vendor_name == share.vendor_name]
        told.append(
            translate(
                "cards.split_share",
                locale,
                vendor=share.vendor_name,
                total=money(share.total, share.currency, locale),
                shipping=money(share.shipping, share.currency, locale),
            )
        )
        told += [_line(line, approval, locale) for line in lines[:most]]
        if len(lines) > most:
            told.append(translate("cards.more", locale, n=str(len(lines) - most)))
    return tuple(told)


def rank(approval: ApprovalOut, locale: str) -> tuple[str, ...]:
    """How the quote stands among the others."""
    facts = approval.facts
    if facts is not None and facts.shares:
        return _beside_one_vendor(approval, facts, locale)
    found = facts.rank if facts else None
    return (_rank(found, locale),) if found else ()


def _beside_one_vendor(approval: ApprovalOut, found: ApprovalFactsOut, locale: str) -> tuple[str, ...]:
    """That the lines are split, what one vendor for all would cost, and what is not ordered at all."""
    told = []
    if len(found.shares) > 1:
        told.append(translate("cards.split_among", locale, n=number(len(found.shares), locale)))
    if found.best_single is not None:
        best = money(found.best_single, approval.currency, locale)
        told.append(translate("cards.split_best_single", locale, total=best))
    if found.left_out:
        told.append(translate("cards.split_left_out", locale, lines=comma_separated(found.left_out, locale)))
    return tuple(told)


def facts(approval: ApprovalOut, viewer: Viewer) -> tuple[str, ...]:
    """Note, days, files; while it waits also what looked unusual, the vendor's punctuality and earlier requests."""
    found, locale = approval.facts, viewer.locale
    if found is None:
        return ()
    return (
        *(unusual(found.findings, locale, viewer.zone) if _waits(approval) else ()),
        *_entered(approval, found, locale),
        *phrases.note(found.note, locale),
        *phrases.resembles(found.resembles, locale),
        *_not_covered(found, locale),
        *_summed(found, locale),
        _days(found, locale),
        *((phrases.files(found.documents, locale),) if found.documents else ()),
        *(_past(found, locale) if _waits(approval) else ()),
    )


def _entered(approval: ApprovalOut, found: ApprovalFactsOut, locale: str) -> tuple[str, ...]:
    """Who wrote the request for whoever asks; neither of them decides."""
    if found.entered_by_name is None:
        return ()
    return (phrases.asked_by(approval.requested_by_name, found.entered_by_name, locale),)


def _not_covered(found: ApprovalFactsOut, locale: str) -> tuple[str, ...]:
    """The lines for which the vendor offers no price, so that nobody believes to approve them."""
    missing = [line for line in found.lines if line.unit_price is None]
    if not missing or len(missing) == len(found.lines):
        return ()
    return (translate("cards.not_covered", locale, lines=phrases.lines(missing, locale)),)


def _waits(approval: ApprovalOut) -> bool:
    return approval.state.value == "pending"


def _line(line: DecidedLineOut, approval: ApprovalOut, locale: str) -> str:
    item = phrases.line(line.quantity, line.unit, line.description, locale)
    text, paid = (
        phrases.priced(item, line.unit_price, line.currency or approval.currency, locale),
        line.last_paid,
    )
    if line.asked_for is not None:
        text = phrases.in_place_of(text, line.asked_for, locale)
    if paid is None or not _waits(approval):
        return text
    return translate(
        "cards.line_last_paid",
        locale,
        line=text,
        price=money(paid.price, paid.currency, locale),
        vendor=paid.vendor_name,
        number=paid.order_number,
    )


def _days(found: ApprovalFactsOut, locale: str) -> str:
    needed = day(found.needed_by, locale)
    if found.delivery_on is None:
        return translate("cards.needed", locale, needed=needed)
    delivery = day(found.delivery_on, locale)
    if not found.days_late:
        return translate("cards.needed_in_time", locale, needed=needed, delivery=delivery)
    late = phrases.days(found.days_late, locale)
    return translate("cards.needed_late", locale, needed=needed, delivery=delivery, days=late)


def _summed(found: ApprovalFactsOut, locale: str) -> tuple[str, ...]:
    """The requests that count with this one."""
    if not found.summed:
        return ()
    named = comma_separated(
        (
            translate(
                "cards.summed_request",
                locale,
                number=each.number,
                person=each.requested_by_name,
                amount=money(each.amount, each.currency, locale),
            )
            for each in found.summed
        ),
        locale,
    )
    return (translate("cards.summed", locale, requests=named),)


def _rank(rank: RankOut, locale: str) -> str:
    if rank.of == 1:
        return translate("cards.rank_only", locale)
    if rank.place == 1:
        return translate("cards.rank_best", locale, n=number(rank.of, locale))
    return translate(
        "cards.rank",
        locale,
        place=number(rank.place, locale),
        n=number(rank.of, locale),
        gap=_gap(rank, rank.percent, locale),
    )


def _gap(rank: RankOut, percent: Decimal | None, locale: str) -> str:
    above = money(rank.gap, rank.currency, locale)
    if percent is None:
        return above
    return translate("cards.rank_gap", locale, money=above, percent=number(percent, locale))


def _past(found: ApprovalFactsOut, locale: str) -> tuple[str, ...]:
    """How punctual the vendor was, and who asked for the same before."""
    told = []
    if found.on_time is not None:
        punctual, orders = number(found.on_time.punctual, locale), number(found.on_time.orders, locale)
        told.append(translate("cards.on_time", locale, punctual=punctual, n=orders))
    told += [vendor_scores.in_short(each, locale) for each in found.scores]
    if found.similar:
        named = comma_separated((_similar(each, locale) for each in found.similar), locale)
        told.append(translate("cards.similar", locale, requests=named))
    return tuple(told)


def _similar(request: SimilarRequestOut, locale: str) -> str:
    return translate(
        "cards.similar_request",
        locale,
        number=request.number,
        day=day(request.created_at.date(), locale),
        person=request.requested_by_name,
        state=phrases.state("request", request.state.value, locale),
    )
