"""Where the chat app is installed, and that its token is kept sealed."""

import pytest

from core.installations import service as installations
from core.installations.commands import SaveInstallation, Workspace
from core.kernel.encryption import DecryptionFailed, SecretBox
from core.kernel.errors import MissingPermission, NotFound
from tests.support.uow import SmallCompany

WORKSPACE = Workspace("slack", "T0NORTHWIND")
SEAL = SecretBox.from_hex("0123456789abcdef" * 4)
TOKEN = "xoxb-a-token-that-nobody-reads"


def installed(token: str = TOKEN) -> SaveInstallation:
    sealed = SEAL.encrypt(token, "slack:T0NORTHWIND")
    return SaveInstallation(WORKSPACE, "Northwind", "U0BOT", sealed, ("chat:write", "commands"), "U1")


async def test_an_installation_is_kept_read_and_replaced(company: SmallCompany) -> None:
    await company.act(company.bot, installations.save_installation, installed())
    await company.act(company.bot, installations.save_installation, installed("xoxb-the-next"))
    found = await company.act(company.bot, installations.show_installation, WORKSPACE)
    assert SEAL.decrypt(found.sealed_token, found.owner) == "xoxb-the-next"
    assert (found.team_name, found.bot_user_id, found.scopes) == (
        "Northwind",
        "U0BOT",
        ("chat:write", "commands"),
    )
    assert await company.events() == ["installation.kept"] * 2


async def test_only_a_bot_sees_it(company: SmallCompany) -> None:
    await company.act(company.bot, installations.save_installation, installed())
    for actor in (company.requester, company.officer, company.admin):
        with pytest.raises(MissingPermission):
            await company.act(actor, installations.show_installation, WORKSPACE)


async def test_a_revoked_one_is_gone_with_its_token(company: SmallCompany) -> None:
    await company.act(company.bot, installations.save_installation, installed())
    for _ in range(2):
        await company.act(company.bot, installations.revoke_installation, WORKSPACE)
    with pytest.raises(NotFound):
        await company.act(company.bot, installations.show_installation, WORKSPACE)
    assert await company.scalar("SELECT octet_length(sealed_token) FROM chat_installations") == 0
    assert await company.events() == ["installation.kept", "installation.revoked"]
    await company.act(company.bot, installations.save_installation, installed())
    assert (
        await company.act(company.bot, installations.show_installation, WORKSPACE)
    ).team_name == "Northwind"


async def test_the_token_is_nowhere_in_the_database(company: SmallCompany) -> None:
    await company.act(company.bot, installations.save_installation, installed())
    for table in ("chat_installations", "audit_events", "idempotency_keys"):
        found = await company.scalar(
            f"SELECT count(*) FROM {table} t WHERE t::text LIKE :told OR t::text LIKE :octets",
            told=f"%{TOKEN}%",
            octets=f"%{TOKEN.encode().hex()}%",
        )
        assert found == 0, table


def test_a_seal_opens_for_its_owner_and_key_only() -> None:
    sealed = SEAL.encrypt(TOKEN, "slack:T1")
    assert SEAL.decrypt(sealed, "slack:T1") == TOKEN
    assert SEAL.encrypt(TOKEN, "slack:T1") != sealed
    with pytest.raises(DecryptionFailed):
        SEAL.decrypt(sealed, "slack:T2")
    with pytest.raises(DecryptionFailed):
        SecretBox.from_hex("f" * 64).decrypt(sealed, "slack:T1")
    for broken in (b"", sealed[:-1], sealed[:12], bytes(40)):
        with pytest.raises(DecryptionFailed):
            SEAL.decrypt(broken, "slack:T1")
    assert "0123" not in repr(SEAL)
