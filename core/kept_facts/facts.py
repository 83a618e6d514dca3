"""What figures are counted from: one SELECT of facts each, for the purchases that are asked for.

One rule: a fact is ``key, subject_id, request_id, at, value``. Facts are kept as they are derived here; a figure and
the rows behind it are read from the same facts, so they cannot differ.

``asked`` has the purchases. ``:zone`` is the organisation's, ``:digits`` the decimals of its currency.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.approvals.events import ApprovalOpened, ApprovalWithdrawn
from core.approvals.states import ApprovalState
from core.decisions.events import (
    ApprovalApproved,
    ApprovalRejected,
    ApprovalStepOpened,
    ApprovalUndone,
    QuestionAnswered,
)
from core.log.events import Event
from core.order_changes.events import ChangeAccepted
from core.orders.events import OrderCancelled, OrderDeclined, OrderEvent, OrderGenerated, OrderUndone
from core.orders.states import OrderState
from core.quotes.events import QuoteWithdrawn
from core.quotes.states import QuoteState
from core.rates.events import RatesLoaded
from core.rates.policy import MAX_RATE_AGE
from core.rfqs.events import RfqCancelled, RfqClosed, RfqReplaced, RfqUndecided, RfqUnsuccessful
from core.rfqs.states import InvitationState, RfqState
from core.stage_visits.model import Stage

COUNTED: tuple[type[Event], ...] = (
    RfqUnsuccessful,
    RfqUndecided,
    RfqReplaced,
    RfqCancelled,
    QuoteWithdrawn,
    RatesLoaded,
)
"""The events beside those of stages after which facts may be others."""
AFTER_STAGES: tuple[type[Event], ...] = (
    RfqClosed,
    ApprovalOpened,
    ApprovalStepOpened,
    ApprovalApproved,
    ApprovalRejected,
    ApprovalUndone,
    ApprovalWithdrawn,
    QuestionAnswered,
    OrderEvent,
)
"""Those among the events of stages after which facts may be others, too."""
PRICED: tuple[type[Event], ...] = (OrderGenerated, OrderCancelled, OrderDeclined, OrderUndone, ChangeAccepted)
"""After these the next order of the same words has another price before it."""


@dataclass(frozen=True)
class KeptFact:
    """``lengths``: its facts have percentiles, so they are also found by how long they are."""

    name: str
    select: str
    lengths: bool = False


def _word(key: str) -> str:
    return f"'{key}'"


def _list(words: Iterable[str]) -> str:
    return ", ".join(_word(word) for word in words)


_ASKED = "= ANY(ARRAY(SELECT request_id FROM asked))"
_SPENT = f"""
    SELECT o.id, o.request_id, o.quote_id, o.split_award_id, o.created_at AS at, o.vendor_id, o.cost_centre, o.currency,
      o.total, o.due_on, a.opened_at::date AS rate_day, a.base_currency,
      CASE WHEN o.currency = a.base_currency THEN 1
        WHEN o.currency = a.currency AND a.amount > 0 THEN a.amount_base / a.amount
        ELSE (SELECT e.rate FROM exchange_rates e
          WHERE e.currency = o.currency AND e.day <= a.opened_at::date
            AND e.day >= a.opened_at::date - {MAX_RATE_AGE.days}
          ORDER BY e.day DESC LIMIT 1) END AS rate,
      CASE WHEN o.currency = a.currency AND o.total = a.amount THEN a.amount_base END AS decided
    FROM purchase_orders o JOIN approvals a ON a.id = o.approval_id
    WHERE o.request_id {_ASKED} AND o.state <> '{OrderState.cancelled}'
"""
"""Each order with the rate by which its approval was decided; a share of a split award may be in another currency."""
_CONVERTED = "round(coalesce(s.decided, s.total * s.rate), :digits)"
_CLOSED = f"""
    SELECT r.id, r.request_id, r.currency, r.closed_at AS at FROM rfqs r
    WHERE r.request_id {_ASKED} AND r.closed_at IS NOT NULL
      AND r.state IN ({_list((RfqState.closed, RfqState.awarded, RfqState.unsuccessful))})
