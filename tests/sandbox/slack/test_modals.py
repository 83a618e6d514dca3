"""A modal as a person meets it: opened by a trigger, filled, sent, corrected, pushed on, closed."""

from typing import Any

from tests.sandbox.slack.conftest import ROSA, TOKEN, Workspace
from tests.sandbox.slack.row import actions, asks, button, home, modal, options, plain, section

REASON = asks(
    {"type": "static_select", "action_id": "reason", "options": options(3, "Reason")},
    block_id="why",
    label=plain("Reason"),
)
WORDS = asks(
    {"type": "plain_text_input", "action_id": "words", "min_length": 3},
    block_id="words",
    optional=True,
    label=plain("In your words"),
)


async def opened(workspace: Workspace, view: dict[str, Any] | None = None) -> dict[str, Any]:
    """Rosa presses a button and the app opens a modal before it answers."""
    card = await workspace.call("chat.postMessage", channel=ROSA, text="x", blocks=[actions(button("a"))])

    async def answer(body: dict[str, Any]) -> None:
        if body["type"] == "block_actions":
            shown = view or modal(REASON, WORDS, callback_id="reject", private_metadata="rj:7")
            await workspace.call("views.open", trigger_id=body["trigger_id"], view=shown)

    workspace.app.answer = answer
    await workspace.does(ROSA, "press", message_id=card["ts"], button="Press")
    told: dict[str, Any] = (await workspace.chat(ROSA))["modal"]
    return told


async def test_what_is_filled_is_told_in_slacks_shape(workspace: Workspace) -> None:
    shown = await opened(workspace)
    assert (shown["title"], shown["submit"], shown["close"]) == ("Reject", "Send", "Cancel")
    assert [(each["label"], each["kind"], each["optional"]) for each in shown["fields"]] == [
        ("Reason", "select", False),
        ("In your words", "text", True),
    ]
    answered = await workspace.does(ROSA, "submit", values={"Reason": "Reason 1", "words": "too dear"})
    assert answered["answered"]
    view = (await workspace.app.got("view_submission")).body["view"]
    assert (view["callback_id"], view["private_metadata"]) == ("reject", "rj:7")
    values = view["state"]["values"]
    assert values["why"]["reason"]["selected_option"] == {"text": plain("Reason 1"), "value": "1"}
    assert values["words"]["words"] == {"type": "plain_text_input", "value": "too dear"}
    assert (await workspace.chat(ROSA))["modal"] is None


async def test_slacks_own_client_asks_first(workspace: Workspace) -> None:
    await opened(workspace)
    answered = await workspace.does(ROSA, "submit", values={"words": "no"})
    assert answered["errors"] == {
        "why": "Please complete this required field.",
        "words": "Must be at least 3 characters.",
    }
    assert [each.kind for each in workspace.app.heard] == ["block_actions"]


async def test_a_sentence_of_the_app_stands_under_its_field(workspace: Workspace) -> None:
    await opened(workspace)
    workspace.app.answer = lambda body: {"response_action": "errors", "errors": {"words": "Say why."}}
    await workspace.does(ROSA, "submit", values={"Reason": "Reason 2"})
    shown = (await workspace.chat(ROSA))["modal"]
    assert [(each["error"], each["value"]) for each in shown["fields"]] == [("", "2"), ("Say why.", None)]


async def test_an_answer_that_is_no_good_is_refused_and_shown(workspace: Workspace) -> None:
    for answer in (
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "shut"},
        {"response_action": "update", "view": modal(title=plain("t" * 25))},
    ):
        await opened(workspace)
        workspace.app.answer = lambda body, told=answer: told
        answered = await workspace.does(ROSA, "submit", values={"Reason": "Reason 2"})
        assert not answered["answered"]
        shown = (await workspace.chat(ROSA))["modal"]
        assert shown["notice"] == "We had some trouble connecting. Try again?"
        await workspace.does(ROSA, "close")
    assert [each["description"].split(":")[0] for each in await workspace.refusals()] == [
        "invalid_errors",
        "invalid_response_action",
        "invalid_arguments",
    ]


