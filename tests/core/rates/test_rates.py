"""Exchange rates: loading, looking up, converting."""

import asyncio
import datetime as dt
from decimal import Decimal

import pytest

from core.access.roles import Role
from core.kernel.errors import Invalid, MissingPermission
from core.kernel.money import Money
from core.rates.errors import RatesMissing
from core.rates.queries import convert, rate
from core.rates.service import ExchangeRate, LoadRates, load_rates
from tests.support.uow import SmallCompany

DAY = dt.date(2026, 11, 23)


async def loaded(company: SmallCompany, *rates: tuple[str, dt.date, str]) -> int:
    command = LoadRates(
        tuple(ExchangeRate(code, day, Decimal(value)) for code, day, value in rates), "rates.csv"
    )
    return (await company.act(company.admin, load_rates, command)).loaded


async def worth(company: SmallCompany, currency: str, to: str, day: dt.date = DAY) -> Decimal:
    async with company.app.connect() as connection:
        return await rate(connection, currency, to, day)


async def test_only_finance_and_the_administrator_load_rates(company: SmallCompany) -> None:
    finance = await company.person("Farah", Role.finance)
    command = LoadRates((ExchangeRate("EUR", DAY, Decimal("1.09")),), "rates.csv")
    with pytest.raises(MissingPermission):
        await company.act(company.officer, load_rates, command)
    assert (await company.act(finance, load_rates, command)).loaded == 1
    assert await company.events() == ["rates.loaded"]


async def test_loading_again_replaces_and_a_currency_twice_takes_the_last(company: SmallCompany) -> None:
    await loaded(company, ("EUR", DAY, "1.09"))
    assert await loaded(company, ("EUR", DAY, "1.10"), ("EUR", DAY, "1.11")) == 1
    assert await worth(company, "EUR", "USD") == Decimal("1.11")


async def test_newest_rate_on_or_before_the_day_counts(company: SmallCompany) -> None:
    await loaded(
        company,
        ("EUR", DAY - dt.timedelta(days=10), "1.05"),
        ("EUR", DAY - dt.timedelta(days=2), "1.07"),
        ("EUR", DAY + dt.timedelta(days=1), "9.99"),
    )
    assert await worth(company, "EUR", "USD") == Decimal("1.07")
    assert await worth(company, "EUR", "USD", DAY - dt.timedelta(days=3)) == Decimal("1.05")


async def test_rate_older_than_31_days_is_none_and_the_refusal_names_currency_and_day(
    company: SmallCompany,
) -> None:
    await loaded(company, ("EUR", DAY - dt.timedelta(days=31), "1.05"))
    assert await worth(company, "EUR", "USD") == Decimal("1.05")
    with pytest.raises(RatesMissing) as refusal:
        await worth(company, "EUR", "USD", DAY + dt.timedelta(days=1))
    assert refusal.value.facts() == {"currency": "EUR", "day": DAY + dt.timedelta(days=1)}


async def test_base_currency_is_one_and_needs_no_rate(company: SmallCompany) -> None:
    assert await worth(company, "USD", "USD") == 1
    assert await worth(company, "GBP", "GBP") == 1
    await loaded(company, ("EUR", DAY, "1.25"))
    assert await worth(company, "USD", "EUR") == Decimal("0.8")


async def test_two_foreign_currencies_convert_over_the_base_rounded_half_up(company: SmallCompany) -> None:
    await loaded(company, ("EUR", DAY, "1.09"), ("JPY", DAY, "0.0066"))
    async with company.app.connect() as connection:
        yen = await convert(connection, Money(Decimal("10"), "EUR"), "JPY", DAY)
        dollars = await convert(connection, Money(Decimal("0.05"), "EUR"), "USD", DAY)
        half = await convert(connection, Money(Decimal("12.345"), "USD"), "USD", DAY)
    assert yen.money == Money(Decimal("1652"), "JPY")
    assert dollars.money == Money(Decimal("0.05"), "USD")
    assert half.money == Money(Decimal("12.35"), "USD")


@pytest.mark.parametrize(
    ("currency", "value", "field"),
    [
        ("EUR", "0", "/rates/0/rate"),
        ("EUR", "-1", "/rates/0/rate"),
        ("EUR", "NaN", "/rates/0/rate"),
        ("EUR", "Infinity", "/rates/0/rate"),
        ("EUR", "1e30", "/rates/0/rate"),
        ("EUR", "1e-30", "/rates/0/rate"),
        ("USD", "1.01", "/rates/0/rate"),
        ("XQX", "1", "/rates/0/currency"),
    ],
)
async def test_a_rate_that_cannot_be_is_refused_by_field(
    company: SmallCompany, currency: str, value: str, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        await loaded(company, (currency, DAY, value))
    assert refusal.value.errors[0].field == field


async def test_an_empty_file_is_refused(company: SmallCompany) -> None:
    with pytest.raises(Invalid):
        await loaded(company)


async def test_two_files_at_once_in_opposite_order_do_not_block_each_other(company: SmallCompany) -> None:
    days = [DAY - dt.timedelta(days=back) for back in range(200)]
    forth = [("EUR", day, "1.09") for day in days]
    back = [("EUR", day, "1.10") for day in reversed(days)]
    counts = await asyncio.gather(loaded(company, *forth), loaded(company, *back))
    assert list(counts) == [200, 200]
    assert await company.scalar("SELECT count(DISTINCT rate) FROM exchange_rates") == 1
