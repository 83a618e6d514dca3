"""The statements that read the facts behind vendors' figures, as they were known at a moment.

One rule: nothing later than ``:as_of`` is read, so a past moment gives what it gave then. Each reads the orders or RFQs
behind the id ``:after``, up to ``:up_to``; a fact needs nothing of any other, so ranges may be read one by one.

A line is on time by the share that had been accepted by its promised day: parts count as parts, a counter-entry counts
on the day of the entry that it corrects, and the promise is the one in force, so one that both sides moved counts as
moved. Whether it is late is known once all of it is there, or on the day after the promise.

What was late stays late when the buyer gives the order up. What was not due yet when it was given up was never late: an
order that ended with what had come by then asked for no more, and one that ended with nothing is left out.
"""

from typing import Any

from sqlalchemy import bindparam, text

from core.db.base import Id, Moment
from core.db.compiled import Prebuilt
from core.orders.events import OrderCancelled, OrderDeclined, OrderUndone
from core.orders.states import OrderState
from core.quotes.states import QuoteState
from core.rates.policy import MAX_RATE_AGE
from core.rfqs.events import RfqAwarded, RfqUnsuccessful
from core.rfqs.states import InvitationState, RfqState
from core.vendor_facts.model import COLUMNS, NO_DAY, NO_HOURS
from core.vendor_facts.policy import WINDOW_DAYS

_ZONE = "place AS (SELECT coalesce((SELECT zone FROM organisation), 'UTC') AS zone)"
_GIVEN_UP = ", ".join(f"'{each.type}'" for each in (OrderCancelled, OrderDeclined, OrderUndone))
_ENDED = ", ".join(f"'{state}'" for state in (RfqState.awarded, RfqState.unsuccessful))
_DECIDED = ", ".join(f"'{each.type}'" for each in (RfqAwarded, RfqUnsuccessful))
_SINCE = f":as_of - interval '{WINDOW_DAYS} days'"


