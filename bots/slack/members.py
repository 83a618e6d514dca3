"""Who somebody is in the workspace, and whether they may use the app at all.

One rule: guests, and people of other workspaces who share a channel, are refused privately, whatever they press.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from api.text import locale_of
from bots.cards.clean import clean
from bots.cards.sending import Blocked, RetryLater
from bots.client.errors import ApiUnavailable
from bots.dialog.responder import with_retries
from bots.slack.outbound import NO_TOKEN, SlackOutbound

FRESH_SECONDS, MAX_REMEMBERED = 300.0, 5_000


class Outsider(Exception):
    """A guest or a stranger."""


class UserProfile(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    real_name: str = ""
    display_name: str = ""


class SlackUser(BaseModel):
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
    profile: UserProfile = UserProfile()


@dataclass(frozen=True)
class WorkspaceMember:
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


class MemberDirectory:
    """Asks Slack who somebody is, and remembers it for five minutes."""

    def __init__(self, outbound: SlackOutbound) -> None:
        self._outbound = outbound
        self._cache: OrderedDict[str, tuple[WorkspaceMember | None, float]] = OrderedDict()

    async def admit(self, team_id: str, user_id: str) -> WorkspaceMember:
        """The member, or Outsider; ApiUnavailable while Slack does not say who a newcomer is."""
        external_id = f"{team_id}:{user_id}"
        member, until = self._cache.get(external_id, (None, 0.0))
        if until < time.monotonic():
            try:
                member = await with_retries(lambda: self._fetch(team_id, user_id))
            except RetryLater as error:
                if member is None:
                    raise ApiUnavailable from error
            self._cache[external_id] = (member, time.monotonic() + FRESH_SECONDS)
            while len(self._cache) > MAX_REMEMBERED:
                self._cache.popitem(last=False)
        if member is None:
            raise Outsider
        return member

    async def _fetch(self, team_id: str, user_id: str) -> WorkspaceMember | None:
        try:
            answer = await self._outbound.call(
                f"{team_id}:{user_id}", lambda client: client.users_info(user=user_id, include_locale=True)
            )
        except Blocked as refused:
            if refused.reason in NO_TOKEN:
                raise ApiUnavailable from refused
            return None
        user = SlackUser.model_validate(answer["user"])
        outside = user.is_stranger or user.team_id not in ("", team_id)
        if outside or user.is_restricted or user.is_ultra_restricted or user.is_bot or user.deleted:
            return None
        name = user.real_name or user.profile.real_name or user.profile.display_name
        return WorkspaceMember(
            team_id, user_id, clean(name).strip()[:200] or user_id, locale_of(user.locale), user.locale
        )
