"""A vendor asks about an RFQ, the officer answers to all, and nobody learns who asked."""

import pytest

from api.contract import endpoints as e
from api.contract.actions import ActionVerb
from api.contract.digest import TaskOut
from core.clarifications.policy import MOST_QUESTIONS
from tests.api.sourcing import Sourcing, sourcing
from tests.support.api import ProblemError

__all__ = ["sourcing"]


async def test_the_answer_goes_with_its_question_to_all_without_names(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=2)
    asking, other = (sourcing.api.as_(contact) for contact in sourcing.contacts)
    path = {"id": rfq.id}
    asked = await asking.call(e.ask_rfq_question, {"text": "Which keyboard?"}, path=path)
    assert (await other.call(e.show_rfq, path=path)).questions == ()
    assert [each.text for each in (await asking.call(e.show_rfq, path=path)).questions] == ["Which keyboard?"]
    waiting = (await sourcing.officer.call(e.show_rfq, path=path)).questions
    assert [(each.vendor_name, each.answered_at) for each in waiting] == [(sourcing.vendors[0].name, None)]
    answer_path = {"id": rfq.id, "question_id": asked.id}
    await sourcing.officer.call(e.answer_rfq_question, {"text": "German."}, path=answer_path)
    for vendor in (asking, other):
        shown = (await vendor.call(e.show_rfq, path=path)).clarifications
        assert [(each.question, each.answer) for each in shown] == [("Which keyboard?", "German.")]
    seen = (await other.send("GET", f"/rfqs/{rfq.id}")).text
    assert sourcing.vendors[0].name not in seen
    assert str(sourcing.vendors[0].id) not in seen
    with pytest.raises(ProblemError, match=r"409 rfqs\.question_answered"):
        await sourcing.officer.call(e.answer_rfq_question, {"text": "French."}, path=answer_path)


async def test_a_question_that_says_who_asks_is_shown_in_other_words(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=2)
    asking, other = (sourcing.api.as_(contact) for contact in sourcing.contacts)
    text = {"text": f"Does {sourcing.vendors[0].name} have to deliver itself?"}
    asked = await asking.call(e.ask_rfq_question, text, path={"id": rfq.id})
    body = {"text": "A carrier may.", "shown_as": "Must the vendor deliver itself?"}
    await sourcing.officer.call(e.answer_rfq_question, body, path={"id": rfq.id, "question_id": asked.id})
    assert sourcing.vendors[0].name not in (await other.send("GET", f"/rfqs/{rfq.id}")).text


async def test_only_the_invited_ask_and_only_officers_answer_while_it_is_open(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=2)
    path, text = {"id": rfq.id}, {"text": "Which keyboard?"}
    _, stranger = await sourcing.world.a_vendor()
    with pytest.raises(ProblemError, match="404"):
        await sourcing.api.as_(stranger).call(e.ask_rfq_question, text, path=path)
    with pytest.raises(ProblemError, match="403"):
        await sourcing.officer.call(e.ask_rfq_question, text, path=path)
    asking = sourcing.api.as_(sourcing.contacts[0])
    asked = await asking.call(e.ask_rfq_question, text, path=path)
    answer_path = {"id": rfq.id, "question_id": asked.id}
    with pytest.raises(ProblemError, match="403"):
        await asking.call(e.answer_rfq_question, text, path=answer_path)
    with pytest.raises(ProblemError, match="404"):
        await sourcing.officer.call(e.answer_rfq_question, text, path={"id": rfq.id, "question_id": rfq.id})
    await sourcing.quote(rfq, sourcing.contacts[0], "1000")
    await sourcing.close(rfq)
    with pytest.raises(ProblemError, match=r"409 rfqs\.closed"):
        await asking.call(e.ask_rfq_question, text, path=path)
    with pytest.raises(ProblemError, match=r"409 rfqs\.closed"):
        await sourcing.officer.call(e.answer_rfq_question, text, path=answer_path)


async def test_a_vendor_asks_so_much_and_no_more(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=1)
    asking = sourcing.api.as_(sourcing.contacts[0])
    for number in range(MOST_QUESTIONS):
        await asking.call(e.ask_rfq_question, {"text": f"Question {number}"}, path={"id": rfq.id})
    with pytest.raises(ProblemError, match=r"409 rfqs\.too_many_questions"):
        await asking.call(e.ask_rfq_question, {"text": "One more"}, path={"id": rfq.id})


async def test_a_question_waits_for_the_officer_and_stands_on_the_comparison(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=1)
    asking = sourcing.api.as_(sourcing.contacts[0])
    assert (await asking.call(e.show_rfq, path={"id": rfq.id})).offers(ActionVerb.ask_question)
    asked = await asking.call(e.ask_rfq_question, {"text": "Which keyboard?"}, path={"id": rfq.id})
    waiting = (await sourcing.officer.call(e.my_worklist)).items
    assert [(each.task, each.number) for each in waiting if each.subject_id == rfq.id] == [
        (TaskOut.clarify, rfq.number)
    ]
    compared = await sourcing.officer.call(e.comparison, path={"id": rfq.request_id})
    assert [each.text for each in compared.unanswered] == ["Which keyboard?"]
    path = {"id": rfq.id, "question_id": asked.id}
    await sourcing.officer.call(e.answer_rfq_question, {"text": "German."}, path=path)
    left = (await sourcing.officer.call(e.my_worklist)).items
    assert [each for each in left if each.task is TaskOut.clarify] == []


async def test_whoever_kept_silent_until_the_end_has_not_answered(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=3)
    await sourcing.quote(rfq, sourcing.contacts[0], "1180.00")
    await sourcing.api.as_(sourcing.contacts[1]).call(
        e.decline_rfq, {"reason": "Not ours"}, path={"id": rfq.id}
    )
    closed = await sourcing.close(rfq)
    assert (closed.answered, len(closed.invitations)) == (2, 3)
    compared = await sourcing.officer.call(e.comparison, path={"id": rfq.request_id})
    assert (compared.answered, compared.invited) == (2, 3)
    assert compared.not_answered == (sourcing.vendors[2].name,)
