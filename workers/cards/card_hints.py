"""Which hints a card shows its reader, so that it is noted who had them before them.

One rule: what is noted is what stands on the card, and only once the chat has taken it.
"""

from collections.abc import Iterable
from uuid import UUID

from pydantic import BaseModel

from api.contract.approvals import ApprovalOut
from api.contract.awards import ComparisonOut
from api.contract.findings import FindingOut
from api.contract.vendor_scores import VendorScoreOut
from core.approvals.states import ApprovalState
from core.findings.policy import shown_hint
from core.insights.model import Figures, Hint, vendor_subject
from core.insights.policy import HERE, vendor_figures
from core.insights.states import Feature, HintPlace


def hints_of(model: BaseModel) -> tuple[Hint, ...]:
    """The scores and findings on an approval that waits, the scores beside quotes; what looked unusual."""
    if isinstance(model, ApprovalOut) and model.facts is not None and model.state is ApprovalState.pending:
        scores = _hints(model.facts.scores, HintPlace.approval, model.request_id)
        noted = (
            shown_hint(each.id, each.rule, each.facts, model.request_id, HintPlace.approval)
            for each in model.facts.findings
        )
        return (*scores, *noted)
    if isinstance(model, ComparisonOut):
        beside = (quote.score for quote in model.quotes if quote.score is not None)
        return tuple(_hints(beside, HintPlace.comparison, model.request_id))
    if isinstance(model, FindingOut):
        return (shown_hint(model.id, model.rule, model.facts, model.request_id, HintPlace.findings),)
    return ()


def _hints(scores: Iterable[VendorScoreOut], place: HintPlace, request_id: UUID) -> Iterable[Hint]:
    for score in scores:
        subject = vendor_subject(score.vendor_id)
        yield Hint(Feature.vendor_score, place, subject, _figures(score), score.run_id, request_id)


def _figures(score: VendorScoreOut) -> Figures:
    """As the API's own readings are noted, so that the same figures are noted once."""
    parts = {each.part.value: each for each in (*score.parts, score.total)}
    if score.here is not None:
        parts[score.here.part.value + HERE] = score.here
    return vendor_figures(parts)
