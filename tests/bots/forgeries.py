"""Button data that no button carries for whoever presses it: forged, foreign, stale, replayed, and garbage.

One rule: whatever stands here changes nothing and is answered with a polite sentence, on every platform. The
rows know no platform: a stage presses ``data`` as ``who`` and reads the short answer.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from api.contract import endpoints as e
from bots.cards.press import Op, Press, pack, short_id
from core.access.roles import Role
from core.approvals.model import Approval
from core.orders.model import Order
from core.people.model import Person
from core.quotes.model import Quote
from core.requests.model import Request
from core.rfqs.model import Rfq
from tests.support.api import Api
from tests.support.world import World


@dataclass(frozen=True)
class PurchaseCase:
    """One purchase, as far as it went."""

    request: Request
    rfq: Rfq
    quote: Quote | None = None
    approval: Approval | None = None


@dataclass(frozen=True)
class Purchases:
    """Purchases in every state, and everybody who could press something."""

    people: dict[str, Person]
    fresh: Request
    """submitted, nobody asked yet"""
    open: PurchaseCase
    """vendors are asked, one has quoted"""
    chosen: PurchaseCase
    """waits for the manager"""
    decided: PurchaseCase
    """approved; ``order`` is issued"""
    order: Order


async def make_scene(world: World, api: Api) -> Purchases:
    """The scene, by the real use cases."""
    vendor, contact = await world.a_vendor()
    _, other = await world.a_vendor()
    silent, _ = await world.a_vendor()
    officer = await world.an_officer()
    people = {
        "requester": await world.a_requester(),
        "colleague": await world.a_person(Role.requester),
        "officer": officer,
        "manager": await world.a_manager(),
        "finance": await world.a_finance(),
        "vendor": contact,
        "other vendor": other,
    }
    fresh = (await world.a_request()).request
    asked = await world.a_request()
    rfq = await world.an_rfq(asked, to=[vendor, silent])
    quote = await world.a_quote(rfq, contact)
    pending = (await world.an_open_approval(vendor=vendor, contact=contact)).approval
    ended = await world.approved(await world.an_open_approval(vendor=vendor, contact=contact))
    chosen, decided = await _case(api, officer, pending), await _case(api, officer, ended.approval)
    order_id = (await api.as_(officer).call(e.show_request, path={"id": decided.request.id})).order_id
    order = await api.as_(officer).call(e.show_order, path={"id": order_id})
    return Purchases(people, fresh, PurchaseCase(asked.request, rfq.rfq, quote.quote), chosen, decided, order)  # type: ignore[arg-type]


async def _case(api: Api, officer: Person, approval: Approval) -> PurchaseCase:
    request = await api.as_(officer).call(e.show_request, path={"id": approval.request_id})
    rfq = await api.as_(officer).call(e.show_rfq, path={"id": request.rfq_id})
    return PurchaseCase(request, rfq, None, approval)  # type: ignore[arg-type]


Data = Callable[[Purchases], "Press | str"]


@dataclass(frozen=True)
class Forgery:
    """Who presses what; ``told`` is part of the answer where it is more than polite."""

    name: str
    who: str
    data: Data
    expected_text: str = ""

    def of(self, purchases: Purchases) -> str:
        made = self.data(purchases)
        return made if isinstance(made, str) else pack(made)


def _approval(op: Op, case: str = "chosen", version: int | None = None) -> Data:
    def data(purchases: Purchases) -> Press:
        approval: Approval = getattr(purchases, case).approval
        return Press(op, approval.id, approval.version if version is None else version)

    return data


def _on(op: Op, what: Callable[[Purchases], object], version: int | None = None, arg: str = "") -> Data:
    def data(purchases: Purchases) -> Press:
        found = what(purchases)
        return Press(op, found.id, found.version if version is None else version, arg)  # type: ignore[attr-defined]

    return data


def _fresh(purchases: Purchases) -> Request:
    return purchases.fresh


def _order(purchases: Purchases) -> Order:
    return purchases.order


def _open(purchases: Purchases) -> Rfq:
    return purchases.open.rfq


def _quote(purchases: Purchases) -> Quote:
    assert purchases.open.quote is not None
    return purchases.open.quote


def _closed(purchases: Purchases) -> Rfq:
    return purchases.chosen.rfq


def _text(text: str) -> Data:
    return lambda purchases: text


def _nowhere(op: Op, version: int = 1, arg: str = "") -> Data:
    return lambda purchases: Press(op, uuid.UUID(int=7), version, arg)


def _propose(case: str) -> Data:
    """The quote to the open RFQ, proposed for this case's."""

    def data(purchases: Purchases) -> Press:
        rfq: Rfq = getattr(purchases, case).rfq
        return Press(Op.propose, rfq.id, rfq.version, short_id(_quote(purchases).id))

    return data


