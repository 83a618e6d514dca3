"""What a person does with an open modal, and what the app's answer does to it.

(empty)                      this view closes
response_action: errors      a sentence under a field
response_action: update      other contents
response_action: push        another view on top
response_action: clear       all close
"""

from typing import Any

from sandbox.slack import payloads, state
from sandbox.slack.acting import Impossible, Outcome
from sandbox.slack.delivery import Delivery
from sandbox.slack.methods import views
from sandbox.slack.model import App, Json, Person, View
from sandbox.slack.store import Store
from sandbox.slack.words import TROUBLE, Refusal


def top(store: Store, person: Person) -> View | None:
    """The modal that the person sees."""
    open_ones = store.world.stacks.get(person.id, [])
    return store.world.views[open_ones[-1]] if open_ones else None


class Modals:
    """The modal in front of a person."""

    def __init__(self, store: Store, delivery: Delivery) -> None:
        self._store = store
        self._delivery = delivery

    def _top(self, person: Person) -> tuple[View, App]:
        shown = top(self._store, person)
        if shown is None:
            raise Impossible("this person has no modal open")
        return shown, self._store.world.apps[shown.token]

    async def fill(self, person: Person, values: Json) -> None:
        """Fill fields by label or action_id; a label may be cut at its end."""
        shown, app = self._top(person)
        for name, written in values.items():
            block, element = self._field(shown, name)
            options = state.options_of(element)
            if element["type"].endswith("external_select"):
                options = await self._suggested(app, person, shown, block, element, written)
            try:
                value = state.filled(element, written, options)
            except ValueError as error:
                raise Impossible(f"{name}: {error}", 422) from None
            shown.state.setdefault(block["block_id"], {})[state.action_of(element)] = value
        await self._store.touch()

    @staticmethod
    def _field(shown: View, name: str) -> tuple[Json, Json]:
        found = list(state.fields(shown.view))
        exact = [
            (block, element)
            for block, element in found
            if name in (element.get("action_id"), block["block_id"], _label(block))
        ]
        near = [(block, element) for block, element in found if _label(block).startswith(name)]
        for chosen in (*exact, *near):
            return chosen
        raise Impossible(
            f"the modal has no field {name!r}; it has {[_label(block) for block, _ in found]}", 422
        )

    async def _suggested(
        self, app: App, person: Person, shown: View, block: Json, element: Json, written: Any
    ) -> list[Json]:
        """The options that the app offers for what is typed."""
        typed = str(written[0] if isinstance(written, list) and written else written or "")
        payload = payloads.suggestion(self._store, app, person, shown, block, element, typed)
        reply = await self._delivery.interaction(app, payload, options=True)
        return state.options_of(reply.json) if isinstance(reply.json, dict) else []

    async def submit(self, person: Person, values: Json) -> Outcome:
        """Fill, and send; what Slack's own client asks for is asked for first."""
        await self.fill(person, values)
        shown, app = self._top(person)
        if not shown.view.get("submit"):
            raise Impossible("the modal has no button to send it", 409)
        shown.errors, shown.notice = self._wanting(shown), ""
        if shown.errors:
            await self._store.touch()
            return Outcome(text="; ".join(shown.errors.values()), more={"errors": shown.errors})
        reply = await self._delivery.interaction(app, payloads.submission(self._store, app, person, shown))
        answer = reply.json
        if reply.error or (reply.body.strip() and not isinstance(answer, dict)):
            if not reply.error:
                self._store.refuse("acknowledge view_submission", Refusal("invalid_response"), {})
            shown.notice = TROUBLE
            await self._store.touch()
            return Outcome(answered=False, text=reply.error or TROUBLE)
        try:
            self._after(person, shown, answer or {})
        except Refusal as error:
            self._store.refuse("acknowledge view_submission", error, answer)
            shown.notice = TROUBLE
            return Outcome(answered=False, text=error.description)
        finally:
            await self._store.touch()
        return Outcome(text="; ".join(shown.errors.values()), more={"errors": shown.errors})

    @staticmethod
    def _wanting(shown: View) -> dict[str, str]:
        found: dict[str, str] = {}
        for block, element in state.fields(shown.view):
            if block["type"] != "input":
                continue
            value = shown.state[block["block_id"]][state.action_of(element)]
            why = state.wanting(element, value, optional=bool(block.get("optional")))
            if why:
                found[block["block_id"]] = why
        return found

    def _after(self, person: Person, shown: View, answer: Json) -> None:
        """What the app's answer does."""
        match answer.get("response_action"):
            case None:
                self._pop(person, shown)
            case "errors":
                shown.errors = self._errors(shown, answer.get("errors"))
            case "update":
                views.change(self._store, shown, views.checked(answer.get("view"), "modal"))
            case "push":
                fresh = views.checked(answer.get("view"), "modal")
                views.push_on(self._store, views.make(self._store, shown.token, person.id, fresh), person.id)
            case "clear":
                views.close_all(self._store, person.id)
            case other:
                raise Refusal("invalid_response_action", f"/response_action/{other}")

    @staticmethod
    def _errors(shown: View, told: Any) -> dict[str, str]:
        """Sentences by block; a block that is no input of this view makes the answer no good."""
        known = {block["block_id"] for block, _ in state.fields(shown.view) if block["type"] == "input"}
        if not isinstance(told, dict) or not told or not set(told) <= known:
            raise Refusal("invalid_errors", "/errors")
        return {str(name): str(words) for name, words in told.items()}

    def _pop(self, person: Person, shown: View) -> None:
        open_ones = self._store.world.stacks.get(person.id, [])
        if shown.id in open_ones:
            open_ones.remove(shown.id)
        self._store.world.views.pop(shown.id, None)

    async def close(self, person: Person) -> Outcome:
        """The close button of the top view; one with ``clear_on_close`` takes all with it."""
        shown, app = self._top(person)
        told = payloads.closed(
            self._store, app, person, shown, cleared=bool(shown.view.get("clear_on_close"))
        )
        if shown.view.get("clear_on_close"):
            views.close_all(self._store, person.id)
        else:
            self._pop(person, shown)
        await self._store.touch()
        if shown.view.get("notify_on_close"):
            await self._delivery.interaction(app, told)
        return Outcome()


def _label(block: Json) -> str:
    for name in ("label", "text"):
        if isinstance(block.get(name), dict):
            return str(block[name]["text"])
    return ""
