"""Bad tokens, each of them 401 with the same words; and sessions that end."""

import base64
import datetime as dt
import json
import secrets
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import jwt
import pytest
import time_machine
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from api.contract import endpoints as e
from api.server.tokens import AUDIENCE, ISSUER, TYPE
from core.access.roles import Role
from core.people import service as people
from core.people.commands import ChangeRoles, DisablePerson
from core.people.model import Person
from tests.support.api import BOT_KEY, Api, ProblemError
from tests.support.world import ADMINISTRATOR, PASSWORD, World

Claims = dict[str, Any]
ED, RSA, EC = (
    ed25519.Ed25519PrivateKey.generate(),
    rsa.generate_private_key(65537, 2048),
    ec.generate_private_key(ec.SECP256R1()),
)


class TokenForger:
    """Tokens of a person, good but for one thing."""

    def __init__(self, api: Api, person: Person) -> None:
        self.key = api.tokens._keys.current
        self.now = int(dt.datetime.now(dt.UTC).timestamp())  # noqa: TID251 what the library compares with
        self.claims: Claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(person.id),
            "iat": self.now,
            "exp": self.now + 600,
            "jti": "forged",
            "roles": sorted(person.roles),
            "name": person.name,
            "epoch": person.epoch,
        }
        self.header = {"kid": self.key.kid, "typ": TYPE}

    def but(self, **changes: Any) -> str:
        """The claims changed; None leaves one out."""
        claims = {**self.claims, **changes}
        return self.signed({name: value for name, value in claims.items() if value is not None})

    def headed(self, **changes: Any) -> str:
        header = {name: value for name, value in {**self.header, **changes}.items() if value is not None}
        return jwt.encode(self.claims, self.key.private, "EdDSA", headers=header)

    def signed(self, claims: Claims) -> str:
        return jwt.encode(claims, self.key.private, "EdDSA", headers=self.header)

    def by(self, key: Any, algorithm: str) -> str:
        return jwt.encode(self.claims, key, algorithm, headers=self.header)

    def by_hand(self, header: Claims, signature: bytes = b"") -> str:
        parts = [
            _part(json.dumps(header).encode()),
            _part(json.dumps(self.claims).encode()),
            _part(signature),
        ]
        return ".".join(parts)

    @property
    def pem(self) -> bytes:
        return self.key.public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def raw(self) -> bytes:
        return self.key.public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)

    def hmac(self, secret: bytes) -> str:
        """What the library would refuse to make: a public key used as a shared secret."""
        import hashlib
        import hmac

        body = self.by_hand({"alg": "HS256", **self.header}).rpartition(".")[0]
        return f"{body}.{_part(hmac.new(secret, body.encode(), hashlib.sha256).digest())}"

    def good(self) -> str:
        return self.signed(self.claims)


