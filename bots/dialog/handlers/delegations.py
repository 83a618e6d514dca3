"""Delegations: /delegate @colleague until 2026-12-05, who decides for whom now, and ending it.

One rule: the API says who may be a deputy; a typed name is looked for among them.
"""

from collections.abc import Sequence

from api.contract.delegations import DelegationOut
from bots.cards import delegation as delegation_card
from bots.cards.card import Card
from bots.cards.press import Press
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage
from bots.forms import delegate as delegate_form
from bots.forms.delegate import DelegateValues
from bots.forms.form import Rejected

PERMISSION = "delegations:make"


async def delegate(ctx: Context, message: IncomingMessage) -> None:
    """With a name and a day it is made; alone it shows what counts now, or asks. /delegate end ends it.

    While one is given already, another name or day changes nothing, and that is said.
    """
    found = (await ctx.api.delegations.mine()).items
    own = _given_by_person(ctx, found)
    if message.args.casefold() in ("end", ctx.translate("buttons.end_delegation").casefold()):
        await _end_by_command(ctx, found)
        return
    if found:
        await ctx.show(delegation_card.for_person(found, ctx.viewer))
    if own is None:
        await _delegate_or_ask(ctx, message.args)
    elif message.args:
        await ctx.responder.text(ctx.translate("forms.delegate.goes_on"))


async def start_delegation(ctx: Context, press: Press) -> str:
    """The same by a button."""
    await delegate(ctx, IncomingMessage(command="delegate"))
    return ""


async def end_delegation(ctx: Context, press: Press) -> str:
    """Back again: the button's card shows what is left."""
    await ctx.api.delegations.end(press.id, key=ctx.press_key(press))
    outcome = ctx.translate("forms.delegate.ended")
    if ctx.origin.message_id:
        left = (await ctx.api.delegations.mine()).items
        await ctx.responder.edit(
            ctx.origin.message_id, delegation_card.for_person(left, ctx.viewer) if left else Card(outcome)
        )
    return outcome


async def create_delegation(ctx: Context, values: DelegateValues, key: str) -> Card:
    """One call; the card that says so and ends it."""
    delegation = await ctx.api.delegations.create(values.body(), key=key)
    return delegation_card.for_person((delegation,), ctx.viewer)


async def show_current(ctx: Context) -> None:
    """For whom one decides beside oneself, and who decides in one's place; nothing where nobody does."""
    found = (await ctx.api.delegations.mine()).items if PERMISSION in ctx.me.permissions else ()
    if found:
        await ctx.show(delegation_card.for_person(found, ctx.viewer))


async def _delegate_or_ask(ctx: Context, text: str) -> None:
    values = delegate_form.initial_values((await ctx.api.delegations.colleagues()).items)
    if not values.colleagues:
        await ctx.responder.text(ctx.translate("forms.delegate.nobody_there"))
        return
    outcome = delegate_form.with_text(values, text, ctx.form_ctx) if text else values
    if isinstance(outcome, Rejected):
        await ctx.ask(await ctx.start_form("delegate", values), error_text=outcome.text)
    elif outcome.is_complete:
        await ctx.show(await create_delegation(ctx, outcome, ctx.command_key("delegate")))
    else:
        await ctx.ask(await ctx.start_form("delegate", outcome))


async def _end_by_command(ctx: Context, found: Sequence[DelegationOut]) -> None:
    """One's own; without one the only one that was received; of several received ones a button says which."""
    own = _given_by_person(ctx, found)
    delegation = own or (found[0] if len(found) == 1 else None)
    if delegation is not None:
        await ctx.api.delegations.end(delegation.id, key=ctx.command_key("end"))
        await ctx.responder.text(ctx.translate("forms.delegate.ended"))
    elif found:
        await ctx.show(delegation_card.for_person(found, ctx.viewer))
    else:
        await ctx.responder.text(ctx.translate("forms.delegate.none"))


def _given_by_person(ctx: Context, found: Sequence[DelegationOut]) -> DelegationOut | None:
    return next((each for each in found if each.from_.person_id == ctx.me.id), None)
