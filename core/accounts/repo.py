"""Every SELECT and UPDATE of what authenticates a person: refresh tokens, link codes and linked chats.

One rule: only hashes are stored and compared, and whatever can be used once is used up by one guarded UPDATE.
"""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ARRAY, any_, bindparam, delete, func, insert, select, text, update

from core.accounts.commands import UseLink
from core.accounts.model import ChatAccount, LinkedChat, StoredLink, StoredToken
from core.accounts.tables import chat_identities, link_codes, refresh_tokens
from core.db.base import Id
from core.db.compiled import Prebuilt
from core.db.connection import Connection
from core.db.used_once import use_up
from core.kernel.ids import LinkId, PersonId, new_id
from core.people.model import Person
from core.people.repo import locale_column, person_where
from core.people.tables import people

ATTEMPT_WINDOW = dt.timedelta(hours=1)
_P = people.c
_T = refresh_tokens.c
_K = link_codes.c
_LINK = (
    _K.id,
    _K.purpose,
    _K.person_id,
    _K.made_by,
    _K.expires_at,
    _K.used_at,
    _K.revoked_at,
    _K.identity_id,
)
_C = chat_identities.c


async def person_of_chat(connection: Connection, platform: str, external_id: str) -> Person | None:
    """The person a chat account belongs to."""
    linked = select(_C.person_id).where(
        _C.platform == platform, _C.external_id == external_id, _C.unlinked_at.is_(None)
    )
    return await person_where(connection, _P.id.in_(linked))


_chat = chat_identities.c
_CHATS_OF = Prebuilt(
    select(_chat.id, _chat.platform, _chat.external_id, _chat.person_id, locale_column, _P.zone)
    .join(people, _P.id == _chat.person_id)
    .where(
        _chat.person_id == any_(bindparam("people", type_=ARRAY(Id))),
        _chat.unlinked_at.is_(None),
        _chat.reachable,
        _P.active,
    )
    .order_by(_chat.linked_at)
)


async def chats_of(connection: Connection, person_ids: Iterable[UUID]) -> list[ChatAccount]:
    """Linked and reachable chats of these people."""
    rows = await connection.execute(_CHATS_OF, {"people": list(person_ids)})
    return [
        ChatAccount(row.id, row.platform, row.external_id, PersonId(row.person_id), row.locale, row.zone)
        for row in rows
    ]


async def linked_chats(connection: Connection, person_id: UUID) -> list[LinkedChat]:
    """Every chat that is linked to this person, reachable or not, the newest first."""
    shown = select(_K.id, _C.platform, _C.display_name, _C.linked_at, _C.reachable)
    rows = await connection.execute(
        shown.join(chat_identities, _C.id == _K.identity_id)
        .where(_C.person_id == person_id, _C.unlinked_at.is_(None))
        .order_by(_C.linked_at.desc(), _K.id)
    )
    return [LinkedChat(LinkId(row[0]), *row[1:]) for row in rows]


async def add_refresh_token(
    connection: Connection, token_hash: bytes, token: StoredToken, made_at: dt.datetime
) -> None:
    await connection.execute(
        insert(refresh_tokens).values(
            id=token.id,
            family=token.family,
            token_hash=token_hash,
            person_id=token.person_id,
            epoch=token.epoch,
            made_at=made_at,
            expires_at=token.expires_at,
        )
    )


async def lock_family(connection: Connection, token_hash: bytes) -> UUID | None:
    """The token's family, locked until the transaction ends.

    Without the lock, a refresh that is still running could add a token to a family that a reuse is just
    ending.
    """
    family: UUID | None = await connection.scalar(select(_T.family).where(_T.token_hash == token_hash))
    if family is not None:
        key = int.from_bytes(family.bytes[8:], "big", signed=True)
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
    return family


async def refresh_token(connection: Connection, token_hash: bytes) -> StoredToken | None:
    row = (
        await connection.execute(
            select(_T.id, _T.family, _T.person_id, _T.epoch, _T.expires_at, _T.used_at, _T.revoked_at).where(
                _T.token_hash == token_hash
            )
        )
    ).one_or_none()
    return StoredToken(*row) if row else None


async def consume_token(connection: Connection, token_id: UUID, now: dt.datetime) -> None:
    await connection.execute(
        update(refresh_tokens).where(_T.id == token_id, _T.used_at.is_(None)).values(used_at=now)
    )


async def end_family(connection: Connection, family: UUID, now: dt.datetime) -> None:
    await connection.execute(
        update(refresh_tokens).where(_T.family == family, _T.revoked_at.is_(None)).values(revoked_at=now)
    )


async def end_tokens_of(connection: Connection, person_id: UUID, now: dt.datetime) -> None:
    await connection.execute(
        update(refresh_tokens)
        .where(_T.person_id == person_id, _T.revoked_at.is_(None))
        .values(revoked_at=now)
    )


