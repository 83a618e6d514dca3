"""Tens of thousands of purchases written by SQL over whole sets, for tests of plans and of costs.

Two in a hundred are still open, as in a busy company; the newest are. Person 1 of each role and vendor 1 take part in
more than the others.

One rule: the rows are believable to the planner (shares, order in time, skew); nobody reads their texts.
"""

from uuid import UUID

import asyncpg

PEOPLE, VENDORS = 60, 400
_ID = """
CREATE FUNCTION pg_temp.id(kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex(1700000000000 + n), 12, '0') || '7' || lpad(to_hex(kind), 3, '0') || '8000000000000000')::uuid
$$;
CREATE FUNCTION pg_temp.moment(n bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
  SELECT timestamptz '2024-01-01 08:00Z' + n * interval '61 seconds'
$$
"""
_COMPANY = f"""
INSERT INTO organisation (name, base_currency) VALUES ('Northwind', 'USD') ON CONFLICT DO NOTHING;
INSERT INTO vendors (id, name, category, currency, country, created_at)
  SELECT pg_temp.id(1, n), 'Vendor ' || n, 'Category ' || n % 12, 'USD', 'US', pg_temp.moment(n)
  FROM generate_series(1, {VENDORS}) n;
INSERT INTO people (id, name, email, vendor_id, created_at)
  SELECT pg_temp.id(2, n), 'Person ' || n, 'filled-' || n || '@northwind.example', NULL, pg_temp.moment(n)
  FROM generate_series(1, {PEOPLE}) n
  UNION ALL SELECT pg_temp.id(3, n), 'Contact ' || n, 'contact-' || n || '@vendors.example', pg_temp.id(1, n),
    pg_temp.moment(n) FROM generate_series(1, {VENDORS}) n;
INSERT INTO person_roles (person_id, role)
  SELECT pg_temp.id(2, n), CASE n % 10 WHEN 0 THEN 'manager' WHEN 1 THEN 'officer' ELSE 'requester' END
  FROM generate_series(1, {PEOPLE}) n
  UNION ALL SELECT pg_temp.id(3, n), 'vendor' FROM generate_series(1, {VENDORS}) n;
INSERT INTO departments (code, name) SELECT 'D' || n, 'Department ' || n FROM generate_series(1, 8) n;
INSERT INTO cost_centres (code, name, department)
  SELECT 'CC' || n, 'Cost centre ' || n, 'D' || n % 8 + 1 FROM generate_series(1, 24) n
"""
_PURCHASES = """
CREATE TEMP TABLE filled AS
SELECT n, pg_temp.id(4, n) AS id, pg_temp.moment(n) AS at, vendors,
  pg_temp.id(2, (array[2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 14, 15])[(n * 7919 % 12)::int + 1]) AS requester,
  pg_temp.id(2, (array[1, 11, 21, 31])[(n % 4)::int + 1]) AS officer,
  pg_temp.id(2, (array[10, 20, 30, 40, 50, 60])[(n * 31 % 6)::int + 1]) AS manager,
  'CC' || n % 24 + 1 AS cost_centre,
  CASE WHEN n > total - total / 50
    THEN (array['submitted', 'sourcing', 'quoted', 'awaiting_approval', 'ordered'])[(n % 5)::int + 1]
    ELSE (array['cancelled', 'withdrawn', 'rejected'])[nullif(n % 20, 0)::int]
  END AS short, total
FROM (SELECT n, $1::bigint AS total, ARRAY[
    CASE WHEN n % 5 = 0 THEN 1 ELSE n * 13 % %(vendors)s + 1 END, n * 13 % %(vendors)s + 2, n * 13 % %(vendors)s + 3
  ] AS vendors FROM generate_series(1, $1::bigint) n) numbered
"""
_REQUESTS = """
ALTER TABLE filled ADD state text; UPDATE filled SET state = coalesce(short, 'completed'); ANALYZE filled;
INSERT INTO procurement_requests (id, number, state, version, requested_by, cost_centre, currency, needed_by, note,
    total_estimate, created_at, updated_at)
  SELECT id, 'REQ-' || 100 + n, state, 3, requester, cost_centre, 'USD', (at + interval '30 days')::date, 'note', 1200,
    at, at FROM filled ORDER BY n;
INSERT INTO request_lines (id, request_id, position, description, quantity, unit, estimated_unit_price, words,
    asked_at)
  SELECT pg_temp.id(16 + p, n), id, p, CASE (n + p) % 7 WHEN 0 THEN 'Laptop Dell 5440' ELSE 'Item ' || n % 5000 END,
    3, 'pcs', 400, CASE (n + p) % 7 WHEN 0 THEN '5440 dell laptop' ELSE n % 5000 || ' item' END, at
    FROM filled, generate_series(1, 2) p ORDER BY n;
"""
_SOURCING = """
INSERT INTO rfqs (id, number, request_id, state, version, currency, quote_by, needed_by, note, sent_by, created_at,
    closed_at)
  SELECT pg_temp.id(5, n), 'RFQ-' || 30 + n, id,
    CASE state WHEN 'sourcing' THEN 'open' WHEN 'quoted' THEN 'closed' WHEN 'awaiting_approval' THEN 'closed'
      WHEN 'cancelled' THEN 'cancelled' ELSE 'awarded' END,
    1, 'USD', at + interval '7 days', (at + interval '30 days')::date, '', officer, at, at
  FROM filled WHERE state NOT IN ('submitted', 'withdrawn') ORDER BY n;
INSERT INTO rfq_lines (id, rfq_id, request_line_id, position, description, quantity, unit)
  SELECT pg_temp.id(32 + p, n), pg_temp.id(5, n), pg_temp.id(16 + p, n), p,
    CASE (n + p) % 7 WHEN 0 THEN 'Laptop Dell 5440' ELSE 'Item ' || n % 5000 END, 3, 'pcs'
  FROM filled, generate_series(1, 2) p WHERE state NOT IN ('submitted', 'withdrawn') ORDER BY n;
INSERT INTO rfq_invitations (id, rfq_id, vendor_id, state, sent_at)
  SELECT pg_temp.id(48 + p, n), pg_temp.id(5, n), pg_temp.id(1, least(vendors[p], %(vendors)s)),
    CASE state WHEN 'sourcing' THEN 'sent' ELSE 'quoted' END, at
  FROM filled, generate_series(1, 3) p WHERE state NOT IN ('submitted', 'withdrawn')
    AND (p = 1 OR least(vendors[p], %(vendors)s) <> least(vendors[p - 1], %(vendors)s)) ORDER BY n;
INSERT INTO vendor_quotes (id, number, rfq_id, request_id, vendor_id, revision, state, version, currency, total,
    shipping, lead_time_days, slowest_days, valid_until, note, complete, submitted_by, submitted_at)
  SELECT pg_temp.id(64 + p, n), 'Q-' || 50 + n * 3 + p, pg_temp.id(5, n), id,
    pg_temp.id(1, least(vendors[p], %(vendors)s)),
    1, CASE WHEN state IN ('sourcing', 'quoted') THEN 'submitted'
      WHEN p = 2 AND state = 'awaiting_approval' THEN 'selected'
      WHEN p = 2 AND state <> 'cancelled' THEN 'approved' ELSE 'rejected' END,
    1, 'USD', 1180, 0, 10, 10, (at + interval '60 days')::date, '', true,
    pg_temp.id(3, least(vendors[p], %(vendors)s)), at
  FROM filled, generate_series(2, 3) p WHERE state NOT IN ('submitted', 'withdrawn')
    AND (p = 2 OR least(vendors[p], %(vendors)s) <> least(vendors[p - 1], %(vendors)s)) ORDER BY n;
INSERT INTO quote_lines (id, quote_id, rfq_line_id, unit_price, lead_time_days, no_bid)
  SELECT pg_temp.id(96 + 8 * p + l, n), pg_temp.id(64 + p, n), pg_temp.id(32 + l, n), 393, 10, false
  FROM filled, generate_series(2, 3) p, generate_series(1, 2) l WHERE state NOT IN ('submitted', 'withdrawn')
    AND (p = 2 OR least(vendors[p], %(vendors)s) <> least(vendors[p - 1], %(vendors)s)) ORDER BY n;
"""
_DECIDING = """
INSERT INTO approvals (id, subject_kind, subject_id, subject_version, request_id, requested_by, state, version, amount,
    currency, amount_base, base_currency, routed_base, title, vendor_name, cost_centre, excluded, policy_version,
    policy_tier, opened_at)
  SELECT pg_temp.id(6, n), 'quote', pg_temp.id(66, n), 1, id, requester,
    CASE state WHEN 'awaiting_approval' THEN 'pending' WHEN 'rejected' THEN 'rejected' ELSE 'approved' END, 1, 1180,
    'USD', 1180, 'USD', 1180, 'Laptop', 'Vendor', cost_centre, ARRAY[officer], 1, '{}', at
  FROM filled WHERE state IN ('awaiting_approval', 'ordered', 'completed', 'rejected') ORDER BY n;
INSERT INTO approval_steps (id, approval_id, position, name, state, candidates, opened_at, routed_at, remind_at, due_at,
    decided_by, decided_at, verb)
  SELECT pg_temp.id(7, n), pg_temp.id(6, n), 1, 'Head', CASE state WHEN 'awaiting_approval' THEN 'open' ELSE 'done' END,
    ARRAY[manager, pg_temp.id(2, 10)], at, at, at + interval '90 years', at + interval '3 days',
    CASE state WHEN 'awaiting_approval' THEN NULL ELSE manager END,
    CASE state WHEN 'awaiting_approval' THEN NULL ELSE at END,
    CASE state WHEN 'awaiting_approval' THEN NULL WHEN 'rejected' THEN 'reject' ELSE 'approve' END
  FROM filled WHERE state IN ('awaiting_approval', 'ordered', 'completed', 'rejected') ORDER BY n;
INSERT INTO purchase_orders (id, number, state, version, request_id, quote_id, approval_id, vendor_id, requested_by,
    cost_centre, currency, shipping, total, due_on, created_at, issue_at, issued_at)
  SELECT pg_temp.id(8, n), 'PO-2026-' || lpad(n::text, 7, '0'), CASE WHEN state = 'completed' THEN 'completed'
      ELSE (array['issued', 'acknowledged', 'partly_received'])[(n % 3)::int + 1] END, 1, id, pg_temp.id(66, n),
    pg_temp.id(6, n), pg_temp.id(1, least(vendors[2], %(vendors)s)), requester, cost_centre, 'USD', 0, 1180,
    (at + interval '30 days')::date, at, at, at
  FROM filled WHERE state IN ('ordered', 'completed') ORDER BY n;
INSERT INTO purchase_order_lines (id, order_id, request_line_id, position, description, unit, unit_price, quantity,
    lead_time_days)
  SELECT pg_temp.id(128 + p, n), pg_temp.id(8, n), pg_temp.id(16 + p, n), p,
    CASE (n + p) % 7 WHEN 0 THEN 'Laptop Dell 5440' ELSE 'Item ' || n % 5000 END, 'pcs', 393, 3, 10
  FROM filled, generate_series(1, 2) p WHERE state IN ('ordered', 'completed') ORDER BY n;
INSERT INTO bought_texts (words) SELECT DISTINCT lower(description) FROM purchase_order_lines;
UPDATE procurement_requests r SET rfq_id = f.id FROM rfqs f WHERE f.request_id = r.id AND r.state <> 'completed'
"""

