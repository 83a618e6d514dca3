"""Files of a request: vendors get exactly those that the officer lets go along, and nothing else of the request."""

from typing import Any
from uuid import UUID

import pytest

from api.contract import endpoints as e
from api.contract.attachments import RequestFileOut
from core.access.roles import Role
from core.people.model import Person
from tests.api.sourcing import Sourcing, sourcing
from tests.api.splitting import Splitting
from tests.api.test_on_behalf import entered, in_it
from tests.support.api import Api, ProblemError

__all__ = ["sourcing"]
INSIDE = {"inside": True}


async def request_with(sourcing: Sourcing, **files: dict[str, Any]) -> tuple[UUID, dict[str, RequestFileOut]]:
    """A request to which its requester attached these files, by name without the ending."""
    requester = await sourcing.world.a_requester()
    request = (await sourcing.world.a_request(requester)).request
    caller = sourcing.api.as_(requester)
    for name, more in files.items():
        document = await sourcing.upload(caller, f"{name}.pdf")
        await caller.call(e.attach_files, {"document_ids": [str(document)], **more}, path={"id": request.id})
    found = (await sourcing.officer.call(e.list_files, path={"id": request.id})).items
    sellers = [await sourcing.world.a_vendor() for _ in range(2)]
    sourcing.vendors, sourcing.contacts = [each for each, _ in sellers], [each for _, each in sellers]
    return request.id, {each.name.removesuffix(".pdf"): each for each in found}


async def status(api: Api, who: Person, document: UUID) -> int:
    return (await api.as_(who).send("GET", f"/documents/{document}")).status_code


async def test_vendors_read_what_goes_along_and_nothing_else(api: Api, sourcing: Sourcing) -> None:
    request_id, files = await request_with(sourcing, drawing={}, offer={}, budget=INSIDE)
    assert {name: file.inside for name, file in files.items()} == {
        "drawing": False, "offer": False, "budget": True
    }  # fmt: skip
    rfq = await sourcing.send(request_id, files=[str(files["drawing"].id)])
    [contact, other] = sourcing.contacts
    for who in (contact, other):
        shown = await api.as_(who).call(e.show_rfq, path={"id": rfq.id})
        assert [each.name for each in shown.documents] == ["drawing.pdf"]
        assert await status(api, who, shown.documents[0].id) == 200
        for file in files.values():
            assert await status(api, who, file.id) == 404, f"{file.name} of the request itself"
        with pytest.raises(ProblemError, match="403"):
            await api.as_(who).call(e.list_files, path={"id": request_id})
    _, stranger = await sourcing.world.a_vendor()
    assert await status(api, stranger, shown.documents[0].id) == 404
    mine = await sourcing.world.a_requester()
    assert await status(api, mine, files["budget"].id) == 200, "whoever attached it"
    events = (await sourcing.officer.call(e.timeline, path={"id": request_id})).items
    sent = next(each for each in events if each.action == "rfq.sent")
    assert sent.data["files"] == [str(files["drawing"].id)]


async def test_without_a_choice_no_file_goes_along(api: Api, sourcing: Sourcing) -> None:
    request_id, _ = await request_with(sourcing, drawing={})
    rfq = await sourcing.send(request_id)
    shown = await api.as_(sourcing.contacts[0]).call(e.show_rfq, path={"id": rfq.id})
    assert shown.documents == ()


async def test_a_file_for_those_who_decide_never_goes_along(sourcing: Sourcing) -> None:
    request_id, files = await request_with(sourcing, budget=INSIDE, drawing={})
    for wanted in (files["budget"].id, await sourcing.upload(sourcing.officer, "own.pdf")):
        with pytest.raises(ProblemError) as refused:
            await sourcing.send(request_id, files=[str(files["drawing"].id), str(wanted)])
        assert refused.value.fields == ["/files/1"]
    rfq = await sourcing.send(request_id)
    body = {"files": [str(files["budget"].id)]}
    with pytest.raises(ProblemError) as refused:
        await sourcing.officer.call(e.correct_rfq, body, path={"id": rfq.id})
    assert refused.value.fields == ["/files/0"]


async def test_a_file_of_another_request_does_not_go_along(sourcing: Sourcing) -> None:
    _, others = await request_with(sourcing, secret={})
    request_id, _ = await request_with(sourcing)
    with pytest.raises(ProblemError) as refused:
        await sourcing.send(request_id, files=[str(others["secret"].id)])
    assert refused.value.fields == ["/files/0"]


async def test_files_go_along_later_too_and_to_vendors_who_are_added(api: Api, sourcing: Sourcing) -> None:
    request_id, files = await request_with(sourcing, drawing={}, terms={})
    rfq = await sourcing.send(request_id, files=[str(files["drawing"].id)])
    body = {"files": [str(files["terms"].id), str(files["drawing"].id)]}
    corrected = await sourcing.officer.call(e.correct_rfq, body, path={"id": rfq.id})
    assert corrected.revision == 2
    newcomer, late = await sourcing.world.a_vendor()
    await sourcing.officer.call(e.add_vendors, {"vendor_ids": [str(newcomer.id)]}, path={"id": rfq.id})
    for who in (sourcing.contacts[0], late):
        shown = await api.as_(who).call(e.show_rfq, path={"id": rfq.id})
        assert sorted(each.name for each in shown.documents) == ["drawing.pdf", "terms.pdf"], "each once"


