"""The sandbox's SMTP server against our sender, and against what nobody should send."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from sandbox.mail.mail_routes import MailRoutes
from sandbox.mail.mail_store import MailStore
from sandbox.mail.smtp_listener import MOST_BYTES, SmtpListener, SmtpSession
from workers.mails.mail_sender import MailNotTaken, MailRefused, SmtpSender


def a_mail(to: str = "ben@alder.example", text: str = "Hello.\n.\nA line with a dot.") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Parley <parley@localhost>", to, "RFQ-1 · Grüße"
    message["Date"], message["Message-ID"] = (
        dt.datetime(2026, 11, 30, tzinfo=dt.UTC),
        f"<{to}{len(text)}@parley>",
    )
    message.set_content(text)
    message["Content-Language"] = "de"
    return message


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[SmtpSender, MailStore]]:
    store = MailStore()
    server = await SmtpListener(store).start("127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield SmtpSender(f"smtp://127.0.0.1:{port}"), store
    server.close()


async def test_a_mail_arrives_as_it_was_written_and_once() -> None:
    async with listening() as (sender, store):
        await sender.send(a_mail())
        await sender.send(a_mail())
        [kept] = store.of("ben@alder.example")
        assert (kept.subject, kept.language) == ("RFQ-1 · Grüße", "de")
        assert kept.text.splitlines() == ["Hello.", ".", "A line with a dot."]
        assert store.of("somebody@else.example") == []


async def test_lasting_and_passing_refusals_differ() -> None:
    async with listening() as (sender, store):
        with pytest.raises(MailRefused):
            await sender.send(a_mail("refused@alder.example"))
        with pytest.raises(MailNotTaken):
            await sender.send(a_mail("busy@alder.example"))
        with pytest.raises(MailNotTaken):
            await sender.send(a_mail(text="x" * 70 + "\n" + ("y" * 70 + "\n") * (MOST_BYTES // 70)))
        assert store.of() == []
    with pytest.raises(MailNotTaken):
        await sender.send(a_mail())


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (["MAIL FROM:<a@b.example>"], "503"),
        (["EHLO"], "501"),
        (["EHLO x", "RCPT TO:<a@b.example>"], "503"),
        (["EHLO x", "MAIL FROM:a@b.example"], "501"),
        (["EHLO x", "MAIL FROM:<a@b.example>", "MAIL FROM:<a@b.example>"], "503"),
        (["EHLO x", "MAIL FROM:<a@b.example>", "RCPT TO:<a b@c.example>"], "501"),
        (["EHLO x", "MAIL FROM:<a@b.example>", "DATA"], "503"),
        (["HELO x", "VRFY a@b.example"], "500"),
        (["GET / HTTP/1.1"], "500"),
        (["EHLO x", "NOOP"], "250"),
        (["QUIT"], "221"),
    ],
)
def test_each_line_is_answered_as_the_standard_says(said: list[str], code: str) -> None:
    session = SmtpSession(MailStore())
    assert [session.answer(line) for line in said][-1].startswith(code)


def test_a_mail_without_the_headers_that_every_mail_has_is_refused() -> None:
    store = MailStore()
    session = SmtpSession(store)
    for line in ("EHLO x", "MAIL FROM:<a@b.example>", "RCPT TO:<c@d.example>", "DATA"):
        session.answer(line)
    assert session.content(b"Subject: x\r\n\r\nhello\r\n").startswith("554")
    assert store.of() == []


async def test_the_page_shows_words_and_runs_none() -> None:
    store = MailStore()
    evil = a_mail(text='<script>alert(1)</script> http://parley.test/portal/link/abc"onclick=x <b>')
    store.keep("parley@localhost", ("ben@alder.example",), evil.as_bytes())
    app = web.Application()
    app.add_routes(MailRoutes(store).routes())
    async with TestClient(TestServer(app)) as client:
        page = await (await client.get("/mailbox", params={"to": "ben@alder.example"})).text()
        assert "<script" not in page
        assert '<a href="http://parley.test/portal/link/abc" rel="noreferrer">' in page
        assert (await client.get("/mailbox/mailbox.css")).status == 200
        [mail] = await (await client.get("/control/mails")).json()
        assert mail["to"] == ["ben@alder.example"]
        assert await (await client.get("/control/mails?to=x@y")).json() == []


async def test_a_line_that_does_not_end_as_it_should_is_refused() -> None:
    server = await SmtpListener(MailStore()).start("127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    assert (await reader.readline()).startswith(b"220")
    writer.write(b"EHLO x\n")
    assert (await reader.readline()).startswith(b"500")
    writer.close()
    server.close()
