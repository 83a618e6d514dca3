"""Who somebody is in the workspace, and whether they may speak with us at all.

One rule: guests, and people of other workspaces who share a channel, are refused privately, whatever they press.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from api.text import locale_of
from bots.cards.clean import clean
from bots.cards.sending import Blocked, RetryLater
from bots.client.errors import Unavailable
from bots.slack.outbound import NO_TOKEN, Outbound
from bots.talk.voice import patiently

FRESH, REMEMBERED = 300.0, 5_000


class Outsider(Exception):
    """A guest or a stranger."""


class Profile(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    real_name: str = ""
    display_name: str = ""


class User(BaseModel):
    """A user object, as far as we read it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    team_id: str = ""
    real_name: str = ""
    locale: str = ""
    deleted: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    profile: Profile = Profile()


@dataclass(frozen=True)
class Member:
    """A full member of a workspace that our app is installed in."""

    team_id: str
    user_id: str
    name: str
    locale: str
    language: str = ""
    """As Slack says it: de-DE."""

    @property
    def external_id(self) -> str:
        return f"{self.team_id}:{self.user_id}"


class Members:
    """Asks Slack who somebody is, and remembers it for five minutes."""

    def __init__(self, outbound: Outbound) -> None:
        self._outbound = outbound
        self._known: OrderedDict[str, tuple[Member | None, float]] = OrderedDict()

    async def admit(self, team_id: str, user_id: str) -> Member:
        """The member, or Outsider; Unavailable while Slack does not say who a newcomer is."""
        external_id = f"{team_id}:{user_id}"
        member, until = self._known.get(external_id, (None, 0.0))
        if until < time.monotonic():
            try:
                member = await patiently(lambda: self._ask(team_id, user_id))
            except RetryLater as error:
                if member is None:
                    raise Unavailable from error
            self._known[external_id] = (member, time.monotonic() + FRESH)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        if member is None:
            raise Outsider
        return member

    async def _ask(self, team_id: str, user_id: str) -> Member | None:
        try:
            answer = await self._outbound.call(
                f"{team_id}:{user_id}", lambda client: client.users_info(user=user_id, include_locale=True)
            )
        except Blocked as refused:
            if refused.why in NO_TOKEN:
                raise Unavailable from refused
            return None
        user = User.model_validate(answer["user"])
        outside = user.is_stranger or user.team_id not in ("", team_id)
        if outside or user.is_restricted or user.is_ultra_restricted or user.is_bot or user.deleted:
            return None
        name = user.real_name or user.profile.real_name or user.profile.display_name
        return Member(
            team_id, user_id, clean(name).strip()[:200] or user_id, locale_of(user.locale), user.locale
        )
