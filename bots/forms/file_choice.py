"""Which of a request's files go along with an RFQ: none unless they are chosen, one by one or all."""

from collections.abc import Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from pydantic import Field

from api.contract.attachments import RequestFileOut
from api.contract.quotes import DocumentOut
from bots.cards.card import Button
from bots.forms.form import FormContext, Values, choice_index
from bots.forms.quote_values import AttachedFile, file_names

MAX_FILES = 20
ALL = "fa"


class FileChoice(Values):
    """``offered``: the request's; ``carried``: those of them that the vendors get; ``files``: sent just now."""

    offered: list[AttachedFile] = Field(default_factory=list)
    carried: list[UUID] = Field(default_factory=list)
    files: list[AttachedFile] = Field(default_factory=list)

    @property
    def file_taken(self) -> str:
        return "forms.file_taken"

    @property
    def going(self) -> list[AttachedFile]:
        """All that the vendors get."""
        return [*(each for each in self.offered if each.id in self.carried), *self.files]


V = TypeVar("V", bound=FileChoice)


def files_to_offer(found: Iterable[RequestFileOut], there: Sequence[DocumentOut] = ()) -> list[AttachedFile]:
    """Those that may go to vendors and have not gone yet; a file for those who decide is not even named."""
    known = {(each.name, each.sha256) for each in there}
    return [
        AttachedFile.of(each) for each in found if not each.inside and (each.name, each.sha256) not in known
    ][:MAX_FILES]


def buttons(values: FileChoice, ctx: FormContext) -> list[Button]:
    """All at once where there are several, then each by its name."""
    each = [
        ctx.labelled_button(f"✓ {file.name}" if file.id in values.carried else file.name, f"f{index}")
        for index, file in enumerate(values.offered)
    ]
    return [ctx.button("buttons.all_files", ALL), *each] if len(each) > 1 else each


def chosen(values: V, choice: str) -> V | None:
    """With one more, one less, or all; None when the button is another one."""
    if choice == ALL and values.offered:
        return values.model_copy(update={"carried": [each.id for each in values.offered]})
    index = choice_index(choice, "f")
    if index is None or index >= len(values.offered):
        return None
    file_id = values.offered[index].id
    without = [each for each in values.carried if each != file_id]
    return values.model_copy(
        update={"carried": without if len(without) < len(values.carried) else [*without, file_id]}
    )


def named(values: FileChoice, ctx: FormContext) -> tuple[str, ...]:
    """What goes along, by name."""
    return file_names(values.going, ctx)