"""
_VALID = f"q.complete AND q.state <> '{QuoteState.withdrawn}'"
"""One that expired since was there to be chosen: what a window's figures are does not change with the time after it."""
_SUPPLYING = f"""
    q.state <> '{QuoteState.withdrawn}' AND EXISTS (
      SELECT FROM quote_lines n WHERE n.quote_id = q.id AND coalesce(n.unit_price, n.alternative_price) IS NOT NULL)
"""
"""From a vendor that could supply something of it: a part, or something else in its place."""
_PROMISED = f"""
    SELECT o.id, o.vendor_id, o.request_id, o.due_on AS due, p.first, l.ordered, t.by_due, t.by_first
    FROM purchase_orders o
    LEFT JOIN order_revisions f ON f.order_id = o.id AND f.revision = 1
    CROSS JOIN LATERAL (SELECT coalesce((f.content->>'due_on')::date, o.due_on) AS first OFFSET 0) p
    CROSS JOIN LATERAL (SELECT sum(quantity) AS ordered FROM purchase_order_lines WHERE order_id = o.id) l
    CROSS JOIN LATERAL (
      SELECT sum(accepted) FILTER (WHERE day <= o.due_on) AS by_due,
        sum(accepted) FILTER (WHERE day <= p.first) AS by_first
      FROM (
        SELECT (line->>'accepted')::numeric AS accepted, (r.received_at AT TIME ZONE :zone)::date AS day
        FROM receipts r, jsonb_array_elements(r.lines) line WHERE r.order_id = o.id
      ) entries
    ) t
    WHERE o.request_id {_ASKED} AND o.state NOT IN ({_list((OrderState.cancelled, OrderState.generated))})
      AND l.ordered > 0
"""
"""What was accepted by the promise as it is now, and by the first one; counter-entries and returns are taken off."""
COMMON: Mapping[str, str] = {"spent": _SPENT, "closed": _CLOSED, "promised": _PROMISED}
"""What several facts are made of, by the name under which they read it."""


def _of_orders(key: str, value: str = _CONVERTED, more: str = "") -> str:
    return (
        f"SELECT {key} AS key, s.id AS subject_id, s.request_id, s.at, {value} AS value FROM spent s {more}"
    )


def _of_invitations(value: str, more: str = "") -> str:
    return (
        f"SELECT i.vendor_id::text AS key, c.id AS subject_id, c.request_id, c.at, {value} AS value"
        f" FROM closed c JOIN rfq_invitations i ON i.rfq_id = c.id {more}"
    )


def _arrived(promise: str) -> str:
    """The share of each order that had arrived by a promise."""
    return (
        f"SELECT p.vendor_id::text AS key, p.id AS subject_id, p.request_id,"
        f" p.{promise}::timestamp AT TIME ZONE :zone AS at,"
        f" greatest(0, least(1, coalesce(p.by_{promise}, 0) / p.ordered)) AS value FROM promised p"
    )


