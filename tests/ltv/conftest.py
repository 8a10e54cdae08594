"""The CDNOW 1/10 sample that the installed lifetimes package ships: read as a file, lifetimes is not imported."""

from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest

from crmlib.ltv import bg_nbd, gamma_gamma, patterns

CALIBRATION_END, AS_OF = pd.Timestamp("1997-09-30"), pd.Timestamp("1998-06-30")


@pytest.fixture(scope="session")
def occasions() -> pd.DataFrame:
    """One row per customer and day: customer, date, amount in cents. The published results count $0 days too."""
    path = Path(find_spec("lifetimes").origin).parent / "datasets" / "CDNOW_sample.txt"
    raw = pd.read_csv(path, sep=r"\s+", names=["master", "customer", "date", "cds", "dollars"])
    raw = raw.assign(date=pd.to_datetime(raw["date"].astype(str)), amount=(raw["dollars"] * 100).round().astype(int))
    return raw.groupby(["customer", "date"], as_index=False)["amount"].sum()


def histories(occasions: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """frequency, recency, T (days) and amount (cents, repeat purchases) per customer."""
    seen = occasions[occasions["date"] <= end]
    first = seen.groupby("customer")["date"].transform("min")
    repeat = seen.assign(amount=seen["amount"].where(seen["date"] > first, 0))
    g = repeat.groupby("customer").agg(
        first=("date", "min"), last=("date", "max"), n=("date", "size"), amount=("amount", "sum")
    )
    recency, T = (g["last"] - g["first"]).dt.days, (end - g["first"]).dt.days
    return pd.DataFrame({"frequency": g["n"] - 1, "recency": recency, "T": T, "amount": g["amount"], "weight": 1})


@pytest.fixture(scope="session")
def calibration(occasions) -> pd.DataFrame:
    return histories(occasions, CALIBRATION_END)


@pytest.fixture(scope="session")
def cdnow(calibration) -> bg_nbd.BgNbd:
    return bg_nbd.fit(patterns.from_frame(calibration))


@pytest.fixture(scope="session")
def cdnow_amounts(calibration) -> gamma_gamma.GammaGamma:
    return gamma_gamma.fit(gamma_gamma.amounts_from_frame(calibration, scale=100))


@pytest.fixture(scope="session")
def holdout_counts(occasions, calibration) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The two inputs of holdout.race, in pandas: an independent hand for the summaries."""
    later = occasions[occasions["date"] > CALIBRATION_END].groupby("customer").size()
    rows = calibration.assign(purchases=later.reindex(calibration.index, fill_value=0))
    first = occasions.groupby("customer")["date"].transform("min")
    daily = pd.DataFrame(
        {"order_date": occasions["date"], "customers": occasions["date"] == first, "repeats": occasions["date"] > first}
    )
    return rows, daily.groupby("order_date", as_index=False).sum()
