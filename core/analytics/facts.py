"""What each figure is counted from: one SELECT of facts per section.

One rule: a fact is ``key, label, request_id, at, value``; the figures of a section and the rows behind each of them are
read from the same SELECT, so they cannot differ.

``:before``, ``:since`` and ``:until`` bound the window and the one before it, ``:zone`` is the organisation's,
``:digits`` the decimals of its currency.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.analytics.model import FigureUnit, Kind, Matter
from core.approvals.states import ApprovalState
from core.orders.states import OrderState
from core.quotes.states import QuoteState
from core.rates.policy import MAX_RATE_AGE
from core.rfqs.states import InvitationState, RfqState
from core.stage_visits.model import SEQUENCE, Stage


@dataclass(frozen=True)
class SectionSpec:
    """``most``: how many rows are shown, the greatest first; the rest is one row more, where they can be added."""

    name: str
    unit: FigureUnit
    kind: Kind
    facts: str
    most: int = 40
    by_key: bool = False
    """Ordered by the key, such as a week, and not by size."""
    now: bool = False
    own_currency: bool = False
    """The key of each row is the currency of its value."""


def _within(moment: str) -> str:
    return f"{moment} >= :before AND {moment} < :until"


def _list(words: object) -> str:
    return ", ".join(f"'{word}'" for word in words)  # type: ignore[attr-defined]


_LEFT = f"left_at IS NOT NULL AND NOT stopped AND {_within('left_at')}"
_CLOCK = "CASE WHEN :working THEN working_s ELSE calendar_s END"
_ACROSS = (Stage.buying, Stage.approving, Stage.acknowledging, Stage.receiving)
_WEEK = "to_char(date_trunc('week', {} AT TIME ZONE :zone), 'YYYY-MM-DD')"
OLDEST = "5"
_AGES = {"1": 1, "2": 3, "3": 7, "4": 14}
_YOUNGER = " ".join(
    f"WHEN :now - entered_at < interval '{days} days' THEN '{key}'" for key, days in _AGES.items()
)
SPENT = f"""
    SELECT o.id, o.request_id, o.quote_id, o.split_award_id, o.created_at AS at, o.vendor_id, o.cost_centre, o.currency,
      o.total, o.issued_at, o.due_on, a.opened_at::date AS rate_day, a.base_currency,
      CASE WHEN o.currency = a.base_currency THEN 1
        WHEN o.currency = a.currency AND a.amount > 0 THEN a.amount_base / a.amount
        ELSE (SELECT e.rate FROM exchange_rates e
          WHERE e.currency = o.currency AND e.day <= a.opened_at::date
            AND e.day >= a.opened_at::date - {MAX_RATE_AGE.days}
          ORDER BY e.day DESC LIMIT 1) END AS rate,
      CASE WHEN o.currency = a.currency AND o.total = a.amount THEN a.amount_base END AS decided
    FROM purchase_orders o JOIN approvals a ON a.id = o.approval_id
    WHERE {_within("o.created_at")} AND o.state <> '{OrderState.cancelled}'
"""
"""Each order with the rate by which its approval was decided; a share of a split award may be in another currency."""
_CONVERTED = "round(coalesce(s.decided, s.total * s.rate), :digits)"
CLOSED = f"""
    SELECT r.id, r.request_id, r.currency, r.closed_at AS at FROM rfqs r
    WHERE r.closed_at IS NOT NULL AND {_within("r.closed_at")}
      AND r.state IN ({_list((RfqState.closed, RfqState.awarded, RfqState.unsuccessful))})
"""
_VALID = f"q.complete AND q.state <> '{QuoteState.withdrawn}'"
"""One that expired since was there to be chosen: what a window's figures are does not change with the time after it."""


def _spent_by(key: str, label: str, joined: str = "", value: str = _CONVERTED) -> str:
    return (
        f"SELECT {key} AS key, {label} AS label, s.request_id, s.at, {value} AS value FROM spent s {joined}"
    )


