"""Fetching a file that somebody shared with us.

One rule: the token goes to Slack's own hosts (or the configured server) only, without following redirects; a
page to sign in, which Slack sends with 200, is no file; never more than 10 MB, counted while it comes.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

from bots.cards.clean import clean
from bots.client.wire import Upload
from bots.slack.payloads import File
from bots.talk.said import NotFetched, TooLarge

MOST = 10 * 1024 * 1024
_HOST = "files.slack.com"


@dataclass(frozen=True)
class SlackFile:
    """A file of a message, not fetched yet."""

    file: File
    token: str
    api_base: str

    async def fetch(self) -> Upload:
        if self.file.size > MOST:
            raise TooLarge(self.file.size)
        address = self.file.url_private_download or self.file.url_private
        if not is_slack(address, self.api_base):
            raise NotFetched
        content = await _content(address, self.token)
        if looks_like_a_page(content) and self.file.mimetype != "text/html":
            raise NotFetched
        if self.file.size and len(content) != self.file.size:
            raise NotFetched
        name = clean(self.file.name).replace("/", "_").replace("\\", "_").strip()[-120:] or "file"
        return Upload(name, content, self.file.mimetype or "application/octet-stream")


def is_slack(address: str, api_base: str) -> bool:
    """Whether the token may be shown there."""
    there, ours = urlsplit(address), urlsplit(api_base)
    if there.username or there.password:
        return False
    if (there.scheme, there.netloc) == (ours.scheme, ours.netloc) and ours.hostname != "slack.com":
        return True
    return there.scheme == "https" and there.hostname == _HOST and there.port in (None, 443)


def looks_like_a_page(content: bytes) -> bool:
    start = content[:200].lstrip().lower()
    return start.startswith((b"<!doctype html", b"<html"))


async def _content(address: str, token: str) -> bytes:
    timeout = aiohttp.ClientTimeout(total=60)
    content = bytearray()
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(
                address, headers={"Authorization": f"Bearer {token}"}, allow_redirects=False
            ) as response,
        ):
            if response.status != 200:
                raise NotFetched
            async for chunk in response.content.iter_chunked(64 * 1024):
                content += chunk
                if len(content) > MOST:
                    raise TooLarge(len(content))
    except (TimeoutError, aiohttp.ClientError) as error:
        raise NotFetched from error
    return bytes(content)
