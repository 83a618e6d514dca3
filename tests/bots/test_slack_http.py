"""The door: fifty ways not to be Slack, and what the settings refuse to start with."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
from pydantic import ValidationError

from bots.slack.http import is_signed
from bots.slack.settings import SlackSettings
from tests.bots.slack_env import SIGNING_SECRET, SlackEnv, signature
from tests.support.api import BOT_KEY
from tests.support.world import World

NOW = 1_800_000_000
BODY = b"team_id=T0NORTHWIND&user_id=U1&command=%2Fparley&text=my"
AT, SIGN = "X-Slack-Request-Timestamp", "X-Slack-Signature"


@dataclass
class SignedRequest:
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = BODY


def signed(at: float = NOW, **more: str) -> SignedRequest:
    stamp = str(int(at))
    return SignedRequest({AT: stamp, SIGN: signature(BODY, stamp, **more)})


def but(change: Callable[[SignedRequest], object]) -> SignedRequest:
    request = signed()
    change(request)
    return request


def sign(value: Callable[[str], str]) -> SignedRequest:
    return but(lambda request: request.headers.update({SIGN: value(request.headers[SIGN])}))


def at(value: str, *, again: bool = True) -> SignedRequest:
    """Another time, signed with it or not."""
    given = {AT: value} | ({SIGN: signature(BODY, value)} if again else {})
    return but(lambda request: request.headers.update(given))


def body(value: bytes) -> SignedRequest:
    return but(lambda request: setattr(request, "body", value))


WRONG = {
    "no headers": SignedRequest({}),
    "no signature": but(lambda r: r.headers.pop(SIGN)),
    "no time": but(lambda r: r.headers.pop(AT)),
    "empty signature": sign(lambda s: ""),
    "only the version": sign(lambda s: "v0="),
    "no version": sign(lambda s: s[3:]),
    "other version": sign(lambda s: "v1" + s[2:]),
    "version of its own": signed(version="v1"),
    "upper case": sign(str.upper),
    "upper case digits": sign(lambda s: "v0=" + s[3:].upper()),
    "title case": sign(lambda s: "V0" + s[2:]),
    "one sign short": sign(lambda s: s[:-1]),
    "one sign more": sign(lambda s: s + "0"),
    "first half": sign(lambda s: s[:35]),
    "twice": sign(lambda s: s + s),
    "two, one right": sign(lambda s: f"{s},{s[:-1]}x"),
    "space before": sign(lambda s: " v0 =" + s[3:]),
    "space inside": sign(lambda s: s[:10] + " " + s[10:]),
    "quoted": sign(lambda s: f'"{s}"'),
    "last sign other": sign(lambda s: s[:-1] + ("0" if s[-1] != "0" else "1")),
    "first sign other": sign(lambda s: "v0=" + ("0" if s[3] != "0" else "1") + s[4:]),
    "all zeros": sign(lambda s: "v0=" + "0" * 64),
    "not hexadecimal": sign(lambda s: "v0=" + "z" * 64),
    "other letters": sign(lambda s: "v0=" + "ä" * 64),
    "base64": sign(lambda s: "v0=" + "A" * 43 + "="),
    "null sign": sign(lambda s: s[:-1] + "\x00"),
    "very long": sign(lambda s: "v0=" + "a" * 100_000),
    "other secret": signed(secret="another-secret-of-somebody"),
    "empty secret": signed(secret=""),
    "secret and a space": signed(secret=SIGNING_SECRET + " "),
    "sha1": sign(lambda s: "v0=" + hmac.new(SIGNING_SECRET.encode(), BODY, hashlib.sha1).hexdigest()),
    "body only": sign(lambda s: "v0=" + hmac.new(SIGNING_SECRET.encode(), BODY, hashlib.sha256).hexdigest()),
    "no key": sign(lambda s: "v0=" + hashlib.sha256(b"v0:%d:" % NOW + BODY).hexdigest()),
    "five minutes and a second old": at(str(NOW - 301)),
    "a day old": at(str(NOW - 86_400)),
    "five minutes and a second ahead": at(str(NOW + 301)),
    "a year ahead": at(str(NOW + 31_536_000)),
    "time zero": at("0"),
    "negative time": at(str(-NOW)),
    "time in milliseconds": at(str(NOW * 1_000)),
    "time with a fraction": at(f"{NOW}.5"),
    "time as words": at("now"),
    "empty time": at(""),
    "infinite time": at("inf"),
    "time in other digits": at("١٨٠٠٠٠٠٠٠٠"),
    "time with a plus": at(f"+{NOW}"),
    "time with a space": at(f" {NOW}"),
    "time with an underscore": at("1_800_000_000"),
    "huge time": at("9" * 400),
    "another time than was signed": at(str(NOW - 1), again=False),
    "other body": body(BODY + b"&x=1"),
    "shorter body": body(BODY[:-1]),
    "empty body": body(b""),
    "body with other spaces": body(BODY.replace(b"&", b"& ")),
    "ssl check": body(b"ssl_check=1&token=x"),
    "ssl check beside": body(BODY + b"&ssl_check=1"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_slack_did_not_sign_is_nothing(kind: str) -> None:
    request = WRONG[kind]
    assert not is_signed(SIGNING_SECRET, request.headers, request.body, NOW)


def test_there_are_fifty_kinds_and_the_right_one_is_taken() -> None:
    assert len(WRONG) == 56
    right = signed()
    assert is_signed(SIGNING_SECRET, right.headers, right.body, NOW + 300)
    assert is_signed(
        SIGNING_SECRET, {AT.lower(): str(NOW), SIGN.upper(): right.headers[SIGN]}, BODY, NOW - 300
    )


async def test_every_forgery_gets_401_over_http_and_says_nothing(slack: SlackEnv, world: World) -> None:
    url, secret = slack.hook_url, SIGNING_SECRET
    now = str(int(time.time()))
    event = json.dumps({"type": "url_verification", "challenge": "c"}).encode()
    form = urlencode({"ssl_check": "1", "token": "x"}).encode()
    for content, headers in (
        (event, {}),
        (form, {}),
        (form, {AT: now, SIGN: signature(form, now, "not-our-secret")}),
        (event, {AT: str(int(now) - 400), SIGN: signature(event, str(int(now) - 400), secret)}),
        (b"\xff\xfe", {AT: now, SIGN: signature(b"x", now, secret)}),
    ):
        async with slack.http.post(url, data=content, headers=headers) as answer:
            assert answer.status == 401, content
            assert b"challenge" not in await answer.read()
    headers = {AT: now, SIGN: signature(event, now, secret), "Content-Type": "application/json"}
    async with slack.http.post(url, data=event, headers=headers) as answer:
        assert (answer.status, (await answer.json())["challenge"]) == (200, "c")


@pytest.mark.parametrize(
    "wrong",
    [
        {"SLACK_SIGNING_SECRET": ""},
        {"SLACK_SIGNING_SECRET": "short"},
        {"SLACK_SIGNING_SECRET": "0" * 32},
        {"SLACK_MODE": "socket"},
        {"SLACK_CLIENT_ID": "1.2"},
    ],
)
def test_the_app_does_not_start_without_what_it_needs(
    wrong: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    good = {"PARLEY_API_URL": "http://x", "BOT_KEY": BOT_KEY, "SLACK_SIGNING_SECRET": SIGNING_SECRET}
    for name, value in good.items():
        monkeypatch.setenv(name, value)
    assert SlackSettings().mode == "http"
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        SlackSettings()
    monkeypatch.delenv("SLACK_SIGNING_SECRET")
    with pytest.raises(ValidationError, match="SLACK_SIGNING_SECRET"):
        SlackSettings()
