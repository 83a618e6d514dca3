"""The five flows in the real n8n: signed events in, call-backs out, executions in n8n's own database.

The first test also waits for the install when there is none yet; that takes minutes, once per machine.
"""

import asyncio
import os
import shutil
import statistics
import time
from dataclasses import replace
from pathlib import Path

import pytest

from stack.services import n8n
from tests.n8n import sample_events
from tests.n8n.conftest import Editor, RealN8n
from tests.n8n.callback_receiver import ReceivedCallback, CallbackReceiver

pytestmark = [pytest.mark.n8n, pytest.mark.timeout(1800)]


def texts(calls: list[ReceivedCallback]) -> dict[str, str]:
    """Who was told what."""
    return {row["person_id"]: row["text"] for call in calls for row in call.body["recipients"]}


async def test_a_submitted_quote_is_told_to_each_person_in_their_language(
    real_n8n: RealN8n, receiver: CallbackReceiver
) -> None:
    event = sample_events.quote_submitted(receiver.callback)
    assert await real_n8n.post("quote-submitted", event) == 200

    notices = await receiver.wait(event["id"], "notices")
    status = await receiver.wait(event["id"], "status")

    assert texts(notices) == {
        sample_events.OFFICER["person_id"]: "Acme & Söhne has sent a quote for RFQ-2026-0007 (revision 2).",
        sample_events.MANAGER["person_id"]: "Acme & Söhne hat ein Angebot zu RFQ-2026-0007 abgegeben (Fassung 2).",
    }
    assert notices[0].body["kind"] == "quote.submitted"
    assert [call.status for call in (*notices, *status)] == [202, 202]
    assert status[0].body["status"] == "officer told"
    await real_n8n.ended("quote-submitted", status[0].body["execution_id"], "success")


async def test_an_rfq_is_told_to_each_vendor_alone_and_to_nobody_else(
    real_n8n: RealN8n, receiver: CallbackReceiver
) -> None:
    event = sample_events.rfq_sent(receiver.callback)
    assert await real_n8n.post("rfq-sent", event) == 200

    status = await receiver.wait(event["id"], "status")
    notices = receiver.calls_of(event["id"], "notices")

    assert [len(call.body["recipients"]) for call in notices] == [1, 1]
    assert texts(notices) == {
        sample_events.VENDOR_EN["person_id"]: (
            "You are invited to quote for RFQ-2026-0008. Please answer by 1 December 2026, 14:30 UTC."
        ),
        sample_events.VENDOR_DE["person_id"]: (
            "Sie sind eingeladen, zu RFQ-2026-0008 anzubieten. "
            "Bitte antworten Sie bis 1. Dezember 2026, 14:30 UTC."
        ),
    }
    assert (status[0].body["status"], status[0].body["detail"]) == ("vendors told", "2 vendor contacts")
    await real_n8n.ended("rfq-sent", status[0].body["execution_id"], "success")


async def test_an_order_is_told_and_no_hand_over_is_said_when_none_is_set(
    real_n8n: RealN8n, receiver: CallbackReceiver
) -> None:
    event = sample_events.order_generated(receiver.callback)
    assert await real_n8n.post("order-generated", event) == 200

    notices = await receiver.wait(event["id"], "notices")

    texts_by_person = "Die Bestellung PO-2026-0003 an Acme über 1.234.567,50 EUR ist erstellt."
    assert texts(notices) == {sample_events.MANAGER["person_id"]: texts_by_person}
    status = receiver.calls_of(event["id"], "status")
    assert [call.body["status"] for call in status] == ["no hand-over set"]
    await real_n8n.ended("order-generated", status[0].body["execution_id"], "success")


