"""The core's promises: every use case declares its right, every refusal has a status and a sentence, every
event a name of its own.
"""

import ast
import datetime as dt
import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields
from decimal import Decimal
from typing import Any, get_args

import pytest

from api.contract.people import CardSubject
from api.server.errors import STATUS, problem_response
from api.text import SUPPORTED, all_keys
from core.access.guard import USE_CASES
from core.access.permissions import Permission
from core.access.roles import ROLE_PERMISSIONS
from core.kernel.errors import DomainError, ErrorKind, FieldError, Invalid
from core.kernel.subjects import SubjectKind
from core.log.events import Event
from tests.architecture.source_files import ROOT, core_modules, sources, subclasses, tree

ASKING = {"requires", "check_permission", "may"}
"""The functions by which the core asks for a right."""

INNER = {"repo", "policy", "rows", "routing", "directory"}
"""Modules that use cases are made of; an edge never calls them."""

ENVELOPE = {"subject_id", "subject_version", "request_id", "on_behalf_of"}
WITHOUT_A_RIGHT = {
    "core.accounts.sessions.login": "nobody is known yet",
    "core.accounts.sessions.refresh": "nobody is known yet",
    "core.accounts.sessions.logout": "the token itself is the proof",
    "core.web_sessions.service.open_by_password": "nobody is known yet",
    "core.web_sessions.service.open_by_ticket": "the ticket itself is the proof",
    "core.web_sessions.service.preview_ticket": "the ticket itself is the proof",
    "core.web_sessions.queries.preview_chat": "its platform has signed who it is",
    "core.web_sessions.service.ask_login": "nobody is known yet; the chat of the named person is asked",
    "core.web_sessions.service.open_by_chat": "its platform has signed who it is",
    "core.web_sessions.service.open_by_match": "the secret of the browser and the pressed number are the proof",
    "core.web_sessions.queries.see_match": "the secret of the browser is the proof",
    "core.web_sessions.service.renew": "the secret itself is the proof",
    "core.web_sessions.service.close": "the secret itself is the proof",
    "core.vendor_links.service.open_link": "the secret itself is the proof",
    "core.vendor_links.service.want_link": "nobody is known yet, and the link goes to the contact alone",
    "core.vendor_links.service.want_code": "nobody is known yet, and the code goes to the contact alone",
    "core.vendor_links.service.use_code": "the code itself is the proof",
    "core.accounts.password_links.use_password_link": "the code itself is the proof",
    "core.accounts.links.issue_link": "for make_link and for a vendor's invitation, which declare theirs",
    "core.approval_facts.queries.with_facts": "for lists that have loaded the approvals",
    "core.decisions.queries.details": "for use cases that have loaded the approval",
    "core.decisions.queries.details_of_page": "for lists that have loaded the approvals",
    "core.rfqs.queries.rfq_details": "for use cases that have loaded the RFQ",
    "core.quotes.queries.quote_details": "for use cases that have loaded the quote",
    "core.proxies.service.check": "for create, which declares its own",
    "core.purchases.request_pages.page": "for listing, which declares its own",
    "core.quotes.service.place_quote": "for submit_quote, confirm and enter_quote, which declare theirs",
    "core.orders.service.acknowledged": "for acknowledge and enter_acknowledgement, which declare theirs",
    "core.documents.service.attach": "for submit_quote, which declares its own",
    "core.documents.service.share": "for send_rfq, correct and add_vendors, which declare theirs",
    "core.documents.service.carry": "for send_rfq and correct, which declare theirs",
    "core.documents.service.attach_open": "for use cases of receipts, which declare theirs",
}


