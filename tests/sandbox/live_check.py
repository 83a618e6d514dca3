"""The tables put to the real servers: ``python -m tests.sandbox.live``, by anyone who has a token.

    TELEGRAM_BOT_TOKEN, TELEGRAM_TEST_CHAT   a bot, and your own chat with it (write to it first)
    SLACK_BOT_TOKEN, SLACK_TEST_USER         an app with its scopes, and your own user id
    SLACK_TEST_EMAIL, SLACK_TEST_CHANNEL     your address there; a channel where you and the app are

A case that speaks of something which only the sandbox can prepare (a trigger, somebody who has blocked the bot) is told
as left out. TELEGRAM_API_BASE and SLACK_API_BASE choose another server, for example a sandbox.

One rule: nothing is deleted but what was posted here; a difference is told, never mended.
"""

import asyncio
import os
import re
import sys
import time
from typing import Any

import aiohttp

from tests.sandbox.slack.slack_case import SlackCase as SlackRow
from tests.sandbox.slack.slack_cases import CASES as SLACK
from tests.sandbox.slack.test_slack_conformance import contains, sentences
from tests.sandbox.telegram_case import KEYBOARD
from tests.sandbox.telegram_case import TelegramCase as TelegramRow
from tests.sandbox.telegram_cases import CASES as TELEGRAM
from tests.sandbox.test_telegram_conformance import substitute

PDF = b"%PDF-1.4"
Names = dict[str, Any]
PAUSE_SECONDS = 1.1
"""Both servers want about one message a second in a chat."""


def unprepared_names(case: object, names: Names) -> set[str]:
    """What the case speaks of that was not prepared."""
    return set(re.findall(r"'(\$[a-z_ ]+)'", str(case))) - set(names) - {"$token"}


class LiveReport:
    """What was put, what was left out, what differs."""

    def __init__(self, platform: str) -> None:
        self.platform = platform
        self.same, self.skipped, self.different = 0, 0, 0

    def compare(self, case: TelegramRow | SlackRow, wanted: str, found: str) -> None:
        if wanted == found:
            self.same += 1
            return
        self.different += 1
        sys.stdout.write(f"{case.method}: {case.about}\n  table: {wanted}\n  real:  {found}\n")

    def end(self) -> None:
        sys.stdout.write(
            f"{self.platform}: {self.same} cases as in the table, {self.different} different, {self.skipped} left out\n"
        )


class TelegramServerProbe:
    """The Bot API, with a token and a chat of one's own."""

    def __init__(self, http: aiohttp.ClientSession, token: str, chat: int) -> None:
        base = os.environ.get("TELEGRAM_API_BASE", "https://api.telegram.org").rstrip("/")
        self._http, self._base, self._token, self._chat = http, base, token, chat

    async def ask(
        self, method: str, payload: Names, files: dict[str, bytes] | None = None, token: str = ""
    ) -> tuple[int, Names]:
        sent: dict[str, Any] = {"json": payload}
        if files:
            form = aiohttp.FormData({name: str(value) for name, value in payload.items()})
            for name, content in files.items():
                form.add_field(name, content, filename=f"{name}.pdf", content_type="application/pdf")
            sent = {"data": form}
        async with self._http.post(f"{self._base}/bot{token or self._token}/{method}", **sent) as answer:
            return answer.status, await answer.json()

    async def names(self) -> Names:
        """What can be made with a token and a chat."""
        chat = {"chat_id": self._chat}
        _, mine = await self.ask("sendMessage", chat | {"text": "Hello"})
        _, card = await self.ask("sendMessage", chat | {"text": "Pick", "reply_markup": KEYBOARD})
        _, paper = await self.ask("sendDocument", chat, {"document": PDF})
        return {
            "$me": self._chat,
            "$me as text": str(self._chat),
            "$mine": mine["result"]["message_id"],
            "$card": card["result"]["message_id"],
            "$paper": paper["result"]["message_id"],
            "$file": paper["result"]["document"]["file_id"],
        }

    async def check(self, case: TelegramRow, names: Names, report: LiveReport) -> None:
        if case.method.startswith(("edit", "delete")):  # each has messages of its own to change
            names = await self.names()
        payload = substitute(case.payload, names)
        code, body = await self.ask(case.method, payload, case.files, payload.pop("$token", ""))
        wanted = case.description if case.code != 200 else "accepted"
        found = body.get("description", "") if not body["ok"] else "accepted"
        report.compare(case, f"{case.code} {wanted}", f"{code} {found}")


