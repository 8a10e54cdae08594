"""Everything that the lifetime-value notebook found, in one place: what numbers, figures and findings read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmlib.ltv import mixed, protect, race, value_bands

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crmlib.intervals import Estimate
    from crmlib.ltv.acquisition import Medium
    from crmlib.ltv.balance import BalanceSheet
    from crmlib.ltv.curve import ValueCurve
    from crmlib.ltv.entry import EntryComparison
    from crmlib.ltv.gamma_gamma import GammaGamma
    from crmlib.ltv.holdout import HoldoutRace
    from crmlib.ltv.mixed import MixedValue, SubscriptionValue
    from crmlib.ltv.models import Model
    from crmlib.ltv.protect import ProtectList
    from crmlib.ltv.race import ModelRace
    from crmlib.ltv.segments import SegmentTest
    from crmlib.ltv.value import CustomerValue


@dataclass(frozen=True, eq=False)
class Beginnings:
    """How customers began and what they cost: comparisons of products and of product x medium x offer, media, curves.

    `basis` says whether money is margin or, where no margin is known, sales. `names` are products' names by id, `margin_rate` is
    what the margin came to as a share of sales (NaN where unknown). `cohorts` are value curves by half-year.
    """

    basis: str
    entries: EntryComparison
    cells: EntryComparison
    media: Sequence[Medium]
    cohorts: Mapping[str, ValueCurve]
    everybody: ValueCurve
    first_money: tuple[
        float, float
    ]  # what the first purchases of customers observed for a year brought, and how many they are
    names: Mapping[str, str]
    margin_rate: float


@dataclass(frozen=True, eq=False)
class Study:
    """The whole diagnostic."""

    fitted: Sequence[Model]
    amount: GammaGamma
    race: ModelRace
    worth: CustomerValue
    held: SubscriptionValue
    begun: Beginnings
    segments: Sequence[SegmentTest]
    sheet: BalanceSheet

    @property
    def model(self) -> Model:
        """The model that values are computed with."""
        return race.chosen(self.race, self.fitted)

    @property
    def headline(self) -> HoldoutRace:
        """The race whose verdicts are printed: that of the chosen model at the first date."""
        name = self.model.NAME if self.model.report.converged else self.race.headline.model.NAME
        return self.race.of(name).races[0]

    @property
    def mixed(self) -> MixedValue:
        """Value of single buyers and subscriptions together."""
        return mixed.together(self.worth, self.held)

    @property
    def protect(self) -> ProtectList:
        """Who is to be protected."""
        return protect.protect_list(self.model, self.worth)

    @property
    def deciles(self) -> tuple[Estimate, ...]:
        """Share of each tenth of the customers in the 12-month value, with bands."""
        return value_bands.deciles(self.model, self.amount, self.worth)

    @property
    def as_of(self) -> dt.date:
        """Last day of the data."""
        return self.race.headline.as_of
