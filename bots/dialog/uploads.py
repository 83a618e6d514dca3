"""Files of a message on their way to the API, and what a quote's file says for its form.

One rule: a file that could not be fetched is said at once, and nothing of the message is done; one that could
not be read is kept.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import structlog

from api.contract.quotes import DocumentOut
from api.contract.values import MAX_FILE_SIZE
from bots.client.errors import ApiError
from bots.dialog.context import Context
from bots.dialog.message import DownloadFailed, FileTooLarge, IncomingMessage
from bots.forms.quote_file_values import FileRead, is_open, is_read, notes_of, with_file
from bots.forms.quote_values import AttachedFile, Offer, QuoteValues

log = structlog.get_logger()


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


async def with_quote_files(
    ctx: Context,
    values: QuoteValues,
    files: Sequence[DocumentOut | AttachedFile],
    sent: Mapping[str, Offer] = MappingProxyType({}),
) -> tuple[QuoteValues, str]:
    """A vendor's form with what its files say, and the sentences for what was filled in and what was not.

    ``sent``: the offers of the quote that stands, which a new file replaces. A form that is answered is left alone.
    """
    read_names: list[str] = []
    read_files: list[FileRead] = []
    for file in files:
        lines = range(1, len(values.lines) + 1)
        asks = values.vendor_id is None and any(is_open(number, values, sent) for number in lines)
        if asks and is_read(file.name):
            try:
                read = await ctx.api.quotes.read_file(values.rfq_id, file.id)
            except ApiError as error:  # the file is kept all the same, and every line is asked
                log.info("file.not_read", code=error.code)
                continue
            before, (values, taken) = values, with_file(values, read, ctx.form_ctx, sent)
            read_files.append(taken)
            if values.offers != before.offers:
                read_names.append(file.name)
    if not read_files:
        return values, ""
    values = values.model_copy(update={"file_notes": notes_of(read_files, values, ctx.form_ctx)})
    said = [ctx.translate("forms.quote.file_read", name=name) for name in read_names]
    return values, "\n".join([*said, *values.file_notes])
