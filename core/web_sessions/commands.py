"""The commands of the browser sessions slice."""

from dataclasses import dataclass
from uuid import UUID

from core.accounts.commands import Login
from core.web_sessions.model import SignInProof


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


@dataclass(frozen=True)
class AskLogin:
    """Somebody at this browser says that this address is theirs; their chat is asked."""

    email: str
    device: str
    path: str


@dataclass(frozen=True)
class AskConfirmation:
    """The person of a session asks their own chat to confirm that it is they who sit there."""

    session_secret: str


@dataclass(frozen=True)
class AnswerMatch:
    """What was pressed in the chat; no number: it was somebody else."""

    match_id: UUID
    number: int | None


@dataclass(frozen=True)
class OpenByMatch:
    """By the browser's own secret, after the right number was pressed."""

    secret: str


@dataclass(frozen=True)
class OpenByChat:
    """By an account whose platform has just said that it is its owner who sits there."""

    platform: str
    external_id: str
    device: str
    proof: SignInProof | None = None
    """What counts once here; without it the platform sees to that."""


@dataclass(frozen=True)
class ConfirmByMatch:
    secret: str
    session_secret: str


@dataclass(frozen=True)
class ConfirmByPassword:
    session_secret: str
    password: str
