"""Lifetime value against lifetimes (and pymc-marketing's reference time): fits, bootstrap, scores, segments, memory.

`python -m bench ltv` takes some minutes: lifetimes' Pareto/NBD at 100,000 customers alone takes one.
"""

import json
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench._measure import in_a_process, peak_mb, report, report_at_most, seconds
from bench.summaries import AS_OF
from crmlib.ltv import bg_nbd, bg_nbd_compiled, bootstrap, gamma_gamma, nbd, pareto_nbd, patterns, scores, segments
from crmlib.ltv.simulated import bg_nbd_customers, gamma_gamma_totals, pareto_nbd_customers

CUSTOMERS = 1_000_000
TRUTH, SIZES, PARETO = (0.6, 45 / 7, 0.9, 2.5), (4.0, 4.0, 4500.0), (0.6, 45 / 7, 0.6, 12.0)
# Measured once on this kind of machine (pymc-marketing does not install beside the workbench's libraries): its MAP fit of
# BG/NBD at 100,000 customers took 2.6 to 4.3 s. Only the faster figure is used, and the line says that it is a reference.
PYMC_MAP = 2.6
COARSE_DAYS = 7


def main(
    parts: tuple[str, ...] = ("frequency", "money", "pareto", "bootstrap", "scores", "segments", "memory", "orders"),
) -> int:
    return sum(globals()[f"_{part}"]() for part in parts)


def ages(size: int) -> Any:
    return np.random.default_rng(1).integers(30, 730, size)


