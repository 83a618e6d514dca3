"""What an approver looks at on the first page, in the words of the approval's card.

One rule: it says what the contract's facts say, by the same keys as the cards, and leaves out what they leave out.
"""

from collections.abc import Iterator

from api.contract.approvals import ApprovalOut, RankOut
from api.text import comma_separated
from api.web.phrasing import Phrasing

MOST_LINES = 8


def told(p: Phrasing, approval: ApprovalOut) -> tuple[str, ...]:
    """How the quote stands, when everything is there, what counts with it, and what was bought before."""
    return tuple(_told(p, approval))


def _told(p: Phrasing, approval: ApprovalOut) -> Iterator[str]:
    facts = approval.facts
    if facts is None:
        return
    if facts.rank is not None:
        yield _rank(p, facts.rank)
    needed = p.day(facts.needed_by)
    if facts.delivery_on is None:
        yield p.say("cards.needed", needed=needed)
    elif not facts.days_late:
        yield p.say("cards.needed_in_time", needed=needed, delivery=p.day(facts.delivery_on))
    else:
        late = p.count("units.day", facts.days_late, value=p.number(facts.days_late))
        yield p.say("cards.needed_late", needed=needed, delivery=p.day(facts.delivery_on), days=late)
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
    if facts.on_time is not None:
        yield p.say(
            "cards.on_time", punctual=p.number(facts.on_time.punctual), n=p.number(facts.on_time.orders)
        )
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


def _rank(p: Phrasing, rank: RankOut) -> str:
    if rank.of == 1:
        return p.say("cards.rank_only")
    if rank.place == 1:
        return p.say("cards.rank_best", n=p.number(rank.of))
    gap = p.money(rank.gap, rank.currency)
    if rank.percent is not None:
        gap = p.say("cards.rank_gap", money=gap, percent=p.number(rank.percent))
    return p.say("cards.rank", place=p.number(rank.place), n=p.number(rank.of), gap=gap)