_MONTH = "date_trunc('month', s.at AT TIME ZONE :zone)"
_NEXT_MONTH = f"{_MONTH} + interval '1 month'"
_SINCE, _UNTIL = "(:since AT TIME ZONE :zone)", "(:until AT TIME ZONE :zone)"
_DAYS_OF_MONTH = (
    f"CASE WHEN {_MONTH} < {_SINCE} OR {_NEXT_MONTH} > {_UNTIL}"
    f" THEN to_char(greatest({_MONTH}, {_SINCE}), 'YYYY-MM-DD') || '/'"
    f" || to_char(least({_NEXT_MONTH}, {_UNTIL}) - interval '1 day', 'YYYY-MM-DD') ELSE '' END"
)
"""The first and the last day of a month that the window cuts."""
_VENDOR = "JOIN vendors v ON v.id = s.vendor_id"
_WAITS = (
    SectionSpec(
        "stages",
        FigureUnit.seconds,
        Kind.middle,
        f"SELECT stage AS key, '' AS label, request_id, left_at AS at, {_CLOCK} AS value FROM stage_visits"
        f" WHERE {_LEFT} AND stage IN ({_list(SEQUENCE)})",
    ),
    SectionSpec(
        "steps",
        FigureUnit.seconds,
        Kind.middle,
        "SELECT s.name AS key, s.name AS label, v.request_id, v.left_at AS at, v.calendar_s - v.paused_s AS value"
        " FROM stage_visits v JOIN approval_steps s ON s.id = v.step_id"
        f" WHERE {_LEFT} AND v.stage = '{Stage.deciding}'",
    ),
    SectionSpec(
        "ages",
        FigureUnit.number,
        Kind.number,
        f"SELECT CASE {_YOUNGER}"
        f" ELSE '{OLDEST}' END AS key, '' AS label, request_id, entered_at AS at,"
        " extract(epoch FROM :now - entered_at) AS value FROM stage_visits"
        f" WHERE left_at IS NULL AND stage IN ({_list(SEQUENCE)})",
        by_key=True,
        now=True,
    ),
)
_TIME = (
    SectionSpec(
        "whole",
        FigureUnit.seconds,
        Kind.middle,
        f"SELECT stage AS key, '' AS label, request_id, left_at AS at, {_CLOCK} AS value FROM stage_visits"
        f" WHERE {_LEFT} AND stage IN ({_list(_ACROSS)})",
    ),
    SectionSpec(
        "weeks",
        FigureUnit.seconds,
        Kind.middle,
        f"SELECT {_WEEK.format('left_at')} AS key, '' AS label, request_id, left_at AS at, {_CLOCK} AS value"
        f" FROM stage_visits WHERE {_LEFT} AND left_at >= :since AND stage = '{Stage.buying}'",
        most=200,
        by_key=True,
    ),
)
_SPEND = (
    SectionSpec(
        "months",
        FigureUnit.money,
        Kind.sum,
        _spent_by("to_char(s.at AT TIME ZONE :zone, 'YYYY-MM')", _DAYS_OF_MONTH, "WHERE s.at >= :since"),
        most=60,
        by_key=True,
    ),
    SectionSpec(
        "vendors", FigureUnit.money, Kind.sum, _spent_by("s.vendor_id::text", "v.name", _VENDOR), most=20
    ),
    SectionSpec(
        "categories", FigureUnit.money, Kind.sum, _spent_by("v.category", "v.category", _VENDOR), most=20
    ),
    SectionSpec(
        "cost_centres", FigureUnit.money, Kind.sum, _spent_by("s.cost_centre", "s.cost_centre"), most=20
    ),
    SectionSpec(
        "currencies",
        FigureUnit.money,
        Kind.sum,
        _spent_by("s.currency", "s.currency", value="s.total"),
        own_currency=True,
    ),
)
_ASKED = "FROM closed c JOIN rfq_invitations i ON i.rfq_id = c.id JOIN vendors v ON v.id = i.vendor_id"
PROMISED = f"""
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
    WHERE o.state NOT IN ({_list((OrderState.cancelled, OrderState.generated))}) AND l.ordered > 0
      AND (o.due_on >= (:before AT TIME ZONE :zone)::date OR p.first >= (:before AT TIME ZONE :zone)::date)
      AND (o.due_on < (:until AT TIME ZONE :zone)::date OR p.first < (:until AT TIME ZONE :zone)::date)
"""
"""What was accepted by the promise as it is now, and by the first one; counter-entries and returns are taken off."""


