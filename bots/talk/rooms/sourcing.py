"""The officer's side of an RFQ: ask vendors, compare, propose, close."""

from uuid import UUID

from api.contract.awards import CloseIn
from api.contract.requests import RequestOut
from bots.cards import comparison
from bots.cards.deck import CardKind, draw
from bots.cards.press import Press, long
from bots.forms import rfq as rfq_form
from bots.forms.saying import Saying, SayingValues
from bots.talk import claims
from bots.talk.place import Kept
from bots.talk.turn import Turn


async def ask_vendors(turn: Turn, claim: Press) -> str:
    """Which vendors, until when."""
    request = await turn.api.requests.show(claim.id)
    refusal = claims.refusal(turn, claim, draw(CardKind.officer_request, request, turn.viewer))
    return refusal or await choose_vendors(turn, request)


async def choose_vendors(turn: Turn, request: RequestOut) -> str:
    vendors = await turn.api.requests.suggested_vendors(request.id)
    if not vendors.items:
        return turn.say("forms.rfq.nobody")
    await turn.ask(await turn.begin("rfq", rfq_form.begun(request, vendors.items)))
    return ""


async def compare(turn: Turn, claim: Press) -> str:
    """All quotes side by side, as a card that stays current."""
    return await show_comparison(turn, claim.id)


async def show_comparison(turn: Turn, request_id: UUID) -> str:
    compared = await turn.api.requests.compare(request_id)
    if compared.rfq_id is None:
        return turn.say("cards.nothing_to_compare")
    kept = Kept(CardKind.comparison, "rfq", compared.rfq_id, compared.rfq_version or 1)
    await turn.show(draw(CardKind.comparison, compared, turn.viewer), kept)
    return ""


async def as_text(turn: Turn, claim: Press) -> str:
    """The comparison as a list, for narrow screens and screen readers."""
    return await list_comparison(turn, claim.id)


async def list_comparison(turn: Turn, request_id: UUID) -> str:
    compared = await turn.api.requests.compare(request_id)
    if compared.rfq_id is None:
        return turn.say("cards.nothing_to_compare")
    await turn.show(comparison.as_text(compared, turn.viewer))
    return ""


async def propose(turn: Turn, claim: Press) -> str:
    """Why this quote; with the reason it goes to approval."""
    quote_id = long(claim.arg)
    rfq = await turn.api.rfqs.show(claim.id)
    compared = await turn.api.requests.compare(rfq.request_id)
    refusal = claims.refusal(turn, claim, draw(CardKind.comparison, compared, turn.viewer))
    if refusal:
        return refusal
    values = SayingValues(
        saying=Saying.propose, id=claim.id, version=claim.version, other=quote_id, about=rfq.number
    )
    await turn.ask(await turn.begin("saying", values))
    return ""


async def close(turn: Turn, claim: Press) -> str:
    """No more quotes from now on."""
    body = CloseIn(expected_version=claim.version)
    rfq = await turn.api.awards.close(claim.id, body, key=turn.press_key(claim))
    return turn.say("cards.rfq_now_closed", number=rfq.number)