CHANGED = "changed in the meantime"
NOT_MINE = "no longer valid"

FOREIGN = (
    Forgery("a colleague approves", "colleague", _approval(Op.approve)),
    Forgery("the requester approves their own", "requester", _approval(Op.approve)),
    Forgery("the requester confirms words they never may say", "requester", _approval(Op.approve_reply)),
    Forgery("a colleague rejects", "colleague", _approval(Op.reject)),
    Forgery("a colleague asks", "colleague", _approval(Op.ask)),
    Forgery("a vendor approves", "vendor", _approval(Op.approve)),
    Forgery("a vendor rejects", "vendor", _approval(Op.reject)),
    Forgery("somebody of another step approves", "finance", _approval(Op.approve)),
    Forgery("a colleague takes a request back", "colleague", _on(Op.withdraw_request, _fresh)),
    Forgery("an officer withdraws what a requester asked", "officer", _on(Op.withdraw_request, _fresh)),
    Forgery("a requester cancels as if an officer", "requester", _on(Op.cancel_request, _fresh)),
    Forgery("a requester asks vendors", "requester", _on(Op.ask_vendors, _fresh)),
    Forgery("a vendor asks vendors", "vendor", _on(Op.ask_vendors, _fresh)),
    Forgery("an uninvited vendor quotes", "other vendor", _on(Op.quote, _open)),
    Forgery("an officer quotes", "officer", _on(Op.quote, _open)),
    Forgery("an uninvited vendor declines", "other vendor", _on(Op.no_bid, _open)),
    Forgery("an officer declines", "officer", _on(Op.no_bid, _open)),
    Forgery("a vendor withdraws another's quote", "other vendor", _on(Op.withdraw_quote, _quote)),
    Forgery("an officer withdraws a vendor's quote", "officer", _on(Op.withdraw_quote, _quote)),
    Forgery("a vendor closes the RFQ", "vendor", _on(Op.close_rfq, _open)),
    Forgery("a requester closes the RFQ", "requester", _on(Op.close_rfq, _open)),
    Forgery("a vendor compares", "vendor", lambda s: Press(Op.compare, s.open.request.id)),
    Forgery("a vendor compares as text", "vendor", lambda s: Press(Op.compare_text, s.open.request.id)),
    Forgery("a colleague compares", "colleague", lambda s: Press(Op.compare, s.open.request.id)),
    Forgery("a vendor asks for all files", "vendor", lambda s: Press(Op.files, s.open.request.id)),
    Forgery("a colleague asks for files", "colleague", lambda s: Press(Op.files, s.open.request.id)),
    Forgery("a manager proposes", "manager", _propose("open")),
    Forgery("another vendor confirms the order", "other vendor", _on(Op.acknowledge, _order)),
    Forgery("a requester confirms for the vendor", "requester", _on(Op.acknowledge, _order)),
    Forgery("a vendor receives", "vendor", _on(Op.receive_all, _order)),
    Forgery("another vendor refuses the order", "other vendor", _on(Op.refuse_order, _order)),
    Forgery("an officer refuses for the vendor", "officer", _on(Op.refuse_order, _order)),
    Forgery("an officer proposes for the vendor", "officer", _on(Op.change_order, _order)),
    Forgery("another vendor proposes a change", "other vendor", _on(Op.change_order, _order)),
    Forgery("a requester cancels the order", "requester", _on(Op.cancel_order, _order)),
    Forgery("a manager enters a quote", "manager", _on(Op.enter_quote, _open)),
    Forgery("a vendor enters a quote for another", "other vendor", _on(Op.enter_quote, _open)),
    Forgery("a vendor attaches files to its RFQ", "vendor", _on(Op.attach_files, _open)),
    Forgery("a vendor asks for lines", "vendor", _on(Op.ask_to_complete, _open)),
    Forgery("a vendor confirms as an officer", "vendor", _on(Op.enter_acknowledgement, _order)),
    Forgery("a manager enters a confirmation", "manager", _on(Op.enter_acknowledgement, _order)),
    Forgery("a manager closes the order", "manager", _on(Op.close_order, _order)),
    Forgery("a colleague receives", "colleague", _on(Op.receive_all, _order)),
    Forgery("a colleague receives by line", "colleague", _on(Op.receive_lines, _order)),
    Forgery("a colleague opens a request", "colleague", lambda s: Press(Op.open_request, s.fresh.id)),
    Forgery("another vendor opens an RFQ", "other vendor", lambda s: Press(Op.open_rfq, s.open.rfq.id)),
    Forgery("a vendor opens an approval", "vendor", lambda s: Press(Op.open_approval, s.chosen.approval.id)),  # type: ignore[union-attr]
    Forgery("another vendor opens an order", "other vendor", lambda s: Press(Op.open_order, s.order.id)),
)  # fmt: skip
STALE = (
    Forgery("approve a later version", "manager", _approval(Op.approve, version=99), CHANGED),
    Forgery("reject a later version", "manager", _approval(Op.reject, version=99), CHANGED),
    Forgery("confirm words of a later version", "manager", _approval(Op.approve_reply, version=99), CHANGED),
    Forgery("approve no version", "manager", _approval(Op.approve, version=0), NOT_MINE),
    Forgery("approve a version past all numbers", "manager", _approval(Op.approve, version=36**6 - 1), NOT_MINE),
    Forgery("approve what is approved", "manager", _approval(Op.approve, "decided")),
    Forgery("reject what is approved", "manager", _approval(Op.reject, "decided"), "approved"),
    Forgery("ask about what is approved", "manager", _approval(Op.ask, "decided"), "approved"),
    Forgery("withdraw a later version", "requester", _on(Op.withdraw_request, _fresh, 99), CHANGED),
    Forgery("withdraw what is ordered", "requester", _on(Op.withdraw_request, lambda s: s.decided.request)),
    Forgery("ask vendors for what is ordered", "officer", _on(Op.ask_vendors, lambda s: s.decided.request)),
    Forgery("quote to a closed RFQ", "vendor", _on(Op.quote, _closed), "closed"),
    Forgery("decline a closed RFQ", "vendor", _on(Op.no_bid, _closed)),
    Forgery("decline after quoting", "vendor", _on(Op.no_bid, _open)),
    Forgery("withdraw a quote of a later version", "vendor", _on(Op.withdraw_quote, _quote, 99), CHANGED),
    Forgery("close a later version", "officer", _on(Op.close_rfq, _open, 99), CHANGED),
    Forgery("close no version", "officer", _on(Op.close_rfq, _open, 0), NOT_MINE),
    Forgery("close what is closed", "officer", _on(Op.close_rfq, _closed)),
    Forgery("enter a quote into a closed RFQ", "officer", _on(Op.enter_quote, _closed)),
    Forgery("enter again for nobody", "officer", _on(Op.enter_quote, _open, arg="not-a-vendor")),
    Forgery("attach files to a closed RFQ", "officer", _on(Op.attach_files, _closed)),
    Forgery("ask for lines that nothing lacks", "officer", _on(Op.ask_to_complete, _open)),
    Forgery("propose while sealed", "officer", _propose("open")),
    Forgery("propose a quote of another RFQ", "officer", _propose("chosen")),
    Forgery("propose without a quote", "officer", _on(Op.propose, _closed)),
    Forgery("propose garbage", "officer", _on(Op.propose, _closed, arg="not-a-quote")),
    Forgery("confirm a later order", "vendor", _on(Op.acknowledge, _order, 99), CHANGED),
    Forgery("accept a change that nobody proposed", "officer", _on(Op.accept_change, _order)),
    Forgery("decline a change that nobody proposed", "officer", _on(Op.decline_change, _order)),
    Forgery("take back what was never proposed", "vendor", _on(Op.take_back_change, _order)),
    Forgery("call off before it is confirmed", "vendor", _on(Op.call_off_order, _order)),
    Forgery("close what is not confirmed", "officer", _on(Op.close_order, _order)),
    Forgery("correct what was never received", "requester", _on(Op.correct_receipt, _order)),
    Forgery("return what was never received", "requester", _on(Op.return_goods, _order)),
)  # fmt: skip
WRONG = (
    Forgery("approve a request's id", "manager", _on(Op.approve, _fresh)),
    Forgery("approve an order's id", "manager", _on(Op.approve, _order)),
    Forgery("reject an RFQ's id", "manager", _on(Op.reject, _open)),
    Forgery("receive an RFQ's id", "requester", _on(Op.receive_all, _open)),
    Forgery("quote to a request's id", "vendor", _on(Op.quote, _fresh)),
    Forgery("compare an RFQ's id", "officer", lambda s: Press(Op.compare, s.open.rfq.id)),
    Forgery("approve nobody", "manager", lambda s: Press(Op.approve, UUID(int=0), 1), NOT_MINE),
    *(Forgery(f"{op.name} of nothing", "officer", _nowhere(op)) for op in Op if op is not Op.form),
)  # fmt: skip
GARBAGE = tuple(
    Forgery(f"garbage {place}", "manager", _text(data), NOT_MINE)
    for place, data in enumerate(
        (
            "approve",
            ":::",
            "ap",
            "ap:",
            "ap::1:",
            "ap:short:1:",
            "ap:" + "A" * 23 + ":1:",
            "ap:" + "=" * 22 + ":1:",
            "ap:" + "A" * 22 + ":-1:",
            "ap:" + "A" * 22 + ":1_0:",
            "ap:" + "A" * 22 + ":1.5:",
            "ap:" + "A" * 22 + ":９:",
            "ap:" + "A" * 22 + ":zzzzzzzz:",
            "AP:" + "A" * 22 + ":1:",
            "zz:" + "A" * 22 + ":1:",
            "ap:" + "A" * 22 + ":1:" + "x" * 60,
            "f:" + "A" * 22 + ":1:" + "\u0000",
            "x" * 4000,
            "'; DROP TABLE approvals; --",
            '{"op":"approve","id":1}',
            "<script>alert(1)</script>",
            "\u202eap:1",
            "💸" * 16,
        )
    )
)
FORMS = (
    Forgery("a form that was never open", "requester", _nowhere(Op.form, 1, "go"), "no longer open"),
    Forgery("a form's cancel that was never open", "vendor", _nowhere(Op.form, 1, "x"), "no longer open"),
    Forgery("a form's button without a word", "officer", _nowhere(Op.form, 0), "no longer open"),
)
UNLINKED = (
    Forgery("a stranger approves", "stranger", _approval(Op.approve)),
    Forgery("a stranger links without a code", "stranger", lambda s: Press(Op.link_confirm)),
    Forgery("a stranger links by a guess", "stranger", lambda s: Press(Op.link_confirm, arg="A" * 22)),
    Forgery("a stranger presses a form", "stranger", _nowhere(Op.form, 1, "go")),
    Forgery("a stranger sends garbage", "stranger", _text("ap:1")),
)
FORGERIES = (*FOREIGN, *STALE, *WRONG, *GARBAGE, *FORMS, *UNLINKED)
IN_A_FORM = (
    "go", "e:note", "e:__class__", "e:", "c:EVIL", "c:", "d9", "d99999999999", "d²", "drop", "line:9", "s", "l1", "l99",
    "v30", "v9999", "t0", "next", "date", "w0", "r0", "all", "0", "no", "files", "edit", "zz", "", "b" * 20, "<b>",
)  # fmt: skip
"""Arguments of other questions and of none, pressed with the right nonce and version while a cost centre is asked."""
