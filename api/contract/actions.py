"""What may be done now, on the wire: every object carries the actions that its reader has.

One rule: whoever draws a button asks ``action``, never a state or a role.
"""

from api.contract.values import Moment, OutputModel
from core.kernel.actions import ActionVerb as ActionVerb
from core.kernel.actions import Needs as Needs


class ActionOut(OutputModel):
    """One action: what it needs, and until when it is offered (null: until something changes)."""

    verb: ActionVerb
    needs: Needs
    until: Moment | None = None


class Actionable(OutputModel):
    """A thing with the actions of the caller; a call whose action is not offered is refused."""

    actions: tuple[ActionOut, ...] = ()

    def action(self, verb: ActionVerb) -> ActionOut | None:
        """The action of this verb, if it is offered."""
        return next((action for action in self.actions if action.verb is verb), None)

    def offers(self, verb: ActionVerb) -> bool:
        return self.action(verb) is not None
