"""How the Bot API is called: aiogram's session, reading no more of an answer than we use.

One rule: of a message that was sent only its id is known; any other attribute of it is an error, never a guess.
"""

from http import HTTPStatus
from typing import Any, TypeVar, cast

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import ClientDecodeError, TelegramServerError
from aiogram.methods import EditMessageText, GetUpdates, Response, SendDocument, SendMessage, TelegramMethod
from pydantic import BaseModel, ValidationError

from bots.telegram.update_reading import read_updates

T = TypeVar("T")


class SentMessage(BaseModel):
    """A message as its sender knows it afterwards."""

    message_id: int


class SentMessageResponse(BaseModel):
    """A call that has sent or edited a message."""

    ok: bool
    result: SentMessage


_SENDING = (SendMessage, EditMessageText, SendDocument)
_response_types: dict[Any, type[Response[Any]]] = {}
"""aiogram names a response's type anew in every call; a type that nobody holds is then built anew, in 0.1 s."""


class BotSession(AiohttpSession):
    """aiogram's session, which also waits a quarter of a second when it closes; this one does not."""

    def check_response(
        self, bot: Bot, method: TelegramMethod[T], status_code: int, content: str
    ) -> Response[T]:
        """The answer, or aiogram's error for a refusal; an answer that is no JSON came from something in between."""
        if status_code == HTTPStatus.OK and isinstance(method, _SENDING):
            try:
                sent = SentMessageResponse.model_validate_json(content)
            except ValidationError:
                pass  # a refusal, or no answer of Telegram's: aiogram says what is wrong with it
            else:
                if sent.ok:
                    return cast("Response[T]", Response.model_construct(ok=True, result=sent.result))
        if status_code == HTTPStatus.OK and isinstance(method, GetUpdates):
            updates = read_updates(bot, content)
            if updates is not None:
                return cast("Response[T]", Response.model_construct(ok=True, result=updates))
        returned = method.__returning__
        if returned not in _response_types:
            _response_types[returned] = Response[returned]  # type: ignore[valid-type]
        try:
            return super().check_response(bot, method, status_code, content)
        except ClientDecodeError as error:
            if isinstance(error.original, ValidationError):
                raise
            raise TelegramServerError(method=method, message=f"{status_code} without JSON") from error

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
