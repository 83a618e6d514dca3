"""What the address of a list says: its filters, its order and where its page begins.

One rule: whatever stands there is checked before it is used or kept, and a wrong filter never widens the list.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from pydantic import ValidationError

from api.server.errors import field_error
from api.web.table_specs import TableSpec
from core.kernel.errors import Invalid

PERSON = "person"
"""Somebody's name, typed; it becomes the filter ``requested_by``."""


@dataclass(frozen=True)
class TableQuery:
    """One list as its address asks for it."""

    spec: TableSpec
    chosen: Mapping[str, str]
    """The filters that are set."""
    sort: str = ""
    """A column's key, with ``-`` before it from the highest on; empty is newest first."""
    cursor: str | None = None
    person: str = ""

    @property
    def sorted_by(self) -> str:
        return self.sort.removeprefix("-")

    @property
    def rising(self) -> bool:
        return bool(self.sort) and not self.sort.startswith("-")

    def wanted(self, limit: int, cursor: str | None = None, without: str = "") -> Any:
        """The filter of the list's own query; Invalid names what cannot be taken."""
        chosen = {name: value for name, value in self.chosen.items() if name != without}
        try:
            query = self.spec.query.model_validate({**chosen, "limit": limit, "cursor": cursor})
        except ValidationError as error:
            raise Invalid(tuple(field_error(each, "query") for each in error.errors())) from error
        filters = self.spec.wanted(query)
        page = replace(filters.page, sort=self.spec.sorts.get(self.sorted_by, ""), rising=self.rising)
        return replace(filters, page=page)

    def address(self, **changed: str | None) -> str:
        """The list's address with something changed; the page begins anew."""
        return url(self.spec.path, {**self.kept, **changed})

    @property
    def kept(self) -> dict[str, str]:
        """What a bookmark keeps: filters and order."""
        return {**self.chosen, **({"sort": self.sort} if self.sort else {})}

    @property
    def text(self) -> str:
        """The same as it stands behind the question mark."""
        return urlencode(self.kept)

    def next_order(self, key: str) -> str:
        """Where a press on a column's head leads: from the lowest on, and once more from the highest."""
        return f"-{key}" if self.sort == key else key

    def aria_sort(self, key: str) -> str:
        if self.sorted_by != key:
            return ""
        return "ascending" if self.rising else "descending"


def asked(spec: TableSpec, sent: Mapping[str, str]) -> TableQuery:
    """What was sent, as far as this list knows it; an empty field is no filter."""
    chosen = {name: sent[name].strip() for name in spec.filters if sent.get(name, "").strip()}
    chosen |= {"number": chosen["number"].upper()} if "number" in chosen else {}
    sort = sent.get("sort", "")
    person = sent.get(PERSON, "").strip()[:100] if "requested_by" in spec.filters else ""
    return TableQuery(
        spec,
        chosen,
        sort if sort.removeprefix("-") in spec.sorts else "",
        sent.get("cursor") or None,
        person if "requested_by" not in chosen else "",
    )


def asked_in(spec: TableSpec, text: str) -> TableQuery:
    """The same from the text behind an address's question mark."""
    return replace(asked(spec, dict(parse_qsl(text))), cursor=None)


def url(path: str, query: Mapping[str, str | None]) -> str:
    kept = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path
