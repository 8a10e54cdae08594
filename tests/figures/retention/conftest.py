"""Made-up customers: their cohorts, F2 and trend, without a database."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib import retention

AS_OF = date(2024, 12, 31)
DECEMBER = 2024 * 12 + 11
Results = tuple[retention.CohortRetention, retention.SecondPurchase, retention.F2Trend]


def _results(months: int, customers: int, rate: float) -> Results:
    """Customers acquired evenly on the 1st of the last `months` months; `rate` is the chance of a second purchase a day."""
    rng = np.random.default_rng(months)
    ago = np.repeat(np.arange(months), customers // months)
    observed = 30 * (ago + 1)
    gap = rng.geometric(rate, len(ago)) if rate else np.full(len(ago), 10**6)
    event = gap <= observed
    rows = {"cohort": DECEMBER - ago, "observed": observed, "days": np.where(event, gap, observed), "event": event}
    gaps = pd.DataFrame(rows).groupby(list(rows)).size().rename("n").reset_index()
    sizes = gaps.groupby("cohort", as_index=False)["n"].sum()
    active = (
        gaps[gaps["event"]]
        .assign(period=lambda frame: frame["days"] // 30 + 1)
        .groupby(["cohort", "period"])["n"]
        .sum()
    )
    counts = active.rename("active").reset_index()
    return retention.by_cohort(counts, sizes, AS_OF), retention.f2(gaps), retention.f2_trend(gaps)


@pytest.fixture
def results() -> Callable[..., Results]:
    return _results
