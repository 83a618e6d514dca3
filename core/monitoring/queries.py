"""The figures that operators and alerts watch, read in two statements.

One rule: every part is answered by an index of few rows, however long the log is; this runs four times a minute.
"""

import datetime as dt

from sqlalchemy import text

from core.db.compiled import Prebuilt
from core.db.connection import Connection
from core.monitoring.model import DueDeliveries, Vitals

MOST_COUNTED = 10_000
NOW = "CAST(:now AS timestamptz)"
_DUE = Prebuilt(
    text(
        f"""
        SELECT subscriber, count(*) AS count, min(due_at) AS oldest_due_at FROM deliveries
        WHERE state IN ('due', 'running') AND due_at <= {NOW} GROUP BY subscriber
        """
    )
)
_VITALS = Prebuilt(
    text(
        f"""
        WITH covered AS MATERIALIZED (SELECT coalesce(max(size), 0) AS size FROM checkpoints),
        pending AS MATERIALIZED (SELECT opened_at FROM approvals WHERE state = 'pending'),
        verified AS MATERIALIZED (
            SELECT verified_at, intact FROM log_verifications ORDER BY verified_at DESC LIMIT 1
        )
        SELECT
            (SELECT coalesce(max(position), 0) FROM audit_events) AS log_size,
            (SELECT count(*) FROM (
                SELECT FROM audit_events WHERE position IS NULL LIMIT {MOST_COUNTED}
            ) AS waiting) AS unsealed,
            (SELECT occurred_at FROM audit_events WHERE position IS NULL ORDER BY seq LIMIT 1)
                AS oldest_unsealed_at,
            (SELECT occurred_at FROM audit_events WHERE position = (SELECT size + 1 FROM covered))
                AS oldest_uncovered_at,
            (SELECT count(*) FROM deliveries WHERE state = 'parked') AS parked,
            (SELECT count(*) FROM pending) AS approvals_open,
            (SELECT count(*) FROM pending WHERE opened_at <= {NOW} - interval '1 day') AS approvals_open_a_day,
            (SELECT count(*) FROM pending WHERE opened_at <= {NOW} - interval '3 days')
                AS approvals_open_three_days,
            (SELECT count(*) FROM approval_steps WHERE state = 'open' AND stuck_at IS NOT NULL)
                AS approvals_dead_end,
            (SELECT count(*) FROM rfqs WHERE state = 'open' AND quote_by <= {NOW} - interval '1 minute')
                AS rfqs_overdue,
            (SELECT count(*) FROM rfqs JOIN rfq_invitations AS invited ON invited.rfq_id = rfqs.id
                WHERE rfqs.state = 'open' AND rfqs.quote_by BETWEEN {NOW} AND {NOW} + interval '1 day'
                AND invited.state IN ('sent', 'seen')) AS quotes_due,
            (SELECT max(made_at) FROM backups) AS backed_up_at,
            (SELECT verified_at FROM verified) AS verified_at,
            (SELECT intact FROM verified) AS intact,
            pg_database_size(current_database()) AS database_bytes
        """
    )
)


async def vitals(connection: Connection, now: dt.datetime) -> Vitals:
    """The figures of this moment; ``unsealed`` is counted up to ``MOST_COUNTED``."""
    row = (await connection.execute(_VITALS, {"now": now})).one()
    found = await connection.execute(_DUE, {"now": now})
    due = {each.subscriber: DueDeliveries(each.count, each.oldest_due_at) for each in found}
    return Vitals(**dict(row.items()), due=due)
