"""Downloading a file that somebody sent, from whichever platform stores it.

One rule: never more than 10 MB, counted while it arrives; no redirect is followed, because the address or the
header carries a token.
"""

from collections.abc import Mapping

import aiohttp

from api.contract.values import MAX_FILE_BYTES
from bots.cards.clean import clean
from bots.dialog.message import DownloadFailed, FileTooLarge

TIMEOUT = aiohttp.ClientTimeout(total=60)
CHUNK = 64 * 1024
MAX_NAME_LENGTH = 120


def check_size(size: int) -> None:
    """Refuse what is too large before a byte of it is fetched."""
    if size > MAX_FILE_BYTES:
        raise FileTooLarge(size)


async def download(address: str, headers: Mapping[str, str] | None = None) -> bytes:
    """The content of this address, or FileTooLarge, or DownloadFailed."""
    content = bytearray()
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT) as session,
            session.get(address, headers=headers, allow_redirects=False) as response,
        ):
            if response.status != 200:
                raise DownloadFailed
            async for chunk in response.content.iter_chunked(CHUNK):
                content += chunk
                check_size(len(content))
    except (TimeoutError, aiohttp.ClientError) as error:
        raise DownloadFailed from error
    return bytes(content)


def safe_filename(name: str) -> str:
    """A name without folders, control signs and more letters than anybody reads; its ending stays."""
    return clean(name).replace("/", "_").replace("\\", "_").strip()[-MAX_NAME_LENGTH:] or "file"
