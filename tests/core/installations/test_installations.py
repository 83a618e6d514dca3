"""Where the chat app is installed, and that its token is kept sealed."""

import pytest

from core.installations import service as installations
from core.installations.commands import KeepInstallation, Workspace
from core.kernel.errors import MissingPermission, NotFound
from core.kernel.sealing import Seal, Unopenable
from tests.support.uow import Office

WORKSPACE = Workspace("slack", "T0NORTHWIND")
SEAL = Seal.of("0123456789abcdef" * 4)
TOKEN = "xoxb-a-token-that-nobody-reads"


def installed(token: str = TOKEN) -> KeepInstallation:
    sealed = SEAL.close(token, "slack:T0NORTHWIND")
    return KeepInstallation(WORKSPACE, "Northwind", "U0BOT", sealed, ("chat:write", "commands"), "U1")


async def test_an_installation_is_kept_read_and_replaced(office: Office) -> None:
    await office.act(office.bot, installations.keep_installation, installed())
    await office.act(office.bot, installations.keep_installation, installed("xoxb-the-next"))
    found = await office.act(office.bot, installations.show_installation, WORKSPACE)
    assert SEAL.open(found.sealed_token, found.owner) == "xoxb-the-next"
    assert (found.team_name, found.bot_user_id, found.scopes) == (
        "Northwind",
        "U0BOT",
        ("chat:write", "commands"),
    )
    assert await office.events() == ["installation.kept"] * 2


async def test_only_a_bot_sees_it(office: Office) -> None:
    await office.act(office.bot, installations.keep_installation, installed())
    for actor in (office.requester, office.officer, office.admin):
        with pytest.raises(MissingPermission):
            await office.act(actor, installations.show_installation, WORKSPACE)


async def test_a_revoked_one_is_gone_with_its_token(office: Office) -> None:
    await office.act(office.bot, installations.keep_installation, installed())
    for _ in range(2):
        await office.act(office.bot, installations.revoke_installation, WORKSPACE)
    with pytest.raises(NotFound):
        await office.act(office.bot, installations.show_installation, WORKSPACE)
    assert await office.scalar("SELECT octet_length(sealed_token) FROM chat_installations") == 0
    assert await office.events() == ["installation.kept", "installation.revoked"]
    await office.act(office.bot, installations.keep_installation, installed())
    assert (await office.act(office.bot, installations.show_installation, WORKSPACE)).team_name == "Northwind"


async def test_the_token_is_nowhere_in_the_database(office: Office) -> None:
    await office.act(office.bot, installations.keep_installation, installed())
    for table in ("chat_installations", "audit_events", "idempotency_keys"):
        found = await office.scalar(
            f"SELECT count(*) FROM {table} t WHERE t::text LIKE :told OR t::text LIKE :octets",
            told=f"%{TOKEN}%",
            octets=f"%{TOKEN.encode().hex()}%",
        )
        assert found == 0, table


def test_a_seal_opens_for_its_owner_and_key_only() -> None:
    sealed = SEAL.close(TOKEN, "slack:T1")
    assert SEAL.open(sealed, "slack:T1") == TOKEN
    assert SEAL.close(TOKEN, "slack:T1") != sealed
    with pytest.raises(Unopenable):
        SEAL.open(sealed, "slack:T2")
    with pytest.raises(Unopenable):
        Seal.of("f" * 64).open(sealed, "slack:T1")
    for broken in (b"", sealed[:-1], sealed[:12], bytes(40)):
        with pytest.raises(Unopenable):
            SEAL.open(broken, "slack:T1")
    assert "0123" not in repr(SEAL)
