"""A modal as a person meets it: opened by a trigger, filled, sent, corrected, pushed on, closed."""

from typing import Any

from tests.sandbox.slack.conftest import ROSA, TOKEN, Answer, SlackSandbox
from tests.sandbox.slack.slack_case import actions, button, home, input_block, modal, options, plain, section

REASON = input_block(
    {"type": "static_select", "action_id": "reason", "options": options(3, "Reason")},
    block_id="why",
    label=plain("Reason"),
)
COMMENT = input_block(
    {"type": "plain_text_input", "action_id": "words", "min_length": 3},
    block_id="words",
    optional=True,
    label=plain("In your words"),
)


async def open_modal(workspace: SlackSandbox, view: dict[str, Any] | None = None) -> dict[str, Any]:
    """Rosa presses a button and the app opens a modal before it answers."""
    card = await workspace.call("chat.postMessage", channel=ROSA, text="x", blocks=[actions(button("a"))])

    async def answer(body: dict[str, Any]) -> None:
        if body["type"] == "block_actions":
            shown = view or modal(REASON, COMMENT, callback_id="reject", private_metadata="rj:7")
            await workspace.call("views.open", trigger_id=body["trigger_id"], view=shown)

    workspace.app.answer = answer
    await workspace.act(ROSA, "press", message_id=card["ts"], button="Press")
    payload: dict[str, Any] = (await workspace.chat(ROSA))["modal"]
    return payload


def always(payload: dict[str, Any]) -> Answer:
    """The app's answer, whatever it is sent."""
    return lambda body: payload


async def test_what_is_filled_is_told_in_slacks_shape(workspace: SlackSandbox) -> None:
    shown = await open_modal(workspace)
    assert (shown["title"], shown["submit"], shown["close"]) == ("Reject", "Send", "Cancel")
    assert [(each["label"], each["kind"], each["optional"]) for each in shown["fields"]] == [
        ("Reason", "select", False),
        ("In your words", "text", True),
    ]
    result = await workspace.act(ROSA, "submit", values={"Reason": "Reason 1", "words": "too dear"})
    assert result["answered"]
    view = (await workspace.app.wait_for("view_submission")).body["view"]
    assert (view["callback_id"], view["private_metadata"]) == ("reject", "rj:7")
    values = view["state"]["values"]
    assert values["why"]["reason"]["selected_option"] == {"text": plain("Reason 1"), "value": "1"}
    assert values["words"]["words"] == {"type": "plain_text_input", "value": "too dear"}
    assert (await workspace.chat(ROSA))["modal"] is None


async def test_slacks_own_client_asks_first(workspace: SlackSandbox) -> None:
    await open_modal(workspace)
    result = await workspace.act(ROSA, "submit", values={"words": "no"})
    assert result["errors"] == {
        "why": "Please complete this required field.",
        "words": "Must be at least 3 characters.",
    }
    assert [each.kind for each in workspace.app.received] == ["block_actions"]


async def test_a_sentence_of_the_app_stands_under_its_field(workspace: SlackSandbox) -> None:
    await open_modal(workspace)
    workspace.app.answer = lambda body: {"response_action": "errors", "errors": {"words": "Say why."}}
    await workspace.act(ROSA, "submit", values={"Reason": "Reason 2"})
    shown = (await workspace.chat(ROSA))["modal"]
    assert [(each["error"], each["value"]) for each in shown["fields"]] == [("", "2"), ("Say why.", None)]


async def test_an_answer_that_is_no_good_is_refused_and_shown(workspace: SlackSandbox) -> None:
    for answer in (
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "shut"},
        {"response_action": "update", "view": modal(title=plain("t" * 25))},
    ):
        await open_modal(workspace)
        workspace.app.answer = always(answer)
        result = await workspace.act(ROSA, "submit", values={"Reason": "Reason 2"})
        assert not result["answered"]
        shown = (await workspace.chat(ROSA))["modal"]
        assert shown["notice"] == "We had some trouble connecting. Try again?"
        await workspace.act(ROSA, "close")
    assert [each["description"].split(":")[0] for each in await workspace.refusals()] == [
        "invalid_errors",
        "invalid_response_action",
        "invalid_arguments",
    ]


