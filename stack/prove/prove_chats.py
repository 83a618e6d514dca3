"""Both chats: the same update three times in any order, forged buttons, and posts that nobody signed.

One rule: an effect is what PostgreSQL holds, and a bot may not even answer whoever is not the platform.
"""

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from bots.cards.press import Op, Press, pack
from stack.errors import StackError
from stack.prove.approvals_to_decide import let_any_manager_decide, open_approvals
from stack.prove.chat_people import CardButton, ChatPeople
from stack.prove.chat_updates import SECRET_HEADER, ChatUpdate, UpdateMaker
from stack.prove.kept_promise import Promise
from stack.prove.live_services import until
from stack.prove.progress import say
from stack.prove.proof_installation import ProofInstallation

UPDATES, UPDATES_SHORT = 200, 32
TIMES, AT_ONCE = 3, 20
CARD_SECONDS = 30.0
_ITEMS = """
SELECT l.description, count(DISTINCT r.id) AS made, count(DISTINCT r.id) FILTER (WHERE r.state <> 'draft') AS submitted
FROM request_lines l JOIN procurement_requests r ON r.id = l.request_id
WHERE l.description = ANY($1::text[]) GROUP BY l.description
"""
_FACTS = "SELECT count(*) FROM audit_events WHERE type NOT LIKE '%.refused' AND type NOT LIKE 'chat.%'"
"""Opening a form of one's own is everybody's right, and no fact."""


async def prove_chats(proof: ProofInstallation) -> Sequence[Promise]:
    """Repeated updates, forged presses, bad signatures."""
    await let_any_manager_decide(proof)
    people, maker = await ChatPeople.of(proof), UpdateMaker(proof)
    repeated = await _repeated(proof, people, maker)
    return [*repeated, await _forged(proof, people), await _unsigned(proof, people, maker)]


# ---- three times each


