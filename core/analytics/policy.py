"""Pure rules of figures: which weeks a window has, what too few cases may not say, and what is worth saying first.

One rule: under 5 cases there is no percentile and no share, under 20 no P85 and no P90.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.analytics.model import FigureRow, FigureSection, KeyFinding, Kind, Matter, Window

FEW, SOME = 5, 20
OTHERS = "others"
"""The key of what stands for all rows that are not shown."""
_Z2 = 1.96**2


def window(weeks: int, until: dt.date | None, now: dt.datetime, zone: str) -> Window:
    """So many whole weeks, Monday to Sunday in this zone; the last is that of ``until``, or the present one."""
    place = ZoneInfo(zone)
    day = until or now.astimezone(place).date()
    end = day + dt.timedelta(days=7 - day.weekday())

    def midnight(day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(), place).astimezone(dt.UTC)

    back = dt.timedelta(weeks=weeks)
    return Window(midnight(end - back - back), midnight(end - back), midnight(end), zone)


def bounds(window: Window, now: dt.datetime) -> Mapping[str, object]:
    """The moments and weeks between which a statement reads; what is over is over since the last midnight."""
    place = ZoneInfo(window.zone)
    today = now.astimezone(place).date()
    before, since, until = (
        each.astimezone(place).date() for each in (window.before, window.since, window.until)
    )
    return {
        "since": window.since,
        "until": window.until,
        "now": now,
        "today": dt.datetime.combine(today, dt.time(), place),
        "before_week": before,
        "since_week": since,
        "until_week": until,
        "this_week": monday(today),
    }


def monday(day: dt.date) -> dt.date:
    """The first day of its week."""
    return day - dt.timedelta(days=day.weekday())


def days_of_month(month: str, window: Window) -> str:
    """The first and the last day that a month has in the window; empty when it has all of them, or is no month."""
    try:
        first = dt.date.fromisoformat(f"{month}-01")
    except ValueError:
        return ""
    after = (first + dt.timedelta(days=31)).replace(day=1)
    place = ZoneInfo(window.zone)
    since, until = (each.astimezone(place).date() for each in (window.since, window.until))
    if first >= since and after <= until:
        return ""
    return f"{max(first, since)}/{min(after, until) - dt.timedelta(days=1)}"


def honest(row: FigureRow, kind: Kind) -> FigureRow:
    """The row without what its few cases cannot say."""
    if kind in (Kind.sum, Kind.number):
        return row
    some, before = row.n >= FEW, row.previous_n >= FEW
    many = row.n >= SOME
    low, high = (
        wilson(row.value, row.n) if kind is Kind.share and some and row.value is not None else (None, None)
    )
    return replace(
        row,
        value=row.value if some else None,
        previous=row.previous if before else None,
        p85=row.p85 if many else None,
        p90=row.p90 if many else None,
        low=low,
        high=high,
    )


def wilson(percent: Decimal, n: int) -> tuple[Decimal, Decimal]:
    """Between which percentages the true share lies in 95 of 100 cases (Wilson's interval)."""
    share = float(percent) / 100
    middle = (share + _Z2 / (2 * n)) / (1 + _Z2 / n)
    half = (_Z2 * (share * (1 - share) / n + _Z2 / (4 * n * n))) ** 0.5 / (1 + _Z2 / n)
    return _tenth(max(0.0, middle - half)), _tenth(min(1.0, middle + half))


def _tenth(share: float) -> Decimal:
    return Decimal(round(share * 1000)) / 10


def with_shares(rows: Sequence[FigureRow], of: str) -> tuple[FigureRow, ...]:
    """Each row's part of the row ``of`` in percent; that row itself is left out."""
    whole = next((row.n for row in rows if row.key == of), 0)
    return tuple(
        replace(row, share=_tenth(row.n / whole) if whole >= FEW else None) for row in rows if row.key != of
    )


def finding(question: Matter, sections: Sequence[FigureSection], currency: str) -> KeyFinding:
    """The sentence that the figures come to."""
    by_name = {section.name: section.rows for section in sections}
    found = _FINDINGS[question](by_name, currency)
    return found or KeyFinding(f"{question.value}.none")


def _rows(by_name: dict[str, tuple[FigureRow, ...]], name: str) -> list[FigureRow]:
    return [row for row in by_name.get(name, ()) if row.value is not None]


def _waits(by_name: dict[str, tuple[FigureRow, ...]], currency: str) -> KeyFinding | None:
    rows = _rows(by_name, "stages")
    if not rows:
        return None
    longest = max(rows, key=lambda row: row.value or Decimal(0))
    opened = sum(row.still_open or 0 for row in by_name["stages"])
    oldest = max((row.oldest_s or 0 for row in by_name["stages"]), default=0)
    facts = {
        "stage": longest.key,
        "seconds": longest.value,
        "n": longest.n,
        "open": opened,
        "oldest_s": oldest,
    }
    return KeyFinding("waits.open" if opened else "waits.some", facts)


def _time(by_name: dict[str, tuple[FigureRow, ...]], currency: str) -> KeyFinding | None:
    row = next((each for each in _rows(by_name, "whole") if each.key == "buying"), None)
    if row is None:
        return None
    facts = {"seconds": row.value, "n": row.n, "p90_s": row.p90}
    return KeyFinding("time.some" if row.p90 is None else "time.many", facts)


def _spend(by_name: dict[str, tuple[FigureRow, ...]], currency: str) -> KeyFinding | None:
    rows = _rows(by_name, "months")
    vendors = [row for row in _rows(by_name, "vendors") if row.key != OTHERS]
    if not rows or not vendors:
        return None
    most = max(vendors, key=lambda row: row.value or Decimal(0))
    total = sum((row.value or Decimal(0) for row in rows), Decimal(0))
    facts = {"total": total, "n": sum(row.n for row in rows), "vendor": most.label, "amount": most.value}
    return KeyFinding("spend.some", {**facts, "currency": currency})


def _vendors(by_name: dict[str, tuple[FigureRow, ...]], currency: str) -> KeyFinding | None:
    rows = _rows(by_name, "answers")
    if not rows:
        return None
    asked = sum(row.n for row in rows)
    percent = sum((row.value or Decimal(0)) * row.n for row in rows) / asked
    return KeyFinding("vendors.some", {"percent": round(percent), "n": asked})


def _competition(by_name: dict[str, tuple[FigureRow, ...]], currency: str) -> KeyFinding | None:
    rows = by_name.get("quotes", ())
    closed = sum(row.n for row in rows)
    if closed < FEW:
        return None
    single = sum(row.n for row in rows if row.key in ("0", "1"))
    return KeyFinding("competition.some", {"percent": round(Decimal(100 * single) / closed), "n": closed})


def _exceptions(by_name: dict[str, tuple[FigureRow, ...]], currency: str) -> KeyFinding | None:
    rows = [row for row in by_name.get("exceptions", ()) if row.n]
    if not rows:
        return None
    most = max(rows, key=lambda row: row.value or Decimal(0))
    return KeyFinding(
        "exceptions.some", {"what": most.key, "n": most.n, "amount": most.value, "currency": currency}
    )


_FINDINGS = {
    Matter.waits: _waits,
    Matter.time: _time,
    Matter.spend: _spend,
    Matter.vendors: _vendors,
    Matter.competition: _competition,
    Matter.exceptions: _exceptions,
}
