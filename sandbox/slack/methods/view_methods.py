"""views.* and blocks.validate: modals, home tabs, and the validation of blocks."""

import secrets

from sandbox.slack import api_objects, block_validation
from sandbox.slack.errors import (
    BlockProblem,
    SlackRefusal,
    invalid_arguments,
    invalid_blocks,
    missing_argument,
)
from sandbox.slack.method_call import SlackCall
from sandbox.slack.model import Json, SlackPerson, SlackTrigger, SlackView
from sandbox.slack.view_state import initial_state
from sandbox.slack.world_store import SlackStore

TRIGGER_LIFETIME_SECONDS = 3.0
MAX_STACK_DEPTH = 3
MAX_VIEW_SIZE = 250_000


def view_argument(call: SlackCall, kind: str) -> Json:
    """The view argument, of the type that the method accepts."""
    view = call.json("view", "invalid_arguments")
    if view is None:
        raise missing_argument("view")
    return checked_view(view, kind)


def checked_view(view: object, kind: str) -> Json:
    problems = block_validation.check_view(view)
    if problems or not isinstance(view, dict):
        raise invalid_blocks("invalid_arguments", problems)
    if view["type"] != kind:
        # From memory; the sentence about the stack is quoted, this one is modelled on it.
        raise invalid_arguments(f"must be a view of the `type` {kind}", "/view/type")
    if len(str(view)) > MAX_VIEW_SIZE:
        raise SlackRefusal("view_too_large", "/view")
    return with_ids(view)


def with_ids(view: Json) -> Json:
    """The view with an id on every block, as Slack returns it."""
    blocks = [
        block if block.get("block_id") else {**block, "block_id": f"b{number}"}
        for number, block in enumerate(view["blocks"])
    ]
    return {**view, "blocks": blocks}


def exchange_trigger(store: SlackStore, call: SlackCall) -> SlackTrigger:
    """Use the trigger up."""
    trigger_id = call.require("trigger_id")
    trigger = store.world.triggers.get(trigger_id)
    if trigger is None or trigger.token != call.app.bot_token:
        raise SlackRefusal("invalid_trigger_id", "/trigger_id")
    if trigger.used:
        raise SlackRefusal("exchanged_trigger_id", "/trigger_id")
    if trigger.expired or store.memory.now() - trigger.at > TRIGGER_LIFETIME_SECONDS:
        raise SlackRefusal("expired_trigger_id", "/trigger_id")
    trigger.used = True
    return trigger


def create_view(store: SlackStore, token: str, person: str, view: Json) -> SlackView:
    """Create a view that is shown from now on."""
    name = store.new_id("V")
    created = SlackView(
        id=name,
        token=token,
        person=person,
        view=view,
        hash=f"{store.new_timestamp()}.{secrets.token_hex(4)}",
        root=name,
        state=initial_state(view),
    )
    store.world.views[name] = created
    return created


def update_view(store: SlackStore, shown: SlackView, view: Json) -> None:
    """Replace the contents; values stay where block and action have the same ids."""
    fresh = initial_state(view)
    for block, actions in fresh.items():
        for action, value in actions.items():
            previous = shown.state.get(block, {}).get(action)
            if previous is not None and previous["type"] == value["type"]:
                actions[action] = previous
    shown.view, shown.state, shown.errors, shown.notice = view, fresh, {}, ""
    shown.hash = f"{store.new_timestamp()}.{secrets.token_hex(4)}"


def modal_stack(store: SlackStore, person: str) -> list[str]:
    """The modals that a person has open, the top one last."""
    return store.world.stacks.setdefault(person, [])


def push_view(store: SlackStore, shown: SlackView, person: str) -> None:
    """Put a view on top of the person's open modals."""
    open_views = modal_stack(store, person)
    if len(open_views) >= MAX_STACK_DEPTH:
        del store.world.views[shown.id]
        raise SlackRefusal("push_limit_reached", "/view")
    if open_views:
        shown.root, shown.previous = open_views[0], open_views[-1]
    open_views.append(shown.id)


def close_all_views(store: SlackStore, person: str) -> None:
    for name in store.world.stacks.pop(person, []):
        store.world.views.pop(name, None)


