"""Keeps facts: derives those of some purchases, and writes what is other than what is kept.

One rule: the facts of a purchase follow from its rows alone, and from the price before each of its lines, so a repeated
or late derivation leads to the same.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import BigInteger, Integer, String, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from core.db.base import Id
from core.db.compiled import Prebuilt
from core.db.connection import Connection
from core.kept_facts import facts
from core.kept_facts.tables import NO_LENGTH
from core.kernel.money import decimals_of
from core.stage_visits.model import bucket_of
from core.stage_visits.service import CountingPlace

_COMMON = ", ".join(f"{name} AS MATERIALIZED ({select})" for name, select in facts.COMMON.items())
_DERIVED = " UNION ALL ".join(
    f"SELECT '{fact.name}' AS fact, key, subject_id, request_id, at, value::numeric AS value,"
    f" {bucket_of('value::double precision') if fact.lengths else NO_LENGTH}::smallint AS bucket"
    f" FROM ({fact.select}) {fact.name} WHERE value IS NOT NULL"
    for fact in facts.KEPT
)
_KEEP = Prebuilt(
    text(
        f"""
        WITH asked AS MATERIALIZED (
          SELECT unnest(CAST(:purchases AS uuid[])) AS request_id UNION ({facts.FOLLOWERS}) UNION ({facts.REVALUED})
        ), {_COMMON},
        derived AS MATERIALIZED (
          SELECT fact, key COLLATE "C" AS key, subject_id, request_id, at,
            date_trunc('week', at AT TIME ZONE :zone)::date AS week, bucket, value
          FROM ({_DERIVED}) facts
        ), gone AS (
          DELETE FROM figure_facts f
          WHERE f.request_id = ANY(ARRAY(SELECT request_id FROM asked))
            AND NOT EXISTS (SELECT FROM derived d WHERE d.request_id = f.request_id AND d.fact = f.fact
              AND d.key = f.key AND d.subject_id = f.subject_id)
        )
        INSERT INTO figure_facts AS f (request_id, fact, key, subject_id, at, week, bucket, value)
        SELECT request_id, fact, key, subject_id, at, week, bucket, value FROM derived
        ON CONFLICT (request_id, fact, key, subject_id) DO UPDATE
          SET at = excluded.at, week = excluded.week, bucket = excluded.bucket, value = excluded.value
          WHERE (f.at, f.week, f.value) IS DISTINCT FROM (excluded.at, excluded.week, excluded.value)
        """
    ).bindparams(
        bindparam("purchases", type_=ARRAY(Id)),
        bindparam("after", type_=BigInteger),
        bindparam("up_to", type_=BigInteger),
        bindparam("zone", type_=String),
        bindparam("digits", type_=Integer),
    )
)


async def keep(
    connection: Connection, purchases: Sequence[UUID], place: CountingPlace, *, after: int = 0, up_to: int = 0
) -> None:
    """The facts of these purchases, and of those that what happened between two positions concerns besides."""
    digits = decimals_of(place.currency) if place.currency else 0
    values = {
        "purchases": list(purchases),
        "after": after,
        "up_to": up_to,
        "zone": place.zone,
        "digits": digits,
    }
    await connection.execute(_KEEP, values)
