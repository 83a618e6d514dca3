"""views.* and blocks.validate: modals, home tabs, and whether blocks are good."""

import secrets

from sandbox.slack import blocks as kit
from sandbox.slack import wire
from sandbox.slack.call import Call
from sandbox.slack.model import Json, Person, Trigger, View
from sandbox.slack.state import initial
from sandbox.slack.store import Store
from sandbox.slack.words import Problem, Refusal, arguments, invalid, missing

TRIGGER_LIFE = 3.0
DEEPEST = 3
LARGEST = 250_000


def given_view(call: Call, kind: str) -> Json:
    """The view of a call, of the kind that the method takes."""
    view = call.json("view", "invalid_arguments")
    if view is None:
        raise missing("view")
    return checked(view, kind)


def checked(view: object, kind: str) -> Json:
    problems = kit.of_view(view)
    if problems or not isinstance(view, dict):
        raise invalid("invalid_arguments", problems)
    if view["type"] != kind:
        # From memory; the sentence about the stack is quoted, this one follows it.
        raise arguments(f"must be a view of the `type` {kind}", "/view/type")
    if len(str(view)) > LARGEST:
        raise Refusal("view_too_large", "/view")
    return with_ids(view)


def with_ids(view: Json) -> Json:
    """The view with an id on every block, as it comes back."""
    blocks = [
        block if block.get("block_id") else {**block, "block_id": f"b{number}"}
        for number, block in enumerate(view["blocks"])
    ]
    return {**view, "blocks": blocks}


def exchanged(store: Store, call: Call) -> Trigger:
    """The trigger, used up."""
    written = call.need("trigger_id")
    trigger = store.world.triggers.get(written)
    if trigger is None or trigger.token != call.app.bot_token:
        raise Refusal("invalid_trigger_id", "/trigger_id")
    if trigger.used:
        raise Refusal("exchanged_trigger_id", "/trigger_id")
    if trigger.expired or store.memory.now() - trigger.at > TRIGGER_LIFE:
        raise Refusal("expired_trigger_id", "/trigger_id")
    trigger.used = True
    return trigger


def make(store: Store, token: str, person: str, view: Json) -> View:
    """A view that is shown from now on."""
    name = store.name("V")
    made = View(
        id=name,
        token=token,
        person=person,
        view=view,
        hash=f"{store.ts()}.{secrets.token_hex(4)}",
        root=name,
        state=initial(view),
    )
    store.world.views[name] = made
    return made


def change(store: Store, shown: View, view: Json) -> None:
    """Other contents; what was filled stays where block and action have the same names."""
    fresh = initial(view)
    for block, actions in fresh.items():
        for action, value in actions.items():
            kept = shown.state.get(block, {}).get(action)
            if kept is not None and kept["type"] == value["type"]:
                actions[action] = kept
    shown.view, shown.state, shown.errors, shown.notice = view, fresh, {}, ""
    shown.hash = f"{store.ts()}.{secrets.token_hex(4)}"


def stack(store: Store, person: str) -> list[str]:
    """The modals that a person has open, the top one last."""
    return store.world.stacks.setdefault(person, [])


def push_on(store: Store, shown: View, person: str) -> None:
    """Put a view on top of what the person has open."""
    open_ones = stack(store, person)
    if len(open_ones) >= DEEPEST:
        del store.world.views[shown.id]
        raise Refusal("push_limit_reached", "/view")
    if open_ones:
        shown.root, shown.previous = open_ones[0], open_ones[-1]
    open_ones.append(shown.id)


def close_all(store: Store, person: str) -> None:
    for name in store.world.stacks.pop(person, []):
        store.world.views.pop(name, None)


def external(store: Store, call: Call, view: Json, but: str = "") -> None:
    """An id of one's own may name one view only."""
    wanted = view.get("external_id")
    for shown in store.world.views.values():
        same_team = store.world.apps[shown.token].team_id == call.app.team_id
        if wanted and same_team and shown.id != but and shown.view.get("external_id") == wanted:
            raise Refusal("duplicate_external_id", "/view/external_id")


async def open_modal(store: Store, call: Call) -> Json:
    view = given_view(call, "modal")
    external(store, call, view)
    trigger = exchanged(store, call)
    close_all(store, trigger.person)
    shown = make(store, call.app.bot_token, trigger.person, view)
    stack(store, trigger.person).append(shown.id)
    await store.touch()
    return {"view": wire.view(store, shown)}


async def push_modal(store: Store, call: Call) -> Json:
    view = given_view(call, "modal")
    external(store, call, view)
    trigger = exchanged(store, call)
    if not stack(store, trigger.person):
        sentence = "must match the `type` of the root view whose stack we're pushing onto"
        raise invalid("invalid_arguments", [Problem("/view/type", sentence, "enum")])
    shown = make(store, call.app.bot_token, trigger.person, view)
    push_on(store, shown, trigger.person)
    await store.touch()
    return {"view": wire.view(store, shown)}


async def update(store: Store, call: Call) -> Json:
    """Other contents for a view that is shown; with ``hash`` only if nobody changed it meanwhile."""
    name, own = call.text("view_id"), call.text("external_id")
    if not name and not own:
        raise missing("view_id")
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
        raise Refusal("not_found", "/view_id")
    view = given_view(call, shown.view["type"])
    if call.text("hash") not in ("", shown.hash):
        raise Refusal("hash_conflict", "/hash")
    external(store, call, view, shown.id)
    change(store, shown, view)
    await store.touch()
    return {"view": wire.view(store, shown)}


async def publish(store: Store, call: Call) -> Json:
    """A person's home tab."""
    view = given_view(call, "home")
    person = store.person(call.app, call.need("user_id"))
    shown = home_of(store, call.app.bot_token, person)
    if call.text("hash") and (shown is None or call.text("hash") != shown.hash):
        raise Refusal("hash_conflict", "/hash")
    external(store, call, view, shown.id if shown else "")
    if shown is None:
        shown = make(store, call.app.bot_token, person.id, view)
        store.world.homes[f"{call.app.bot_token}:{person.id}"] = shown.id
    else:
        change(store, shown, view)
    await store.touch()
    return {"view": wire.view(store, shown)}


def home_of(store: Store, token: str, person: Person) -> View | None:
    return store.world.views.get(store.world.homes.get(f"{token}:{person.id}", ""))


async def validate(store: Store, call: Call) -> Json:
    """Slack's own check; needs no scope. Exactly one of blocks, message, view."""
    given = [name for name in ("blocks", "message", "view") if call.args.get(name) is not None]
    if len(given) != 1:
        told = {"messages": ["must provide exactly one of `blocks`, `view`, or `message`"]}
        raise Refusal("invalid_arguments", "/blocks", more={"response_metadata": told})
    value = call.json(given[0], "invalid_arguments")
    match given[0]:
        case "view":
            problems = kit.of_view(value, "")
        case "message":
            problems = kit.of_message(value.get("blocks", []) if isinstance(value, dict) else value)
        case _:
            problems = kit.of_message(value, "")
    if problems:
        raise Refusal(
            f"invalid_{given[0]}", problems[-1].pointer, more={"errors": [each.row() for each in problems]}
        )
    return {}