async def test_a_third_view_is_the_last(workspace: SlackSandbox) -> None:
    await open_modal(workspace)
    workspace.app.answer = lambda body: {"response_action": "push", "view": modal(section("Sure?"))}
    values = {"Reason": "Reason 0"}
    for depth in (2, 3):
        result = await workspace.act(ROSA, "submit", values=values)
        values = {}
        assert (result["answered"], (await workspace.chat(ROSA))["modal"]["depth"]) == (True, depth)
    result = await workspace.act(ROSA, "submit")
    assert (result["answered"], result["text"]) == (False, "push_limit_reached")
    workspace.app.answer = lambda body: {"response_action": "clear"}
    await workspace.act(ROSA, "submit")
    assert (await workspace.chat(ROSA))["modal"] is None


async def test_lines_are_added_and_what_was_filled_stays(workspace: SlackSandbox) -> None:
    add = actions(button("add", "Add a line"), block_id="more")
    shown = await open_modal(workspace, modal(COMMENT, add))

    async def answer(body: dict[str, Any]) -> None:
        if body["type"] == "block_actions":
            view = body["view"]
            await workspace.call(
                "views.update", view_id=view["id"], hash=view["hash"], view=modal(COMMENT, REASON, add)
            )

    workspace.app.answer = answer
    await workspace.act(ROSA, "press", message_id=shown["view_id"], button="Add a line")
    assert len((await workspace.chat(ROSA))["modal"]["fields"]) == 2
    await workspace.act(ROSA, "submit", values={"words": "three of them", "Reason": "Reason 1"})
    assert (await workspace.chat(ROSA))["modal"] is None


async def test_a_menu_is_filled_from_the_app(workspace: SlackSandbox) -> None:
    catalogue = input_block({"type": "external_select", "action_id": "item", "min_query_length": 1})
    await open_modal(workspace, modal(catalogue))
    workspace.app.answer = lambda body: (
        {"options": options(3, "Laptop")} if body["type"] == "block_suggestion" else None
    )
    await workspace.act(ROSA, "submit", values={"item": "Laptop 2"})
    assert (await workspace.app.wait_for("block_suggestion")).body["value"] == "Laptop 2"
    state = (await workspace.app.wait_for("view_submission")).body["view"]["state"]["values"]
    assert [each["item"]["selected_option"]["value"] for each in state.values()] == ["2"]


async def test_a_closed_modal_is_told_where_that_was_wished(workspace: SlackSandbox) -> None:
    await open_modal(workspace, modal(COMMENT, notify_on_close=True))
    await workspace.act(ROSA, "close")
    assert (await workspace.app.wait_for("view_closed")).body["is_cleared"] is False
    assert (await workspace.chat(ROSA))["modal"] is None


async def test_a_trigger_counts_once_and_three_seconds(workspace: SlackSandbox) -> None:
    await open_modal(workspace)
    trigger = (await workspace.app.wait_for("block_actions")).body["trigger_id"]
    again = await workspace.ask("views.open", {"trigger_id": trigger, "view": modal()})
    assert again["error"] == "exchanged_trigger_id"
    app, person = workspace.store.app(TOKEN), workspace.store.world.people[ROSA]
    fresh = workspace.store.new_trigger(app, person)
    await workspace.set_fault("expire_triggers")
    late = await workspace.ask("views.open", {"trigger_id": fresh.id, "view": modal()})
    assert late["error"] == "expired_trigger_id"


async def test_a_shortcut_on_a_message_keeps_the_message(workspace: SlackSandbox) -> None:
    sent = await workspace.act(ROSA, "send", text="We need three laptops")
    await workspace.act(ROSA, "shortcut", name="make_request", message_id=sent["message_id"])
    payload = (await workspace.app.wait_for("message_action")).body
    assert (payload["callback_id"], payload["message"]["text"]) == ("make_request", "We need three laptops")
    await workspace.act(ROSA, "shortcut", name="new_request")
    assert (await workspace.app.wait_for("shortcut")).body["callback_id"] == "new_request"


async def test_the_home_tab_is_shown_and_pressed(workspace: SlackSandbox) -> None:
    await workspace.act(ROSA, "home")
    assert (await workspace.app.wait_for("app_home_opened")).body["event"]["tab"] == "home"
    shown = home(section("*2* wait for you"), actions(button("open", "Open", value="op:1")))
    await workspace.call("views.publish", user_id=ROSA, view=shown)
    seen = (await workspace.chat(ROSA))["home"]
    assert seen["html"] == "<p><b>2</b> wait for you</p>"
    await workspace.act(ROSA, "press", message_id=seen["view_id"], button="Open")
    payload = (await workspace.app.wait_for("block_actions")).body
    assert (payload["view"]["type"], payload["actions"][0]["value"]) == ("home", "op:1")
