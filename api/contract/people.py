"""People on the wire: accounts, log-in, chat exchange, links, drafts, remembered messages, installations of the app."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.contract.preferences import LocaleTag
from api.contract.values import (
    Flag,
    InputModel,
    Line,
    ListQuery,
    Moment,
    OutputModel,
    SearchText,
    WholeNumber,
)

Platform = Literal["telegram", "slack"]
ChatId = Annotated[str, Field(min_length=1, max_length=80)]


StaffRole = Literal["requester", "officer", "manager", "finance", "admin", "auditor"]
Roles = Annotated[tuple[StaffRole, ...], Field(min_length=1, max_length=6, examples=[["requester"]])]
Email = Annotated[str, Field(max_length=254, examples=["name@company.example"])]
Zone = Annotated[str, Field(max_length=60, examples=["Europe/Berlin"])]


class LoginIn(InputModel):
    email: Annotated[str, Field(max_length=254, examples=["requester@northwind.example"])]
    password: Annotated[str, Field(min_length=1, max_length=200)]


class RefreshIn(InputModel):
    refresh_token: Annotated[str, Field(min_length=1, max_length=200)]


class TokenOut(OutputModel):
    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: int


class ServiceIn(InputModel):
    key: Annotated[str, Field(min_length=64, max_length=64)]


class ServiceTokenOut(OutputModel):
    access_token: str
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: int


class CostCentreOut(OutputModel):
    code: str
    name: str


class PersonOut(OutputModel):
    """A person as their colleagues see them."""

    id: UUID
    name: str
    locale: str = "en"


class MemberOut(OutputModel):
    """A member of the staff, for administrators; ``chats`` are the platforms where they can be reached."""

    id: UUID
    name: str
    email: str | None
    active: bool
    roles: tuple[str, ...]
    chats: tuple[Platform, ...]


class AccountOut(OutputModel):
    """An account as administrators keep it; an empty locale follows the organisation's."""

    id: UUID
    name: str
    email: str | None
    active: bool
    roles: tuple[str, ...]
    locale: str
    zone: str
    vendor_id: UUID | None


class StaffQuery(ListQuery):
    """``q`` is a part of a name or address."""

    q: SearchText | None = None
    role: StaffRole | None = None
    active: bool | None = None


class PersonIn(InputModel):
    """A new member of the staff; a vendor's contacts are added to their vendor."""

    name: Annotated[Line, Field(examples=["Rosa Keller"])]
    email: Email | None = None
    roles: Roles
    locale: LocaleTag | None = None
    zone: Zone | None = None
    """The organisation's when it is left out."""


class PersonPatch(InputModel):
    """A field that is not sent stays as it is; null removes the address, or lets the language follow again."""

    name: Annotated[Line, Field(examples=["Rosa Keller"])] | None = None
    email: Email | None = None
    locale: LocaleTag | None = None
    zone: Zone | None = None


class RolesIn(InputModel):
    """All roles from now on."""

    roles: Roles


class PasswordLinkOut(OutputModel):
    """Shown once: hand it to the person, who sets a password with the code."""

    id: UUID
    code: str
    expires_at: Moment


class PasswordIn(InputModel):
    code: Annotated[str, Field(min_length=1, max_length=64, examples=["nW3lQ0c5Yp1vZ7sT2aBdEf"])]
    password: Annotated[str, Field(max_length=200, examples=["four words that you will remember"])]


class MeOut(OutputModel):
    id: UUID
    name: str
    email: str | None
    locale: str
    zone: str
    roles: tuple[str, ...]
    permissions: tuple[str, ...]
    vendor_id: UUID | None
    vendor_name: str | None = None
    cost_centres: tuple[CostCentreOut, ...]
    base_currency: str


class ChatIn(InputModel):
    platform: Platform
    external_id: ChatId


class ChatTokenOut(OutputModel):
    access_token: str
    expires_in: int
    person: MeOut


class WebTicketIn(InputModel):
    """The page that the ticket leads to."""

    path: Annotated[
        str, Field(max_length=300, pattern=r"^/[a-z][A-Za-z0-9_./?=&%+-]*$", examples=["/purchases/R-3001"])
    ] = "/home"


