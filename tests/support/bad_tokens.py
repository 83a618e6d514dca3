"""Tokens that are good but for one thing, by what is wrong with each.

One rule: none of them may be accepted, and all are refused in the same words.
"""

import base64
import datetime as dt
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from api.server.signing_keys import SigningKey
from api.server.tokens import AUDIENCE, ISSUER, TYPE

Claims = dict[str, Any]
ED, RSA, EC = (
    ed25519.Ed25519PrivateKey.generate(),
    rsa.generate_private_key(65537, 2048),
    ec.generate_private_key(ec.SECP256R1()),
)


class TokenForger:
    """Tokens of a person, good but for one thing."""

    def __init__(self, key: SigningKey, person_id: UUID, name: str, roles: Sequence[str], epoch: int) -> None:
        self.key = key
        self.now = int(dt.datetime.now(dt.UTC).timestamp())  # noqa: TID251 what the library compares with
        self.claims: Claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(person_id),
            "iat": self.now,
            "exp": self.now + 600,
            "jti": "forged",
            "roles": sorted(roles),
            "name": name,
            "epoch": epoch,
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
