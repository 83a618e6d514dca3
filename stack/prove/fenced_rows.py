"""Row-level security: what one vendor's rows are to another, where nothing but PostgreSQL's own fence is left.

One rule: every table and every column that the vendors' login may read is read, also those that no use case reads;
one column is named that is not.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from stack.bench.bench_installation import SqlConnection
from stack.bench.purchase_calls import BenchPurchase
from stack.prove.approvals_to_decide import open_approvals
from stack.prove.kept_promise import Promise
from stack.prove.progress import say
from stack.prove.proof_installation import ProofInstallation

_COLUMNS = """
SELECT c.table_name AS name, array_agg(quote_ident(c.column_name) ORDER BY c.ordinal_position) AS columns
FROM information_schema.columns c
WHERE c.table_schema = 'public'
  AND has_column_privilege('parley_vendor', quote_ident(c.table_name), c.column_name, 'SELECT')
  AND (c.table_name, c.column_name) <> ('rfqs', 'selected_quote_id')
GROUP BY c.table_name ORDER BY c.table_name
"""
"""Which quote was chosen stands in the RFQ by its id, and vendors' use cases read whole RFQs: no row opens by it."""
_SECRETS = """
SELECT id::text FROM people WHERE vendor_id = $1
UNION SELECT $1::text
UNION SELECT id::text FROM vendor_quotes WHERE vendor_id = $1
UNION SELECT l.id::text FROM quote_lines l JOIN vendor_quotes q ON q.id = l.quote_id WHERE q.vendor_id = $1
UNION SELECT id::text FROM purchase_orders WHERE vendor_id = $1
"""


async def prove_fence(proof: ProofInstallation) -> Promise:
    """Three vendors of the same RFQ, each of whom must not see the other two; and nobody without a name."""
    promise = Promise(
        "Where only PostgreSQL's fence is left, no vendor sees a row of another of the same RFQ"
    )
    purchase = (await open_approvals(proof, 1))[0]
    tables = {row["name"]: row["columns"] for row in await proof.fetch(_COLUMNS)}
    say(f"{len(tables)} tables as each vendor's login")
    secrets = await _secrets(proof, purchase)
    seen = 0
    async with proof.connection(proof.installed.databases.app) as connection:
        await connection.execute("SET ROLE parley_vendor")
        for vendor in (*secrets, None):
            await connection.execute("SELECT set_config('parley.vendor_id', $1, false)", str(vendor or ""))
            foreign = {id_ for other, ids in secrets.items() if other != vendor for id_ in ids}
            for table, columns in tables.items():
                rows = await _rows(connection, table, columns)
                seen += len(rows) * (vendor is not None)
                found = sorted(each for each in foreign if any(each in row for row in rows))
                what = f"{vendor or 'nobody'} sees {len(found)} foreign ids in {table}"
                promise.holds(not found, what)
    promise.holds(seen > 0, "the vendors do not see their own rows either")
    promise.note = f"{len(tables)} tables, {seen} own rows"
    return promise


async def _secrets(proof: ProofInstallation, purchase: BenchPurchase) -> Mapping[UUID, Sequence[str]]:
    """By the vendor, the ids that only they may see."""
    vendors = [vendor.vendor_id for vendor in purchase.team.vendors if vendor.vendor_id is not None]
    return {each: [row["id"] for row in await proof.fetch(_SECRETS, each)] for each in vendors}


async def _rows(connection: SqlConnection, table: str, columns: Sequence[str]) -> Sequence[str]:
    """Each row as text."""
    return [str(tuple(row)) for row in await connection.fetch(f"SELECT {', '.join(columns)} FROM {table}")]
