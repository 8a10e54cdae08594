"""BG/NBD on a million simulated customers, in days, against lifetimes on raw and on grouped rows."""

import warnings
from typing import Any

import numpy as np

from bench._measure import report, report_at_most, seconds
from crmlib.ltv import bg_nbd, bg_nbd_compiled, patterns
from crmlib.ltv.simulated import bg_nbd_customers

CUSTOMERS = 1_000_000
TRUTH = (0.6, 45 / 7, 0.9, 2.5)


def main() -> int:
    T = np.random.default_rng(1).integers(30, 730, CUSTOMERS)
    raw = bg_nbd_customers(TRUTH, T, seed=1)
    numpy_time, ours = seconds(lambda: bg_nbd.fit(patterns.from_arrays(*raw)), repeats=5)
    print(f"{CUSTOMERS:,} customers, {len(ours.patterns):,} patterns; NumPy {numpy_time:.3f} s", flush=True)
    raw_time, theirs = seconds(lambda: _lifetimes(*raw))
    p = ours.patterns
    fit_time, _ = seconds(lambda: bg_nbd.fit(p), repeats=5)
    grouped_time, grouped = seconds(lambda: _lifetimes(p.frequency, p.recency, p.T, p.weight))
    print(
        f"lifetimes {raw_time:.2f} s on raw rows, {grouped_time:.2f} s on grouped rows; ours on patterns {fit_time:.3f} s"
    )
    missed = report("BG/NBD in NumPy, raw rows, against lifetimes raw", raw_time / numpy_time, 25)
    missed += report("BG/NBD in NumPy, raw rows, against lifetimes grouped", grouped_time / numpy_time, 11)
    for name, other in (("raw", theirs), ("grouped", grouped)):
        difference = float(np.max(np.abs(other.params_.to_numpy() / ours.parameters - 1)))
        missed += report_at_most(f"largest relative difference to lifetimes {name}", difference, 1e-5)
    return missed + _compiled(raw, raw_time, ours)


def _lifetimes(x: Any, t_x: Any, T: Any, weights: Any = None) -> Any:
    """lifetimes in its best light: time in weeks, its own default settings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifetimes import BetaGeoFitter

        return BetaGeoFitter().fit(x, t_x / 7, T / 7, weights=weights)


def _compiled(raw: Any, raw_time: float, ours: bg_nbd.BgNbd) -> int:
    if not bg_nbd_compiled.njit:
        print("numba is not installed: pip install 'crmlib[speed]' to measure the compiled kernel")
        return 1
    bg_nbd.fit(ours.patterns, kernel="numba")  # compiles once; cached afterwards
    time, compiled = seconds(lambda: bg_nbd.fit(patterns.from_arrays(*raw), kernel="numba"), repeats=5)
    print(f"compiled {time:.3f} s")
    missed = report("BG/NBD with numba, raw rows, against lifetimes raw", raw_time / time, 100)
    difference = float(np.max(np.abs(compiled.parameters / ours.parameters - 1)))
    return missed + report_at_most("largest relative difference of numba to NumPy", difference, 1e-5)


if __name__ == "__main__":
    main()