SAVINGS = ("first_quote", "median", "last_paid")
"""Against the quote as it was chosen: what is changed in the order later is no saving."""
_FIRST_QUOTE = _of_orders(
    _word(SAVINGS[0]),
    "round(((f.content->>'total')::numeric - w.total) * s.rate, :digits)",
    "JOIN vendor_quotes w ON w.id = s.quote_id AND w.currency = s.currency"
    " JOIN quote_revisions f ON f.quote_id = w.id AND f.revision = 1 AND f.content->>'currency' = w.currency"
    " WHERE s.split_award_id IS NULL",
)
_MEDIAN = _of_orders(
    _word(SAVINGS[1]),
    "round((m.middle::numeric - w.total) * s.rate, :digits)",
    f"""JOIN vendor_quotes w ON w.id = s.quote_id AND w.currency = s.currency
    CROSS JOIN LATERAL (
      SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY q.total) AS middle, count(*) AS n
      FROM vendor_quotes q WHERE q.rfq_id = w.rfq_id AND q.currency = w.currency AND {_VALID}
    ) m WHERE s.split_award_id IS NULL AND m.n > 1""",
)
LOOKED_AT = 200
"""So many lines of the same words are looked at for one in the same unit and currency.

They are bounded by words and id together: with the words equal, the planner may walk along all ids instead.
"""
_LAST_PAID = f"""
    SELECT '{SAVINGS[2]}', paid.id, paid.request_id, paid.at,
      round(sum((paid.before - paid.unit_price) * paid.quantity) * paid.rate, :digits)
    FROM (
      SELECT s.id, s.request_id, s.at, s.rate, l.unit_price, l.quantity, (
        SELECT e.unit_price FROM (
          SELECT lower(n.description) AS words, n.id, n.order_id, n.unit, n.unit_price FROM purchase_order_lines n
          WHERE (lower(n.description), n.id) < (lower(l.description), l.id)
            AND lower(n.description) >= lower(l.description)
          ORDER BY lower(n.description) DESC, n.id DESC LIMIT {LOOKED_AT}
        ) e WHERE e.unit = l.unit AND EXISTS (
          SELECT FROM purchase_orders x WHERE x.id = e.order_id AND x.currency = s.currency AND x.id <> s.id
            AND x.state <> '{OrderState.cancelled}' OFFSET 0
        ) ORDER BY e.words DESC, e.id DESC LIMIT 1
      ) AS before FROM spent s JOIN purchase_order_lines l ON l.order_id = s.id
    ) paid WHERE paid.before IS NOT NULL GROUP BY paid.id, paid.request_id, paid.at, paid.rate
"""
FOLLOWERS = f"""
    SELECT n.request_id FROM audit_events a
    JOIN purchase_orders o ON o.request_id = a.request_id
    JOIN purchase_order_lines l ON l.order_id = o.id
    CROSS JOIN LATERAL (
      SELECT x.request_id FROM (
        SELECT lower(n.description) AS words, n.id, n.order_id, n.unit FROM purchase_order_lines n
        WHERE (lower(n.description), n.id) > (lower(l.description), l.id)
          AND lower(n.description) <= lower(l.description)
        ORDER BY lower(n.description), n.id LIMIT {LOOKED_AT}
      ) e JOIN purchase_orders x ON x.id = e.order_id
      WHERE e.unit = l.unit AND x.currency = o.currency AND x.id <> o.id AND x.state <> '{OrderState.cancelled}'
      ORDER BY e.words, e.id LIMIT 1
    ) n
    WHERE a.position > :after AND a.position <= :up_to AND a.type IN ({_list(each.type for each in PRICED)})
"""
"""The purchases whose last paid price may be another since: of each line, the next one with the same words."""
REVALUED = f"""
    SELECT o.request_id FROM purchase_orders o JOIN approvals a ON a.id = o.approval_id
    WHERE o.split_award_id IS NOT NULL AND o.currency NOT IN (a.currency, a.base_currency)
      AND EXISTS (SELECT FROM audit_events e
        WHERE e.position > :after AND e.position <= :up_to AND e.type = '{RatesLoaded.type}')
"""
"""The purchases whose rate may be another since rates were loaded: an approval keeps its own, shares take the day's."""
_EXCEPTIONS = " UNION ALL ".join(
    (
        _of_orders(_word("orders")),
        _of_orders(
            _word("single_quote"),
            more="JOIN vendor_quotes w ON w.id = s.quote_id WHERE 1 = (SELECT count(DISTINCT q.vendor_id)"
            f" FROM vendor_quotes q WHERE q.rfq_id = w.rfq_id AND {_SUPPLYING})",
        ),
        _of_orders(
            _word("late_quote"),
            more="JOIN procurement_requests r ON r.id = s.request_id WHERE s.due_on > r.needed_by",
        ),
        _of_orders(
            _word("after_the_fact"),
            more="WHERE EXISTS (SELECT FROM receipts t WHERE t.order_id = s.id AND t.kind = 'receipt'"
            " AND (t.received_at AT TIME ZONE :zone)::date <= (s.at AT TIME ZONE :zone)::date)",
        ),
        f"""SELECT 'split', a.id, a.request_id, a.opened_at, a.amount_base FROM approvals a
        WHERE a.request_id {_ASKED} AND cardinality(a.siblings) > 0 AND a.state = '{ApprovalState.approved}'""",
    )
)
STEPS = KeptFact(
    "steps",
    "SELECT s.name AS key, md5(s.id::text || v.visit)::uuid AS subject_id, v.request_id, v.left_at AS at,"
    " v.calendar_s - v.paused_s AS value"
    " FROM stage_visits v JOIN approval_steps s ON s.id = v.step_id"
    f" WHERE v.request_id {_ASKED} AND v.left_at IS NOT NULL AND NOT v.stopped AND v.stage = '{Stage.deciding}'",
    lengths=True,
)
MONTHS = KeptFact("months", _of_orders("to_char(s.at AT TIME ZONE :zone, 'YYYY-MM')"))
VENDORS = KeptFact("vendors", _of_orders("s.vendor_id::text"))
COST_CENTRES = KeptFact("cost_centres", _of_orders("s.cost_centre"))
CURRENCIES = KeptFact("currencies", _of_orders("s.currency", "s.total"))
RATE_DAYS = KeptFact(
    "rate_days",
    _of_orders(
        "CASE WHEN s.rate IS NULL THEN '' ELSE s.rate_day::text END",
        "1",
        "WHERE s.rate IS NULL OR s.currency <> s.base_currency",
    ),
)
"""By which day's rate an order was converted; the key of those without a rate is empty."""
ANSWERS = KeptFact(
    "answers",
    _of_invitations(f"(i.state IN ({_list((InvitationState.quoted, InvitationState.declined))}))::int"),
)
SPEED = KeptFact(
    "speed",
    _of_invitations(
        "extract(epoch FROM i.answered_at - i.sent_at)",
        f"WHERE i.state = '{InvitationState.quoted}' AND i.answered_at IS NOT NULL",
    ),
    lengths=True,
)
ON_TIME = KeptFact("on_time", _arrived("due"))
FIRST_PROMISE = KeptFact("first_promise", _arrived("first"))
QUOTES = KeptFact(
    "quotes",
    "SELECT least(q.n, 4)::text AS key, c.id AS subject_id, c.request_id, c.at, q.n AS value"
    f" FROM closed c CROSS JOIN LATERAL (SELECT count(*) AS n FROM vendor_quotes q WHERE q.rfq_id = c.id"
    f" AND {_VALID}) q",
)
GAP = KeptFact(
    "gap",
    "SELECT q.best::text AS key, c.id AS subject_id, c.request_id, c.at,"
    " round(100 * (q.totals[2] - q.totals[1]) / q.totals[1], 1) AS value"
    " FROM closed c CROSS JOIN LATERAL (SELECT array_agg(q.total ORDER BY q.total, q.id) AS totals,"
    " (array_agg(q.vendor_id ORDER BY q.total, q.id))[1] AS best FROM vendor_quotes q"
    f" WHERE q.rfq_id = c.id AND q.currency = c.currency AND {_VALID}) q"
    " WHERE q.totals[1] > 0 AND q.totals[2] IS NOT NULL",
    lengths=True,
)
"""The key is the vendor of the best quote."""
SAVED = KeptFact("savings", " UNION ALL ".join((_FIRST_QUOTE, _MEDIAN, _LAST_PAID)))
EXCEPTIONS = KeptFact("exceptions", _EXCEPTIONS)
KEPT = (
    STEPS, MONTHS, VENDORS, COST_CENTRES, CURRENCIES, RATE_DAYS, ANSWERS, SPEED, ON_TIME, FIRST_PROMISE, QUOTES, GAP,
    SAVED, EXCEPTIONS,
)  # fmt: skip