async def test_the_first_reminder_goes_to_those_who_decide_and_the_second_to_all(
    real_n8n: RealN8n, receiver: CallbackReceiver
) -> None:
    first, second = (sample_events.approval_overdue(receiver.callback, reminder) for reminder in (1, 2))
    assert await real_n8n.post("approval-overdue", first) == 200
    assert await real_n8n.post("approval-overdue", second) == 200

    once = texts(await receiver.wait(first["id"], "notices"))
    twice = texts(await receiver.wait(second["id"], "notices"))
    status = await receiver.wait(second["id"], "status")

    waits = "Wartet noch auf Ihre Entscheidung: REQ-2026-0002 über 12.500,00 USD."
    assert once == {sample_events.MANAGER["person_id"]: waits}
    assert twice == {
        sample_events.MANAGER["person_id"]: f"{waits} Dies ist Erinnerung 2.",
        sample_events.OFFICER["person_id"]: (
            "REQ-2026-0002 over 12,500.00 USD is overdue. Waiting for: Manfred Manager."
        ),
    }
    assert status[0].body["detail"] == "Reminder 2, 2 people"


async def test_an_opened_approval_gets_a_first_person_from_its_candidates(
    real_n8n: RealN8n, receiver: CallbackReceiver
) -> None:
    event = sample_events.approval_opened(receiver.callback)
    assert await real_n8n.post("approval-opened", event) == 200

    routes = await receiver.wait(event["id"], "routes")
    status = await receiver.wait(event["id"], "status")

    assert routes[0].body["approval_id"] == event["data"]["approval_id"]
    assert routes[0].body["ask_first"] == sample_events.MANAGER["person_id"]
    assert routes[0].body["execution_id"] == status[0].body["execution_id"]
    await real_n8n.ended("approval-opened", status[0].body["execution_id"], "success")


async def test_nobody_to_tell_is_reported_and_nobody_is_told(real_n8n: RealN8n, receiver: CallbackReceiver) -> None:
    quote = sample_events.event("quote.submitted", receiver.callback)
    opened = sample_events.event("approval.opened", receiver.callback)
    assert await real_n8n.post("quote-submitted", quote) == 200
    assert await real_n8n.post("approval-opened", opened) == 200

    assert (await receiver.wait(quote["id"], "status"))[0].body["status"] == "nobody to tell"
    assert (await receiver.wait(opened["id"], "status"))[0].body["status"] == "nobody to ask"
    assert {call.endpoint for call in receiver.calls} == {"status"}


@pytest.mark.parametrize("flow", n8n.FLOWS)
async def test_a_stranger_starts_no_flow(real_n8n: RealN8n, receiver: CallbackReceiver, flow: str) -> None:
    event = sample_events.event("quote.submitted", receiver.callback)
    before = real_n8n.executions(flow).keys()  # some of them may still be running, and end meanwhile
    _, wrong = sample_events.signed(event, secret="another secret of more than thirty-two bytes")
    _, old = sample_events.signed(event, seconds=-5)
    none = {"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30.", "Content-Type": "application/json"}

    assert await real_n8n.post(flow, event, wrong) == 403
    assert await real_n8n.post(flow, event, old) == 403
    assert await real_n8n.post(flow, event, none) == 403
    assert await real_n8n.post(flow, event, {"Content-Type": "application/json"}) == 401

    await asyncio.sleep(0.5)
    assert real_n8n.executions(flow).keys() == before
    assert receiver.calls == []


async def test_a_repeated_event_runs_twice_and_is_known_the_second_time(
    real_n8n: RealN8n, receiver: CallbackReceiver
) -> None:
    event = sample_events.quote_submitted(receiver.callback)
    for _ in range(2):
        assert await real_n8n.post("quote-submitted", event) == 200
    notices = await receiver.wait(event["id"], "notices", count=2)
    await receiver.wait(event["id"], "status", count=2)
    assert [call.status for call in notices] == [202, 200]