_LOG = """
INSERT INTO audit_events (id, occurred_at, type, actor, actor_kind, channel, subject_kind, subject_id, subject_version,
    request_id, data, canonical, digest, correlation_id, position, chain)
  SELECT pg_temp.id(9, n), at, 'request.submitted', requester::text, 'person', 'api', 'request', id, 2, id,
    '{}', '', '', n::text, n, '' FROM filled ORDER BY filled.n;
INSERT INTO deliveries (id, event_id, position, event_type, subscriber, subject, state, due_at, updated_at)
  SELECT pg_temp.id(160 + s, n), pg_temp.id(9, n), n, 'request.submitted', (array['cards', 'notices', 'n8n'])[s],
    'request:' || id, CASE WHEN n > total - 50 THEN 'due' ELSE 'done' END, at, at
  FROM filled, generate_series(1, 3) s ORDER BY filled.n
"""
_CHATS = """
INSERT INTO chat_identities (id, platform, external_id, person_id, display_name, linked_at)
  SELECT pg_temp.id(170, row_number() OVER (ORDER BY id)), 'telegram', id::text, id, name, created_at FROM people;
INSERT INTO chat_messages (id, platform, chat_id, message_id, person_id, subject_kind, subject_id, card, state,
    created_at, updated_at)
  SELECT pg_temp.id(171, n), 'telegram', officer::text, n::text, officer, 'request', id, 'officer_request', 'live', at,
    at FROM filled
  UNION ALL SELECT pg_temp.id(172, f.n), 'telegram', f.officer::text, 'rfq' || f.n, f.officer, 'rfq', r.id,
    'comparison', 'live', f.at, f.at FROM filled f JOIN rfqs r ON r.request_id = f.id;
INSERT INTO notices (id, event_id, recipient, kind, state, via, made_at)
  SELECT pg_temp.id(173, n), pg_temp.id(9, n), officer, 'quote.submitted', 'sent', 'parley', at FROM filled
"""
_LINKS = """
INSERT INTO vendor_links (id, secret_hash, person_id, about_kind, about_id, made_at, expires_at)
  SELECT i.id, sha256(i.id::text::bytea), p.id, 'rfq', i.rfq_id, i.sent_at, i.sent_at + interval '30 days'
  FROM rfq_invitations i JOIN people p ON p.vendor_id = i.vendor_id ORDER BY i.id;
INSERT INTO vendor_links (id, secret_hash, person_id, about_kind, about_id, made_at, expires_at)
  SELECT o.id, sha256(o.id::text::bytea), p.id, 'order', o.id, o.created_at, o.created_at + interval '30 days'
  FROM purchase_orders o JOIN people p ON p.vendor_id = o.vendor_id ORDER BY o.id;
INSERT INTO vendor_link_codes (id, link_id, person_id, ticket_hash, made_at, expires_at, used_at)
  SELECT id, id, person_id, secret_hash, made_at, made_at + interval '10 minutes', made_at FROM vendor_links ORDER BY id
"""


def row_id(kind: int, number: int) -> UUID:
    """The id of a row: 1 vendor, 2 person, 3 contact, 4 request, 5 RFQ, 6 approval, 8 order, 66 first quote."""
    return UUID(f"{1_700_000_000_000 + number:012x}7{kind:03x}8000000000000000")


async def fill(connection: "asyncpg.Connection[asyncpg.Record]", purchases: int) -> None:
    """Write a company and so many purchases; ``connection`` is a superuser's. Foreign keys are not checked."""
    await connection.execute("SET session_replication_role = replica; SET synchronous_commit = off")
    await connection.execute(_ID)
    await connection.execute(_COMPANY)
    counted = _PURCHASES.replace("$1", str(int(purchases)))
    for script in (counted, _REQUESTS, _SOURCING, _DECIDING, _LOG, _CHATS, _LINKS):
        await connection.execute(script.replace("%(vendors)s", str(VENDORS)))
    await connection.execute(
        "DROP TABLE filled; SET session_replication_role = origin; RESET synchronous_commit"
    )
    await connection.execute("VACUUM (ANALYZE)")
