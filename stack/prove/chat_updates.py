"""What the platforms post to the bots, made as their documentation shows it and signed with the real secrets.

One rule: nothing here goes through the sandbox, so that a bot gets what the sandbox would never send: the same update
three times, in any order, or with a wrong signature.
"""

import hashlib
import hmac
import itertools
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from stack.demo import company
from stack.prove.chat_people import CardButton
from stack.prove.proof_installation import ProofInstallation

Json = dict[str, Any]
TELEGRAM_PATH, SLACK_PATH = "/telegram/webhook", "/slack/events"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_NUMBERS = itertools.count(secrets.randbelow(10**6) + 10**9)


@dataclass(frozen=True)
class ChatUpdate:
    """One post of a platform: where, what, and the headers that prove who posted it."""

    platform: str
    body: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class UpdateMaker:
    """Makes updates for one installation's bots."""

    proof: ProofInstallation

    def telegram(self, update: Json, *, secret: str | None = None) -> ChatUpdate:
        right = self.proof.installed.secrets["TELEGRAM_WEBHOOK_SECRET"]
        body = json.dumps({"update_id": next(_NUMBERS), **update}).encode()
        given = right if secret is None else secret
        return ChatUpdate("telegram", body, "application/json", {SECRET_HEADER: given} if given else {})

    def slack(self, form: Mapping[str, str]) -> ChatUpdate:
        body = urlencode(form).encode()
        return ChatUpdate("slack", body, "application/x-www-form-urlencoded", self.signed(body))

    def signed(self, body: bytes, *, at: float | None = None) -> dict[str, str]:
        """Slack's two headers over a body."""
        moment = str(int(time.time() if at is None else at))
        key = self.proof.installed.secrets["SLACK_SIGNING_SECRET"].encode()
        mark = hmac.new(key, b"v0:" + moment.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={mark}"}

    def said(self, account: str, line: str) -> ChatUpdate:
        """A command that somebody types."""
        if not account.isdigit():
            return self.slack(self._slack_person(account) | {"command": "/parley", "text": line})
        message = {
            "message_id": next(_NUMBERS) % 10**9,
            "date": int(time.time()),
            **_telegram_person(account),
            "text": f"/{line}",
            "entities": [{"type": "bot_command", "offset": 0, "length": len(line.split()[0]) + 1}],
        }
        return self.telegram({"message": message})

    def pressed(self, button: CardButton, card: Json) -> ChatUpdate:
        """A press on a button of a card, as the person sees it."""
        if not button.account.isdigit():
            return self.slack({"payload": json.dumps(self._slack_press(button, card))})
        message = {
            "message_id": button.message_id,
            "date": int(time.time()),
            "chat": _telegram_person(button.account)["chat"],
            "text": card["text"],
        }
        query = {
            "id": str(next(_NUMBERS)),
            "from": _telegram_person(button.account)["from"],
            "chat_instance": "1",
            "message": message,
            "data": button.data,
        }
        return self.telegram({"callback_query": query})

    def _slack_person(self, account: str) -> dict[str, str]:
        return {
            "token": "unused",
            "team_id": company.TEAM,
            "team_domain": "northwind",
            "channel_id": "D0PROOF",
            "channel_name": "directmessage",
            "user_id": account,
            "user_name": account.lower(),
            "api_app_id": "A0PARLEY",
            "is_enterprise_install": "false",
            "response_url": f"{self.proof.installed.url('sandbox')}/slack/response/{secrets.token_hex(8)}",
            "trigger_id": f"{next(_NUMBERS)}.{secrets.token_hex(6)}",
        }

    def _slack_press(self, button: CardButton, card: Json) -> Json:
        person = self._slack_person(button.account)
        elements = [
            {**element, "block_id": block["block_id"]}
            for block in card["blocks"]
            for element in block.get("elements", [])
        ]
        pressed = next(each for each in elements if each.get("value") == button.data)
        return {
            "type": "block_actions",
            "user": {"id": button.account, "username": button.account, "team_id": company.TEAM},
            "api_app_id": person["api_app_id"],
            "token": person["token"],
            "team": {"id": company.TEAM, "domain": person["team_domain"]},
            "enterprise": None,
            "is_enterprise_install": False,
            "container": {
                "type": "message",
                "message_ts": button.message_id,
                "channel_id": card["chat_id"],
                "is_ephemeral": False,
            },
            "channel": {"id": card["chat_id"], "name": "directmessage"},
            "message": {
                "type": "message",
                "ts": button.message_id,
                "text": card["text"],
                "blocks": card["blocks"],
            },
            "state": {"values": {}},
            "trigger_id": person["trigger_id"],
            "response_url": person["response_url"],
            "actions": [pressed | {"action_ts": f"{time.time():.6f}"}],
        }

    async def post(self, update: ChatUpdate) -> int:
        """The status that the bot answers with; 0 when it does not."""
        path = TELEGRAM_PATH if update.platform == "telegram" else SLACK_PATH
        url = f"{self.proof.installed.url(update.platform)}{path}"
        headers = {"Content-Type": update.content_type, **update.headers}
        async with self.proof.web.post(url, data=update.body, headers=headers) as answer:
            await answer.read()
            return answer.status


def _telegram_person(account: str) -> Json:
    name = {"first_name": "Bench", "last_name": account}
    return {
        "chat": {"id": int(account), "type": "private", **name},
        "from": {"id": int(account), "is_bot": False, "language_code": "en", **name},
    }
