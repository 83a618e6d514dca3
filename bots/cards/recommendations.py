"""Why a vendor is suggested and what was bought before: one line each, for forms and cards.

One rule: every line says how many lines it was counted from, and since when.
"""

from decimal import Decimal

from api.contract.recommendations import BoughtBeforeOut, WhyOut
from api.text import day, money, number, quantity, translate


def why_line(vendor_name: str, why: WhyOut, locale: str) -> str:
    since = day(why.window_from or why.window_to, locale)
    if why.new_here:
        return translate("cards.new_here", locale, vendor=vendor_name, n=number(why.n, locale), since=since)
    line = translate(
        "cards.who_to_ask",
        locale,
        vendor=vendor_name,
        n=number(why.n, locale),
        here=number(why.here, locale),
        cost_centre=why.cost_centre,
        last=day(why.last_on or why.window_to, locale),
        since=since,
    )
    if why.tie is None:
        return line
    return translate(
        "cards.decided_by_score",
        locale,
        line=line,
        score=number(round(why.tie.score), locale),
        n=number(why.tie.n, locale),
        since=day(why.tie.window_from, locale),
    )


def bought_line(found: BoughtBeforeOut, locale: str) -> str:
    same = found.item.casefold() == found.last_item.casefold()
    return translate(
        "cards.bought_before" if same else "cards.bought_alike",
        locale,
        item=found.item,
        alike=found.last_item,
        n=number(found.n, locale),
        since=day(found.window_from, locale),
        price=money(found.last_price, found.last_currency, locale),
        quantity=quantity(Decimal(1), found.last_unit, locale),
        last=day(found.last_on, locale),
        vendor=found.last_vendor,
        number=found.last_order,
    )
