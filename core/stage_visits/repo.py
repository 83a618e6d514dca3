"""The statements that derive visits from the log.

One rule: the visits of a purchase are always derived from all of its sealed events, in the order of their positions; so
an event that comes twice, late or after a restart leads to the same rows.

An event moves one or more lanes: the purchase, each of its orders, each of its approvals. Where a lane is in another
stage than before, a visit begins, and it ends where the next change of its lane is. An event more can end a visit and
begin others, and never changes one that has ended; that is why rows are only added or completed, and why reading less
of the log than before takes nothing back.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from core.approvals.events import ApprovalOpened, ApprovalWithdrawn
from core.db.base import Id, Moment
from core.db.compiled import Prebuilt
from core.decisions.events import (
    ApprovalApproved,
    ApprovalRejected,
    ApprovalStepOpened,
    ApprovalUndone,
    QuestionAnswered,
    QuestionAsked,
)
from core.event_types import concrete_classes
from core.log.events import Event
from core.orders.events import OrderEvent, OrderIssued
from core.orders.states import OrderState as Order
from core.people.tables import organisation
from core.requests.events import (
    RequestEvent,
    RequestReturned,
    RequestSourcingFailed,
    RequestSubmitted,
)
from core.requests.states import RequestState as Request
from core.rfqs.events import RfqClosed, RfqSent
from core.stage_visits.model import Stage
from core.stage_visits.tables import measured_log, working_days

MEASURED: tuple[type[Event], ...] = (
    RequestEvent,
    RfqSent,
    RfqClosed,
    ApprovalOpened,
    ApprovalStepOpened,
    ApprovalApproved,
    ApprovalRejected,
    ApprovalUndone,
    ApprovalWithdrawn,
    QuestionAsked,
    QuestionAnswered,
    OrderEvent,
)
"""The events that begin or end a visit, base classes included."""


def _list(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _types(*kinds: type[Event]) -> str:
    return _list(dict.fromkeys(each.type for kind in kinds for each in concrete_classes(kind)))


_GIVEN_UP = _list((Request.draft, Request.withdrawn, Request.cancelled, Request.rejected))
_PAST = _list((Request.approved, Request.ordered, Request.completed))
_OPENING = _types(ApprovalOpened, ApprovalStepOpened, ApprovalUndone)
_CLOSING = _types(ApprovalApproved, ApprovalRejected, ApprovalWithdrawn)
_REQUEST = _types(RequestEvent)
_VISITS = f"""
    events AS MATERIALIZED (
      SELECT request_id, subject_id, type, position, occurred_at, data->>'state' AS state, data->>'by' AS by,
        (data->>'step_id')::uuid AS step_id, data->>'about_kind' AS about_kind
      FROM audit_events WHERE {{condition}} AND position <= :up_to AND type IN ({_types(*MEASURED)})
    ),
    moves AS (
      SELECT request_id, request_id AS subject_id, 'purchase' AS lane, position, occurred_at, NULL::uuid AS step_id,
        CASE WHEN type = '{RfqSent.type}' THEN '{Stage.quoting}'
          WHEN type IN ('{RfqClosed.type}', '{RequestReturned.type}') THEN '{Stage.choosing}'
          WHEN type = '{RequestSourcingFailed.type}' OR state = '{Request.submitted}' THEN '{Stage.asking}'
          WHEN state = '{Request.awaiting_approval}' THEN '{Stage.approving}' END AS stage,
        NULL AS by, type IN ({_REQUEST}) AND state IN ({_GIVEN_UP}) AS stopped
      FROM events
      WHERE type IN ('{RfqSent.type}', '{RfqClosed.type}', '{RequestReturned.type}', '{RequestSourcingFailed.type}')
        OR type IN ({_REQUEST})
          AND state IN ('{Request.submitted}', '{Request.awaiting_approval}', {_GIVEN_UP}, {_PAST})
      UNION ALL
      SELECT request_id, request_id, 'whole', position, occurred_at, NULL,
        CASE WHEN type = '{RequestSubmitted.type}' THEN '{Stage.buying}' END, NULL, type <> '{OrderIssued.type}'
      FROM events
      WHERE type IN ('{RequestSubmitted.type}', '{OrderIssued.type}')
        OR type IN ({_REQUEST}) AND state IN ({_GIVEN_UP})
      UNION ALL
      SELECT request_id, subject_id, 'order', position, occurred_at, NULL,
        CASE WHEN state = '{Order.generated}' THEN '{Stage.issuing}'
          WHEN state = '{Order.issued}' THEN '{Stage.acknowledging}'
          WHEN state = '{Order.change_proposed}' THEN '{Stage.agreeing}'
          WHEN state IN ('{Order.acknowledged}', '{Order.partly_received}') THEN '{Stage.receiving}' END,
        by, state = '{Order.cancelled}'
      FROM events WHERE type IN ({_types(OrderEvent)})
      UNION ALL
      SELECT request_id, subject_id, 'approval', position, occurred_at,
        CASE WHEN type IN ({_OPENING}) THEN step_id END,
        CASE WHEN type IN ({_OPENING}) THEN '{Stage.deciding}' END, NULL, type = '{ApprovalWithdrawn.type}'
      FROM events WHERE type IN ({_OPENING}, {_CLOSING})
      UNION ALL
      SELECT request_id, subject_id, 'question', position, occurred_at, NULL,
        CASE WHEN type = '{QuestionAsked.type}' THEN 'question' END, NULL, false
      FROM events WHERE type IN ('{QuestionAsked.type}', '{QuestionAnswered.type}')
    ),
    compared AS (
      SELECT *, lag(place) OVER lane AS before
      FROM (SELECT *, concat(stage, ' ', step_id) AS place FROM moves) placed
      WINDOW lane AS (PARTITION BY lane, subject_id ORDER BY position)
    ),
    changes AS (
      SELECT *, lead(occurred_at) OVER lane AS left_at, lead(stopped) OVER lane AS stopped_then,
        row_number() OVER (PARTITION BY lane, subject_id, stage ORDER BY position) AS visit
      FROM compared WHERE place IS DISTINCT FROM before
      WINDOW lane AS (PARTITION BY lane, subject_id ORDER BY position)
    ),
    questions AS MATERIALIZED (
      SELECT request_id, subject_id, occurred_at AS asked_at, left_at AS answered_at
      FROM changes WHERE stage = 'question'
    ),
    visits AS (
      SELECT c.*, CASE WHEN stage NOT IN ('{Stage.approving}', '{Stage.deciding}') THEN 0 ELSE coalesce((
          SELECT sum(greatest(0, extract(epoch FROM
            least(q.answered_at, c.left_at) - greatest(q.asked_at, c.occurred_at))))
          FROM questions q WHERE q.request_id = c.request_id
            AND (c.stage = '{Stage.approving}' OR q.subject_id = c.subject_id)
            AND coalesce(q.answered_at, c.left_at) IS NOT NULL
        ), 0)::bigint END AS paused_s
      FROM changes c WHERE stage IS NOT NULL AND stage <> 'question'
    )
