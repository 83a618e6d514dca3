"""Being away: who decides in one's place, by words, by buttons and in Slack's modal."""

import datetime as dt
from zoneinfo import ZoneInfo

from api.contract import endpoints as e
from api.contract.delegations import DelegationIn, DelegationOut
from bots.cards.press import Op, Press, pack
from bots.forms import delegate as form
from bots.forms.colleague import Colleague
from bots.forms.delegate import DelegateValues
from bots.forms.form import FormContext, Rejected
from core.access.roles import Role
from core.people.model import Person
from tests.bots.bot_env import BotEnv, labels
from tests.bots.slack_env import SlackEnv
from tests.support.api import Api
from tests.support.world import World

ASKING = FormContext("en", "Europe/Berlin", dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC))
OSCAR, OLGA, MARA = (
    Colleague(id=dt_id, name=name)
    for dt_id, name in (
        ("00000000-0000-7000-8000-00000000000a", "Oscar Lind"),
        ("00000000-0000-7000-8000-00000000000b", "Oscar Lindholm"),
        ("00000000-0000-7000-8000-00000000000c", "Mara Osei"),
    )
)
VALUES = DelegateValues(colleagues=[OSCAR, OLGA, MARA])


async def of(api: Api, person: Person) -> list[DelegationOut]:
    return list((await api.as_(person).call(e.list_delegations)).items)


def heard(text: str) -> DelegateValues:
    told = form.with_text(VALUES, text, ASKING)
    assert isinstance(told, DelegateValues), told
    return told


def test_a_name_and_a_day_are_read_however_they_are_written() -> None:
    until = dt.datetime(2026, 12, 5, 23, 59, tzinfo=ZoneInfo("Europe/Berlin"))
    for text in (
        "@Mara until 2026-12-05",
        "mara osei, until 5 Dec",
        "@mara.osei 5 Dec 2026",
        "Osei till 5 Dec",
    ):
        assert (heard(text).to, heard(text).until) == (MARA.id, until), text
    assert (heard("Oscar Lindholm").to, heard("Oscar Lindholm").until) == (OLGA.id, None)
    assert (heard("@oscar").to, heard("@oscar").narrowed) == (None, [OSCAR.id, OLGA.id])
    for text in ("@nobody until 5 Dec", "@", "Mara until once", "Mara until 2026-11-01"):
        assert isinstance(form.with_text(VALUES, text, ASKING), Rejected), text


async def test_a_line_delegates_and_a_button_ends_it(bot_env: BotEnv, world: World) -> None:
    mara, ben = await world.a_person(Role.manager), await world.a_person(Role.manager)
    user = await bot_env.a_user(mara)
    await user.say(f"/delegate @{ben.name} until 2027-01-05")
    made = await user.sees(f"{ben.name} decides for you until Tue 5 Jan 2027")
    assert labels(made) == ["End delegation"]
    found = await of(bot_env.api, mara)
    assert [(each.from_.person_id, each.to.person_id) for each in found] == [(mara.id, ben.id)]
    await user.say("/delegate @nobody until yesterday")
    await user.sees("Nothing was changed: this delegation goes on")
    await user.say("/delegate")
    await user.say("/my")
    await user.sees("You have no requests")
    shown = await user.sees("decides for you")
    assert shown["id"] != made["id"]
    await user.press("End delegation", shown["id"])
    assert labels(await user.sees("The delegation has ended")) == []
    assert await of(bot_env.api, mara) == []
    again = await user.press("End delegation", made["id"])
    assert "ended" in again["text"]


async def test_alone_it_asks_who_and_until_when(bot_env: BotEnv, world: World) -> None:
    mara, ben = await world.a_person(Role.manager), await world.a_person(Role.manager)
    user = await bot_env.a_user(mara)
    await user.say("/delegate somebody else")
    asked = await user.sees("I can’t find anyone named “somebody else”")
    assert ben.name in labels(asked)
    await user.press(ben.name)
    days = labels(await user.sees("Until which day"))
    assert len(days) == 6, days
    await user.press(days[1])
    await user.sees(f"{ben.name} decides for you")
    (made,) = await of(bot_env.api, mara)
    today = dt.datetime.now(ZoneInfo(mara.zone)).date()  # noqa: TID251
    assert made.until.astimezone(ZoneInfo(mara.zone)).date() in (
        today + dt.timedelta(days=7 + more) for more in (0, 1)
    )
    await user.say("/delegate end")
    await user.sees("The delegation has ended")


async def test_a_deputy_sees_for_whom_and_gives_back(bot_env: BotEnv, world: World) -> None:
    mara, ben = await world.a_person(Role.manager), await world.a_person(Role.manager)
    until = dt.datetime.now(dt.UTC) + dt.timedelta(days=3)  # noqa: TID251
    await bot_env.api.as_(mara).call(e.delegate, DelegationIn(to=ben.id, until=until))
    user = await bot_env.a_user(ben)
    await user.say("/approvals")
    shown = await user.sees(f"You decide for {mara.name} until")
    await user.press(labels(shown)[0], shown["id"])
    await user.sees("The delegation has ended")
    assert await of(bot_env.api, mara) == []


async def test_who_may_not_decide_is_told_who_may(bot_env: BotEnv, world: World) -> None:
    user = await bot_env.a_user(await world.a_requester())
    await user.say("/delegate")
    told = await user.sees("manager")
    assert labels(told) == []
    await user.say("/approvals")
    await user.sees("Nothing is waiting")


async def test_a_modal_asks_both_at_once(slack: SlackEnv, world: World) -> None:
    mara, ben = await world.a_person(Role.manager), await world.a_person(Role.manager)
    user = await slack.a_user(mara)
    await user.say("/parley delegate")
    shown = await user.modal("Who should decide")
    assert [each["kind"] for each in shown["fields"]] == ["select", "date"]
    wrong = await user.fill(to=ben.name, until="2020-01-01")
    assert "past" in wrong["text"]
    await user.fill(until="2027-01-05")
    await user.sees(f"{ben.name} decides for you until Tue 5 Jan 2027")
    assert [each.to.person_id for each in await of(slack.api, mara)] == [ben.id]
    await user.say("/parley delegate")
    shown = await user.modal("decides for you")
    await user.press_in("modal", "End delegation")
    await user.modal("The delegation has ended")
    assert await of(slack.api, mara) == []


async def test_home_shows_who_decides_and_opens_the_modal(slack: SlackEnv, world: World) -> None:
    mara, ben = await world.a_person(Role.manager), await world.a_person(Role.manager)
    user = await slack.a_user(mara)
    await user.home()
    await user.press_in("home", "Delegate…")
    await user.modal("Who should decide")
    await user.fill(to=ben.name, until="2027-01-05")
    await user.sees("decides for you")
    await user.home(f"{ben.name} decides for you")


async def test_somebody_else_ends_nothing(bot_env: BotEnv, world: World) -> None:
    mara, ben = await world.a_person(Role.manager), await world.a_person(Role.manager)
    until = dt.datetime.now(dt.UTC) + dt.timedelta(days=3)  # noqa: TID251
    made = await bot_env.api.as_(mara).call(e.delegate, DelegationIn(to=ben.id, until=until))
    other = await bot_env.a_user(await world.a_person(Role.manager))
    message = (await other.chat())[-1]["id"]
    body = {"message_id": message, "data": pack(Press(Op.end_delegation, made.id, 1))}
    answer = await bot_env.sandbox.act(other.id, "press", **body)
    assert mara.name in answer["text"]
    assert [each.id for each in await of(bot_env.api, mara)] == [made.id]