def check_external_id(store: SlackStore, call: SlackCall, view: Json, except_id: str = "") -> None:
    """An external id may belong to one view only."""
    wanted = view.get("external_id")
    for shown in store.world.views.values():
        same_team = store.world.apps[shown.token].team_id == call.app.team_id
        if wanted and same_team and shown.id != except_id and shown.view.get("external_id") == wanted:
            raise SlackRefusal("duplicate_external_id", "/view/external_id")


async def open_modal(store: SlackStore, call: SlackCall) -> Json:
    view = view_argument(call, "modal")
    check_external_id(store, call, view)
    trigger = exchange_trigger(store, call)
    close_all_views(store, trigger.person)
    shown = create_view(store, call.app.bot_token, trigger.person, view)
    modal_stack(store, trigger.person).append(shown.id)
    await store.touch()
    return {"view": api_objects.view_object(store, shown)}


async def push_modal(store: SlackStore, call: SlackCall) -> Json:
    view = view_argument(call, "modal")
    check_external_id(store, call, view)
    trigger = exchange_trigger(store, call)
    if not modal_stack(store, trigger.person):
        sentence = "must match the `type` of the root view whose stack we're pushing onto"
        raise invalid_blocks("invalid_arguments", [BlockProblem("/view/type", sentence, "enum")])
    shown = create_view(store, call.app.bot_token, trigger.person, view)
    push_view(store, shown, trigger.person)
    await store.touch()
    return {"view": api_objects.view_object(store, shown)}


async def update(store: SlackStore, call: SlackCall) -> Json:
    """Replace the contents of a view; with ``hash``, only if nobody changed it meanwhile."""
    name, own = call.text("view_id"), call.text("external_id")
    if not name and not own:
        raise missing_argument("view_id")
    shown = next(
        (
            each
            for each in store.world.views.values()
            if each.token == call.app.bot_token
            and (each.id == name or (own and each.view.get("external_id") == own))
        ),
        None,
    )
    if shown is None:
        raise SlackRefusal("not_found", "/view_id")
    view = view_argument(call, shown.view["type"])
    if call.text("hash") not in ("", shown.hash):
        raise SlackRefusal("hash_conflict", "/hash")
    check_external_id(store, call, view, shown.id)
    update_view(store, shown, view)
    await store.touch()
    return {"view": api_objects.view_object(store, shown)}


async def publish(store: SlackStore, call: SlackCall) -> Json:
    """Set a person's home tab."""
    view = view_argument(call, "home")
    person = store.person(call.app, call.require("user_id"))
    shown = home_of(store, call.app.bot_token, person)
    if call.text("hash") and (shown is None or call.text("hash") != shown.hash):
        raise SlackRefusal("hash_conflict", "/hash")
    check_external_id(store, call, view, shown.id if shown else "")
    if shown is None:
        shown = create_view(store, call.app.bot_token, person.id, view)
        store.world.homes[f"{call.app.bot_token}:{person.id}"] = shown.id
    else:
        update_view(store, shown, view)
    await store.touch()
    return {"view": api_objects.view_object(store, shown)}


def home_of(store: SlackStore, token: str, person: SlackPerson) -> SlackView | None:
    return store.world.views.get(store.world.homes.get(f"{token}:{person.id}", ""))


async def validate(store: SlackStore, call: SlackCall) -> Json:
    """Slack's own check; needs no scope. Exactly one of blocks, message, view."""
    given_arguments = [name for name in ("blocks", "message", "view") if call.args.get(name) is not None]
    if len(given_arguments) != 1:
        metadata = {"messages": ["must provide exactly one of `blocks`, `view`, or `message`"]}
        raise SlackRefusal("invalid_arguments", "/blocks", more={"response_metadata": metadata})
    value = call.json(given_arguments[0], "invalid_arguments")
    match given_arguments[0]:
        case "view":
            problems = block_validation.check_view(value, "")
        case "message":
            problems = block_validation.check_message_blocks(
                value.get("blocks", []) if isinstance(value, dict) else value
            )
        case _:
            problems = block_validation.check_message_blocks(value, "")
    if problems:
        raise SlackRefusal(
            f"invalid_{given_arguments[0]}",
            problems[-1].pointer,
            more={"errors": [each.as_json() for each in problems]},
        )
    return {}
