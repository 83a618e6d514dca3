"""What waits is found by index, however many purchases have ended."""

import asyncpg
import pytest

from core.db.compiled import Prebuilt
from core.kernel.ids import new_id
from core.worklist import repo
from tests.support.postgres import Database
from tests.support.world import World

ROWS = 8_000
BIG = (
    "approvals",
    "approval_steps",
    "approval_questions",
    "procurement_requests",
    "rfqs",
    "rfq_invitations",
    "purchase_orders",
)
FILL = f"""
SET session_replication_role = replica;
CREATE TEMP TABLE ended AS SELECT n, gen_random_uuid() AS id, gen_random_uuid() AS person,
  gen_random_uuid() AS vendor, gen_random_uuid() AS step FROM generate_series(1, {ROWS}) n;
INSERT INTO procurement_requests (id, number, state, version, requested_by, cost_centre, currency, needed_by, note,
  rfq_id, created_at, updated_at)
  SELECT id, 'OLD-' || n, 'completed', 9, person, 'IT', 'USD', now(), '', id, now(), now() FROM ended;
INSERT INTO rfqs (id, number, request_id, state, version, currency, quote_by, needed_by, note, sent_by,
  selected_quote_id, created_at, closed_at)
  SELECT id, 'OLD-' || n, id, 'awarded', 3, 'USD', now(), now(), '', person, id, now(), now() FROM ended;
INSERT INTO rfq_invitations (id, rfq_id, vendor_id, state, sent_at)
  SELECT id, id, vendor, 'quoted', now() FROM ended;
INSERT INTO approvals (id, subject_kind, subject_id, subject_version, request_id, requested_by, state, version, amount,
  currency, amount_base, base_currency, routed_base, title, vendor_name, cost_centre, excluded, policy_version,
  policy_tier, opened_at)
  SELECT id, 'quote', id, 1, id, person, 'approved', 1, 1, 'USD', 1, 'USD', 1, '', '', 'IT', '{{}}', 1, '{{}}', now()
  FROM ended;
INSERT INTO approval_steps (id, approval_id, position, name, state, candidates, routed_at, decided_by)
  SELECT step, id, 1, 'manager', 'done', ARRAY[person], now(), person FROM ended;
INSERT INTO approval_questions (id, approval_id, asked_by, asked_at, text, answer)
  SELECT id, id, person, now(), '', 'yes' FROM ended;
INSERT INTO purchase_orders (id, number, state, version, request_id, quote_id, approval_id, vendor_id, requested_by,
  cost_centre, currency, shipping, total, due_on, created_at, issue_at, issued_at)
  SELECT id, 'OLD-' || n, 'completed', 5, id, id, id, vendor, person, 'IT', 'USD', 0, 1, now(), now(), now(), now()
  FROM ended;
SET session_replication_role = DEFAULT;
ANALYZE {", ".join(BIG)};
"""


@pytest.mark.parametrize(
    "statement",
    [repo.OF_PURCHASE, repo.OF_STAFF, repo.OF_VENDOR, repo.COUNTS_OF_STAFF, repo.COUNTS_OF_VENDOR],
    ids=["purchase", "staff", "vendor", "staff counted", "vendor counted"],
)
async def test_no_big_table_is_read_whole(database: Database, world: World, statement: Prebuilt) -> None:
    contact = (await world.a_vendor())[1]
    admin = await asyncpg.connect(database.admin_url.replace("+asyncpg", ""))
    await admin.execute(FILL)
    values = {"request_id": new_id(), "person_id": contact.id, "now": world.now, "limit": 30, "offset": 0}
    bound = statement.bind(values)
    for mode in ("force_custom_plan", "force_generic_plan"):
        await admin.execute(f"SET plan_cache_mode = {mode}")
        lines = [row[0] for row in await admin.fetch(f"EXPLAIN {bound.sql}", *bound.arguments)]
        read_whole = [line for line in lines if any(f"Seq Scan on {table} " in line for table in BIG)]
        assert read_whole == [], (mode, "\n".join(lines))
    await admin.close()