def callable_from_an_edge() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Public async functions of the core that begin with (uow, actor)."""
    for module in core_modules():
        if module.__name__.rpartition(".")[2] in INNER and module.__name__ != "core.automations.flow_routing":
            continue
        for name, value in vars(module).items():
            defined_here = getattr(value, "__module__", None) == module.__name__
            if name.startswith("_") or not defined_here or not inspect.iscoroutinefunction(value):
                continue
            if list(inspect.signature(value).parameters)[:2] == ["uow", "actor"]:
                yield f"{module.__name__}.{name}", value


def test_every_use_case_declares_a_right() -> None:
    bare = {name for name, function in callable_from_an_edge() if not hasattr(function, "needs")}
    assert bare == set(WITHOUT_A_RIGHT)


def rights_required() -> set[str]:
    """The names of all rights that a use case, a policy or a query asks for; role tables do not count."""
    found = set()
    for path in sources("core"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in ASKING:
                found |= set(re.findall(r"\bPermission\.(\w+)", ast.unparse(node)))
    return found


def test_every_right_is_required_somewhere() -> None:
    assert {permission.name for permission in Permission} == rights_required()


def test_somebody_has_every_right() -> None:
    assert set(Permission) == set().union(*ROLE_PERMISSIONS.values())


def test_every_guarded_use_case_is_on_the_list_with_its_right() -> None:
    guarded = {
        name: function.needs for name, function in callable_from_an_edge() if hasattr(function, "needs")
    }
    assert guarded.items() <= USE_CASES.items()


def test_no_system_role_and_no_bot_may_decide_or_set_the_policy() -> None:
    forbidden = {Permission.approvals_decide, Permission.policies_set, Permission.people_manage}
    for role, rights in ROLE_PERMISSIONS.items():
        if role.value.startswith(("system:", "service:")):
            assert rights & forbidden == set(), role


def refusals() -> list[type[DomainError]]:
    core_modules()
    return [error for error in subclasses(DomainError) if "code" in vars(error)]


def made(error: type[DomainError]) -> DomainError:
    """One of a kind, with facts of no meaning."""
    if error is Invalid:
        return Invalid((FieldError("/x", "x", "x", "x"),))
    return error(**{field.name: value_for(str(field.type)) for field in fields(error) if field.init})


def value_for(kind: str) -> object:
    if "datetime" in kind:
        return dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
    if "date" in kind:
        return dt.date(2026, 11, 23)
    return 1 if "int" in kind else Decimal("1.5") if "Decimal" in kind else "x"


def test_every_kind_has_a_status() -> None:
    assert set(STATUS) == set(ErrorKind)
    assert all(400 <= status < 600 for status in STATUS.values())


def test_every_refusal_has_a_code_and_a_kind_of_its_own() -> None:
    found = refusals()
    assert len(found) > 30
    assert all(isinstance(error.kind, ErrorKind) for error in found)
    twice = [code for code, times in Counter(error.code for error in found).items() if times > 1]
    assert twice == []


@pytest.mark.parametrize("error", refusals(), ids=lambda error: error.__name__)
def test_every_refusal_has_a_status_and_a_sentence_in_every_language(error: type[DomainError]) -> None:
    assert f"errors.{error.code}" in all_keys()
    for locale in SUPPORTED:
        reply = problem_response(made(error), locale)
        assert reply.status_code == STATUS[error.kind]
        assert b'"detail":""' not in reply.body
        assert b"errors.unknown" not in reply.body


def test_a_card_shows_subjects_of_the_log() -> None:
    assert set(get_args(CardSubject)) < {kind.value for kind in SubjectKind}


def events() -> list[type[Event]]:
    core_modules()
    return [event for event in subclasses(Event) if isinstance(vars(event).get("type"), str)]


def test_every_event_has_a_name_of_its_own() -> None:
    found = events()
    twice = [name for name, times in Counter(event.type for event in found).items() if times > 1]
    assert twice == []
    assert len(found) > 40
    for event in found:
        assert re.fullmatch(r"[a-z0-9]+\.[a-z_]+", event.type), event
        assert event.subject_kind in set(SubjectKind), event


def test_every_event_and_its_fields_stand_in_the_docs() -> None:
    page = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")
    told = {
        row.split("`")[1]: re.findall(r"`(\w+)`", row.rsplit("|", 2)[1])
        for row in page.splitlines()
        if row.startswith("| `")
    }
    assert told == {
        event.type: [field.name for field in fields(event) if field.name not in ENVELOPE]
        for event in events()
    }