class WebTicketOut(OutputModel):
    """A link for that person's browser; it opens one session, within two minutes."""

    url: str
    expires_at: Moment


class WebLoginQuery(InputModel):
    """``number``: only the question that offers it; without one the newest."""

    number: Annotated[int, Field(ge=10, le=99, examples=[47])] | None = None


class WebLoginQuestionOut(OutputModel):
    """A browser shows one of these numbers; ``confirms``: somebody who is inside proves that it is still they."""

    id: UUID
    device: str
    offered: tuple[int, ...]
    confirms: bool
    expires_at: Moment


class WebLoginAnswerIn(InputModel):
    """The number that the browser shows; null: somebody else sits there."""

    number: Annotated[WholeNumber, Field(ge=10, le=99, examples=[47])] | None


class WebLoginAnsweredOut(OutputModel):
    state: Literal["matched", "refused"]


class LinkIn(InputModel):
    person_id: UUID | None = None


class LinkOut(OutputModel):
    id: UUID
    code: str
    url: str
    expires_at: Moment


class LinkedChatsQuery(InputModel):
    """``person_id``: somebody else's, for administrators."""

    person_id: UUID | None = None


class LinkedChatOut(OutputModel):
    """A chat account that is linked to a person; ``DELETE /chat/links/{id}`` ends it, and their tokens with it."""

    id: UUID
    platform: Platform
    display_name: str
    linked_at: Moment
    reachable: bool


class LinkPreviewIn(InputModel):
    code: Annotated[str, Field(min_length=1, max_length=64)]
    platform: Platform
    external_id: ChatId
    display_name: Line
    locale: Annotated[str, Field(max_length=20)] = ""
    """The platform's language for this account; it becomes the language of a person who never chose one."""


class LinkPreviewOut(OutputModel):
    """Both identities by name, so that the person sees what will be linked before pressing."""

    account: str
    vendor: str | None
    chat: str
    invited_by: str | None
    purpose: Literal["link", "invitation"]
    expires_at: Moment


class ReachIn(InputModel):
    """A bot reports that this account blocked it, or came back."""

    platform: Platform
    external_id: ChatId
    reachable: Flag


class DraftQuery(InputModel):
    platform: Platform
    chat_id: ChatId
    thread_id: str = ""
    external_id: ChatId


class DraftIn(InputModel):
    platform: Platform
    chat_id: ChatId
    thread_id: str = ""
    external_id: ChatId
    form: Annotated[str, Field(max_length=80)]
    step: Annotated[str, Field(max_length=80)]
    values: dict[str, object]
    version: WholeNumber = Field(ge=0)


class DraftOut(OutputModel):
    form: str
    step: str
    values: dict[str, object]
    version: int
    updated_at: Moment


CardSubject = Literal["request", "rfq", "quote", "approval", "order", "finding"]
"""The kinds of things that a card can show."""


class SubjectIn(InputModel):
    kind: CardSubject
    id: UUID


class MessageIn(InputModel):
    """A message that a bot posted itself and that the cards subscriber will keep up to date."""

    platform: Platform
    chat_id: ChatId
    message_id: ChatId
    external_id: ChatId
    subject: SubjectIn
    card: Annotated[str, Field(max_length=40)]
    version: WholeNumber = Field(ge=0)
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256 of what it shows")] | None = (
        None
    )


TeamId = Annotated[str, Field(pattern="^[TE][A-Z0-9]{1,40}$", examples=["T0NORTHWIND"])]


class InstallationIn(InputModel):
    """The Slack app in one workspace, as in Slack's OAuth answer."""

    team_name: Line
    bot_user_id: ChatId
    bot_token: Annotated[str, Field(min_length=8, max_length=500)]
    scopes: Annotated[tuple[str, ...], Field(max_length=100)] = ()
    installed_by: Annotated[str, Field(max_length=80)] = ""


class InstallationOut(OutputModel):
    """For bots only: contains the decrypted token."""

    team_id: str
    team_name: str
    bot_user_id: str
    bot_token: str
    scopes: tuple[str, ...]
    installed_at: Moment