_DELIVERIES = f"""
    WITH {_ZONE},
    issued AS MATERIALIZED (
      SELECT o.id, o.vendor_id, o.cost_centre, (o.created_at AT TIME ZONE 'UTC')::date AS begun,
        (o.issued_at AT TIME ZONE place.zone)::date AS issued_on, first.content AS first_terms, held.content AS terms,
        CASE WHEN ended.at <= :as_of THEN (ended.at AT TIME ZONE place.zone)::date END AS ended_on,
        o.state = '{OrderState.cancelled}' AND ended.at <= :as_of AS given_up
      FROM purchase_orders o CROSS JOIN place
      LEFT JOIN order_revisions first ON first.order_id = o.id AND first.revision = 1
      LEFT JOIN LATERAL (
        SELECT content FROM order_revisions r WHERE r.order_id = o.id AND r.replaced_at > :as_of
        ORDER BY r.revision LIMIT 1
      ) held ON first.order_id IS NOT NULL
      LEFT JOIN LATERAL (
        SELECT CASE
          WHEN o.state = '{OrderState.cancelled}' THEN (SELECT max(e.occurred_at) FROM audit_events e
            WHERE e.subject_id = o.id AND e.type IN ({_GIVEN_UP}))
          WHEN o.state = '{OrderState.completed}' AND o.reason IS NOT NULL THEN o.completed_at END AS at
      ) ended ON true
      WHERE o.id > :after AND o.id <= :up_to AND o.issued_at > {_SINCE} AND o.issued_at <= :as_of
        AND (o.state <> '{OrderState.cancelled}' OR ended.at IS NOT NULL)
    ),
    lines AS MATERIALIZED (
      SELECT i.id AS order_id, i.vendor_id, i.cost_centre, i.issued_on, i.ended_on, i.given_up, l.id,
        coalesce((held.line->>'quantity')::numeric, l.quantity) AS quantity,
        i.begun + coalesce((held.line->>'lead_time_days')::int, l.lead_time_days) AS promised,
        i.begun + coalesce((first.line->>'lead_time_days')::int, l.lead_time_days) AS first_promised
      FROM issued i JOIN purchase_order_lines l ON l.order_id = i.id
      LEFT JOIN LATERAL jsonb_array_elements(i.terms->'lines') held(line)
        ON i.terms IS NOT NULL AND (held.line->>'line_id')::uuid = l.id
      LEFT JOIN LATERAL jsonb_array_elements(i.first_terms->'lines') first(line)
        ON i.first_terms IS NOT NULL AND (first.line->>'line_id')::uuid = l.id
    ),
    entries AS MATERIALIZED (
      SELECT (line->>'line_id')::uuid AS line_id, r.kind = 'return' AS sent_back,
        (coalesce(c.received_at, r.received_at) AT TIME ZONE place.zone)::date AS day,
        (line->>'accepted')::numeric AS accepted, (line->>'rejected')::numeric AS rejected
      FROM issued i JOIN receipts r ON r.order_id = i.id AND r.received_at <= :as_of
      LEFT JOIN receipts c ON c.id = r.corrects CROSS JOIN place
      CROSS JOIN LATERAL jsonb_array_elements(r.lines) line
    ),
    counted AS (
      SELECT l.*, coalesce(sum(e.accepted) FILTER (WHERE NOT e.sent_back AND e.day <= l.promised), 0) AS by_promise,
        max(e.day) FILTER (WHERE NOT e.sent_back AND e.accepted > 0) AS last_day,
        coalesce(sum(e.accepted) FILTER (WHERE NOT e.sent_back), 0) AS accepted,
        coalesce(sum(e.rejected), 0) AS rejected,
        coalesce(-sum(e.accepted) FILTER (WHERE e.sent_back), 0) AS returned
      FROM lines l LEFT JOIN entries e ON e.line_id = l.id
      WHERE l.quantity > 0 AND (NOT coalesce(l.given_up, false) OR l.promised < l.ended_on)
      GROUP BY l.order_id, l.vendor_id, l.cost_centre, l.issued_on, l.ended_on, l.given_up, l.id, l.quantity,
        l.promised, l.first_promised
    ),
    awaited AS (
      SELECT *, CASE WHEN ended_on <= promised AND (accepted > 0 OR rejected = 0) THEN least(quantity, accepted)
        ELSE quantity END AS due
      FROM counted
    )
    SELECT order_id, vendor_id, cost_centre, issued_on, promised, promised <> first_promised AS moved, last_day,
      CASE WHEN by_promise >= due THEN last_day ELSE promised + 1 END AS known,
      (1 - greatest(0, least(1, by_promise / due)))::float8 AS late,
      accepted >= quantity AS complete, accepted + rejected > 0 AS arrived,
      (CASE WHEN accepted + rejected > 0
        THEN least(1, greatest(0, (rejected + returned) / (accepted + rejected))) ELSE 0 END)::float8 AS bad
    FROM awaited WHERE due > 0
"""
"""A row per ordered line. ``late`` and ``bad`` are shares of its quantity; a bad one was rejected or sent back."""

_ANSWERED = ", ".join(f"'{state}'" for state in (InvitationState.quoted, InvitationState.declined))
_ANSWERS = f"""
    WITH {_ZONE}, asked AS (
      SELECT i.vendor_id, i.sent_at, r.quote_by,
        CASE WHEN i.state IN ({_ANSWERED}) AND i.answered_at <= :as_of THEN i.answered_at END AS answered_at,
        CASE WHEN r.closed_at < r.quote_by THEN NULL ELSE r.quote_by END AS over_at
      FROM rfq_invitations i JOIN rfqs r ON r.id = i.rfq_id
      WHERE r.id > :after AND r.id <= :up_to
        AND i.sent_at > {_SINCE} AND i.sent_at <= :as_of AND r.state <> '{RfqState.cancelled}'
    )
    SELECT vendor_id, (coalesce(answered_at, over_at) AT TIME ZONE place.zone)::date AS known,
      coalesce(answered_at <= quote_by, false) AS in_time,
      (extract(epoch FROM answered_at - sent_at) / 3600)::float8 AS hours
    FROM asked CROSS JOIN place WHERE answered_at IS NOT NULL OR over_at <= :as_of
"""
"""A row per invitation that was answered, by a quote or a refusal, or whose deadline passed before the RFQ closed."""

