"""Access: every role × every route by HTTP, other people's things by their ids, and bad tokens.

The table of who may call what, the bodies and the bad tokens are those of the tests; here they meet the running
processes.

One rule: a cell that the table does not name is a failure, and so is one foreign word in an answer.
"""

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from api.contract.endpoints import ENDPOINTS
from api.server.signing_keys import load_keys
from core.kernel.clock import SystemClock
from stack.bench.crew import PurchaseTeam
from stack.bench.purchase_calls import BenchPurchase
from stack.prove.approvals_to_decide import open_approvals
from stack.prove.fenced_rows import prove_fence
from stack.prove.kept_promise import Promise
from stack.prove.own_approvals import prove_own_approvals
from stack.prove.progress import say
from stack.prove.proof_calls import ProofAnswer
from stack.prove.proof_installation import ProofInstallation
from tests.architecture.route_calls import bodies, how_to_call
from tests.architecture.route_table import CALL_BACK, CALLERS, TABLE
from tests.support.bad_tokens import BAD, TokenForger

_PERSON = "SELECT id, name, epoch FROM people WHERE email = 'requester@northwind.example'"
_THINGS = """
SELECT 'request' AS kind, id::text FROM procurement_requests WHERE id = $1
UNION ALL SELECT 'rfq', id::text FROM rfqs WHERE request_id = $1
UNION ALL SELECT 'quote', q.id::text FROM vendor_quotes q JOIN rfqs r ON r.id = q.rfq_id WHERE r.request_id = $1
UNION ALL SELECT 'approval', id::text FROM approvals WHERE request_id = $1
"""


async def prove_access(proof: ProofInstallation) -> Sequence[Promise]:
    """The matrix, what is foreign, bad tokens, the fence in PostgreSQL, and what is one's own."""
    return [
        await _matrix(proof),
        *await _foreign(proof),
        await _bad_tokens(proof),
        await _disabled(proof),
        await prove_fence(proof),
        await prove_own_approvals(proof),
    ]


# ---- who may call what


async def _matrix(proof: ProofInstallation) -> Promise:
    promise = Promise("Every role × every route is answered as the table of rights says, and no other way")
    given = bodies(SystemClock().now(), proof.installed.secrets["BOT_KEY"])
    say(f"{len(TABLE)} routes × {len(CALLERS)} callers")
    for sign, role in CALLERS.items():
        token = await _token(proof, sign)
        for name, (right, callers) in TABLE.items():
            denied = "who" if role is None or right == CALL_BACK else "no"
            expected = "yes" if sign in callers else denied
            found = await _verdict(proof, token, name, given.get(name))
            promise.holds(found == expected, f"{name} as {role or 'nobody'}: {found}, not {expected}")
    return promise


async def _token(proof: ProofInstallation, sign: str) -> str:
    """A token of somebody with just this role."""
    match sign:
        case "N":
            return ""
        case "B":
            return await asyncio.to_thread(proof.crew.tokens.service)
        case "V":
            return proof.crew.teams[0].vendors[0].token
    keys = {
        "R": "requester",
        "O": "officer",
        "M": "manager",
        "F": "finance",
        "A": "admin",
        "U": "auditor",
    }
    return await asyncio.to_thread(proof.token_of, keys[sign])


async def _verdict(proof: ProofInstallation, token: str, name: str, body: Any) -> str:
    """``yes``, ``who`` (not known) or ``no`` (known and refused); anything above 499 is a surprise."""
    method, path, query, files = how_to_call(name)
    more: dict[str, Any] = {"params": query}
    answer = (
        await proof.calls.send_file(token, path, *files["file"])
        if files
        else await proof.calls.send(token, method, path, body, **more)
    )
    if answer.status >= 500:
        return f"surprise: {answer.status} {answer.code}"
    return {"unauthorized": "who", "forbidden": "no"}.get(answer.code, "yes")


# ---- other people's things


