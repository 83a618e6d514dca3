"""What a person does with an open modal, and what the app's answer does to it.

(empty)                      this view closes
response_action: errors      a sentence under a field
response_action: update      other contents
response_action: push        another view on top
response_action: clear       all close
"""

from typing import Any

from sandbox.slack import app_payloads, view_state
from sandbox.slack.delivery import SlackDelivery
from sandbox.slack.errors import SUBMIT_FAILED_TEXT, SlackRefusal
from sandbox.slack.methods import view_methods
from sandbox.slack.model import Json, SlackApp, SlackPerson, SlackView
from sandbox.slack.person_actions import ActionImpossible, ActionOutcome
from sandbox.slack.world_store import SlackStore


def top_modal(store: SlackStore, person: SlackPerson) -> SlackView | None:
    """The modal that the person sees."""
    open_views = store.world.stacks.get(person.id, [])
    return store.world.views[open_views[-1]] if open_views else None


class PersonModals:
    """The modals of a person."""

    def __init__(self, store: SlackStore, delivery: SlackDelivery) -> None:
        self._store = store
        self._delivery = delivery

    def _require_top(self, person: SlackPerson) -> tuple[SlackView, SlackApp]:
        shown = top_modal(self._store, person)
        if shown is None:
            raise ActionImpossible("this person has no modal open")
        return shown, self._store.world.apps[shown.token]

    async def fill(self, person: SlackPerson, values: Json) -> None:
        """Fill in fields by label or action_id; a label may be truncated."""
        shown, app = self._require_top(person)
        for name, entered in values.items():
            block, element = self._field(shown, name)
            options = view_state.options_of(element)
            if element["type"].endswith("external_select"):
                options = await self._suggested_options(app, person, shown, block, element, entered)
            try:
                value = view_state.value_from_input(element, entered, options)
            except ValueError as error:
                raise ActionImpossible(f"{name}: {error}", 422) from None
            shown.state.setdefault(block["block_id"], {})[view_state.action_of(element)] = value
        await self._store.touch()

    @staticmethod
    def _field(shown: SlackView, name: str) -> tuple[Json, Json]:
        found = list(view_state.iter_fields(shown.view))
        exact = [
            (block, element)
            for block, element in found
            if name in (element.get("action_id"), block["block_id"], _label(block))
        ]
        near = [(block, element) for block, element in found if _label(block).startswith(name)]
        for chosen in (*exact, *near):
            return chosen
        raise ActionImpossible(
            f"the modal has no field {name!r}; it has {[_label(block) for block, _ in found]}", 422
        )

    async def _suggested_options(
        self, app: SlackApp, person: SlackPerson, shown: SlackView, block: Json, element: Json, entered: Any
    ) -> list[Json]:
        """The options that the app offers for a typed text."""
        typed = str(entered[0] if isinstance(entered, list) and entered else entered or "")
        payload = app_payloads.block_suggestion(self._store, app, person, shown, block, element, typed)
        reply = await self._delivery.interaction(app, payload, options=True)
        return view_state.options_of(reply.json) if isinstance(reply.json, dict) else []

    async def submit(self, person: SlackPerson, values: Json) -> ActionOutcome:
        """Fill in and submit, after the checks of Slack's own client."""
        await self.fill(person, values)
        shown, app = self._require_top(person)
        if not shown.view.get("submit"):
            raise ActionImpossible("the modal has no button to send it", 409)
        shown.errors, shown.notice = self._client_errors(shown), ""
        if shown.errors:
            await self._store.touch()
            return ActionOutcome(text="; ".join(shown.errors.values()), more={"errors": shown.errors})
        reply = await self._delivery.interaction(
            app, app_payloads.view_submission(self._store, app, person, shown)
        )
        answer = reply.json
        if reply.error or (reply.body.strip() and not isinstance(answer, dict)):
            if not reply.error:
                self._store.record_refusal(
                    "acknowledge view_submission", SlackRefusal("invalid_response"), {}
                )
            shown.notice = SUBMIT_FAILED_TEXT
            await self._store.touch()
            return ActionOutcome(answered=False, text=reply.error or SUBMIT_FAILED_TEXT)
        try:
            self._apply_answer(person, shown, answer or {})
        except SlackRefusal as error:
            self._store.record_refusal("acknowledge view_submission", error, answer)
            shown.notice = SUBMIT_FAILED_TEXT
            return ActionOutcome(answered=False, text=error.description)
        finally:
            await self._store.touch()
        return ActionOutcome(text="; ".join(shown.errors.values()), more={"errors": shown.errors})

    @staticmethod
    def _client_errors(shown: SlackView) -> dict[str, str]:
        found: dict[str, str] = {}
        for block, element in view_state.iter_fields(shown.view):
            if block["type"] != "input":
                continue
            value = shown.state[block["block_id"]][view_state.action_of(element)]
            error = view_state.validation_error(element, value, optional=bool(block.get("optional")))
            if error:
                found[block["block_id"]] = error
        return found

    def _apply_answer(self, person: SlackPerson, shown: SlackView, answer: Json) -> None:
        """Apply the app's answer."""
        match answer.get("response_action"):
            case None:
                self._pop(person, shown)
            case "errors":
                shown.errors = self._errors(shown, answer.get("errors"))
            case "update":
                view_methods.update_view(
                    self._store, shown, view_methods.checked_view(answer.get("view"), "modal")
                )
            case "push":
                fresh = view_methods.checked_view(answer.get("view"), "modal")
                view_methods.push_view(
                    self._store,
                    view_methods.create_view(self._store, shown.token, person.id, fresh),
                    person.id,
                )
            case "clear":
                view_methods.close_all_views(self._store, person.id)
            case other:
                raise SlackRefusal("invalid_response_action", f"/response_action/{other}")

    @staticmethod
    def _errors(shown: SlackView, payload: Any) -> dict[str, str]:
        """Error texts by block; a block that is no input of this view makes the answer invalid."""
        known = {
            block["block_id"] for block, _ in view_state.iter_fields(shown.view) if block["type"] == "input"
        }
        if not isinstance(payload, dict) or not payload or not set(payload) <= known:
            raise SlackRefusal("invalid_errors", "/errors")
        return {str(name): str(sentence) for name, sentence in payload.items()}

    def _pop(self, person: SlackPerson, shown: SlackView) -> None:
        open_views = self._store.world.stacks.get(person.id, [])
        if shown.id in open_views:
            open_views.remove(shown.id)
        self._store.world.views.pop(shown.id, None)

    async def close(self, person: SlackPerson) -> ActionOutcome:
        """Close the top view; one with ``clear_on_close`` closes all of them."""
        shown, app = self._require_top(person)
        payload = app_payloads.view_closed(
            self._store, app, person, shown, cleared=bool(shown.view.get("clear_on_close"))
        )
        if shown.view.get("clear_on_close"):
            view_methods.close_all_views(self._store, person.id)
        else:
            self._pop(person, shown)
        await self._store.touch()
        if shown.view.get("notify_on_close"):
            await self._delivery.interaction(app, payload)
        return ActionOutcome()


def _label(block: Json) -> str:
    for name in ("label", "text"):
        if isinstance(block.get(name), dict):
            return str(block[name]["text"])
    return ""
