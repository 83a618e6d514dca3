"""Open forms as rows behind the API: neither a restart nor an empty Redis loses what was typed.

aiogram's FSM reads the state from here (``form:step``), which tells the routers that a form is open; forms
themselves are written whole, over the version that was read, by ``bots.telegram.turn``.
"""

from collections.abc import Mapping
from typing import Any

from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey

from api.contract.people import DraftIn, DraftOut, DraftQuery
from bots.client.api import ApiClient, BotApi
from bots.client.errors import ApiStale
from bots.client.transport import CallMetadata
from bots.dialog.correlation import correlation_id

TRIES = 3


class DraftStorage(BaseStorage):
    """aiogram's storage over ``/chat/drafts``."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client

    async def get_state(self, key: StorageKey) -> str | None:
        draft = await self._draft(key)
        return f"{draft.form}:{draft.step}" if draft else None

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        """Move to ``form:step``; none ends the form."""
        name = state.state if isinstance(state, State) else state
        if name is None:
            await self._api.drafts.delete(draft_query(key))
            return
        form, _, step = name.partition(":")
        await self._change(key, form=form, step=step)

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        draft = await self._draft(key)
        return dict(draft.values) if draft else {}

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        await self._change(key, values=dict(data))

    async def close(self) -> None:
        """The session is the process's, not the storage's."""

    @property
    def _api(self) -> BotApi:
        return self._client.for_bot(CallMetadata(correlation_id=correlation_id()))

    async def _draft(self, key: StorageKey) -> DraftOut | None:
        return await self._api.drafts.show(draft_query(key))

    async def _change(self, key: StorageKey, **update: object) -> None:
        """Write over the version that was read; read again when a quicker message was first."""
        for attempt in range(TRIES):
            draft = await self._draft(key)
            before = draft.model_dump(exclude={"updated_at"}) if draft else _EMPTY
            body = DraftIn.model_validate(draft_query(key).model_dump() | before | update)
            try:
                await self._api.drafts.save(body)
            except ApiStale:
                if attempt == TRIES - 1:
                    raise
            else:
                return


_EMPTY: dict[str, object] = {"form": "", "step": "", "values": {}, "version": 0}


def draft_query(key: StorageKey) -> DraftQuery:
    """Whose form, in which chat and topic."""
    return DraftQuery(
        platform="telegram",
        chat_id=str(key.chat_id),
        thread_id=str(key.thread_id or ""),
        external_id=str(key.user_id),
    )
