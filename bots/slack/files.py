"""Downloading a file that somebody shared with the app.

One rule: the token goes to Slack's own hosts (or the configured server) only, without following redirects; a
page to sign in, which Slack sends with 200, is no file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bots.cards.attachment import Attachment
from bots.dialog.download import check_size, download, safe_filename
from bots.dialog.message import DownloadFailed
from bots.slack.payloads import FilePayload
from bots.slack.workspace_tokens import WorkspaceTokens

_HOST = "files.slack.com"


@dataclass(frozen=True)
class SlackFile:
    """A file of a message, not fetched yet."""

    file: FilePayload
    token: str
    api_base: str

    async def download(self) -> Attachment:
        check_size(self.file.size)
        address = self.file.url_private_download or self.file.url_private
        if not is_slack(address, self.api_base):
            raise DownloadFailed
        found = await download(address, {"Authorization": f"Bearer {self.token}"})
        if looks_like_a_page(found) and self.file.mimetype != "text/html":
            raise DownloadFailed
        if self.file.size and len(found) != self.file.size:
            raise DownloadFailed
        media_type = self.file.mimetype or "application/octet-stream"
        return Attachment(safe_filename(self.file.name), found, media_type)


class SlackFiles:
    """Finds the token with which a workspace's files are fetched."""

    def __init__(self, workspaces: WorkspaceTokens, api_base: str) -> None:
        self._workspaces = workspaces
        self._api_base = api_base

    async def of(self, chat_id: str, files: Sequence[FilePayload]) -> tuple[SlackFile, ...]:
        """These files of a message or a modal in this chat; none for a workspace that is not known any more."""
        workspace = await self._workspaces.get(chat_id.partition(":")[0]) if files else None
        if workspace is None:
            return ()
        return tuple(SlackFile(file, workspace.bot_token, self._api_base) for file in files)


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
