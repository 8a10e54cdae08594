"""Lifetime value against lifetimes and pymc-marketing: fits, bootstrap, scores, segments, memory.

`python -m bench ltv` takes some minutes: lifetimes' Pareto/NBD at 100,000 customers alone takes one.
"""

import json
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench._measure import Timing, against, in_a_process, in_turn, peak_mb, report, report_at_most, seconds
from bench.summaries import AS_OF, purchases
from crmlib.ltv import bg_nbd, bg_nbd_compiled, bootstrap, gamma_gamma, nbd, pareto_nbd, patterns, scores, segments
from crmlib.ltv.simulated import bg_nbd_customers, gamma_gamma_totals, pareto_nbd_customers

CUSTOMERS = 1_000_000
TRUTH, SIZES, PARETO = (0.6, 45 / 7, 0.9, 2.5), (4.0, 4.0, 4500.0), (0.6, 45 / 7, 0.6, 12.0)
PYMC = "CRMLIB_BENCH_PYMC"  # environment variable: an interpreter that has pymc-marketing
OURS = 4  # runs of ours beside one of theirs
COARSE_DAYS = 7


PARTS = ("frequency", "money", "pareto", "bootstrap", "pymc", "scores", "segments", "memory", "orders")


def main(parts: tuple[str, ...] = PARTS) -> int:
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
    """Everything of ours from raw rows: grouping customers into patterns is part of the time."""
    raw = bg_nbd_customers(TRUTH, ages(CUSTOMERS), seed=1)
    contenders: dict[str, tuple[Any, int]] = {
        "lifetimes": (lambda: lifetimes("BetaGeoFitter", raw[0], raw[1] / 7, raw[2] / 7), 1),
        "NumPy": (lambda: bg_nbd.fit(patterns.from_arrays(*raw)), OURS),
        "weekly bins": (lambda: bg_nbd.fit(patterns.coarse_from_arrays(*raw, COARSE_DAYS)), OURS),
    }
    if bg_nbd_compiled.njit:
        bg_nbd.fit(
            patterns.from_arrays(*(column[:1000] for column in raw)), kernel="numba"
        )  # compiles once; then cached
        contenders["numba"] = (lambda: bg_nbd.fit(patterns.from_arrays(*raw), kernel="numba"), OURS)
    found = dict(zip(contenders, in_turn(*contenders.values()), strict=True))
    model = found["NumPy"].result
    print(f"{CUSTOMERS:,} customers, {len(model.patterns):,} patterns")
    missed = _fits(found)
    missed += _apart("lifetimes", found["lifetimes"].result.params_.to_numpy(), model.parameters, 1e-6)
    both = [bg_nbd.conditional_expected_purchases(m, 365, *raw).sum() for m in (model, found["weekly bins"].result)]
    return missed + report_at_most(
        "weekly bins: relative change of the 12-month total", abs(both[1] / both[0] - 1), 0.01
    )


def _fits(found: dict[str, Timing]) -> int:
    missed = 0
    for name, target in (("NumPy", 26), ("numba", 104), ("weekly bins", 250)):
        if name in found:
            missed += against(
                f"BG/NBD, {name}, from raw rows, against lifetimes", found["lifetimes"], found[name], target
            )
        else:
            print("numba is not installed: pip install 'crmlib[speed]' to measure the compiled kernel")
            missed += 1
    if "numba" in found:
        missed += _apart("NumPy", *(found[name].result.parameters for name in ("NumPy", "numba")), 1e-6)
    return missed


def _apart(whom: str, theirs: Any, ours: Any, most: float) -> int:
    return report_at_most(f"largest relative difference to {whom}", float(np.max(np.abs(theirs / ours - 1))), most)


def _money() -> int:
    x, _, _ = bg_nbd_customers(TRUTH, ages(CUSTOMERS), seed=1)
    again = x > 0
    total = np.where(again, np.maximum(gamma_gamma_totals(SIZES, x, 1).round(), 1.0), 0.0)
    theirs, ours = in_turn(
        (lambda: lifetimes("GammaGammaFitter", x[again], total[again] / x[again]), 1),
        (lambda: gamma_gamma.fit(gamma_gamma.amounts_from_arrays(x, total, 1)), OURS),
    )
    missed = against(f"Gamma-Gamma, {again.sum():,} repeaters, against lifetimes", theirs, ours, 60)
    return missed + _apart("lifetimes", theirs.result.params_.to_numpy(), ours.result.parameters, 1e-6)


def _pareto() -> int:
    raw = pareto_nbd_customers(PARETO, ages(100_000), seed=1)
    theirs, ours = in_turn(
        (lambda: lifetimes("ParetoNBDFitter", raw[0], raw[1] / 7, raw[2] / 7), 1),
        (lambda: pareto_nbd.fit(patterns.from_arrays(*raw)), OURS),
        rounds=1,
    )
    missed = against("Pareto/NBD at 100,000 from raw rows, against lifetimes", theirs, ours, 100)
    return missed + _apart("lifetimes", theirs.result.params_.to_numpy(), ours.result.parameters, 2e-2)


