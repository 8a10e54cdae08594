"""Everything that the campaigns' counts allow to be said, in one result, and which of it is the headline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.intervals import Estimate
from crmlib.lift import dose, offers, phone, segments, uplift, verdicts, versions
from crmlib.lift.campaign import programme, unmatched
from crmlib.lift.design import Prices, TestDesign, plan
from crmlib.lift.money import Economy
from crmlib.lift.patterns import of_cells
from crmlib.lift.results import CampaignLift, VersionLift
from crmlib.lift.segments import waves_drawn

FEATURES = ("segment", "frequency", "yearly", "recency", "rank", "subscriber")
FEWEST_LISTED = 50  # customers that a test needs to be worth designing
HOLDOUT = 0.1  # share that a test holds out unless somebody decides otherwise


@dataclass(frozen=True)
class Counts:
    """What the engine counted.

    Args:
        arms: By campaign, wave, arm and version.
        segments: The same by level of each dimension.
        cells: By customers that are alike.
        listed: The client's list of campaigns.
        doses: Customer months by number of contacts.
        faults: Rows or customers by campaign and kind of fault.
        list_now: Customers on the list today: eligible, bought (of them, in the last window), spend; registered (tests).
    """

    arms: pd.DataFrame
    segments: pd.DataFrame
    cells: pd.DataFrame
    listed: pd.DataFrame
    doses: pd.DataFrame
    faults: pd.DataFrame
    list_now: pd.DataFrame


@dataclass(frozen=True)
class Sorted:
    """Whom to contact, of one version of one campaign.

    Args:
        campaign: Key of the campaign.
        version: The version.
        qini: How well the score sorts by effect on purchases.
        money: The same on spend, in major units.
        profit: What contacting the top of the list earns.
    """

    campaign: str
    version: str
    qini: uplift.Qini
    money: uplift.Qini
    profit: uplift.Profit

    @property
    def proven(self) -> bool:
        """Whether the score sorts better than lots, and the yield is known: only then may a best share be named."""
        return not self.qini.qini.why and self.qini.qini.lower > 0 and bool(np.isfinite(self.profit.best))


@dataclass(frozen=True)
class Study:
    """All results.

    Args:
        campaigns: Oldest first.
        responders: Groups by version and dimension, clearest difference first.
        contrasts: Version against version, on purchases.
        spent: The same on spend, minor units.
        issues: The chronicle.
        sorted: Scores of the versions that were drawn against a holdout, by campaign key; the first version of each.
        calls: Campaigns made by phone.
        doses: Response by contacts per month; None without contacts.
        items: Effect by number of items offered.
        payments: Effect by payment method; None where fewer than two are known.
        payments_p: p-value that it is the same.
        design: What a test of the next mailing could see; None without customers on the list.
        registered: Tests in the client's folder.
        faults: Kind of fault -> number.
        economy: Margin and currency.
        window: Days after the contact in which purchases count.
    """

    campaigns: tuple[CampaignLift, ...]
    responders: tuple[segments.Responders, ...]
    contrasts: tuple[versions.Contrast, ...]
    spent: tuple[versions.Contrast, ...]
    issues: tuple[versions.Issue, ...]
    sorted: Mapping[str, Sorted]
    calls: tuple[phone.PhoneLift, ...]
    doses: dose.DoseResponse | None
    items: offers.ItemsResponse
    payments: Mapping[str, Estimate] | None
    payments_p: float
    design: TestDesign | None
    registered: int
    faults: Mapping[str, int]
    economy: Economy
    window: int

    @property
    def pairs(self) -> list[tuple[CampaignLift, VersionLift]]:
        """Every version with its campaign."""
        return [(one, version) for one in self.campaigns for version in one.versions]

    @property
    def headline(self) -> tuple[CampaignLift, VersionLift] | None:
        """The version that page and finding speak of: drawn before observed, decided before open, then the most money."""
        found = [pair for pair in self.pairs if "purchase" in pair[1].outcomes]
        known = [pair for pair in found if not pair[1].outcomes["purchase"].estimate.ate.why]
        return max(known, key=_weight, default=None)


def _weight(pair: tuple[CampaignLift, VersionLift]) -> tuple[bool, bool, bool, float, int, str]:
    version = pair[1]
    outcome, net = version.outcomes["purchase"], version.money.net
    works = outcome.verdict == verdicts.WORKS
    value = net.value if not net.why else -np.inf
    return works, version.held_out, outcome.verdict != verdicts.CANNOT_TELL, value, version.treated, pair[0].campaign


def study(counts: Counts, economy: Economy, window: int) -> Study:
    """Compute everything.

    Args:
        counts: What the engine counted.
        economy: Margin and currency.
        window: Days after the contact in which purchases count.
    """
    campaigns = programme(counts.arms, counts.cells, counts.listed, economy)
    groups = segments.by_segment(counts.segments)
    return Study(
        campaigns,
        groups,
        versions.contrasts(counts.arms, counts.segments, "purchase", economy.smallest),
        versions.contrasts(counts.arms, counts.segments, "spend", 0.0),
        versions.chronicle(counts.arms, counts.segments),
        {one.key: made for one in campaigns if (made := _sorted(one, counts.cells, economy)) is not None},
        phone.calls(campaigns, economy),
        dose.by_dose(counts.doses) if counts.doses["n"].sum() else None,
        offers.by_items(campaigns, counts.listed),
        offers.by_payment(groups),
        offers.payment_test(groups),
        _design(campaigns, counts.list_now, economy, window),
        int(counts.list_now["registered"].iloc[0]) if len(counts.list_now) else 0,
        {str(kind): int(rows) for kind, rows in counts.faults.groupby("fault")["rows"].sum().items()}
        | _lacking(counts, campaigns),
        economy,
        window,
    )


def _lacking(counts: Counts, campaigns: tuple[CampaignLift, ...]) -> dict[str, int]:
    """Campaigns with a holdout and nobody contacted; campaigns for which a holdout was planned and none is logged."""
    share = pd.to_numeric(counts.listed["holdout_share"]) if len(counts.listed) else pd.Series(dtype=float)
    planned = set(counts.listed.loc[share > 0, "campaign"].astype(str)) if len(share) else set()
    without = [one for one in campaigns if one.campaign in planned and not any(v.held_out for v in one.versions)]
    return {"no_arm": len(unmatched(counts.arms)), "no_holdout": len(without)}


def _sorted(one: CampaignLift, cells: pd.DataFrame, economy: Economy) -> Sorted | None:
    """Score, Qini and profit of the version with the most contacted customers."""
    drawn = [version for version in one.versions if version.held_out]
    if not drawn:
        return None
    version = max(drawn, key=lambda each: (each.treated, each.version))
    rows = cells[cells["campaign"] == one.campaign]
    rows = rows[rows["wave"].isin(waves_drawn(rows))]
    rows = rows[((rows["arm"] == "control") & (rows["contacts"] > 0)) | (rows["version"] == version.version)]
    bought, spent = of_cells(rows, "purchase", FEATURES), of_cells(rows, "spend", FEATURES)
    score = uplift.scores(bought)
    curve, money = uplift.of_patterns(score, bought), uplift.of_patterns(score, spent)
    if curve.qini.why:
        return Sorted(one.key, version.version, curve, money, uplift.profit(money, np.nan, np.nan))
    earned = uplift.profit(money, economy.margin_rate / economy.scale, version.money.cost_each)
    return Sorted(one.key, version.version, curve, money, earned)


def _design(
    campaigns: tuple[CampaignLift, ...], list_now: pd.DataFrame, economy: Economy, window: int
) -> TestDesign | None:
    """A test of the next mailing, at the cost of the dearest mailing so far that has a cost."""
    if not len(list_now):
        return None
    eligible, bought, spend = (float(list_now[name].iloc[0]) for name in ("eligible", "bought", "spend"))
    if eligible < FEWEST_LISTED or not 0 < bought < eligible:
        return None
    costs = [version.money.cost_each for one in campaigns for version in one.versions if version.held_out]
    cost = max((each for each in costs if np.isfinite(each) and each > 0), default=float("nan"))
    prices = Prices(spend / economy.scale / bought * economy.margin_rate, cost)
    return plan(int(eligible), bought / eligible, prices, HOLDOUT, window)