async def test_the_next_event_follows_a_persons_edit_without_a_restart(
    real_n8n: RealN8n, receiver: CallbackReceiver, editor: Editor
) -> None:
    assert real_n8n.process is not None
    pid = real_n8n.process.pid
    await editor.change("quote-submitted", "text_en", "=Look: {{ $json.body.data.vendor_name }} answered.")
    event = sample_events.quote_submitted(receiver.callback)
    assert await real_n8n.post("quote-submitted", event) == 200
    texts_by_person = texts(await receiver.wait(event["id"], "notices"))
    assert texts_by_person[sample_events.OFFICER["person_id"]] == "Look: Acme & Söhne answered."
    assert real_n8n.process.pid == pid
    assert real_n8n.process.poll() is None


async def test_an_order_is_handed_over_once_an_address_is_set(
    real_n8n: RealN8n, receiver: CallbackReceiver, editor: Editor
) -> None:
    await editor.change("order-generated", "handover_url", f"{receiver.url}/other/handover")
    event = sample_events.order_generated(receiver.callback)
    assert await real_n8n.post("order-generated", event) == 200

    handed = (await receiver.wait(event["id"], "handover"))[0]
    status = (await receiver.wait(event["id"], "status"))[0]
    await receiver.wait(event["id"], "notices")

    assert handed.body["order"]["total"] == "1234567.50"
    assert not {"recipients", "candidates"} & set(handed.body["order"])
    assert handed.headers["Idempotency-Key"] == event["id"]
    assert event["callbacktoken"] not in f"{handed.body}{handed.headers}"
    assert "Authorization" not in handed.headers
    assert status.body["status"] == "handed over"


async def test_a_refused_hand_over_is_tried_again_reported_and_marked_as_failed(
    real_n8n: RealN8n, receiver: CallbackReceiver, editor: Editor
) -> None:
    await editor.change("order-generated", "handover_url", f"{receiver.url}/other/handover")
    receiver.handover_answers = 503
    event = sample_events.order_generated(receiver.callback)
    assert await real_n8n.post("order-generated", event) == 200

    status = (await receiver.wait(event["id"], "status"))[0]
    await receiver.wait(event["id"], "notices")

    assert len(receiver.calls_of(event["id"], "handover")) == 3
    assert status.body["status"] == "hand-over failed"
    assert "503" in status.body["detail"]
    await real_n8n.ended("order-generated", status.body["execution_id"], "error")


async def test_the_channel_and_the_preferred_person_are_settings_of_the_flow(
    real_n8n: RealN8n, receiver: CallbackReceiver, editor: Editor
) -> None:
    await editor.change("approval-opened", "prefer_role", "finance")
    event = sample_events.approval_opened(receiver.callback)
    assert await real_n8n.post("approval-opened", event) == 200
    assert (await receiver.wait(event["id"], "routes"))[0].body["ask_first"] == sample_events.FINANCE["person_id"]


