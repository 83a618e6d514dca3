"""Open forms as rows behind the api: neither a restart nor an empty Redis loses what was typed."""

from collections.abc import Mapping
from typing import Any

from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey

from api.contract.people import DraftIn, DraftOut, DraftQuery
from bots.client.api import ApiClient, BotApi
from bots.client.errors import Stale
from bots.client.wire import Sender

TRIES = 3


class DraftStorage(BaseStorage):
    """aiogram's storage over ``/chat/drafts``: the state is the step, the data are the values."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client

    @property
    def _api(self) -> BotApi:
        return self._client.for_bot(Sender())

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        """Move to a step; none ends the form."""
        name = state.state if isinstance(state, State) else state
        if name is None:
            await self._api.drafts.drop(_query(key))
            return
        await self._change(key, step=name)

    async def get_state(self, key: StorageKey) -> str | None:
        draft = await self._draft(key)
        return draft.step or None if draft else None

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        if data or await self._draft(key) is not None:
            await self._change(key, values=dict(data))

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        draft = await self._draft(key)
        return dict(draft.values) if draft else {}

    async def close(self) -> None:
        return

    async def _draft(self, key: StorageKey) -> DraftOut | None:
        return await self._api.drafts.show(_query(key))

    async def _change(
        self, key: StorageKey, *, step: str | None = None, values: dict[str, Any] | None = None
    ) -> None:
        """Write over the version that was read; read again when a quicker message was first."""
        for attempt in range(TRIES):
            draft = await self._draft(key)
            body = DraftIn(
                **_query(key).model_dump(),
                form="telegram",
                step=step if step is not None else (draft.step if draft else ""),
                values=values if values is not None else (draft.values if draft else {}),
                version=draft.version if draft else 0,
            )
            try:
                await self._api.drafts.keep(body)
            except Stale:
                if attempt == TRIES - 1:
                    raise
            else:
                return


def _query(key: StorageKey) -> DraftQuery:
    return DraftQuery(
        platform="telegram",
        chat_id=str(key.chat_id),
        thread_id=str(key.thread_id or ""),
        external_id=str(key.user_id),
    )
