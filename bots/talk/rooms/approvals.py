"""Approvals: approve with one tap, reject and ask with words, undo in time, answer by reply."""

from collections.abc import AsyncIterator

from api.contract.approvals import ApprovalOut, DecisionIn, QuestionOut
from api.contract.requests import RequestOut
from bots.cards.approval import decisions
from bots.cards.clean import typed
from bots.cards.deck import CardKind, draw
from bots.cards.press import Op, Press
from bots.forms.saying import Saying, SayingValues
from bots.talk import claims
from bots.talk.place import Kept
from bots.talk.rooms import delegations
from bots.talk.said import Said
from bots.talk.turn import Turn

CARDS = 5


async def approve(turn: Turn, claim: Press) -> str:
    """One tap; the card itself is redrawn by the cards subscriber."""
    return outcome_of(await _decide(turn, claim, "approve"), turn)


async def undo(turn: Turn, claim: Press) -> str:
    """The approval is taken back, as long as the order waits."""
    await _decide(turn, claim, "undo")
    return turn.say("cards.undone")


async def _decide(turn: Turn, claim: Press, verb: str) -> ApprovalOut:
    body = DecisionIn.model_validate(
        {"approval_id": claim.id, "verb": verb, "expected_version": claim.version}
    )
    return await turn.api.approvals.decide(body, key=turn.press_key(claim))


async def with_words(turn: Turn, claim: Press) -> str:
    """Why, or what; then it is one call."""
    approval = await turn.api.approvals.show(claim.id)
    if not approval.may_decide:
        return claims.refused(claim, "not_asked", closed_to(turn, approval))
    refusal = claims.refusal(turn, claim, draw(CardKind.approval, approval, turn.viewer))
    if refusal:
        return refusal
    saying = Saying.reject if claim.op is Op.reject else Saying.ask
    await turn.ask(await turn.begin("saying", about(approval, saying, claim.version)))
    return ""


def closed_to(turn: Turn, approval: ApprovalOut) -> str:
    """Why this person has nothing to decide here: who did, or that others do."""
    told = decisions(approval, turn.viewer) if approval.state.value != "pending" else ()
    return told[-1] if told else turn.say("cards.not_yours_to_decide")


def about(approval: ApprovalOut, saying: Saying, version: int) -> SayingValues:
    """The form of a rejection or a question, at the version that the person saw."""
    return SayingValues(
        saying=saying,
        id=approval.id,
        version=version,
        about=approval.title,
        person=approval.requested_by_name,
    )


async def waiting(turn: Turn, said: Said) -> None:
    """On whose behalf, then what waits for this person, as cards that stay current."""
    await delegations.current(turn)
    found = (await turn.api.approvals.listing(state="pending", mine=True, limit=CARDS + 1)).items
    if not found:
        await turn.voice.text(turn.say("lists.no_approvals"))
        return
    for approval in found[:CARDS]:
        await show(turn, approval)
    if len(found) > CARDS:
        await turn.voice.text(turn.say("lists.more_approvals"))


async def show(turn: Turn, approval: ApprovalOut) -> None:
    kept = Kept(CardKind.approval, "approval", approval.id, approval.version)
    await turn.show(draw(CardKind.approval, approval, turn.viewer), kept)


def outcome_of(approval: ApprovalOut, turn: Turn) -> str:
    """What the tap led to."""
    if approval.state.value == "approved":
        return turn.say("cards.now_approved", title=approval.title)
    step = next((step for step in approval.steps if step.state.value == "open"), None)
    return turn.say("cards.approved_next", step=step.name if step else "")


async def questions(turn: Turn) -> AsyncIterator[tuple[RequestOut, ApprovalOut, QuestionOut]]:
    """Questions to this requester in what still waits for a decision, answered or not."""
    listing = await turn.api.requests.listing(mine=True, state="awaiting_approval", limit=20)
    for request in listing.items:
        if request.approval_id is None or request.requested_by != turn.me.id:
            continue
        approval = await turn.api.approvals.show(request.approval_id)
        for question in approval.questions:
            yield request, approval, question


async def answer_by_reply(turn: Turn, said: Said) -> bool:
    """A reply to the notice of a question is its answer; False when it is a reply to something else.

    The notice is known by its whole sentence: what colleagues say may hold the same words.
    """
    told = said.reply.text if said.reply is not None else ""
    notices = {_in_one_line(part) for part in told.split("\n\n")}  # kept ones come together
    if not told or turn.is_vendor:
        return False
    answer = said.text.strip()
    async for request, approval, question in questions(turn):
        told_before = said.late_from is not None and question.answer == answer
        if question.answer is not None and not told_before:
            continue
        facts = {"person": question.asked_by_name, "number": request.number, "text": question.text}
        if _in_one_line(turn.say("notices.approval_asked", **facts)) in notices:
            if not told_before:
                await turn.api.approvals.answer(approval.id, answer, key=turn.key("answer"))
            await turn.voice.text(turn.say("forms.answer.sent"))
            return True
    return False


def _in_one_line(text: str) -> str:
    """As two ways of showing a sentence have it in common."""
    return " ".join(typed(text).split())