def lifetimes(name: str, *arguments: Any, **options: Any) -> Any:
    """lifetimes in its best light: its own default settings, nothing printed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import lifetimes as package

        return getattr(package, name)().fit(*arguments, **options)


def _frequency() -> int:
    raw = bg_nbd_customers(TRUTH, ages(CUSTOMERS), seed=1)
    weeks = (raw[0], raw[1] / 7, raw[2] / 7)
    numpy_time, ours = seconds(lambda: bg_nbd.fit(patterns.from_arrays(*raw)), repeats=5)
    print(f"{CUSTOMERS:,} customers, {len(ours.patterns):,} patterns; NumPy {numpy_time:.3f} s", flush=True)
    raw_time, theirs = seconds(lambda: lifetimes("BetaGeoFitter", *weeks))
    print(f"lifetimes {raw_time:.2f} s on raw rows")
    missed = report("BG/NBD in NumPy, raw rows, against lifetimes raw", raw_time / numpy_time, 26)
    difference = float(np.max(np.abs(theirs.params_.to_numpy() / ours.parameters - 1)))
    missed += report_at_most("largest relative difference to lifetimes", difference, 1e-4)
    missed += _compiled(raw, raw_time, ours)
    coarse_time, coarse = seconds(lambda: bg_nbd.fit(patterns.coarse(patterns.from_arrays(*raw), COARSE_DAYS)), 5)
    return missed + _coarse(raw_time, coarse_time, (ours, coarse), raw)


def _compiled(raw: Any, raw_time: float, ours: bg_nbd.BgNbd) -> int:
    if not bg_nbd_compiled.njit:
        print("numba is not installed: pip install 'crmlib[speed]' to measure the compiled kernel")
        return 1
    bg_nbd.fit(ours.patterns, kernel="numba")  # compiles once; cached afterwards
    time, compiled = seconds(lambda: bg_nbd.fit(patterns.from_arrays(*raw), kernel="numba"), repeats=5)
    print(f"compiled {time:.3f} s")
    missed = report("BG/NBD with numba, raw rows, against lifetimes raw", raw_time / time, 104)
    difference = float(np.max(np.abs(compiled.parameters / ours.parameters - 1)))
    return missed + report_at_most("largest relative difference of numba to NumPy", difference, 1e-5)


def _coarse(raw_time: float, time: float, models: tuple[bg_nbd.BgNbd, bg_nbd.BgNbd], raw: Any) -> int:
    """Bins of a week by their middle: the documented option where a total is wanted at once."""
    coarse = models[1]
    fit_time, _ = seconds(lambda: bg_nbd.fit(coarse.patterns), repeats=5)
    print(f"weekly bins: {time:.3f} s from raw rows, {fit_time:.3f} s from patterns ({len(coarse.patterns):,})")
    expected = [float(bg_nbd.conditional_expected_purchases(m, 365, *raw).sum()) for m in models]
    missed = report_at_most(
        "weekly bins: relative change of the 12-month total", abs(expected[1] / expected[0] - 1), 0.01
    )
    return missed + report("BG/NBD, weekly bins, fit against lifetimes raw", raw_time / fit_time, 250)


def _money() -> int:
    x, _, _ = bg_nbd_customers(TRUTH, ages(CUSTOMERS), seed=1)
    again = x > 0
    total = np.maximum(gamma_gamma_totals(SIZES, x, 1).round(), 1.0)[again]
    frame = pd.DataFrame({"frequency": x[again], "amount": total}).groupby(["frequency", "amount"]).size()
    grouped = frame.rename("weight").reset_index()
    time, ours = seconds(lambda: gamma_gamma.fit(gamma_gamma.amounts_from_frame(grouped, 1)), repeats=3)
    raw_time, theirs = seconds(lambda: lifetimes("GammaGammaFitter", x[again], total / x[again]))
    print(f"Gamma-Gamma, {again.sum():,} repeaters: {time:.3f} s against {raw_time:.2f} s")
    missed = report("Gamma-Gamma against lifetimes on raw rows", raw_time / time, 60)
    difference = float(np.max(np.abs(theirs.params_.to_numpy() / ours.parameters - 1)))
    return missed + report_at_most("largest relative difference to lifetimes", difference, 2e-3)


def _pareto() -> int:
    raw = pareto_nbd_customers(PARETO, ages(100_000), seed=1)
    time, ours = seconds(lambda: pareto_nbd.fit(patterns.from_arrays(*raw)), repeats=3)
    raw_time, theirs = seconds(lambda: lifetimes("ParetoNBDFitter", raw[0], raw[1] / 7, raw[2] / 7))
    print(f"Pareto/NBD, 100,000 customers: {time:.3f} s against {raw_time:.1f} s")
    missed = report("Pareto/NBD at 100,000 against lifetimes raw", raw_time / time, 100)
    difference = float(np.max(np.abs(theirs.params_.to_numpy() / ours.parameters - 1)))
    return missed + report_at_most("largest relative difference to lifetimes", difference, 2e-2)


def _bootstrap() -> int:
    raw = bg_nbd_customers(TRUTH, ages(100_000), seed=1)
    raw_time, theirs = seconds(lambda: lifetimes("BetaGeoFitter", raw[0], raw[1] / 7, raw[2] / 7), repeats=2)
    fit_time, model = seconds(lambda: bg_nbd.fit(patterns.from_arrays(*raw)), repeats=3)
    time, _ = seconds(lambda: bootstrap.draws(model, 200), repeats=3)
    print(
        f"200 draws on 100,000 customers: {time:.2f} s; lifetimes' one fit: {raw_time:.2f} s; our fit {fit_time:.3f} s"
    )
    missed = report("one lifetimes fit over 200 bootstrap draws", raw_time / time, 1)
    difference = float(np.max(np.abs(theirs.params_.to_numpy() / model.parameters - 1)))
    missed += report_at_most("largest relative difference to lifetimes", difference, 1e-4)
    return missed + report("pymc-marketing's MAP (reference time, not run here) at 100,000", PYMC_MAP / fit_time, 40)


def scored() -> tuple[Any, Any, pd.DataFrame]:
    x, t_x, T = bg_nbd_customers(TRUTH, ages(CUSTOMERS), seed=1)
    total = gamma_gamma_totals(SIZES, x, 1).round()
    frame = pd.DataFrame({"customer_id": np.arange(CUSTOMERS), "frequency": x, "recency": t_x, "T": T, "amount": total})
    model = bg_nbd.fit(patterns.from_arrays(x, t_x, T))
    some = frame[frame["amount"] > 0].head(50_000).assign(weight=1)
    return model, gamma_gamma.fit(gamma_gamma.amounts_from_frame(some, 1)), frame


def _scores() -> int:
    model, amount, frame = scored()
    time, _ = seconds(lambda: scores.score(model, amount, frame, 1, 0.1), repeats=2)
    return report_at_most(f"scores of {CUSTOMERS:,} customers with intervals, seconds", time, 5)


def _segments() -> int:
    groups = {}
    for k in range(100):
        T = np.random.default_rng(k).integers(30, 730, 1_000)
        groups[str(k)] = patterns.from_arrays(*bg_nbd_customers(TRUTH, T, seed=k))
    time, _ = seconds(lambda: [bg_nbd.fit(group) for group in groups.values()], repeats=2)
    missed = report_at_most("100 segments of 1,000 customers fitted one by one, seconds", time, 2)
    pooled = bg_nbd.fit(segments._merged(list(groups.values())))
    time, _ = seconds(lambda: segments.fit(groups, pooled), repeats=2)
    return missed + report_at_most("100 segments partially pooled, seconds", time, 4)


def _memory() -> int:
    before = in_a_process("bench.ltv", "data")
    after = in_a_process("bench.ltv", "all")
    return report_at_most(
        "memory beyond the data: fit, value and scores of a million, MB", after["mb"] - before["mb"], 1000
    )


def _orders() -> int:
    """10 million order rows, as bench.summaries writes them, to every customer's 12-month value; each in its own process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store" / "orders.parquet"
        path.parent.mkdir()
        in_a_process("bench.summaries", "write", str(path))
        ours, theirs = (in_a_process("bench.ltv", name, str(path)) for name in ("crmlib", "lifetimes"))
    print(f"10M order rows to 12-month values: {ours['seconds']:.1f} s against {theirs['seconds']:.1f} s")
    missed = report("10M order rows to every customer's 12-month value", theirs["seconds"] / ours["seconds"], 15)
    return missed + report_at_most("relative difference of the sums", abs(ours["sum"] / theirs["sum"] - 1), 2e-2)


