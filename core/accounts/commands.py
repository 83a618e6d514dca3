"""What can be asked about log-ins, chat links and the reach of a chat."""

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
    """None: for oneself."""

    person_id: PersonId | None


@dataclass(frozen=True)
class RevokeLink:
    link_id: LinkId


@dataclass(frozen=True)
class UseLink:
    code: str
    platform: str
    external_id: str
    display_name: str
    locale: str = ""
    """The platform's language for this account, where it is one of ours."""


@dataclass(frozen=True)
class SetChatReachable:
    """What a bot or a worker has just learned of a chat account."""

    platform: str
    external_id: str
    reachable: bool
