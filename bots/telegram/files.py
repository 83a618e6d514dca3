"""Fetching a file that somebody dropped in the chat.

One rule: only from the Bot API's own host, without following redirects (the token stands in the address), and
never more than 10 MB, counted while it comes.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
from aiogram import Bot
from aiogram.types import Document, PhotoSize

from bots.cards.clean import clean
from bots.client.wire import Upload
from bots.talk.said import NotFetched, TooLarge

MOST = 10 * 1024 * 1024
_PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./ -]{0,300}")


@dataclass(frozen=True)
class TelegramFile:
    """A file or photo of a message."""

    bot: Bot
    file: Document | PhotoSize

    async def fetch(self) -> Upload:
        return await fetch(self.bot, self.file)


async def fetch(bot: Bot, file: Document | PhotoSize) -> Upload:
    """The file's content and name."""
    if (file.file_size or 0) > MOST:
        raise TooLarge(file.file_size or 0)
    found = await bot.get_file(file.file_id)
    path = found.file_path or ""
    if not _PATH.fullmatch(path) or ".." in path:
        raise NotFetched
    address = bot.session.api.file_url(bot.token, path)
    base = urlsplit(bot.session.api.base)
    if urlsplit(address)[:2] != base[:2]:
        raise NotFetched
    return Upload(_name(file), await _content(address), _media_type(file))


async def _content(address: str) -> bytes:
    timeout = aiohttp.ClientTimeout(total=60)
    content = bytearray()
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(address, allow_redirects=False) as response,
        ):
            if response.status != 200:
                raise NotFetched
            async for chunk in response.content.iter_chunked(64 * 1024):
                content += chunk
                if len(content) > MOST:
                    raise TooLarge(len(content))
    except aiohttp.ClientError as error:
        raise NotFetched from error
    return bytes(content)


def _name(file: Document | PhotoSize) -> str:
    given = (file.file_name or "file") if isinstance(file, Document) else "photo.jpg"
    return clean(given).replace("/", "_").replace("\\", "_").strip()[-120:] or "file"


def _media_type(file: Document | PhotoSize) -> str:
    return (file.mime_type or "application/octet-stream") if isinstance(file, Document) else "image/jpeg"