async def add_link(connection: Connection, link: StoredLink, code_hash: bytes, made_at: dt.datetime) -> None:
    await connection.execute(
        insert(link_codes).values(
            id=link.id,
            code_hash=code_hash,
            purpose=link.purpose,
            person_id=link.person_id,
            made_by=link.made_by,
            made_at=made_at,
            expires_at=link.expires_at,
        )
    )


async def link_by_code(connection: Connection, code_hash: bytes, *purposes: str) -> StoredLink | None:
    """The link of this code, if it was made for one of these purposes: a code is good for nothing else."""
    found = select(*_LINK).where(_K.code_hash == code_hash, _K.purpose.in_(purposes))
    row = (await connection.execute(found)).one_or_none()
    return StoredLink(*row) if row else None


async def link(connection: Connection, link_id: LinkId) -> StoredLink | None:
    """The link, locked until the transaction ends."""
    row = (await connection.execute(select(*_LINK).where(_K.id == link_id).with_for_update())).one_or_none()
    return StoredLink(*row) if row else None


async def links_made(connection: Connection, made_by: UUID, since: dt.datetime) -> int:
    count: int | None = await connection.scalar(
        select(func.count()).select_from(link_codes).where(_K.made_by == made_by, _K.made_at > since)
    )
    return count or 0


async def consume_link(connection: Connection, link_id: UUID, now: dt.datetime) -> bool:
    """Use the code up, once. False if another call was faster, the code was revoked, or it has expired."""
    return await use_up(connection, link_codes, link_id, now, _K.revoked_at.is_(None))


async def set_link_identity(connection: Connection, link_id: UUID, identity_id: UUID) -> None:
    """Note which chat the code linked, so that revoking the link finds it."""
    await connection.execute(update(link_codes).where(_K.id == link_id).values(identity_id=identity_id))


async def revoke_link(connection: Connection, link_id: UUID, now: dt.datetime) -> None:
    await connection.execute(update(link_codes).where(_K.id == link_id).values(revoked_at=now))


async def revoke_unused(connection: Connection, person_id: UUID, purpose: str, now: dt.datetime) -> None:
    """Only the newest link of this purpose can be used."""
    unused = (_K.person_id == person_id) & (_K.purpose == purpose) & _K.used_at.is_(None)
    await connection.execute(update(link_codes).where(unused, _K.revoked_at.is_(None)).values(revoked_at=now))


async def link_chat(connection: Connection, person_id: UUID, chat: UseLink, now: dt.datetime) -> UUID:
    """Link a chat account to a person; the unique index keeps one chat from having two owners."""
    identity_id = new_id()
    await connection.execute(
        insert(chat_identities).values(
            id=identity_id,
            platform=chat.platform,
            external_id=chat.external_id,
            person_id=person_id,
            display_name=chat.display_name,
            linked_at=now,
        )
    )
    return identity_id


async def unlink_chat(connection: Connection, identity_id: UUID, now: dt.datetime) -> None:
    """Unlink the chat; whose it was remains readable."""
    await connection.execute(
        update(chat_identities).where(_C.id == identity_id, _C.unlinked_at.is_(None)).values(unlinked_at=now)
    )


_COUNT_ATTEMPT = text(
    """
    INSERT INTO link_tries AS known (platform, external_id, tried_at)
    VALUES (:platform, :external_id, ARRAY[CAST(:now AS timestamptz)])
    ON CONFLICT (platform, external_id) DO UPDATE
      SET tried_at = ARRAY(SELECT t FROM unnest(known.tried_at) AS t WHERE t > :since) || :now
      WHERE (SELECT count(*) FROM unnest(known.tried_at) AS t WHERE t > :since) < :most
    RETURNING 1
    """
)
_DELETE_OLD_ATTEMPTS = text(
    "DELETE FROM link_tries WHERE (SELECT max(t) FROM unnest(tried_at) AS t) <= :since"
)


async def count_attempt(connection: Connection, chat: UseLink, now: dt.datetime, *, most: int) -> bool:
    """Count one attempt by this chat; False when it has used up its attempts of the last hour.

    It is one statement, so that twenty simultaneous attempts count as twenty.
    """
    facts = {
        "platform": chat.platform,
        "external_id": chat.external_id,
        "now": now,
        "since": now - ATTEMPT_WINDOW,
        "most": most,
    }
    return await connection.scalar(_COUNT_ATTEMPT, facts) is not None


async def delete_expired(connection: Connection, now: dt.datetime) -> None:
    """Delete expired refresh tokens and old attempts; codes stay, because links refer to them."""
    await connection.execute(delete(refresh_tokens).where(_T.expires_at < now))
    await connection.execute(_DELETE_OLD_ATTEMPTS, {"since": now - ATTEMPT_WINDOW})
