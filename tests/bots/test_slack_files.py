"""Files that vendors drop in Slack: fetched with the token from Slack's own hosts only, and kept with the quote."""

from dataclasses import replace

import pytest
from aiohttp import web

from api.contract import endpoints as e
from api.contract.values import MAX_FILE_BYTES
from bots.dialog.message import DownloadFailed, FileTooLarge
from bots.slack.files import SlackFile, is_slack
from bots.slack.payloads import FilePayload
from tests.bots.bot_env import PDF, free_port
from tests.bots.slack_env import TOKEN, SlackChatUser, SlackEnv
from tests.support.world import World

SLACK = "https://slack.com/api/"


@pytest.mark.parametrize(
    ("address", "base", "ours"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.pdf", SLACK, True),
        ("https://files.slack.com:443/files-pri/T1-F1/a.pdf", SLACK, True),
        ("http://files.slack.com/files-pri/T1-F1/a.pdf", SLACK, False),
        ("https://files.slack.com:8443/a.pdf", SLACK, False),
        ("https://files.slack.com.evil.example/a.pdf", SLACK, False),
        ("https://evil.example/files.slack.com/a.pdf", SLACK, False),
        ("https://files.slack.com@evil.example/a.pdf", SLACK, False),
        ("https://me@files.slack.com/a.pdf", SLACK, False),
        ("https://slack.com/a.pdf", SLACK, False),
        ("file:///etc/passwd", SLACK, False),
        ("http://169.254.169.254/latest", SLACK, False),
        ("", SLACK, False),
        ("http://127.0.0.1:9000/slack/files/T1-F1/a.pdf", "http://127.0.0.1:9000/slack/api/", True),
        ("http://127.0.0.1:9001/slack/files/T1-F1/a.pdf", "http://127.0.0.1:9000/slack/api/", False),
        ("https://127.0.0.1:9000/a.pdf", "http://127.0.0.1:9000/slack/api/", False),
    ],
)
def test_the_token_is_shown_to_slack_only(address: str, base: str, ours: bool) -> None:
    assert is_slack(address, base) is ours


async def invited(slack: SlackEnv, world: World) -> SlackChatUser:
    vendor, contact = await world.a_vendor()
    await world.an_rfq(await world.a_request(), to=[vendor])
    user: SlackChatUser = await slack.a_user(contact)
    return user


async def test_a_file_with_the_prices_above_it_becomes_a_quote(slack: SlackEnv, world: World) -> None:
    user = await invited(slack, world)
    await user.drop("Angebot für 7/8.pdf", PDF, "1: 1180 10d; valid 2027-01-31; shipping 0; note: as ever")
    review = await user.with_button("Send quote")
    assert "Files: Angebot für 7_8.pdf" in review["text"], review["text"]
    await user.press("Send quote")
    await user.sees("was sent")
    [quote] = (await slack.api.as_(user.person).call(e.list_quotes)).items
    assert quote.lines[0].unit_price == 1180
    assert [(each.name, each.size) for each in quote.documents] == [("Angebot für 7_8.pdf", len(PDF))]


async def test_a_file_of_somebody_who_sells_nothing_is_not_fetched(slack: SlackEnv, world: World) -> None:
    user = await slack.a_user(await world.a_requester())
    await user.drop("list.pdf", PDF)
    await user.sees("file")
    assert (await slack.api.as_(user.person).call(e.list_requests, query={"mine": "true"})).items == ()


async def test_a_page_to_sign_in_is_no_file_and_neither_is_one_that_is_cut_short(
    slack: SlackEnv, world: World
) -> None:
    user = await invited(slack, world)
    await user.drop("offer.pdf", PDF)
    await slack.settled()
    told = (await slack.last_posted("event message"))["event"]["files"][0]
    good = SlackFile(FilePayload.model_validate(told), TOKEN, f"{slack.sandbox.url}/slack/api/")
    assert (await good.download()).content == PDF
    for wrong in (
        replace(good, token="xoxb-somebody-elses"),
        replace(good, file=good.file.model_copy(update={"size": len(PDF) + 1})),
        replace(good, file=good.file.model_copy(update={"url_private_download": "", "url_private": ""})),
        replace(good, api_base=SLACK),
    ):
        with pytest.raises(DownloadFailed):
            await wrong.download()
    with pytest.raises(FileTooLarge):
        await replace(good, file=good.file.model_copy(update={"size": MAX_FILE_BYTES + 1})).download()


async def test_a_redirect_is_not_followed_and_more_than_was_said_is_not_read() -> None:
    port, heard = free_port(), []

    async def elsewhere(request: web.Request) -> web.Response:
        heard.append(request.path)
        raise web.HTTPFound("/landed")

    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(MAX_FILE_BYTES // 1_000_000 + 2):
            await answer.write(b"%PDF" + bytes(1_000_000))
        return answer

    app = web.Application()
    app.router.add_get("/moved", elsewhere)
    app.router.add_get("/landed", elsewhere)
    app.router.add_get("/endless", endless)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    base = f"http://127.0.0.1:{port}"
    with pytest.raises(DownloadFailed):
        await SlackFile(FilePayload(url_private=f"{base}/moved"), TOKEN, f"{base}/api/").download()
    assert heard == ["/moved"]
    with pytest.raises(FileTooLarge):
        await SlackFile(FilePayload(url_private=f"{base}/endless"), TOKEN, f"{base}/api/").download()
    await runner.cleanup()
