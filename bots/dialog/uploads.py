"""Files of a message on their way to the API.

One rule: a file that could not be fetched is said at once, and nothing of the message is done.
"""

from api.contract.quotes import DocumentOut
from api.contract.values import MAX_FILE_SIZE
from bots.dialog.context import Context
from bots.dialog.message import DownloadFailed, FileTooLarge, IncomingMessage


async def upload_files(ctx: Context, message: IncomingMessage) -> tuple[DocumentOut, ...] | None:
    """The message's files, uploaded to the API; None after a failure, of which the person has been told."""
    uploaded: list[DocumentOut] = []
    try:
        for index, file in enumerate(message.files):
            key = ctx.command_key(f"file{index or ''}")
            uploaded.append(await ctx.api.documents.upload(await file.download(), key=key))
    except FileTooLarge:
        await ctx.responder.text(ctx.translate("errors.too_large", limit=MAX_FILE_SIZE))
        return None
    except DownloadFailed:
        await ctx.responder.text(ctx.translate("forms.quote.file_lost"))
        return None
    return tuple(uploaded)