def _bootstrap() -> int:
    raw = bg_nbd_customers(TRUTH, ages(100_000), seed=1)
    model = bg_nbd.fit(patterns.from_arrays(*raw))
    theirs, ours = in_turn(
        (lambda: lifetimes("BetaGeoFitter", raw[0], raw[1] / 7, raw[2] / 7), 1),
        (lambda: bootstrap.purchases(model, 365, 200), 1),
        rounds=3,
    )
    missed = against("one lifetimes fit over 200 bootstrap intervals, 100,000 customers", theirs, ours, 1)
    return missed + _apart("lifetimes", theirs.result.params_.to_numpy(), model.parameters, 1e-6)


def _pymc() -> int:
    """pymc-marketing in an interpreter of its own: it brings 800 MB and other versions of what the workbench needs."""
    python = os.environ.get(PYMC)
    if not python:
        print(f"pymc-marketing was not measured: {PYMC} names no interpreter that has it (docs/ltv.md says how)")
        return 0
    raw = bg_nbd_customers(TRUTH, ages(100_000), seed=1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.npz"
        np.savez(path, frequency=raw[0], recency=raw[1] / 7, T=raw[2] / 7)
        time, ours = seconds(lambda: bg_nbd.fit(patterns.from_arrays(*raw)), OURS)
        command = [python, str(Path(__file__).with_name("_pymc.py")), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    if done.returncode:
        print(f"pymc-marketing was not measured: {done.stderr.strip().splitlines()[-1]}")
        return 1
    theirs = json.loads(done.stdout.strip().splitlines()[-1])
    time = min(time, seconds(lambda: bg_nbd.fit(patterns.from_arrays(*raw)), OURS)[0])
    print(f"pymc-marketing {theirs['version']}: MAP {theirs['seconds']:.2f} s; ours {time:.3f} s from raw rows")
    missed = report("BG/NBD at 100,000 against pymc-marketing's MAP", theirs["seconds"] / time, 40)
    return missed + _apart("pymc-marketing", np.array(theirs["parameters"]), ours.parameters, 1e-3)


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
    """10 million order rows, as bench.summaries writes them, to every customer's 12-month value.

    Each contender in its own process; imports are not timed.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store" / "orders.parquet"
        path.parent.mkdir()
        in_a_process("bench.summaries", "write", str(path))
        days = in_a_process("bench.summaries", "sum_days", str(path))
        order = ("crmlib", "lifetimes", "crmlib")
        found = [(name, in_a_process("bench.ltv", name, str(path))) for name in order]
    theirs, ours = ([figures for name, figures in found if name == contender] for contender in ("lifetimes", "crmlib"))
    times = [
        Timing(min(f["seconds"] for f in some) + extra, min(f["cpu"] for f in some) + cpu, some[0]["sum"])
        for some, extra, cpu in ((theirs, 0, 0), (ours, days["seconds"], days["cpu"]))
    ]
    print(f"  of ours {days['seconds']:.2f} s: orders by customer and day, which intake sums once")
    missed = against("10M order rows to every customer's 12-month value", times[0], times[1], 15)
    return missed + report_at_most("relative difference of the sums", abs(times[1].result / times[0].result - 1), 1e-6)


def to_values(path: str) -> float:
    """Store to the sum of all customers' values."""
    from crmlib.summaries import ltv as counts

    frame = counts.by_customer(purchases(path), AS_OF).to_pandas()
    known = patterns.from_arrays(frame["frequency"], frame["recency"], frame["T"])
    model: Any = bg_nbd.fit(known)
    model = model if model.report.converged else nbd.fit(known)  # nobody leaves in these orders: NBD serves
    amount = gamma_gamma.fit(gamma_gamma.amounts_from_arrays(frame["frequency"], frame["amount"], 1))
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
        from crmlib.run import preload as _preloaded  # noqa: F401 (a run's kernels have these, lifetimes among them)
        from crmlib.summaries import ltv as _counts  # noqa: F401

        (timing,) = in_turn((lambda: (to_values if name == "crmlib" else lifetimes_values)(*arguments), 1), rounds=1)
        return {"seconds": timing.seconds, "cpu": timing.cpu, "sum": timing.result, "mb": peak_mb()}
    made = scored() if name == "all" else bg_nbd_customers(TRUTH, ages(CUSTOMERS), seed=1)
    if name == "all":
        scores.score(*made, 1, 0.1)
    return {"mb": peak_mb()}


if __name__ == "__main__":
    print(json.dumps(_alone(*sys.argv[1:])))
