"""Our fits as `lifetimes` fitters, and lifetimes' own fits of the same patterns: a second opinion, kept quiet.

Importing lifetimes silences every FutureWarning of the process; that is put back here.
Its `variance_matrix_` is wrong off the diagonal; the fitters handed out here carry ours.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager, redirect_stdout, suppress
from io import StringIO
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crmlib.ltv.patterns import DAYS_PER_WEEK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifetimes import GammaGammaFitter
    from lifetimes.fitters import BaseFitter

    from crmlib.ltv.bg_nbd import BgNbd
    from crmlib.ltv.gamma_gamma import GammaGamma
    from crmlib.ltv.pareto_nbd import ParetoNbd

# our model -> the class of lifetimes, and its generator of customers
FITTERS = {
    "bg_nbd": ("BetaGeoFitter", "beta_geometric_nbd_model"),
    "mbg_nbd": ("ModifiedBetaGeoFitter", "modified_beta_geometric_nbd_model"),
    "pareto_nbd": ("ParetoNBDFitter", "pareto_nbd_model"),
}


def buying_fitter(model: BgNbd | ParetoNbd) -> BaseFitter:
    """The `lifetimes` fitter of the model's own kind (BG/NBD, MBG/NBD, Pareto/NBD) with its parameters; time in weeks."""
    with _quiet():
        import lifetimes
        from lifetimes import generate_data

        name, generator = FITTERS[model.NAME]
        fitter = getattr(lifetimes, name)()
    fitter.data = _weeks(model)
    fitter.predict = fitter.conditional_expected_number_of_purchases_up_to_time
    age, draw = fitter.data["T"].to_numpy(), getattr(generate_data, generator)
    fitter.generate_new_data = lambda size=1: draw(age, *model.parameters, size=size)
    return _with_estimates(fitter, model)


def gamma_gamma_fitter(model: GammaGamma) -> GammaGammaFitter:
    """A `lifetimes.GammaGammaFitter` that holds `model`'s parameters; money in major units."""
    with _quiet():
        from lifetimes import GammaGammaFitter

        fitter = GammaGammaFitter()
    amounts = model.amounts
    columns = {"monetary_value": amounts.mean, "frequency": amounts.frequency, "weights": amounts.weight}
    fitter.data = pd.DataFrame(columns)
    return _with_estimates(fitter, model)


def refit(model: BgNbd | ParetoNbd) -> pd.Series:
    """The parameters that lifetimes' own optimiser finds on the patterns of `model`; NaN where either does not converge."""
    fitter, data = buying_fitter(model), _weeks(model)
    if not model.report.converged:  # its optimiser would stop somewhere on the ridge and call it a fit
        return fitter.params_
    from lifetimes.utils import ConvergenceError

    with _quiet(), suppress(ConvergenceError):
        fitter.fit(data["frequency"], data["recency"], data["T"], weights=data["weights"])
        return fitter.params_
    return pd.Series(np.nan, index=fitter.params_.index)


def _weeks(model: BgNbd | ParetoNbd) -> pd.DataFrame:
    p = model.patterns
    columns = {"recency": p.recency / DAYS_PER_WEEK, "T": p.T / DAYS_PER_WEEK}
    return pd.DataFrame({"frequency": p.frequency, **columns, "weights": p.weight})


def _with_estimates(fitter: BaseFitter, model: BgNbd | ParetoNbd | GammaGamma) -> BaseFitter:
    index, low, high = list(model.NAMES), "lower 95% bound", "upper 95% bound"
    customers = max(float(fitter.data["weights"].sum()), 1.0)
    fitter.params_ = pd.Series(model.parameters, index=index)
    fitter.variance_matrix_ = pd.DataFrame(model.covariance, index=index, columns=index)
    fitter.standard_errors_ = pd.Series(model.standard_errors, index=index)
    fitter.confidence_intervals_ = pd.DataFrame(model.intervals, index=index, columns=[low, high])
    fitter._negative_log_likelihood_ = -model.log_likelihood / customers
    return fitter


@contextmanager
def _quiet() -> Iterator[None]:
    """Nothing printed and no warning inside; the process's warning filters are as before afterwards."""
    with warnings.catch_warnings(), np.errstate(all="ignore"), redirect_stdout(StringIO()):
        warnings.simplefilter("ignore")
        yield
