"""Events and who reads them: every class is in the index, every subscription can be served, nothing is unread."""

import ast
from collections.abc import Iterator, Mapping
from typing import get_type_hints

from core.approvals.events import ApprovalEvent
from core.event_types import EVENT_MODULES, concrete_classes
from core.log.events import Event, event_class
from core.log.refused_attempts import AttemptRefused
from core.orders.events import OrderEvent
from core.quotes.events import QuoteEvent
from core.requests.events import RequestEvent
from core.rfqs.events import RfqEvent
from core.wiring import REACTIONS
from core.wiring import ROWS as REACTION_ROWS
from tests.architecture.source_files import core_modules, short, sources, subclasses, tree
from workers.notices.notice_table import NOTICES
from workers.notices.notice_table import ROWS as NOTICE_ROWS
from workers.subscribers import start_flows, update_cards
from workers.subscribers.table import SUBSCRIPTIONS, subscriptions

ONLY_THE_AUDIT = "nothing follows from it; it is in the log for the audit and the purchase's timeline"
UNREAD: Mapping[str, str] = {
    "person.added": ONLY_THE_AUDIT,
    "person.edited": "cards read names and languages anew whenever they are drawn",
    "person.erased": ONLY_THE_AUDIT,
    "person.enabled": "they log in anew; what waits for them is found by their roles",
    "link.made": ONLY_THE_AUDIT,
    "link.revoked": ONLY_THE_AUDIT,
    "ticket.made": ONLY_THE_AUDIT,
    "browser.opened": ONLY_THE_AUDIT,
    "browser.ended": ONLY_THE_AUDIT,
    "portal.link_made": ONLY_THE_AUDIT,
    "portal.link_revoked": ONLY_THE_AUDIT,
    "portal.code_spent": ONLY_THE_AUDIT,
    "browser.answered": "the page of the browser asks for it itself",
    "browser.confirmed": ONLY_THE_AUDIT,
    "table.arranged": ONLY_THE_AUDIT,
    "view.removed": ONLY_THE_AUDIT,
    "view.saved": ONLY_THE_AUDIT,
    "organisation.set": ONLY_THE_AUDIT,
    "department.set": ONLY_THE_AUDIT,
    "centre.set": ONLY_THE_AUDIT,
    "centre.activated": ONLY_THE_AUDIT,
    "centre.deactivated": "new requests are checked against it; those under way go on",
    "vendor.created": ONLY_THE_AUDIT,
    "vendor.edited": "cards read names anew whenever they are drawn",
    "vendor.contact_added": ONLY_THE_AUDIT,
    "vendor.approved": "asking vendors and placing orders read the day",
    "vendor.held": "asking vendors and placing orders read the holds",
    "vendor.released": "asking vendors and placing orders read the holds",
    "categories.set": "adding and editing vendors read the list",
    "policy.set": "a policy counts for approvals that are opened later, and those read the newest version",
    "policy.receiving_set": "it counts for deliveries that are recorded later, and those read the newest version",
    "person.cost_centre_assigned": ONLY_THE_AUDIT,
    "approval.step_skipped": "the verdict that led to it is an event of its own, which redraws the cards",
    "finding.rule_set": "the rules are read anew whenever something is looked at",
    "document.uploaded": "whoever uploaded it gets the answer; a quote that it belongs to is an event of its own",
    "group.bound": "requests that change from now on are shown there; older ones are not sent into a new group",
    "group.unbound": "topics that are there stay; new requests are not shown",
    "installation.kept": "sending reads the installations that there are",
    "log.backed_up": "alerts and the guard of upgrades read the row that is written with it",
    "log.restored": "the same transaction ends sessions and moves numbers on; auditors find the loss by it",
    "delivery.replayed": "the delivery itself is due again in the same transaction",
    "quote.approved": "the same transaction approves the approval and the request, and the cards follow from those",
    "quote.returned": "the same transaction undoes the approval, and the cards follow from that",
    "invitation.expired": "the same transaction closes the RFQ, and the cards follow from that",
    "standing.bounds_set": "the clock compares scores with the bounds anew",
    "standing.begun": "holding the vendor is an event of its own; comparisons read the warning",
    "standing.ended": "releasing the vendor is an event of its own; comparisons read the warning",
    "standing.overridden": "releasing the vendor is an event of its own",
    "insight.dismissed": "whatever shows hints reads the dismissals",
}
"""Event types without a reader, and why; refused attempts (``AttemptRefused``) are read by auditors alone."""

IN_ITS_TRANSACTION = "another event of the same transaction, which the cards read, tells the same"
NOT_ON_CARDS: Mapping[str, str] = {
    "request.created": "a draft has no card; submitting is an event of its own",
    "request.edited": "a draft has no card",
    "request.entered": "whom it is for is told; submitting is an event of its own",
    "request.commented": "comments are sent beside the cards",
    "rfq.reminded": "a reminder is a message of its own",
    "rfq.replaced": IN_ITS_TRANSACTION,
    "rfq.undecided": IN_ITS_TRANSACTION,
    "rfq.split_reduced": IN_ITS_TRANSACTION,
    "invitation.expired": IN_ITS_TRANSACTION,
    "quote.left_lines_out": IN_ITS_TRANSACTION,
    "quote.unselected": IN_ITS_TRANSACTION,
    "quote.approved": IN_ITS_TRANSACTION,
    "quote.returned": IN_ITS_TRANSACTION,
    "approval.opened": IN_ITS_TRANSACTION,
    "approval.step_skipped": IN_ITS_TRANSACTION,
    "approval.overdue": "a reminder is a message of its own",
    "approval.candidate_left": "administrators are told; whoever is asked next is an event of its own",
    "order.generated": "nobody sees the order until it is issued",
    "order.undone": IN_ITS_TRANSACTION,
    "order.acknowledgement_entered": IN_ITS_TRANSACTION,
}
"""Events of a purchase after which no card is drawn again, and why."""


