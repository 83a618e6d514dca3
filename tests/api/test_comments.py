"""Comments over HTTP: bad values name their field, one key is one comment, the newest stands last."""

import pytest

from api.contract import endpoints as e
from core.access.roles import Role
from tests.api.test_bad_values import TEXTS, refused_fields
from tests.support.api import Api, ProblemError
from tests.support.world import World


async def test_every_bad_text_names_its_field(api: Api, world: World) -> None:
    caller = api.as_(await world.a_requester())
    path = f"/procurement/requests/{(await world.a_request()).request.id}/comments"
    for name, value in {**TEXTS, "2,001 characters": "x" * 2_001, "null": None}.items():
        assert await refused_fields(caller, path, {"text": value}) == ["/text"], name
    assert await refused_fields(caller, path, {}) == ["/text"]
    assert await refused_fields(caller, path, {"text": "Blue.", "to": "all"}) == ["/to"]
    assert (await caller.call(e.list_comments, path={"id": await one(world)})).items == ()


async def one(world: World) -> str:
    return str((await world.a_request()).request.id)


@pytest.mark.parametrize("text", ["👍", "x" * 2_000, "over\ntwo lines", "  spaces around  "])
async def test_what_can_be_said_is_kept_as_it_was_said(api: Api, world: World, text: str) -> None:
    caller, path = api.as_(await world.a_requester()), {"id": await one(world)}
    made = await caller.call(e.comment, {"text": text}, path=path)
    assert made.text == text.strip()
    assert (await caller.call(e.list_comments, path=path)).items == (made,)


async def test_the_same_key_and_words_are_one_comment(api: Api, world: World) -> None:
    requester = await world.a_requester()
    path = {"id": await one(world)}
    first, second = [
        await api.as_(requester).call(e.comment, {"text": "Blue, please."}, key="k1", path=path)
        for _ in range(2)
    ]
    assert first == second
    with pytest.raises(ProblemError, match=r"422 idempotency\.mismatch"):
        await api.as_(requester).call(e.comment, {"text": "Green, please."}, key="k1", path=path)
    listed = (await api.as_(requester).call(e.list_comments, path=path)).items
    assert [item.text for item in listed] == ["Blue, please."]


async def test_the_newest_stands_last_and_a_cursor_goes_on(api: Api, world: World) -> None:
    requester, officer = await world.a_requester(), await world.an_officer()
    path = {"id": await one(world)}
    for who, text in ((requester, "Blue?"), (officer, "Grey only."), (requester, "Grey then.")):
        await api.as_(who).call(e.comment, {"text": text}, path=path)
    caller = api.as_(officer)
    first = await caller.call(e.list_comments, path=path, query={"limit": "2"})
    assert [(item.author_name, item.text) for item in first.items] == [
        (requester.name, "Blue?"),
        (officer.name, "Grey only."),
    ]
    query = {"limit": "2", "cursor": str(first.next_cursor)}
    rest = await caller.call(e.list_comments, path=path, query=query)
    assert ([item.text for item in rest.items], rest.next_cursor) == (["Grey then."], None)


async def test_somebody_elses_request_is_not_found_and_a_refusal_is_on_record(api: Api, world: World) -> None:
    path = {"id": await one(world)}
    with pytest.raises(ProblemError, match="404 not_found"):
        await api.as_(await world.a_person(Role.requester)).call(e.comment, {"text": "Hm."}, path=path)
    auditor = await world.an_auditor()
    with pytest.raises(ProblemError, match="403 forbidden"):
        await api.as_(auditor).call(e.comment, {"text": "Hm."}, path=path)
    request = (await api.as_(auditor).call(e.show_request, path=path)).id
    assert (await world.events_of(request))[-1] == "request.refused"