_PRICES = f"""
    WITH {_ZONE}, valued AS (
      SELECT q.id, q.rfq_id, q.vendor_id, (r.closed_at AT TIME ZONE place.zone)::date AS known,
        q.total * CASE WHEN q.currency = (SELECT base_currency FROM organisation) THEN 1 ELSE (
          SELECT e.rate FROM exchange_rates e WHERE e.currency = q.currency AND e.day <= r.closed_at::date
            AND e.day >= r.closed_at::date - {MAX_RATE_AGE.days} ORDER BY e.day DESC LIMIT 1) END AS total
      FROM rfqs r JOIN vendor_quotes q ON q.rfq_id = r.id CROSS JOIN place
      CROSS JOIN LATERAL (
        SELECT coalesce(min(e.occurred_at), CASE WHEN r.state IN ({_ENDED}) THEN r.closed_at END) AS at
        FROM audit_events e WHERE e.subject_id = r.id AND e.type IN ({_DECIDED})
      ) decided
      WHERE r.id > :after AND r.id <= :up_to
        AND r.closed_at > {_SINCE} AND r.closed_at <= :as_of AND decided.at <= :as_of AND q.submitted_at <= :as_of
        AND q.complete AND q.state <> '{QuoteState.withdrawn}'
    ), ranked AS (
      SELECT vendor_id, known, total, row_number() OVER best AS place,
        first_value(total) OVER best AS lowest, nth_value(total, 2) OVER best AS second
      FROM valued WHERE total > 0
      WINDOW best AS (PARTITION BY rfq_id ORDER BY total, id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
    )
    SELECT vendor_id, known, (total / CASE WHEN place = 1 THEN second ELSE lowest END)::float8 AS ratio
    FROM ranked WHERE second IS NOT NULL
"""
"""A row per whole quote beside another one of a decided RFQ: its total over the best other's, at that day's rates.

A quote without a rate is left out.
"""


def _prebuilt(sql: str) -> Prebuilt:
    kinds: dict[str, Any] = {"as_of": Moment, "after": Id, "up_to": Id}
    return Prebuilt(text(sql).bindparams(*(bindparam(name, type_=kind) for name, kind in kinds.items())))


def _day(name: str) -> str:
    """A day as ``date.toordinal`` counts it."""
    return f"coalesce({name} - DATE '0001-01-01' + 1, {NO_DAY})"


_DAYS = ("issued_on", "promised", "last_day", "known")
_TAKEN = {
    **{name: _day(name) for name in _DAYS},
    **{name: f"{name}::int" for name in ("moved", "complete", "arrived", "in_time")},
    "vendor": "dense_rank() OVER (ORDER BY vendor_id) - 1",
    "place": "dense_rank() OVER (ORDER BY cost_centre) - 1",
    "order_number": "dense_rank() OVER (ORDER BY order_id) - 1",
    "hours": f"coalesce(hours, {NO_HOURS})",
}


def _by_column(kind: str, select: str) -> str:
    """One JSON object of the facts of a kind: a list for each column, and the vendors and places that have numbers."""
    columns = COLUMNS[kind]
    taken = ", ".join(f"{_TAKEN.get(name, name)} AS {name}" for name in columns)
    lists = ", ".join(f"'{name}', coalesce(json_agg({name}), '[]')" for name in columns)
    named = {"vendors": "vendor_id"} | ({"places": "cost_centre"} if "place" in columns else {})
    names = ", ".join(
        f"'{name}', (SELECT coalesce(json_agg(DISTINCT {of} ORDER BY {of}), '[]') FROM facts)"
        for name, of in named.items()
    )
    return (
        f"(WITH facts AS MATERIALIZED ({select}) SELECT json_build_object({names}, {lists})"
        f" FROM (SELECT {taken} FROM facts) taken)"
    )


DELIVERIES, ANSWERS, PRICES = _prebuilt(_DELIVERIES), _prebuilt(_ANSWERS), _prebuilt(_PRICES)
OF_ORDERS = _prebuilt(
    f"SELECT json_build_object('deliveries', {_by_column('deliveries', _DELIVERIES)})::text AS content"
)
OF_RFQS = _prebuilt(
    f"SELECT json_build_object('answers', {_by_column('answers', _ANSWERS)},"
    f" 'prices', {_by_column('prices', _PRICES)})::text AS content"
)
"""The same facts by column, for what is kept of a piece."""
