"""Downloading a file that somebody sent in the chat.

One rule: only from the Bot API's own host, because the address contains the token.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiogram import Bot
from aiogram.types import Document, PhotoSize

from bots.cards.attachment import Attachment
from bots.dialog.download import check_size, download, safe_filename
from bots.dialog.message import DownloadFailed

_PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./ -]{0,300}")


@dataclass(frozen=True)
class TelegramFile:
    """A file or photo of a message."""

    bot: Bot
    file: Document | PhotoSize

    async def download(self) -> Attachment:
        return await download_file(self.bot, self.file)


async def download_file(bot: Bot, file: Document | PhotoSize) -> Attachment:
    """The file's content and name."""
    check_size(file.file_size or 0)
    stored = await bot.get_file(file.file_id)
    path = stored.file_path or ""
    if not _PATH.fullmatch(path) or ".." in path:
        raise DownloadFailed
    address = bot.session.api.file_url(bot.token, path)
    base = urlsplit(bot.session.api.base)
    if urlsplit(address)[:2] != base[:2]:
        raise DownloadFailed
    return Attachment(_name(file), await download(address), _media_type(file))


def _name(file: Document | PhotoSize) -> str:
    name = (file.file_name or "file") if isinstance(file, Document) else "photo.jpg"
    return safe_filename(name)


def _media_type(file: Document | PhotoSize) -> str:
    return (file.mime_type or "application/octet-stream") if isinstance(file, Document) else "image/jpeg"