def subscribed() -> Iterator[tuple[str, type[Event]]]:
    """Every row of every table that is keyed by event class: who reads, and the class or base class."""
    for row in SUBSCRIPTIONS:
        yield from ((row.name, kind) for kind in row.kinds)
    yield from (("reactions", kind) for kind, _ in REACTION_ROWS)
    yield from (("notices", kind) for kind, _ in NOTICE_ROWS)
    yield from (("flows", kind) for kind in start_flows.FLOWS)


def recordable() -> set[type[Event]]:
    """The core's own event classes; tests define others."""
    return {kind for kind in concrete_classes(Event) if kind.__module__.startswith("core.")}


def test_every_module_that_defines_events_is_in_the_index() -> None:
    core_modules()
    assert {event.__module__ for event in subclasses(Event)} == {module.__name__ for module in EVENT_MODULES}
    assert all(event_class(kind.type) is kind for kind in recordable())


def test_every_subscription_is_to_events_that_can_happen() -> None:
    empty = [
        f"{reader}: {kind.__name__}" for reader, kind in subscribed() if not list(concrete_classes(kind))
    ]
    assert empty == []


def test_no_row_repeats_what_another_row_of_the_same_reader_covers() -> None:
    for row in SUBSCRIPTIONS:
        each = [concrete for kind in row.kinds for concrete in concrete_classes(kind)]
        assert len(each) == len(set(each)), row.name
    notices = [concrete for kind, _ in NOTICE_ROWS for concrete in concrete_classes(kind)]
    assert len(notices) == len(set(notices)) == len(NOTICES)


def test_every_event_has_a_reader_or_a_reason_why_not() -> None:
    read = {concrete for _, kind in subscribed() for concrete in concrete_classes(kind)}
    unread = {kind.type for kind in recordable() - read if not issubclass(kind, AttemptRefused)}
    assert unread == set(UNREAD)


def test_every_event_of_a_purchase_draws_its_cards_again_or_says_why_not() -> None:
    drawn = {concrete for kind in update_cards.SUBSCRIBES_TO for concrete in concrete_classes(kind)}
    kinds = (RequestEvent, RfqEvent, QuoteEvent, ApprovalEvent, OrderEvent)
    of_purchases = {concrete for kind in kinds for concrete in concrete_classes(kind)}
    assert {kind.type for kind in of_purchases - drawn} == set(NOT_ON_CARDS)


def test_sealing_gets_type_strings_of_classes_that_exist() -> None:
    types = {kind.type for kind in recordable()}
    table = subscriptions()
    assert set(table.by_event_type) <= types
    assert set(table.projections) == {"analytics", "dashboard"}
    assert {name for names in table.by_event_type.values() for name in names} == {
        row.name for row in SUBSCRIPTIONS
    }


def test_notices_are_sent_and_flows_started_for_the_events_of_their_tables() -> None:
    kinds = {row.name: set(row.kinds) for row in SUBSCRIPTIONS}
    assert set(NOTICES) <= kinds["notices"]
    assert set(start_flows.FLOWS) == kinds["n8n"]


def test_reactions_are_named_on_and_need_no_guard() -> None:
    for kind, reactions in REACTIONS.items():
        for reaction in reactions:
            assert reaction.__name__.startswith("on_"), kind
            assert not hasattr(reaction, "needs"), kind


def test_a_reaction_says_which_event_it_takes_and_the_table_gives_it_that_one() -> None:
    wrong = [
        f"{kind.__name__} -> {reaction.__module__}.{reaction.__name__}"
        for kind, reactions in REACTIONS.items()
        for reaction in reactions
        if not issubclass(kind, get_type_hints(reaction)["event"])
    ]
    assert wrong == []


def test_only_the_payload_for_n8n_reads_an_events_data_by_name() -> None:
    """Everything else takes the decoded event, whose fields mypy knows."""
    reads = {
        short(path)
        for path in sources("workers")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr == "data"
        and isinstance(node.value, ast.Name)
        and node.value.id in ("event", "stored")
    }
    assert reads == {"workers/subscribers/start_flows.py"}


def test_no_event_type_is_written_as_a_string_outside_its_class() -> None:
    types = {kind.type for kind in recordable()}
    written = {
        f"{short(path)}: {node.value}"
        for path in sources("core", "workers")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in types
    }
    defined = {f"{_path_of(kind)}: {kind.type}" for kind in recordable()}
    assert written - defined == {
        "core/log/epochs.py: log.restored",
        "workers/topic_sync.py: group.lost",
        "workers/unreachable.py: chat.unreachable",
    }, "the log reads it in rows, without the slice that records it; the other two are names of log lines"


def _path_of(kind: type[Event]) -> str:
    return kind.__module__.replace(".", "/") + ".py"