async def _repeated(proof: ProofInstallation, people: ChatPeople, maker: UpdateMaker) -> Sequence[Promise]:
    """Rounds: everybody types a request in each chat, then everybody submits theirs."""
    typed = Promise("A command that is delivered three times, in any order, shows one draft")
    pressed = Promise("A press that is delivered three times, in any order, makes one request")
    answered = Promise("Every delivery of an update is answered with 200")
    wanted = UPDATES_SHORT if proof.short else UPDATES
    say(f"{wanted} updates, each delivered {TIMES} times in any order")
    accounts = [
        people.account(team.requester.person_id, platform)
        for team in proof.crew.teams
        for platform in ("telegram", "slack")
    ]
    done = 0
    while done < wanted:
        items = {account: f"Desk {uuid.uuid4().hex[:8]}" for account in accounts[: (wanted - done + 1) // 2]}
        line = f"@80 needed {proof.a_day(40)} for IT"
        commands = [maker.said(account, f"request 2x {item} {line}") for account, item in items.items()]
        await _deliver(proof, maker, commands, answered)
        cards = [await _draft(people, typed, account, item) for account, item in items.items()]
        presses = [maker.pressed(*card) for card in cards if card]
        await _deliver(proof, maker, presses, answered)
        rows = await proof.fetch(_ITEMS, [*items.values()])
        found = {row["description"]: (row["made"], row["submitted"]) for row in rows}
        for account, item in items.items():
            made, submitted = found.get(item, (0, 0))
            what = f"{account}: {made} requests of {item}, {submitted} of them submitted"
            pressed.holds((made, submitted) == (1, 1), what)
        done += 2 * len(items)
    await proof.quiet()
    return [typed, pressed, answered]


async def _deliver(
    proof: ProofInstallation, maker: UpdateMaker, updates: Sequence[ChatUpdate], answered: Promise
) -> None:
    """All of them, so many at once, in an order that the seed chose."""
    waiting = [update for update in updates for _ in range(TIMES)]
    proof.chance.shuffle(waiting)
    gate = asyncio.Semaphore(AT_ONCE)

    async def post(update: ChatUpdate) -> None:
        async with gate:
            status = await _until_taken(maker, update)
        answered.holds(status == 200, f"{update.platform}: {status} for {update.body[:150]!r}")

    async with asyncio.TaskGroup() as group:
        for update in waiting:
            group.create_task(post(update))


async def _until_taken(maker: UpdateMaker, update: ChatUpdate) -> int:
    """A platform brings again what was answered with 503."""
    for _ in range(20):
        status = await maker.post(update)
        if status != 503:
            return status
        await asyncio.sleep(0.5)
    return status


async def _draft(
    people: ChatPeople, typed: Promise, account: str, item: str
) -> tuple[CardButton, dict[str, Any]] | None:
    """The draft's card, as soon as it is there, and its first button."""
    deadline = asyncio.get_running_loop().time() + CARD_SECONDS
    found: list[dict[str, Any]] = []
    while not found and asyncio.get_running_loop().time() < deadline:
        found = [each for each in await people.messages(account) if item in each["text"]]
        await asyncio.sleep(0.1)
    typed.holds(len(found) == 1, f"{account}: {len(found)} cards of {item}")
    if not found or not found[-1]["buttons"]:
        return None
    card = found[-1]
    return CardButton(account, card["id"], card["buttons"][0][0]["data"]), card


# ---- forged buttons


@dataclass(frozen=True)
class _Thing:
    """What a button can be about, or claims to be: its id and version are all that a forger needs."""

    id: UUID
    version: int


async def _forged(proof: ProofInstallation, people: ChatPeople) -> Promise:
    """The tests' forgeries, by people who have no right to them, on a card of their own."""
    promise = Promise("A forged, foreign or stale button changes nothing")
    purchase = (await open_approvals(proof, 1))[0]
    things = await _things(proof, purchase.request_id)
    outsider = next(team for team in proof.crew.teams if team is not purchase.team)
    say("forged buttons")
    pressers = [
        people.account(member.person_id, platform)
        for member in (outsider.requester, outsider.vendors[0])
        for platform in ("telegram", "slack")
    ]
    for account in pressers[: 2 if proof.short else None]:
        message = await _message_with_a_button(people, account)
        for op in Op:
            if op is Op.form:
                continue
            for thing in [proof.chance.choice(things)] if proof.short else things:
                before = await _facts(proof)
                try:
                    await people.act(
                        account, "press", message_id=message, data=pack(Press(op, thing.id, thing.version))
                    )
                except StackError as error:
                    promise.holds(False, f"{account} {op.name}: {error}")
                    continue
                after = await _facts(proof)
                promise.holds(before == after, f"{account} {op.name} of {thing.id}: {before} became {after}")
    return promise


async def _things(proof: ProofInstallation, request_id: str) -> Sequence[_Thing]:
    rows = await proof.fetch(
        "SELECT id, version FROM procurement_requests WHERE id = $1 UNION ALL SELECT id, version FROM rfqs"
        " WHERE request_id = $1 UNION ALL SELECT id, version FROM approvals WHERE request_id = $1",
        UUID(request_id),
    )
    return [*(_Thing(row["id"], row["version"]) for row in rows), _Thing(UUID(int=7), 1)]


async def _message_with_a_button(people: ChatPeople, account: str) -> int | str:
    """A card of one's own: any button of it is pressed with other data, as a modified client does."""
    await people.act(account, "send", text="/settings" if account.isdigit() else "/parley settings")
    found: list[int | str] = []

    async def shown() -> bool:
        found[:] = [each["id"] for each in await people.messages(account) if each["buttons"]]
        return bool(found)

    await until(shown, "a message with a button", CARD_SECONDS)
    return found[-1]


async def _facts(proof: ProofInstallation) -> int:
    return int(await proof.value(_FACTS))


# ---- nobody signed it


async def _unsigned(proof: ProofInstallation, people: ChatPeople, maker: UpdateMaker) -> Promise:
    """Fifty posts that are right but for their secret or signature: 401, and nothing happens."""
    promise = Promise("A post without the right secret or signature is answered with 401, and does nothing")
    telegram = people.account(proof.crew.teams[0].requester.person_id, "telegram")
    slack = people.account(proof.crew.teams[0].requester.person_id, "slack")
    line = f"request 2x Forged @80 needed {proof.a_day(40)} for IT"
    before = await _facts(proof)
    say("posts that nobody signed")
    for what, update in _bad(maker, maker.said(telegram, line), maker.said(slack, line)):
        status = await maker.post(update)
        promise.holds(status in (401, 403), f"{what}: {status}")
    promise.holds(await _facts(proof) == before, "something happened")
    return promise


def _bad(maker: UpdateMaker, telegram: ChatUpdate, slack: ChatUpdate) -> Sequence[tuple[str, ChatUpdate]]:
    """Each with what is wrong about it."""
    secret = maker.proof.installed.secrets["TELEGRAM_WEBHOOK_SECRET"]
    name = SECRET_HEADER
    wrong_secrets = {
        "none": {},
        "empty": {name: ""},
        "cut": {name: secret[:-1]},
        "longer": {name: secret + "x"},
        "other case": {name: secret.swapcase()},
        "reversed": {name: secret[::-1]},
        "a blank behind": {name: f"{secret[:-1]} x"},
        "another header": {"X-Telegram-Secret-Token": secret},
        "as a bearer": {"Authorization": f"Bearer {secret}"},
        **{f"letter {place} changed": {name: _changed(secret, place)} for place in range(15)},
    }
    good = maker.signed(slack.body)
    mark, moment = good["X-Slack-Signature"], good["X-Slack-Request-Timestamp"]
    signatures = {
        "none": {},
        "no time": {"X-Slack-Signature": mark},
        "no signature": {"X-Slack-Request-Timestamp": moment},
        "cut": good | {"X-Slack-Signature": mark[:-1]},
        "upper case": good | {"X-Slack-Signature": mark.upper()},
        "without v0": good | {"X-Slack-Signature": mark[3:]},
        "v1": good | {"X-Slack-Signature": "v1" + mark[2:]},
        "another time": good | {"X-Slack-Request-Timestamp": str(int(moment) - 1)},
        "time that is no number": good | {"X-Slack-Request-Timestamp": "now"},
        "six minutes old": maker.signed(slack.body, at=int(moment) - 360),
        "six minutes ahead": maker.signed(slack.body, at=int(moment) + 360),
        "a day old": maker.signed(slack.body, at=int(moment) - 86_400),
        "another body": maker.signed(slack.body + b"&x=1"),
        "empty body": maker.signed(b""),
        **{
            f"letter {place} changed": good | {"X-Slack-Signature": _changed(mark, place + 3)}
            for place in range(12)
        },
    }
    check = replace(slack, body=b"ssl_check=1&" + slack.body, headers={})
    return [
        *(
            (f"Telegram, {what}", replace(telegram, headers=headers))
            for what, headers in wrong_secrets.items()
        ),
        *((f"Slack, {what}", replace(slack, headers=headers)) for what, headers in signatures.items()),
        ("Slack, ssl_check without a signature", check),
    ]


def _changed(text: str, place: int) -> str:
    other = "0" if text[place] != "0" else "1"
    return text[:place] + other + text[place + 1 :]
