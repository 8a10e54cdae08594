"""The whole diagnosis in four readings: the base as it stands, year against year, month by month, and its products."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from crmlib.base import concentration, cpm, cuts, entry, family, growth, lenses, loyalty, mode, price_mix, products, rfm
from crmlib.base.calendar import repurchase_ends
from crmlib.base.concentration import Concentration, Typical
from crmlib.base.control import ControlChart, Event
from crmlib.base.movement import Movement, movement
from crmlib.base.series import charts

YEN = "JPY"


@dataclass(frozen=True)
class Whole:
    """The base as it stands on as_of.

    Args:
        customers: Customers with a purchase.
        samples: Registered people without one: free samples, returns.
        period: First and last purchase, None without any.
        concentration: Deciles and Gini.
        typical: Mode, median, mean.
        loyalty: Loyal, semi-loyal, others.
        portfolio: CPM classes.
        rules: Customers by rank under each published rule set.
        rfm: By preset.
        sensitivity: What the cuts decide.
        suggested: Which cuts came from the data.
        scale: Minor units per major unit.
    """

    customers: int
    samples: int
    period: tuple[dt.date, dt.date] | None
    concentration: Concentration
    typical: Typical
    loyalty: loyalty.Loyalty
    portfolio: cpm.Portfolio
    rules: Mapping[str, Mapping[str, int]]
    rfm: Mapping[str, rfm.Rfm]
    sensitivity: cpm.Sensitivity
    suggested: tuple[str, ...]
    scale: int


@dataclass(frozen=True)
class Years:
    """This year against last year; `sales` is everything up to as_of in major units, guests included."""

    growth: growth.Growth
    mode: mode.BusinessMode
    lenses: lenses.Lenses
    sales: float
    scale: int


@dataclass(frozen=True)
class Months:
    """CPM classes and key figures by month, and the client's calendar of events."""

    movement: Movement
    charts: Mapping[str, ControlChart]
    events: tuple[Event, ...]
    scale: int


@dataclass(frozen=True)
class Goods:
    """Products; `names` by id, where the client has a list; `scale` minor units per major unit."""

    price_mix: price_mix.PriceMix
    ownership: Sequence[products.Ownership]
    following: Sequence[products.NextProduct]
    entry: entry.EntryQuality
    tail: products.LongTail
    names: Mapping[str, str]
    scale: int
    why: str

    def name(self, product: str) -> str:
        """What a product is called."""
        return self.names.get(product) or product


def published_cuts(currency: str, scale: int, suggestion: cuts.Suggestion) -> cpm.Cuts:
    """LTV-Lab's cuts; their amount is in yen, so a client of another currency gets the amount that his data suggest."""
    default = cpm.Cuts()
    amount = default.amount * scale if currency == YEN else suggestion.cuts.amount
    return replace(default, amount=amount)


def whole(standing: pd.DataFrame, gaps: pd.DataFrame, samples: int, client: tuple[str, int, dt.date]) -> Whole:
    """The base as it stands.

    Args:
        standing: As `summaries.base.standing`.
        gaps: As `summaries.base_series.gaps`.
        samples: As `summaries.base.without_purchase`.
        client: Currency, minor units per major unit, as_of.
    """
    currency, scale, as_of = client
    default = replace(cpm.Cuts(), amount=cpm.Cuts().amount * scale)
    suggestion = cuts.suggest(gaps, standing, default)
    chosen = published_cuts(currency, scale, suggestion)
    presets = {name: _scaled(rules, scale) for name, rules in rfm.PRESETS.items()} if currency == YEN else {}
    if len(standing):
        presets["quantile"] = rfm.quantile_rules(standing)
    return Whole(
        int(standing["n"].sum()), samples, _period(standing, as_of), concentration.concentration(standing),
        concentration.typical(standing, scale), loyalty.loyalty(standing, scale), cpm.portfolio(standing, chosen, scale),
        {name: cpm.by_rule(standing, name, chosen) for name in cpm.RULES},
        {name: rfm.rfm(standing, rules) for name, rules in presets.items()},
        cpm.sensitivity(standing, chosen, suggestion.cuts), suggestion.found, scale,
    )  # fmt: skip


def _scaled(rules: rfm.RfmRules, scale: int) -> rfm.RfmRules:
    a, b, c, d = rules.amount
    return replace(rules, amount=(a * scale, b * scale, c * scale, d * scale))


def _period(standing: pd.DataFrame, as_of: dt.date) -> tuple[dt.date, dt.date] | None:
    if standing.empty:
        return None
    first = int((standing["tenure"] + standing["days_since"]).max())
    return as_of - dt.timedelta(days=first), as_of - dt.timedelta(days=int(standing["days_since"].min()))


def years(
    groups: pd.DataFrame,
    totals: pd.DataFrame,
    repurchase: pd.DataFrame,
    cohorts: pd.DataFrame,
    about: tuple[Whole, pd.DataFrame, dt.date],
) -> Years:
    """This year against last year.

    Args:
        groups: As `summaries.base.growth`.
        totals: As `summaries.base.year_sales`.
        repurchase: As `summaries.base.repurchase`.
        cohorts: As `summaries.base_series.cohort_years`.
        about: The base as it stands; entrants as `summaries.base_series.entrants`; as_of.
    """
    base, entrants, as_of = about
    ends = repurchase_ends(as_of)
    first = base.period[0] if base.period else None
    covered = first is not None and first <= ends[-1][2] + dt.timedelta(days=31)
    found = growth.decompose(groups, totals, covered=covered)
    kept = found.statuses["kept"]
    setting = lenses.Setting(as_of, base.customers, base.scale, family.LEVEL)
    return Years(
        found,
        mode.business_mode(
            repurchase, [end for end, *_ in ends], first, (kept.amount_this / base.scale, kept.customers)
        ),
        lenses.lenses(found, cohorts, entrants, setting),
        int(totals["sales"].iloc[0]) / base.scale,
        base.scale,
    )


def months(
    moved: tuple[pd.DataFrame, pd.DataFrame, Sequence[dt.date]], series: tuple[pd.DataFrame, pd.DataFrame],
    base: Whole, events: Sequence[Event] = (),
) -> Months:  # fmt: skip
    """Classes and key figures by month.

    Args:
        moved: As `summaries.base.stay_counts` and `.switches`; the evenings.
        series: entrants and order values, as `summaries.base_series`.
        base: The base as it stands.
        events: The client's calendar.
    """
    first = base.period[0] if base.period else None
    ends = moved[2]
    drawn = charts(*series, (first, ends[-1]), events, base.scale)
    return Months(movement(*moved), drawn, tuple(events), base.scale)


def goods(
    counts: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame],
    names: pd.DataFrame,
    skip: pd.DataFrame,
    of: Years,
) -> Goods:
    """Products.

    Args:
        counts: products, ownership, steps, entries; as `summaries.base_products`.
        names: product_id, name.
        skip: product_id of the products sold by subscription.
        of: The two years.
    """
    sold, owned, steps, entries = counts
    ranking, contract = list(sold["product_id"][:24]), list(skip["product_id"])
    found = of.growth
    setting = (of.scale, found.statuses["new"].customers, family.LEVEL)
    known = {str(row.product_id): str(row.name) for row in names.dropna().itertuples(index=False)}
    return Goods(
        price_mix.price_mix(sold, found.change), products.ownership(owned, ranking, contract),
        products.next_products(steps, ranking, contract), entry.entry_quality(entries, ranking, contract, setting),
        products.long_tail(sold), known, of.scale, "" if len(sold) else "no_lines",
    )  # fmt: skip