async def test_who_decides_sees_the_files_on_the_approval(sourcing: Sourcing) -> None:
    request_id, _ = await request_with(sourcing, budget=INSIDE, drawing={})
    rfq = await sourcing.send(request_id)
    await sourcing.quote(rfq, sourcing.contacts[0], "900")
    quote = await sourcing.quote(rfq, sourcing.contacts[1], "800")
    opened = (await sourcing.world.open_approval_of(quote.id)).approval  # type: ignore[arg-type]
    manager = sourcing.api.as_(await sourcing.world.a_manager())
    facts = (await manager.call(e.show_approval, path={"id": opened.id})).facts
    assert facts is not None
    assert [each.name for each in facts.documents] == ["budget.pdf", "drawing.pdf"]
    compared = await manager.call(e.comparison, path={"id": request_id})
    assert [each.name for each in compared.documents] == ["budget.pdf", "drawing.pdf"]


async def test_who_decides_a_split_award_sees_the_files_too(sourcing: Sourcing) -> None:
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"))
    for name, inside in (("budget.pdf", True), ("drawing.pdf", False)):
        body = {"document_ids": [str(await sourcing.upload(sourcing.officer, name))], "inside": inside}
        await sourcing.officer.call(e.attach_files, body, path={"id": case.rfq.request_id})
    await case.split(0, 1)
    opened = await case.opened()
    for reader in (await sourcing.world.a_manager(), await sourcing.world.a_requester()):
        facts = (await sourcing.api.as_(reader).call(e.show_approval, path={"id": opened.id})).facts
        assert facts is not None
        decides = reader.id in {each.person_id for each in opened.steps[0].candidates}
        expected = ["budget.pdf", "drawing.pdf"] if decides else ["drawing.pdf"]
        assert [each.name for each in facts.documents] == expected


async def test_requester_and_who_entered_it_read_what_others_attach_but_not_what_is_inside(
    api: Api, sourcing: Sourcing
) -> None:
    world = sourcing.world
    rosa, colleague, stranger = [await world.a_person(Role.requester) for _ in range(3)]
    await in_it(world, rosa, colleague)
    request = await entered(api, world, colleague, rosa)
    files = {}
    for name, inside in (("budget.pdf", True), ("drawing.pdf", False)):
        files[name] = await sourcing.upload(sourcing.officer, name)
        attached = {"document_ids": [str(files[name])], "inside": inside}
        await sourcing.officer.call(e.attach_files, attached, path={"id": request.id})
    for person in (rosa, colleague):
        listed = (await api.as_(person).call(e.list_files, path={"id": request.id})).items
        assert [each.name for each in listed] == ["drawing.pdf"]
        assert await status(api, person, files["drawing.pdf"]) == 200
        assert await status(api, person, files["budget.pdf"]) == 404
    for file in files.values():
        assert await status(api, stranger, file) == 404
        assert await status(api, await world.a_manager(), file) == 200


async def test_a_correction_with_files_that_vendors_have_already_changes_nothing(
    sourcing: Sourcing,
) -> None:
    request_id, files = await request_with(sourcing, drawing={}, terms={})
    own = await sourcing.upload(sourcing.officer, "own.pdf")
    drawing = str(files["drawing"].id)
    rfq = await sourcing.send(request_id, files=[drawing], document_ids=[str(own)])
    quote = await sourcing.quote(rfq, sourcing.contacts[0], "900")
    for body, field in (
        ({"files": [drawing]}, "/files"),
        ({"document_ids": [str(own)]}, "/document_ids"),
        ({"note": rfq.note, "files": [drawing]}, "/files"),
    ):
        with pytest.raises(ProblemError) as refused:
            await sourcing.officer.call(e.correct_rfq, body, path={"id": rfq.id})
        assert refused.value.fields == [field], body
    [kept] = await sourcing.quotes_of(sourcing.api.as_(sourcing.contacts[0]), rfq)
    assert (kept.version, kept.outdated) == (quote.version, False)
    body = {"files": [drawing], "note": "by Friday"}
    corrected = await sourcing.officer.call(e.correct_rfq, body, path={"id": rfq.id})
    assert corrected.revision == 2
    events = (await sourcing.officer.call(e.timeline, path={"id": request_id})).items
    assert [each.data["changed"] for each in events if each.action == "rfq.corrected"] == [["note"]]


async def test_only_staff_attach_their_own_files_to_requests_they_see(sourcing: Sourcing) -> None:
    request_id, _ = await request_with(sourcing)
    world, foreign = sourcing.world, await sourcing.upload(sourcing.officer, "mine.pdf")
    body = {"document_ids": [str(foreign)]}
    requester = sourcing.api.as_(await world.a_requester())
    with pytest.raises(ProblemError) as refused:
        await requester.call(e.attach_files, body, path={"id": request_id})
    assert refused.value.fields == ["/document_ids/0"]
    for person, code in ((sourcing.contacts[0], "403"), (await world.an_auditor(), "403")):
        with pytest.raises(ProblemError, match=code):
            await sourcing.api.as_(person).call(e.attach_files, body, path={"id": request_id})
