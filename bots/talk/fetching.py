"""Bringing in a file that somebody dropped, from whichever platform keeps it.

One rule: never more than 10 MB, counted while it comes; no redirect is followed, since the address or the header
carries a token.
"""

from collections.abc import Mapping

import aiohttp

from bots.cards.clean import clean
from bots.talk.said import NotFetched, TooLarge

MOST = 10 * 1024 * 1024
LONGEST = aiohttp.ClientTimeout(total=60)
CHUNK = 64 * 1024
NAME = 120


def check_size(announced: int) -> None:
    """Refuse what is too large before a byte of it is fetched."""
    if announced > MOST:
        raise TooLarge(announced)


async def content(address: str, headers: Mapping[str, str] | None = None) -> bytes:
    """What lies at this address, or TooLarge, or NotFetched."""
    found = bytearray()
    try:
        async with (
            aiohttp.ClientSession(timeout=LONGEST) as session,
            session.get(address, headers=headers, allow_redirects=False) as response,
        ):
            if response.status != 200:
                raise NotFetched
            async for chunk in response.content.iter_chunked(CHUNK):
                found += chunk
                check_size(len(found))
    except (TimeoutError, aiohttp.ClientError) as error:
        raise NotFetched from error
    return bytes(found)


def safe_name(given: str) -> str:
    """A name without folders, control signs and more letters than anybody reads; its ending stays."""
    return clean(given).replace("/", "_").replace("\\", "_").strip()[-NAME:] or "file"
