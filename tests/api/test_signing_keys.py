"""Keys are changed while the API runs: a new one signs at once, an old one counts until it is taken away."""

import os
from pathlib import Path

import jwt
import pytest

from api.server.signing_keys import add_key, load_keys
from api.server.tokens import AccessTokens
from core.access.roles import Role
from core.kernel.clock import SystemClock
from core.kernel.errors import Unauthenticated


def test_a_key_that_is_added_signs_without_a_restart_and_the_old_one_still_verifies(tmp_path: Path) -> None:
    signing, verifying = load_keys(tmp_path), load_keys(tmp_path)
    old = signing.current.kid
    before = AccessTokens(signing, SystemClock()).for_service(Role.service_bot)
    os.utime(add_key(tmp_path), ns=(2**62, 2**62))
    after = AccessTokens(signing, SystemClock()).for_service(Role.service_bot)
    assert signing.current.kid != old
    assert len(signing.jwks()["keys"]) == 2
    for token in (before, after):
        assert AccessTokens(verifying, SystemClock()).read(token).sub == "service:bot"


def test_a_key_that_is_taken_away_counts_no_more(tmp_path: Path) -> None:
    keys = load_keys(tmp_path)
    token = AccessTokens(keys, SystemClock()).for_service(Role.service_bot)
    add_key(tmp_path)
    kid = jwt.get_unverified_header(token)["kid"]
    (tmp_path / f"{kid}.pem").unlink()
    with pytest.raises(Unauthenticated):
        AccessTokens(keys, SystemClock()).read(token)


def test_half_a_file_and_an_emptied_folder_change_nothing(tmp_path: Path) -> None:
    keys = load_keys(tmp_path)
    kid = keys.current.kid
    (tmp_path / "new.pem").write_bytes(b"-----BEGIN PRIVATE KEY-----\nMC4C")
    assert keys.current.kid == kid
    for file in tmp_path.iterdir():
        file.unlink()
    assert keys.public(kid) is not None


def test_a_folder_of_unreadable_keys_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(b"no key")
    with pytest.raises(ValueError, match="PEM"):
        load_keys(tmp_path)