async def _foreign(proof: ProofInstallation) -> Sequence[Promise]:
    """One team's purchase, read and acted on by another team's people by its real ids."""
    unread = Promise("Nobody reads or finds what belongs to another vendor or another requester")
    unchanged = Promise("Nobody acts on it either")
    say("other people's things")
    purchase = (await open_approvals(proof, 1))[0]
    other = next(team for team in proof.crew.teams if team.cost_centre != purchase.team.cost_centre)
    things = {row["kind"]: row["id"] for row in await proof.fetch(_THINGS, uuid.UUID(purchase.request_id))}
    secret = await _secret_words(proof, purchase, things)
    given = bodies(SystemClock().now(), proof.installed.secrets["BOT_KEY"])
    for who, token in _outsiders(other).items():
        for endpoint in ENDPOINTS:
            if endpoint.name not in TABLE or TABLE[endpoint.name][0] is None:
                continue
            for address, asked in _addresses(endpoint.path, things):
                query = how_to_call(endpoint.name).query
                body = given.get(endpoint.name)
                answer = await proof.calls.send(token, endpoint.method, address, body, params=query)
                what = f"{who}: {endpoint.method} {address}: {answer.status}"
                found = _foreign_words(answer, secret, asked)
                unread.holds(not found and answer.status < 500, f"{what} shows {found or 'an error'}")
                if endpoint.method != "GET" and asked:
                    unchanged.holds(400 <= answer.status < 500, f"{what} {answer.text[:200]}")
    return unread, unchanged


def _outsiders(other: PurchaseTeam) -> Mapping[str, str]:
    return {"another vendor": other.vendors[0].token, "another requester": other.requester.token}


def _addresses(path: str, things: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    """The path with each foreign id in the place of ``{id}``, and the id; as it is when it names none."""
    if "{" not in path:
        return [(path, "")]
    if path.count("{") > 1 or "{id}" not in path:
        return []
    return [(path.replace("{id}", thing), thing) for thing in things.values()]


async def _secret_words(
    proof: ProofInstallation, purchase: BenchPurchase, things: Mapping[str, str]
) -> Sequence[str]:
    """Ids, numbers and prices that only this purchase has."""
    number = await proof.value(
        "SELECT number FROM procurement_requests WHERE id = $1::uuid", things["request"]
    )
    price = await proof.value(
        "SELECT l.unit_price::text FROM quote_lines l WHERE l.quote_id = $1::uuid LIMIT 1", things["quote"]
    )
    vendors = [str(vendor.vendor_id) for vendor in purchase.team.vendors]
    return [*things.values(), str(number), *vendors, f'unit_price": "{price}']


def _foreign_words(answer: ProofAnswer, secret: Sequence[str], asked: str) -> Sequence[str]:
    """What the caller did not know before; the id that they asked for they did."""
    return [word for word in secret if word != asked and word in answer.text]


# ---- tokens


async def _bad_tokens(proof: ProofInstallation) -> Promise:
    promise = Promise("A token that is good but for one thing is refused, in the same words as every other")
    row = (await proof.fetch(_PERSON))[0]
    key = load_keys(proof.paths.keys).current
    forge = TokenForger(key, row["id"], row["name"], ["requester"], row["epoch"])
    good = await proof.calls.send(forge.good(), "GET", "/me")
    promise.holds(good.status == 200, f"the good one: {good.status}")
    for name, make in BAD.items():
        try:
            answer = await proof.calls.send(make(forge), "GET", "/me")
        except ValueError as error:
            promise.holds(False, f"{name}: {error}")
            continue
        refused = (answer.status, answer.code) == (401, "unauthorized") or (
            name == "a megabyte" and answer.status in (400, 413, 431)
        )
        promise.holds(refused, f"{name}: {answer.status} {answer.text[:100]}")
    return promise


async def _disabled(proof: ProofInstallation) -> Promise:
    """Each kind of person, disabled while they hold a token: the next call is refused."""
    promise = Promise("Whoever is disabled is refused at the next call, whatever token they hold")
    admin = await asyncio.to_thread(proof.token_of, "admin")
    for team in proof.crew.teams[:2] if proof.short else proof.crew.teams:
        for member in (team.requester, team.manager, team.vendors[0]):
            path = f"/people/{member.person_id}"
            answer = await proof.calls.send(admin, "POST", f"{path}/disable")
            refused = await proof.calls.send(member.token, "GET", "/me")
            promise.holds(
                refused.status == 401, f"{answer.status}, then {refused.status} {refused.text[:100]}"
            )
            await proof.calls.send(admin, "POST", f"{path}/enable")
            member.token = await asyncio.to_thread(proof.crew.tokens.exchange, member.chat)
    return promise
