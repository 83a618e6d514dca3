"""The commands of the accounts slice: log-ins, chat links and whether a chat can be reached."""

from dataclasses import dataclass

from core.kernel.ids import LinkId, PersonId


@dataclass(frozen=True)
class Login:
    email: str
    password: str


@dataclass(frozen=True)
class RefreshSession:
    refresh_token: str


@dataclass(frozen=True)
class ExchangeChat:
    platform: str
    external_id: str


@dataclass(frozen=True)
class MakeLink:
    """``person_id`` None: for oneself."""

    person_id: PersonId | None


@dataclass(frozen=True)
class RevokeLink:
    link_id: LinkId


@dataclass(frozen=True)
class ShowChats:
    """``person_id`` None: one's own."""

    person_id: PersonId | None


@dataclass(frozen=True)
class UseLink:
    code: str
    platform: str
    external_id: str
    display_name: str
    locale: str = ""
    """The language that the platform reports for this account, if Parley has it."""


@dataclass(frozen=True)
class MakePasswordLink:
    person_id: PersonId


@dataclass(frozen=True)
class UsePasswordLink:
    code: str
    password: str


@dataclass(frozen=True)
class SetChatReachable:
    """A bot or a worker reports whether a chat account can be written to."""

    platform: str
    external_id: str
    reachable: bool