def _arrived(promise: str) -> str:
    """The share of each order that had arrived by a promise of these weeks that is over."""
    day = f"p.{promise}"
    return (
        f"SELECT p.vendor_id::text AS key, v.name AS label, p.request_id,"
        f" {day}::timestamp AT TIME ZONE :zone AS at,"
        f" greatest(0, least(1, coalesce(p.by_{promise}, 0) / p.ordered)) AS value"
        " FROM promised p JOIN vendors v ON v.id = p.vendor_id"
        f" WHERE {day} >= (:before AT TIME ZONE :zone)::date AND {day} < (:until AT TIME ZONE :zone)::date"
        f" AND {day} < (:now AT TIME ZONE :zone)::date"
    )


_VENDORS = (
    SectionSpec(
        "answers",
        FigureUnit.percent,
        Kind.share,
        "SELECT i.vendor_id::text AS key, v.name AS label, c.request_id, c.at,"
        f" (i.state IN ({_list((InvitationState.quoted, InvitationState.declined))}))::int AS value {_ASKED}",
        most=20,
    ),
    SectionSpec(
        "speed",
        FigureUnit.seconds,
        Kind.middle,
        "SELECT i.vendor_id::text AS key, v.name AS label, c.request_id, c.at,"
        f" extract(epoch FROM i.answered_at - i.sent_at) AS value {_ASKED}"
        f" WHERE i.state = '{InvitationState.quoted}' AND i.answered_at IS NOT NULL",
        most=20,
    ),
    SectionSpec(
        "on_time",
        FigureUnit.percent,
        Kind.share,
        _arrived("due"),
        most=20,
    ),
    SectionSpec(
        "first_promise",
        FigureUnit.percent,
        Kind.share,
        _arrived("first"),
        most=20,
    ),
)
SAVINGS = ("first_quote", "median", "last_paid")
"""Against the quote as it was chosen: what is changed in the order later is no saving."""
_FIRST_QUOTE = f"""
    SELECT '{SAVINGS[0]}' AS key, '' AS label, s.request_id, s.at,
      round(((f.content->>'total')::numeric - w.total) * s.rate, :digits) AS value
    FROM spent s JOIN vendor_quotes w ON w.id = s.quote_id AND w.currency = s.currency
    JOIN quote_revisions f ON f.quote_id = w.id AND f.revision = 1 AND f.content->>'currency' = w.currency
    WHERE s.split_award_id IS NULL
"""
_MEDIAN = f"""
    SELECT '{SAVINGS[1]}', '', s.request_id, s.at, round((m.middle::numeric - w.total) * s.rate, :digits)
    FROM spent s JOIN vendor_quotes w ON w.id = s.quote_id AND w.currency = s.currency
    CROSS JOIN LATERAL (
      SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY q.total) AS middle, count(*) AS n
      FROM vendor_quotes q WHERE q.rfq_id = w.rfq_id AND q.currency = w.currency AND {_VALID}
    ) m WHERE s.split_award_id IS NULL AND m.n > 1
"""
_LAST_PAID = f"""
    SELECT '{SAVINGS[2]}', '', paid.request_id, paid.at,
      round(sum((paid.before - paid.unit_price) * paid.quantity) * paid.rate, :digits)
    FROM (
      SELECT s.id, s.request_id, s.at, s.rate, l.unit_price, l.quantity, (
        SELECT e.unit_price FROM purchase_order_lines e
        WHERE lower(e.description) = lower(l.description) AND e.id < l.id AND e.unit = l.unit AND EXISTS (
          SELECT FROM purchase_orders x WHERE x.id = e.order_id AND x.currency = s.currency AND x.id <> s.id
            AND x.state <> '{OrderState.cancelled}' OFFSET 0
        ) ORDER BY e.id DESC LIMIT 1
      ) AS before FROM spent s JOIN purchase_order_lines l ON l.order_id = s.id
    ) paid WHERE paid.before IS NOT NULL GROUP BY paid.id, paid.request_id, paid.at, paid.rate
"""
_COMPETITION = (
    SectionSpec(
        "quotes",
        FigureUnit.number,
        Kind.number,
        "SELECT least(q.n, 4)::text AS key, '' AS label, c.request_id, c.at, q.n AS value"
        f" FROM closed c CROSS JOIN LATERAL (SELECT count(*) AS n FROM vendor_quotes q WHERE q.rfq_id = c.id"
        f" AND {_VALID}) q",
        by_key=True,
    ),
    SectionSpec(
        "gap",
        FigureUnit.percent,
        Kind.middle,
        "SELECT v.category AS key, v.category AS label, c.request_id, c.at,"
        " round(100 * (q.totals[2] - q.totals[1]) / q.totals[1], 1) AS value"
        f" FROM closed c CROSS JOIN LATERAL (SELECT array_agg(q.total ORDER BY q.total, q.id) AS totals,"
        " (array_agg(q.vendor_id ORDER BY q.total, q.id))[1] AS best FROM vendor_quotes q"
        f" WHERE q.rfq_id = c.id AND q.currency = c.currency AND {_VALID}) q JOIN vendors v ON v.id = q.best"
        " WHERE q.totals[1] > 0 AND q.totals[2] IS NOT NULL",
    ),
    SectionSpec(
        "savings",
        FigureUnit.money,
        Kind.sum,
        " UNION ALL ".join((_FIRST_QUOTE, _MEDIAN, _LAST_PAID)),
        by_key=True,
    ),
)
_OF_ORDERS = f"SELECT '{{key}}' AS key, '' AS label, s.request_id, s.at, {_CONVERTED} AS value FROM spent s"
_EXCEPTIONS = (
    SectionSpec(
        "exceptions",
        FigureUnit.money,
        Kind.sum,
        " UNION ALL ".join(
            (
                _OF_ORDERS.format(key="orders"),
                _OF_ORDERS.format(key="single_quote")
                + " JOIN vendor_quotes w ON w.id = s.quote_id WHERE 1 = (SELECT count(*) FROM vendor_quotes q"
                f" WHERE q.rfq_id = w.rfq_id AND {_VALID})",
                _OF_ORDERS.format(key="late_quote")
                + " JOIN procurement_requests r ON r.id = s.request_id WHERE s.due_on > r.needed_by",
                _OF_ORDERS.format(key="after_the_fact")
                + " WHERE EXISTS (SELECT FROM receipts t WHERE t.order_id = s.id AND t.kind = 'receipt'"
                " AND (t.received_at AT TIME ZONE :zone)::date <= (s.at AT TIME ZONE :zone)::date)",
                "SELECT 'split' AS key, '' AS label, a.request_id, a.opened_at AS at, a.amount_base AS value"
                f" FROM approvals a WHERE {_within('a.opened_at')} AND a.siblings <> '{{{{}}}}'"
                f" AND a.state = '{ApprovalState.approved}'".replace("{{}}", "{}"),
            )
        ),
    ),
)
SECTIONS: Mapping[Matter, tuple[SectionSpec, ...]] = {
    Matter.waits: _WAITS,
    Matter.time: _TIME,
    Matter.spend: _SPEND,
    Matter.vendors: _VENDORS,
    Matter.competition: _COMPETITION,
    Matter.exceptions: _EXCEPTIONS,
}
COMMON: Mapping[str, str] = {"spent": SPENT, "closed": CLOSED, "promised": PROMISED}
"""What several sections are counted from, by the name under which their facts read it."""
RATES_USED = (
    f"WITH spent AS ({SPENT}) SELECT min(s.rate_day) AS first, max(s.rate_day) AS last,"
    " count(*) FILTER (WHERE s.rate IS NULL) AS unconverted"
    " FROM spent s WHERE s.at >= :since AND (s.rate IS NULL OR s.currency <> s.base_currency)"
)
STILL_OPEN = """
    SELECT stage, count(*) AS n, extract(epoch FROM :now - min(entered_at))::bigint AS oldest_s
    FROM stage_visits WHERE left_at IS NULL GROUP BY stage
"""