def test_n8n_knows_nothing_of_parleys_own(real_n8n: RealN8n) -> None:
    assert real_n8n.process is not None
    raw = Path(f"/proc/{real_n8n.process.pid}/environ").read_bytes()
    names = {row.split(b"=")[0].decode() for row in raw.split(b"\0") if row}
    allowed = ("N8N_", "NODE", "EXECUTIONS_", "SSL_CERT_")
    others = {name for name in names if not name.startswith(allowed)}
    assert others <= {
        *("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "NO_PROXY", "WEBHOOK_URL", "DB_TYPE"),
        *("GENERIC_TIMEZONE", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"),
    }


async def test_the_editor_opens_and_offers_no_node_that_runs_code(
    real_n8n: RealN8n, editor: Editor
) -> None:
    async with editor.web.get(real_n8n.url) as page:
        assert (page.status, page.content_type) == (200, "text/html")
    async with editor.web.get(f"{real_n8n.url}/types/nodes.json") as answer:
        offered = {node["name"] for node in await answer.json()}
    assert {"n8n-nodes-base.webhook", "n8n-nodes-base.httpRequest"} <= offered
    assert not {"n8n-nodes-base.code", "n8n-nodes-base.executeCommand", "n8n-nodes-base.ssh"} & offered
    for path in ("settings", "login", "workflows", "credentials", "executions"):
        async with editor.web.get(f"{real_n8n.url}/rest/{path}") as answer:
            assert answer.status == 200, path


def test_n8n_listens_on_this_machine_only(real_n8n: RealN8n) -> None:
    ports = {real_n8n.port, int(real_n8n.env["N8N_RUNNERS_BROKER_PORT"])}
    tables = [Path(f"/proc/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
    sockets = [row.split() for table in tables for row in table]
    listening = [socket[1].split(":") for socket in sockets if socket[3] == "0A"]
    assert {address for address, port in listening if int(port, 16) in ports} == {"0100007F"}


async def test_calls_are_answered_quickly(real_n8n: RealN8n, receiver: CallbackReceiver) -> None:
    answer_times, callback_times = [], []
    for _ in range(20):
        event = sample_events.quote_submitted(receiver.callback)
        began = time.monotonic()
        assert await real_n8n.post("quote-submitted", event) == 200
        answer_times.append(time.monotonic() - began)
        await receiver.wait(event["id"], "notices")
        callback_times.append(time.monotonic() - began)
    real_n8n.measurements |= {"answer p50": statistics.median(answer_times), "answer max": max(answer_times)}
    real_n8n.measurements |= {"call-back p50": statistics.median(callback_times), "call-back max": max(callback_times)}
    assert real_n8n.process is not None
    status = Path(f"/proc/{real_n8n.process.pid}/status").read_text()
    real_n8n.measurements["memory MB"] = int(status.split("VmRSS:")[1].split()[0]) / 1024
    assert statistics.median(callback_times) < 3


async def test_a_new_version_of_ours_replaces_only_what_nobody_edited(
    real_n8n: RealN8n, receiver: CallbackReceiver, editor: Editor, tmp_path: Path
) -> None:
    """Last, because it restarts n8n: ``up`` after an upgrade that changed two flows, one of them edited."""
    await editor.change("quote-submitted", "text_en", "=Mine: {{ $json.body.data.vendor_name }}.")
    real_n8n.stop()
    newer = _with_new_words(real_n8n, tmp_path, ("quote-submitted", "approval-overdue"))
    log_lines: list[str] = []
    n8n.prepare(newer, real_n8n.env, log_lines.append)
    n8n.prepare(newer, real_n8n.env, log_lines.append)
    real_n8n.start()

    quote, overdue = sample_events.quote_submitted(receiver.callback), sample_events.approval_overdue(receiver.callback, 1)
    assert await real_n8n.post("quote-submitted", quote) == 200
    assert await real_n8n.post("approval-overdue", overdue) == 200

    texts_by_person = texts(await receiver.wait(quote["id"], "notices"))
    assert texts_by_person[sample_events.OFFICER["person_id"]] == "Mine: Acme & Söhne."
    overdue_texts = texts(await receiver.wait(overdue["id"], "notices"))
    assert "ENTSCHEIDUNG" in overdue_texts[sample_events.MANAGER["person_id"]]
    assert sum("was edited in n8n and stays as it is" in line for line in log_lines) == 2
    assert sum("importing 1 flows" in line for line in log_lines) == 1


def _with_new_words(real_n8n: RealN8n, folder: Path, flows: tuple[str, ...]) -> n8n.N8nPaths:
    shutil.copytree(
        real_n8n.paths.root / "n8n", folder / "n8n", ignore=shutil.ignore_patterns("node_modules")
    )
    for flow in flows:
        file = folder / "n8n" / "workflows" / f"{flow}.json"
        text = file.read_text(encoding="utf-8")
        changed = text.replace("Entscheidung", "ENTSCHEIDUNG").replace("has sent a quote", "HAS SENT A QUOTE")
        assert changed != text
        file.write_text(changed, encoding="utf-8")
    assert os.environ["PARLEY_N8N_DIR"]
    return replace(real_n8n.paths, root=folder)
