"""The slices of the core have one shape and one size."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.architecture.source_files import ROOT, short, sources

MAX_SLICE_LINES = 1200
FOUNDATIONS = frozenset({"access", "db", "kernel", "log"})
"""What slices stand on; these are no slices."""
FILE_KINDS = frozenset(
    {
        "__init__",
        "states",
        "policy",
        "actions",
        "commands",
        "events",
        "errors",
        "model",
        "tables",
        "rows",
        "repo",
        "service",
        "queries",
        "method",
    }
)
"""``method``: what is worked out from numbers, pure, so that an evaluation runs the same code as a worker."""
MORE_FILES: Mapping[str, str] = {
    "core/checks/chosen.py": "what was chosen to be ordered, for the rules' statements",
    "core/checks/decided_rate.py": "at which rate a purchase was decided, for the limits of rules",
    "core/checks/people_checks.py": "rules about who took part, how fast, and what belongs together",
    "core/checks/price_checks.py": "rules about an item's earlier orders",
    "core/checks/quote_checks.py": "rules about how a quote was come by",
    "core/audit/log_proofs.py": "proofs of events to take along, for whoever may see them",
    "core/erasures/name_sweep.py": "a person's name, looked for in every table",
    "core/accounts/links.py": "link codes: made, previewed, confirmed, revoked",
    "core/accounts/password_links.py": "a password set by a one-time link",
    "core/accounts/reach.py": "whether a chat can be written to",
    "core/accounts/sessions.py": "log in, refresh, log out",
    "core/accounts/team.py": "the staff with their roles and chats, for administrators",
    "core/analytics/sections.py": "what is compared for each question",
    "core/kept_facts/facts.py": "what figures are counted from",
    "core/approvals/routing.py": "who decides which step",
    "core/audit/delivery_list.py": "deliveries, and replaying one",
    "core/automations/callback_token.py": "the token that goes out with an event to n8n and comes back",
    "core/automations/flow_routing.py": "an approver proposed by an n8n flow",
    "core/automations/projection.py": "the counters behind /dashboard/status",
    "core/awards/conversion.py": "quotes in the request's currency",
    "core/awards/reactions.py": "what approvals and orders do to a chosen quote",
    "core/awards/selection.py": "which quote is proposed when an RFQ closes",
    "core/decisions/other_people.py": "who decides the next step: nobody who took part in an earlier one",
    "core/insights/pieces.py": "what a run collects, range by range, and how far it has come",
    "core/demand/collecting.py": "what a forecast collects, and how that is put together",
    "core/demand/clusters.py": "which texts name the same item",
    "core/forecasts/forecasting.py": "ranges per item and category, and how they did on held-out months",
    "core/forecasts/run_scores.py": "what a run works out, and what it leaves",
    "core/documents/archives.py": "what a spreadsheet's archive may hold",
    "core/documents/kinds.py": "which kinds of file are accepted, told by their content",
    "core/documents/scan.py": "the virus scanner",
    "core/documents/store.py": "content-addressed files on disk",
    "core/escalations/next_people.py": "whom to ask when nobody decides",
    "core/groups/topics.py": "one topic or thread per request",
    "core/notifications/digest_content.py": "what a digest says",
    "core/notifications/digests.py": "one digest a day",
    "core/notifications/preferences.py": "a person's language, zone, digest hour and quiet hours",
    "core/notifications/quiet_hours.py": "until when a person is not disturbed",
    "core/purchases/request_queries.py": "requests with what may be done, as far as RFQ and order have come",
    "core/purchases/request_pages.py": "the lists of requests",
    "core/people/directory.py": "look-ups of people by role, cost centre and department",
    "core/people/passwords.py": "Argon2",
    "core/policies/approvers.py": "whether the people, departments and categories that a policy names exist",
    "core/policies/deadlines.py": "when a decision is due, and the reminders before",
    "core/order_changes/increase.py": "who is asked about a higher total",
    "core/purchases/views.py": "what one reader sees of a purchase",
    "core/split_awards/consequences.py": "what quotes, approvals and orders do to a split award",
    "core/vendor_facts/fact_statements.py": "the statements that read what figures are counted from",
    "core/vendor_scores/own.py": "what a vendor is told of its own score",
    "core/vendor_scores/promise.py": "days until delivery with their bound, likewise",
    "core/vendor_scores/reasons.py": "why a score is what it is",
    "core/vendor_scores/scoring.py": "from facts to scores",
    "core/rates/reading.py": "rates as people send them, row by row",
    "core/amendments/reminders.py": "vendors who have not answered",
    "core/worklist/asked.py": "who is asked to decide",
    "core/worklist/changes.py": "what changed since a position of the log, and whom it concerns",
}
"""Files of a slice beyond the kinds, and what only they hold."""


def slices() -> Iterator[Path]:
    for folder in sorted((ROOT / "core").iterdir()):
        if (folder / "__init__.py").exists() and folder.name not in FOUNDATIONS:
            yield folder


def test_no_slice_is_large() -> None:
    sizes = {
        folder.name: sum(len(path.read_text(encoding="utf-8").splitlines()) for path in folder.glob("*.py"))
        for folder in slices()
    }
    assert len(sizes) >= 20
    assert {name: size for name, size in sizes.items() if size > MAX_SLICE_LINES} == {}


def test_every_slice_has_the_same_kinds_of_files() -> None:
    more = {short(path) for folder in slices() for path in folder.glob("*.py") if path.stem not in FILE_KINDS}
    assert more == set(MORE_FILES)


def test_a_slice_has_no_folders() -> None:
    deep = [short(path) for path in sources("core") if len(path.relative_to(ROOT / "core").parts) > 2]
    assert deep == []
