"""The tables put to the real servers: ``python -m tests.sandbox.live``, by anyone who has a token.

    TELEGRAM_BOT_TOKEN, TELEGRAM_TEST_CHAT   a bot, and your own chat with it (write to it first)
    SLACK_BOT_TOKEN, SLACK_TEST_USER         an app with its scopes, and your own user id
    SLACK_TEST_EMAIL, SLACK_TEST_CHANNEL     your address there; a channel where you and the app are

A row that speaks of something which only the sandbox can prepare (a trigger, somebody who has blocked the bot) is told
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

from tests.sandbox.calls import CALLS as TELEGRAM
from tests.sandbox.row import KEYBOARD
from tests.sandbox.row import Row as TelegramRow
from tests.sandbox.slack.calls import CALLS as SLACK
from tests.sandbox.slack.row import Row as SlackRow
from tests.sandbox.slack.test_conformance import holds, sentences
from tests.sandbox.test_conformance import filled

PDF = b"%PDF-1.4"
Names = dict[str, Any]
PACE = 1.1
"""Both servers want about one message a second in a chat."""


def unknown(row: object, names: Names) -> set[str]:
    """What the row speaks of that was not prepared."""
    return set(re.findall(r"'(\$[a-z_ ]+)'", str(row))) - set(names) - {"$token"}


class Report:
    """What was put, what was left out, what differs."""

    def __init__(self, platform: str) -> None:
        self.platform = platform
        self.same, self.left, self.different = 0, 0, 0

    def tell(self, row: TelegramRow | SlackRow, wanted: str, found: str) -> None:
        if wanted == found:
            self.same += 1
            return
        self.different += 1
        sys.stdout.write(f"{row.method}: {row.about}\n  table: {wanted}\n  real:  {found}\n")

    def end(self) -> None:
        sys.stdout.write(
            f"{self.platform}: {self.same} rows as in the table, {self.different} different, {self.left} left out\n"
        )


class Telegram:
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

    async def put(self, row: TelegramRow, names: Names, report: Report) -> None:
        payload = filled(row.payload, names)
        code, body = await self.ask(row.method, payload, row.files, payload.pop("$token", ""))
        wanted = row.description if row.code != 200 else "accepted"
        found = body.get("description", "") if not body["ok"] else "accepted"
        report.tell(row, f"{row.code} {wanted}", f"{code} {found}")


class Slack:
    """The Web API, with a token and a person of one's own."""

    def __init__(self, http: aiohttp.ClientSession, token: str, person: str) -> None:
        base = os.environ.get("SLACK_API_BASE", "https://slack.com/api/").rstrip("/")
        self._http, self._base, self._token, self._person = http, base, token, person

    async def ask(self, method: str, payload: Names, token: str | None = None) -> Names:
        bearer = self._token if token is None else token
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        async with self._http.post(f"{self._base}/{method}", json=payload, headers=headers) as answer:
            told: Names = await answer.json()
            return told

    async def names(self) -> Names:
        """What can be made with a token and a person."""
        me = await self.ask("auth.test", {})
        said = await self.ask("chat.postMessage", {"channel": self._person, "text": "Hello"})
        now = int(time.time())
        made: Names = {
            "$rosa": self._person,
            "$im": said["channel"],
            "$mine": said["ts"],
            "$bot": me["user_id"],
            "$bot_id": me["bot_id"],
            "$team": me["team_id"],
            "$in_an_hour": now + 3600,
            "$in_a_year": now + 365 * 86_400,
        }
        for name, variable in (("$email", "SLACK_TEST_EMAIL"), ("$room", "SLACK_TEST_CHANNEL")):
            if os.environ.get(variable):
                made[name] = os.environ[variable]
        asked = {"channel": said["channel"], "user": self._person, "text": "Psst"}
        made["$private"] = (await self.ask("chat.postEphemeral", asked)).get("message_ts", "1.000001")
        return made

    async def put(self, row: SlackRow, names: Names, report: Report) -> None:
        if row.method in ("chat.update", "chat.delete"):  # each has a message of its own to change
            said = await self.ask("chat.postMessage", {"channel": self._person, "text": "Hello"})
            names = names | {"$mine": said["ts"]}
        payload = filled(row.payload, names)
        body = await self.ask(row.method, payload, payload.pop("$token", None))
        wanted, found = row.error or "accepted", "accepted" if body["ok"] else body["error"]
        if body["ok"] and not row.error and not holds(body, filled(row.gives, names)):
            found = f"accepted, but {body}"
        if row.sentence and row.sentence not in sentences(body):
            wanted, found = f"{wanted}: {row.sentence}", f"{found}: {sentences(body)}"
        report.tell(row, wanted, found)


async def put_all(server: Any, rows: list[Any], report: Report, pace: float) -> None:
    """Row after row, as slowly as the server likes it."""
    names = await server.names()
    for row in rows:
        if not getattr(row, "live", True) or unknown(row, names):
            report.left += 1
            continue
        await server.put(row, names, report)
        await asyncio.sleep(pace)
    report.end()


async def main(pace: float = PACE) -> int:
    given, wrong = os.environ, 0
    async with aiohttp.ClientSession() as http:
        if given.get("TELEGRAM_BOT_TOKEN") and given.get("TELEGRAM_TEST_CHAT"):
            bot = Telegram(http, given["TELEGRAM_BOT_TOKEN"], int(given["TELEGRAM_TEST_CHAT"]))
            report = Report("Telegram")
            await put_all(bot, TELEGRAM, report, pace)
            wrong += report.different
        if given.get("SLACK_BOT_TOKEN") and given.get("SLACK_TEST_USER"):
            app = Slack(http, given["SLACK_BOT_TOKEN"], given["SLACK_TEST_USER"])
            report = Report("Slack")
            await put_all(app, SLACK, report, pace)
            wrong += report.different
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