def _part(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _cut(token: str) -> str:
    return token[:-4]


def _other_payload(token: str) -> str:
    head, body, tail = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    return ".".join([head, _part(json.dumps({**claims, "roles": ["admin"]}).encode()), tail])


BAD: dict[str, Callable[[TokenForger], str]] = {
    "empty": lambda f: "",
    "a word": lambda f: "token",
    "two parts": lambda f: f.good().rpartition(".")[0],
    "four parts": lambda f: f.good() + ".x",
    "dots": lambda f: "..",
    "not base64": lambda f: "%%%.%%%.%%%",
    "cut signature": lambda f: _cut(f.good()),
    "no signature": lambda f: f.good().rpartition(".")[0] + ".",
    "other payload": lambda f: _other_payload(f.good()),
    "alg none": lambda f: f.by_hand({"alg": "none", **f.header}),
    "alg None": lambda f: f.by_hand({"alg": "None", **f.header}),
    "no alg": lambda f: f.by_hand(f.header),
    "other ed25519 key": lambda f: f.by(ED, "EdDSA"),
    "rsa": lambda f: f.by(RSA, "RS256"),
    "ecdsa": lambda f: f.by(EC, "ES256"),
    "hmac with pem": lambda f: f.hmac(f.pem),
    "hmac with raw key": lambda f: f.hmac(f.raw),
    "hmac with jwk": lambda f: f.hmac(json.dumps(f.key.jwk()).encode()),
    "hmac with kid": lambda f: f.hmac(f.key.kid.encode()),
    "unknown kid": lambda f: f.headed(kid="0000000000000000"),
    "no kid": lambda f: f.headed(kid=None),
    "kid as path": lambda f: f.headed(kid="../../../../dev/null"),
    "kid as sql": lambda f: f.headed(kid="' OR 1=1 --"),
    "kid as url": lambda f: f.headed(kid="http://169.254.169.254/"),
    "no typ": lambda f: f.headed(typ=None),
    "typ JWT": lambda f: f.headed(typ="JWT"),
    "embedded jwk, other key": lambda f: jwt.encode(
        f.claims, ED, "EdDSA", headers={**f.header, "kid": "mine", "jwk": f.key.jwk()}
    ),
    "jku": lambda f: f.headed(kid="x", jku="http://127.0.0.1/jwks.json"),
    "critical extension": lambda f: f.headed(crit=["exp"]),
    "no exp": lambda f: f.but(exp=None),
    "no iat": lambda f: f.but(iat=None),
    "no iss": lambda f: f.but(iss=None),
    "no aud": lambda f: f.but(aud=None),
    "no sub": lambda f: f.but(sub=None),
    "no jti": lambda f: f.but(jti=None),
    "expired by 31 s": lambda f: f.but(exp=f.now - 31),
    "issued in the future": lambda f: f.but(iat=f.now + 120),
    "wrong iss": lambda f: f.but(iss="somebody"),
    "wrong aud": lambda f: f.but(aud="parley-hooks"),
    "aud as list": lambda f: f.but(aud=[AUDIENCE, "other"]),
    "exp as text": lambda f: f.but(exp="tomorrow"),
    "unknown role": lambda f: f.but(roles=["owner"]),
    "unknown claim": lambda f: f.but(scope="everything"),
    "sub is no id": lambda f: f.but(sub="1"),
    "unknown person": lambda f: f.but(sub=str(uuid4())),
    "older epoch": lambda f: f.but(epoch=f.claims["epoch"] - 1),
    "newer epoch": lambda f: f.but(epoch=f.claims["epoch"] + 1),
    "a refresh token": lambda f: secrets.token_urlsafe(32),
    "a megabyte": lambda f: f.good() + "A" * 1_000_000,
}


async def test_every_bad_token_is_refused_alike_and_the_good_one_is_not(api: Api, world: World) -> None:
    forge = TokenForger(api, await world.a_requester())
    assert (await api.with_token(forge.good()).send("GET", "/me")).status_code == 200
    answers = {name: await api.with_token(make(forge)).send("GET", "/me") for name, make in BAD.items()}
    assert {name: a.status_code for name, a in answers.items() if a.status_code != 401} == {}
    assert {answer.json()["code"] for answer in answers.values()} == {"unauthorized"}
    assert {answer.headers["www-authenticate"] for answer in answers.values()} == {"Bearer"}
    assert len(BAD) == 49


@pytest.mark.parametrize("header", ["", "Bearer", "Basic dXNlcjpwdw==", "Token x", "Bearer a b"])
async def test_other_ways_to_say_who_one_is_are_refused(api: Api, header: str) -> None:
    answer = await api.send("GET", "/me", headers={"Authorization": header})
    assert answer.status_code == 401


async def test_a_token_ends_after_ten_minutes(api: Api, world: World) -> None:
    caller = api.as_(await world.a_requester())
    with time_machine.travel(world.now + dt.timedelta(minutes=11), tick=True):
        assert (await caller.send("GET", "/me")).status_code == 401


async def test_a_changed_role_ends_the_tokens_of_before_at_once(api: Api, world: World) -> None:
    person = await world.a_person(Role.manager)
    caller = api.as_(person)
    assert (await caller.send("GET", "/vendors")).status_code == 200
    await world.act(ADMINISTRATOR, people.change_roles, ChangeRoles(person.id, (Role.requester,)))
    assert (await caller.send("GET", "/vendors")).status_code == 401
    assert (await caller.send("POST", "/procurement/request/parse", {"text": "3 laptops"})).status_code == 401


async def test_a_disabled_person_is_out(api: Api, world: World) -> None:
    person = await world.a_person(Role.requester)
    await world.act(ADMINISTRATOR, people.disable_person, DisablePerson(person.id))
    assert (await api.as_(person).send("GET", "/me")).status_code == 401


async def test_log_in_refresh_and_log_out(api: Api, world: World) -> None:
    person = await world.a_person(Role.officer, password=PASSWORD)
    session = await api.call(e.login, {"email": person.email, "password": PASSWORD})
    me = await api.with_token(session.access_token).call(e.me)
    assert me.roles == ("officer",)
    again = await api.call(e.refresh, {"refresh_token": session.refresh_token})
    assert again.refresh_token != session.refresh_token
    await api.call(e.logout, {"refresh_token": again.refresh_token})
    with pytest.raises(ProblemError, match=r"auth\.refresh"):
        await api.call(e.refresh, {"refresh_token": again.refresh_token})


async def test_a_refresh_token_used_twice_ends_the_whole_family(api: Api, world: World) -> None:
    person = await world.a_person(Role.officer, password=PASSWORD)
    first = await api.call(e.login, {"email": person.email, "password": PASSWORD})
    second = await api.call(e.refresh, {"refresh_token": first.refresh_token})
    lost_answer = await api.call(e.refresh, {"refresh_token": first.refresh_token})
    with time_machine.travel(world.now + dt.timedelta(seconds=11), tick=True):
        with pytest.raises(ProblemError, match="401"):
            await api.call(e.refresh, {"refresh_token": first.refresh_token})
        for token in (second.refresh_token, lost_answer.refresh_token):
            with pytest.raises(ProblemError, match="401"):
                await api.call(e.refresh, {"refresh_token": token})


async def test_the_eleventh_wrong_password_has_to_wait(api: Api, world: World) -> None:
    person = await world.a_person(Role.officer, password=PASSWORD)
    for _ in range(10):
        with pytest.raises(ProblemError, match=r"401 auth\.login"):
            await api.call(e.login, {"email": person.email, "password": "wrong"})
    answer = await api.send("POST", "/auth/login", {"email": person.email, "password": PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 901


async def test_a_bot_exchanges_a_linked_chat_for_its_person_and_can_do_nothing_else(
    api: Api, world: World
) -> None:
    person = await world.a_person(Role.requester)
    with pytest.raises(ProblemError, match="401"):
        await api.call(e.service_token, {"key": "f" * 64})
    bot = api.with_token((await api.call(e.service_token, {"key": BOT_KEY})).access_token)
    chat = {"platform": "telegram", "external_id": "4711"}
    with pytest.raises(ProblemError, match="404"):
        await bot.call(e.chat_token, chat)
    link = await api.as_(person).call(e.make_link, {})
    use = {"code": link.code, **chat, "display_name": "Rosa"}
    assert (await bot.call(e.preview_link, use)).account == person.name
    assert (await bot.call(e.confirm_link, use)).id == person.id
    exchanged = await bot.call(e.chat_token, chat)
    assert exchanged.person.id == person.id
    assert (await api.with_token(exchanged.access_token).call(e.me)).id == person.id
    with pytest.raises(ProblemError, match="403"):
        await bot.call(e.list_requests)
    with pytest.raises(ProblemError, match=r"409 links\.used"):
        await bot.call(e.confirm_link, use)


async def test_the_keys_that_sign_are_published(api: Api, world: World) -> None:
    keys = (await api.send("GET", "/.well-known/jwks.json")).json()["keys"]
    token = api.tokens.for_person(await world.a_requester())
    key = next(key for key in keys if key["kid"] == jwt.get_unverified_header(token)["kid"])
    read = jwt.decode(token, jwt.PyJWK(key).key, algorithms=["EdDSA"], audience=AUDIENCE)
    assert read["iss"] == ISSUER
    assert "d" not in key