async def test_a_third_view_is_the_last(workspace: Workspace) -> None:
    await opened(workspace)
    workspace.app.answer = lambda body: {"response_action": "push", "view": modal(section("Sure?"))}
    values = {"Reason": "Reason 0"}
    for depth in (2, 3):
        answered = await workspace.does(ROSA, "submit", values=values)
        values = {}
        assert (answered["answered"], (await workspace.chat(ROSA))["modal"]["depth"]) == (True, depth)
    answered = await workspace.does(ROSA, "submit")
    assert (answered["answered"], answered["text"]) == (False, "push_limit_reached")
    workspace.app.answer = lambda body: {"response_action": "clear"}
    await workspace.does(ROSA, "submit")
    assert (await workspace.chat(ROSA))["modal"] is None


async def test_lines_are_added_and_what_was_filled_stays(workspace: Workspace) -> None:
    add = actions(button("add", "Add a line"), block_id="more")
    shown = await opened(workspace, modal(WORDS, add))

    async def answer(body: dict[str, Any]) -> None:
        if body["type"] == "block_actions":
            view = body["view"]
            await workspace.call(
                "views.update", view_id=view["id"], hash=view["hash"], view=modal(WORDS, REASON, add)
            )

    workspace.app.answer = answer
    await workspace.does(ROSA, "press", message_id=shown["view_id"], button="Add a line")
    assert len((await workspace.chat(ROSA))["modal"]["fields"]) == 2
    await workspace.does(ROSA, "submit", values={"words": "three of them", "Reason": "Reason 1"})
    assert (await workspace.chat(ROSA))["modal"] is None


async def test_a_menu_is_filled_from_the_app(workspace: Workspace) -> None:
    catalogue = asks({"type": "external_select", "action_id": "item", "min_query_length": 1})
    await opened(workspace, modal(catalogue))
    workspace.app.answer = lambda body: (
        {"options": options(3, "Laptop")} if body["type"] == "block_suggestion" else None
    )
    await workspace.does(ROSA, "submit", values={"item": "Laptop 2"})
    assert (await workspace.app.got("block_suggestion")).body["value"] == "Laptop 2"
    state = (await workspace.app.got("view_submission")).body["view"]["state"]["values"]
    assert [each["item"]["selected_option"]["value"] for each in state.values()] == ["2"]


async def test_a_closed_modal_is_told_where_that_was_wished(workspace: Workspace) -> None:
    await opened(workspace, modal(WORDS, notify_on_close=True))
    await workspace.does(ROSA, "close")
    assert (await workspace.app.got("view_closed")).body["is_cleared"] is False
    assert (await workspace.chat(ROSA))["modal"] is None


async def test_a_trigger_counts_once_and_three_seconds(workspace: Workspace) -> None:
    await opened(workspace)
    trigger = (await workspace.app.got("block_actions")).body["trigger_id"]
    again = await workspace.ask("views.open", {"trigger_id": trigger, "view": modal()})
    assert again["error"] == "exchanged_trigger_id"
    app, person = workspace.store.app(TOKEN), workspace.store.world.people[ROSA]
    fresh = workspace.store.trigger(app, person)
    await workspace.fault("expire_triggers")
    late = await workspace.ask("views.open", {"trigger_id": fresh.id, "view": modal()})
    assert late["error"] == "expired_trigger_id"


async def test_a_shortcut_on_a_message_keeps_the_message(workspace: Workspace) -> None:
    said = await workspace.does(ROSA, "send", text="We need three laptops")
    await workspace.does(ROSA, "shortcut", name="make_request", message_id=said["message_id"])
    told = (await workspace.app.got("message_action")).body
    assert (told["callback_id"], told["message"]["text"]) == ("make_request", "We need three laptops")
    await workspace.does(ROSA, "shortcut", name="new_request")
    assert (await workspace.app.got("shortcut")).body["callback_id"] == "new_request"


async def test_the_home_tab_is_shown_and_pressed(workspace: Workspace) -> None:
    await workspace.does(ROSA, "home")
    assert (await workspace.app.got("app_home_opened")).body["event"]["tab"] == "home"
    shown = home(section("*2* wait for you"), actions(button("open", "Open", value="op:1")))
    await workspace.call("views.publish", user_id=ROSA, view=shown)
    seen = (await workspace.chat(ROSA))["home"]
    assert seen["html"] == "<p><b>2</b> wait for you</p>"
    await workspace.does(ROSA, "press", message_id=seen["view_id"], button="Open")
    payload = (await workspace.app.got("block_actions")).body
    assert (payload["view"]["type"], payload["actions"][0]["value"]) == ("home", "op:1")