class SlackServerProbe:
    """The Web API, with a token and a person of one's own."""

    def __init__(self, http: aiohttp.ClientSession, token: str, person: str) -> None:
        base = os.environ.get("SLACK_API_BASE", "https://slack.com/api/").rstrip("/")
        self._http, self._base, self._token, self._person = http, base, token, person

    async def ask(self, method: str, payload: Names, token: str | None = None) -> Names:
        bearer = self._token if token is None else token
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        async with self._http.post(f"{self._base}/{method}", json=payload, headers=headers) as answer:
            body: Names = await answer.json()
            return body

    async def names(self) -> Names:
        """What can be made with a token and a person."""
        me = await self.ask("auth.test", {})
        sent = await self.ask("chat.postMessage", {"channel": self._person, "text": "Hello"})
        now = int(time.time())
        names: Names = {
            "$rosa": self._person,
            "$im": sent["channel"],
            "$mine": sent["ts"],
            "$bot": me["user_id"],
            "$bot_id": me["bot_id"],
            "$team": me["team_id"],
            "$in_an_hour": now + 3600,
            "$in_a_year": now + 365 * 86_400,
        }
        for name, variable in (("$email", "SLACK_TEST_EMAIL"), ("$room", "SLACK_TEST_CHANNEL")):
            if os.environ.get(variable):
                names[name] = os.environ[variable]
        asked = {"channel": sent["channel"], "user": self._person, "text": "Psst"}
        names["$private"] = (await self.ask("chat.postEphemeral", asked)).get("message_ts", "1.000001")
        return names

    async def check(self, case: SlackRow, names: Names, report: LiveReport) -> None:
        if case.method in ("chat.update", "chat.delete"):  # each has a message of its own to change
            sent = await self.ask("chat.postMessage", {"channel": self._person, "text": "Hello"})
            names = names | {"$mine": sent["ts"]}
        payload = substitute(case.payload, names)
        body = await self.ask(case.method, payload, payload.pop("$token", None))
        wanted, found = case.error or "accepted", "accepted" if body["ok"] else body["error"]
        if body["ok"] and not case.error and not contains(body, substitute(case.expected, names)):
            found = f"accepted, but {body}"
        if case.sentence and case.sentence not in sentences(body):
            wanted, found = f"{wanted}: {case.sentence}", f"{found}: {sentences(body)}"
        report.compare(case, wanted, found)


async def check_all(server: Any, cases: list[Any], report: LiveReport, pace: float) -> None:
    """Case after case, as slowly as the server likes it."""
    names = await server.names()
    for case in cases:
        if not getattr(case, "live", True) or unprepared_names(case, names):
            report.skipped += 1
            continue
        await server.check(case, names, report)
        await asyncio.sleep(pace)
    report.end()


async def main(pace: float = PAUSE_SECONDS) -> int:
    given, differences = os.environ, 0
    async with aiohttp.ClientSession() as http:
        if given.get("TELEGRAM_BOT_TOKEN") and given.get("TELEGRAM_TEST_CHAT"):
            bot = TelegramServerProbe(http, given["TELEGRAM_BOT_TOKEN"], int(given["TELEGRAM_TEST_CHAT"]))
            report = LiveReport("Telegram")
            await check_all(bot, TELEGRAM, report, pace)
            differences += report.different
        if given.get("SLACK_BOT_TOKEN") and given.get("SLACK_TEST_USER"):
            app = SlackServerProbe(http, given["SLACK_BOT_TOKEN"], given["SLACK_TEST_USER"])
            report = LiveReport("Slack")
            await check_all(app, SLACK, report, pace)
            differences += report.different
    return 1 if differences else 0


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
