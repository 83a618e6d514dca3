"""Which of its two cards a request is shown on: as whoever asked sees it, or as everybody else."""

from api.contract.requests import RequestOut
from bots.cards.drawing import CardKind
from bots.dialog.context import Context


def request_card(ctx: Context, request: RequestOut) -> CardKind:
    return CardKind.request if request.requested_by == ctx.me.id else CardKind.officer_request
