"""The commands of the browser sessions slice."""

from dataclasses import dataclass
from uuid import UUID

from core.accounts.commands import Login


@dataclass(frozen=True)
class OpenByPassword:
    login: Login
    device: str


@dataclass(frozen=True)
class OpenByTicket:
    secret: str
    device: str


@dataclass(frozen=True)
class RenewSession:
    secret: str


@dataclass(frozen=True)
class CloseSession:
    """By the secret of the session itself."""

    secret: str


@dataclass(frozen=True)
class EndSession:
    """By the person it belongs to, from the list of their sessions."""

    session_id: UUID


@dataclass(frozen=True)
class MakeTicket:
    path: str
