"""What a finished form does: one typed call, with the person's own token and the form's own key.

One rule: the same form finished twice is the same command.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pydantic import ValidationError

from api.text import moment, money
from bots.cards.card import Card
from bots.cards.deck import CardKind, draw
from bots.forms import quote_values
from bots.forms.binding import BindingValues
from bots.forms.delegate import DelegateValues
from bots.forms.engine import Open
from bots.forms.form import Trouble, Values
from bots.forms.quote_values import QuoteValues
from bots.forms.receive import ReceiveValues
from bots.forms.request_values import RequestValues
from bots.forms.rfq import RfqValues
from bots.forms.saying import SayingValues
from bots.forms.settings import SettingsValues
from bots.forms.which import WhichValues
from bots.talk.place import Kept
from bots.talk.rooms import delegations, groups
from bots.talk.rooms.settings import save
from bots.talk.say_it import say_it
from bots.talk.turn import Turn


@dataclass(frozen=True)
class Outcome:
    """What the person sees; ``trouble`` when a value was wrong and the form goes on; ``follow``: the form that
    comes next."""

    card: Card | None = None
    kept: Kept | None = None
    short: str = ""
    trouble: str = ""
    follow: QuoteValues | None = None


async def finish(turn: Turn, open_: Open, values: Values) -> Outcome:
    """Do what this kind of form is for."""
    key = turn.form_key(open_)
    match values:
        case RequestValues():
            return await _checked(turn, lambda: _request(turn, values, key))
        case QuoteValues():
            return await _checked(turn, lambda: _quote(turn, values, key))
        case RfqValues():
            return await _rfq(turn, values, key)
        case ReceiveValues():
            return await _receive(turn, values, key)
        case SayingValues():
            card, short, kept = await say_it(turn, values, key)
            return Outcome(card, kept, short)
        case SettingsValues():
            told = await save(turn, values.body(), key)
            return Outcome(Card(told), short=told)
        case DelegateValues():
            return Outcome(await delegations.make(turn, values, key))
        case BindingValues():
            told = await groups.bind(turn, values, key)
            return Outcome(Card(told), short=told)
        case WhichValues():
            return await _which(turn, values)
    raise TypeError(f"no form ends in {type(values).__name__}")


async def _checked(turn: Turn, do: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """A value that fits the form but not the contract is said, and the form stays open."""
    try:
        return await do()
    except ValidationError as wrong:
        first = wrong.errors(include_url=False)[0]
        field = " ".join(str(part) for part in first["loc"]).replace("_", " ")
        return Outcome(trouble=turn.say("errors.values", field=field, message=first["msg"]))


async def _request(turn: Turn, values: RequestValues, key: str) -> Outcome:
    request = await turn.api.requests.create(values.body(), key=key)
    card = draw(CardKind.request, request, turn.viewer)
    kept = Kept(CardKind.request, "request", request.id, request.version)
    return Outcome(card, kept, turn.say("forms.request.submitted", number=request.number))


async def _quote(turn: Turn, values: QuoteValues, key: str) -> Outcome:
    quote = await turn.api.quotes.quote(values.body(), key=key)
    told = turn.say(
        "forms.quote.sent",
        number=quote.number,
        rfq=quote.rfq_number,
        total=money(quote.total, quote.currency, turn.locale),
    )
    return Outcome(Card(told), short=told)


async def _rfq(turn: Turn, values: RfqValues, key: str) -> Outcome:
    rfq = await turn.api.requests.ask_vendors(values.request_id, values.body(), key=key)
    told = turn.say(
        "forms.rfq.sent",
        number=rfq.number,
        vendors=", ".join(each.vendor_name for each in rfq.invitations),
        moment=moment(rfq.quote_by, turn.locale, turn.me.zone),
    )
    return Outcome(Card(told), short=told)


async def _receive(turn: Turn, values: ReceiveValues, key: str) -> Outcome:
    order = await turn.api.orders.receive(values.order_id, values.body(), key=key)
    told = turn.say("forms.receive.recorded", number=order.number)
    return Outcome(Card(told), short=told)


async def _which(turn: Turn, values: WhichValues) -> Outcome:
    """The RFQ is known now: its form opens with what was held."""
    if values.chosen is None:
        return Outcome(trouble=turn.say("forms.press_a_button"))
    rfq = await turn.api.rfqs.show(values.chosen)
    form = quote_values.begun(rfq)
    form = form.model_copy(update={"files": [*form.files, *values.files]})
    told = quote_values.told(form, values.text, turn.asking) if values.text else form
    return Outcome(follow=form if isinstance(told, Trouble) else told)