def to_values(path: str) -> float:
    """Store to the sum of all customers' values."""
    from crmlib import summaries
    from crmlib.summaries import ltv as counts
    from crmlib.summaries import orders

    store = summaries.open_store(Path(path).parents[1])
    frame = counts.by_customer(orders.purchases(store.orders, AS_OF), AS_OF).to_pandas()
    known = patterns.from_arrays(frame["frequency"], frame["recency"], frame["T"])
    model: Any = bg_nbd.fit(known)
    model = model if model.report.converged else nbd.fit(known)  # nobody leaves in these orders: NBD serves
    amount = gamma_gamma.fit(gamma_gamma.amounts_from_frame(frame[frame["frequency"] > 0].assign(weight=1), 1))
    return float(scores.score(model, amount, frame, 1, 0.0)["clv_12m"].sum())


def lifetimes_values(path: str) -> float:
    """The same with lifetimes, undiscounted: its summary, its two fits, its predictions."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifetimes.utils import summary_data_from_transaction_data

        rows = pd.read_parquet(path, columns=["customer_id", "order_date", "amount"])
        names = ("customer_id", "order_date", "amount")
        each = summary_data_from_transaction_data(rows, *names, observation_period_end=AS_OF)
        buying = lifetimes("BetaGeoFitter", each["frequency"], each["recency"] / 7, each["T"] / 7)
        again = each[each["frequency"] > 0]
        spending = lifetimes("GammaGammaFitter", again["frequency"], again["monetary_value"])
        mean = spending.conditional_expected_average_profit(each["frequency"], each["monetary_value"])
        return float((buying.predict(365.25 / 7, each["frequency"], each["recency"] / 7, each["T"] / 7) * mean).sum())


def _alone(name: str, *arguments: str) -> dict[str, float]:
    if name in ("crmlib", "lifetimes"):
        time, total = seconds(lambda: (to_values if name == "crmlib" else lifetimes_values)(*arguments))
        return {"seconds": time, "sum": total, "mb": peak_mb()}
    made = scored() if name == "all" else bg_nbd_customers(TRUTH, ages(CUSTOMERS), seed=1)
    if name == "all":
        scores.score(*made, 1, 0.1)
    return {"mb": peak_mb()}


if __name__ == "__main__":
    print(json.dumps(_alone(*sys.argv[1:])))