"""
_WAITED_ON = f"""CASE WHEN v.stage IN ('{Stage.asking}', '{Stage.choosing}') THEN 'officer'
      WHEN v.stage IN ('{Stage.quoting}', '{Stage.acknowledging}') THEN 'vendor'
      WHEN v.stage IN ('{Stage.approving}', '{Stage.deciding}') THEN 'approver'
      WHEN v.stage = '{Stage.agreeing}' THEN CASE v.by WHEN 'vendor' THEN 'officer' ELSE 'vendor' END
      WHEN v.stage = '{Stage.receiving}' THEN 'delivery' WHEN v.stage = '{Stage.issuing}' THEN 'undo' ELSE 'all' END"""


def _worked(day: str, moment: str) -> str:
    """The seconds of working days before a moment, since the calendar begins."""
    return f"{day}.before_s + CASE WHEN {day}.works THEN extract(epoch FROM {moment} - {day}.begins_at) ELSE 0 END"


def _spent(seconds: str) -> str:
    """Whole seconds; none where the clocks of two processes disagree, and null as long as a visit goes on."""
    return f"CASE WHEN v.left_at IS NOT NULL THEN greatest(0, floor({seconds}))::bigint END"


def _insert(condition: str) -> str:
    return f"""
    WITH {_VISITS.format(condition=condition)},
    place AS (SELECT coalesce((SELECT zone FROM organisation), 'UTC') AS zone)
    INSERT INTO stage_visits (subject_id, stage, visit, request_id, step_id, waited_on, entered_at, left_at, stopped,
      calendar_s, working_s, paused_s, week)
    SELECT v.subject_id, v.stage, v.visit, v.request_id, v.step_id, {_WAITED_ON}, v.occurred_at, v.left_at,
      coalesce(v.stopped_then, false), {_spent("extract(epoch FROM v.left_at - v.occurred_at)")},
      {_spent(_worked("until", "v.left_at") + " - (" + _worked("since", "v.occurred_at") + ")")}, v.paused_s,
      date_trunc('week', v.left_at AT TIME ZONE place.zone)::date
    FROM visits v CROSS JOIN place
    LEFT JOIN working_days since ON since.day = (v.occurred_at AT TIME ZONE place.zone)::date
    LEFT JOIN working_days until ON until.day = (v.left_at AT TIME ZONE place.zone)::date
    ON CONFLICT (subject_id, stage, visit) DO UPDATE SET left_at = excluded.left_at, stopped = excluded.stopped,
      calendar_s = excluded.calendar_s, working_s = excluded.working_s, paused_s = excluded.paused_s,
      week = excluded.week
    WHERE CASE WHEN stage_visits.left_at IS NULL
        THEN excluded.left_at IS NOT NULL OR stage_visits.paused_s < excluded.paused_s
        ELSE excluded.left_at IS NOT NULL AND stage_visits.week IS DISTINCT FROM excluded.week END
    """


_M = measured_log.c
FIRST_ROW = text(
    'INSERT INTO measured_log ("only", position, updated_at) VALUES (1, 0, :now) ON CONFLICT DO NOTHING'
)
_O = organisation.c
LOCKED = Prebuilt(
    select(
        _M.position,
        _M.calendar,
        _M.place,
        select(_O.zone).scalar_subquery().label("zone"),
        select(_O.base_currency).scalar_subquery().label("currency"),
    ).with_for_update(of=measured_log)
)
MOVED = text(
    "SELECT request_id, array_agg(DISTINCT type) AS types FROM audit_events"
    " WHERE position > :after AND position <= :up_to GROUP BY request_id"
)
"""What has happened between two positions, by purchase; also what is about none."""
MEASURE_PURCHASES = Prebuilt(
    text(_insert("request_id = ANY(:requests)")).bindparams(bindparam("requests", type_=ARRAY(Id)))
)
MOVE_ON = text(
    "UPDATE measured_log SET position = greatest(position, :up_to), updated_at = :now RETURNING position"
)
FORGET_PURCHASES = Prebuilt(
    text("DELETE FROM stage_visits WHERE request_id = ANY(:requests)").bindparams(
        bindparam("requests", type_=ARRAY(Id))
    )
)
BEGIN_ANEW = text("UPDATE measured_log SET position = 0, place = :place")
LAST_POSITION = text("SELECT coalesce(max(position), 0) FROM audit_events")
NEXT_PURCHASES = text("SELECT id FROM procurement_requests WHERE id > :after ORDER BY id LIMIT :limit")
NEXT_MEASURED = text(
    "SELECT DISTINCT request_id FROM stage_visits WHERE request_id > :after ORDER BY request_id LIMIT :limit"
)
CALENDAR = Prebuilt(select(_M.calendar, select(func.max(working_days.c.day)).scalar_subquery().label("last")))
DAY_COLUMNS = ("days", "begins", "works", "before")
_DAY_TYPES: tuple[Any, ...] = (Date, Moment, Boolean, BigInteger)
WRITE_DAYS = Prebuilt(
    text(
        "INSERT INTO working_days AS d (day, begins_at, works, before_s)"
        " SELECT unnest(:days), unnest(:begins), unnest(:works), unnest(:before)"
        " ON CONFLICT (day) DO UPDATE"
        " SET begins_at = excluded.begins_at, works = excluded.works, before_s = excluded.before_s"
        " WHERE (d.begins_at, d.works, d.before_s)"
        " IS DISTINCT FROM (excluded.begins_at, excluded.works, excluded.before_s)"
    ).bindparams(
        *(bindparam(name, type_=ARRAY(kind)) for name, kind in zip(DAY_COLUMNS, _DAY_TYPES, strict=True))
    )
)
"""Adds the days that are missing, and corrects those that are others now."""
FORGET_DAYS = text("DELETE FROM working_days WHERE day < :first OR day > :last")
NAME_CALENDAR = text("UPDATE measured_log SET calendar = :name")
_WORKED_ANEW = _spent(f"{_worked('until', 'v.left_at')} - ({_worked('since', 'v.entered_at')})")
WORK_ANEW = Prebuilt(
    text(
        f"""
        UPDATE stage_visits v SET working_s = {_WORKED_ANEW}
        FROM (SELECT zone FROM organisation) place, working_days since, working_days until
        WHERE v.request_id = ANY(:requests) AND v.left_at IS NOT NULL
          AND since.day = (v.entered_at AT TIME ZONE place.zone)::date
          AND until.day = (v.left_at AT TIME ZONE place.zone)::date AND v.working_s IS DISTINCT FROM {_WORKED_ANEW}
        """
    ).bindparams(bindparam("requests", type_=ARRAY(Id)))
)
"""The working time of some purchases by the present days; a visit that stays as it is is not written."""
