"""What an approver looks at where something is decided, in the words of the approval's card.

One rule: it says what the contract's facts say, by the same keys as the cards, and leaves out what they leave out.
"""

from collections.abc import Iterator

from api.contract.approvals import ApprovalFactsOut, ApprovalOut, RankOut
from api.text import comma_separated, vendor_scores
from api.text.findings import unusual
from api.web.phrasing import Phrasing

MOST_LINES = 8


def told(p: Phrasing, approval: ApprovalOut) -> tuple[str, ...]:
    """How the quote stands, when everything is there, what counts with it, and what was bought before."""
    return tuple(_told(p, approval))


def _told(p: Phrasing, approval: ApprovalOut) -> Iterator[str]:
    facts = approval.facts
    if facts is None:
        return
    if facts.shares:
        yield from _split(p, approval, facts)
    elif facts.rank is not None:
        yield _rank(p, facts.rank)
    if facts.entered_by_name is not None:
        yield p.say("cards.asked_for", person=approval.requested_by_name, enterer=facts.entered_by_name)
    if facts.resembles:
        yield p.say("cards.resembles", numbers=comma_separated(facts.resembles, p.locale))
    yield from unusual(facts.findings, p.locale, p.zone)
    yield from _not_covered(p, facts)
    yield _days(p, facts)
    if facts.summed:
        named = (
            p.say(
                "cards.summed_request",
                number=each.number,
                person=each.requested_by_name,
                amount=p.money(each.amount, each.currency),
            )
            for each in facts.summed
        )
        yield p.say("cards.summed", requests=comma_separated(named, p.locale))
    yield from _past(p, facts)


def _days(p: Phrasing, facts: ApprovalFactsOut) -> str:
    needed = p.day(facts.needed_by)
    if facts.delivery_on is None:
        return p.say("cards.needed", needed=needed)
    delivery = p.day(facts.delivery_on)
    if not facts.days_late:
        return p.say("cards.needed_in_time", needed=needed, delivery=delivery)
    late = p.count("units.day", facts.days_late, value=p.number(facts.days_late))
    return p.say("cards.needed_late", needed=needed, delivery=delivery, days=late)


def _past(p: Phrasing, facts: ApprovalFactsOut) -> Iterator[str]:
    if facts.on_time is not None:
        yield p.say(
            "cards.on_time", punctual=p.number(facts.on_time.punctual), n=p.number(facts.on_time.orders)
        )
    for score in facts.scores:
        yield vendor_scores.in_short(score, p.locale)
    if facts.similar:
        earlier = (
            p.say(
                "cards.similar_request",
                number=each.number,
                day=p.day(each.created_at.date()),
                person=each.requested_by_name,
                state=p.say(f"states.request.{each.state.value}"),
            )
            for each in facts.similar
        )
        yield p.say("cards.similar", requests=comma_separated(earlier, p.locale))


def _split(p: Phrasing, approval: ApprovalOut, facts: ApprovalFactsOut) -> Iterator[str]:
    """What each vendor would get in all, and what one vendor for everything would cost."""
    if len(facts.shares) > 1:
        yield p.say("cards.split_among", n=p.number(len(facts.shares)))
    for share in facts.shares:
        total, shipping = p.money(share.total, share.currency), p.money(share.shipping, share.currency)
        yield p.say("cards.split_share", vendor=share.vendor_name, total=total, shipping=shipping)
    if facts.best_single is not None:
        yield p.say("cards.split_best_single", total=p.money(facts.best_single, approval.currency))
    if facts.left_out:
        yield p.say("cards.split_left_out", lines=comma_separated(facts.left_out, p.locale))


def _not_covered(p: Phrasing, facts: ApprovalFactsOut) -> Iterator[str]:
    """The lines for which the vendor offers no price."""
    missing = [line.description for line in facts.lines if line.unit_price is None]
    if missing and len(missing) < len(facts.lines):
        yield p.say("cards.not_covered", lines=comma_separated(missing, p.locale))


def _rank(p: Phrasing, rank: RankOut) -> str:
    if rank.of == 1:
        return p.say("cards.rank_only")
    if rank.place == 1:
        return p.say("cards.rank_best", n=p.number(rank.of))
    gap = p.money(rank.gap, rank.currency)
    if rank.percent is not None:
        gap = p.say("cards.rank_gap", money=gap, percent=p.number(rank.percent))
    return p.say("cards.rank", place=p.number(rank.place), n=p.number(rank.of), gap=gap)
