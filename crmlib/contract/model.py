"""A fitted contract model: survival, renewal rates and the expected residual lifetime, with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from crmlib import intervals, newton
from crmlib.contract import curve
from crmlib.contract.exposure import Exposure
from crmlib.errors import CrmError
from crmlib.intervals import Estimate, unknown
from crmlib.newton import Report

if TYPE_CHECKING:
    from crmlib.newton import FloatArray, Optimum

NAMES = ("alpha", "beta", "c")
# logarithms: beyond, the contracts' probabilities are all alike, or all 0 or 1
LOWER, UPPER = np.log([1e-4, 1e-4, 0.05]), np.log([1e4, 1e5, 20.0])
MIN_LOST = 5  # fewer losses say nothing about how they are spread
UNTOLD = 1000.0  # an upper bound so many times the estimate says nothing


@dataclass(frozen=True, eq=False)
class Contract:
    """A fitted model. Parameters are NaN, and so is all that follows from them, where the fit did not converge.

    Args:
        model: "sbg" or "bdw".
        parameters: alpha, beta, c (c is 1 for the shifted beta-geometric).
        log_covariance: Covariance of the logarithms of the free parameters, shape (free, free).
        log_likelihood: At the estimate.
        exposure: What was fitted.
        report: How the fit ended.
    """

    model: str
    parameters: FloatArray
    log_covariance: FloatArray
    log_likelihood: float
    exposure: Exposure
    report: Report

    @property
    def why(self) -> str:
        """Text key of why there is no fit: contract.<reason>; "" when it converged."""
        return "" if self.report.converged else f"contract.{self.report.why.rsplit('.', maxsplit=1)[-1]}"

    def parameter(self, name: str) -> Estimate:
        """One parameter with its interval, symmetric on the log scale."""
        place, n = NAMES.index(name), self.exposure.contracts
        if self.why:
            return unknown(n, self.why)
        value = float(self.parameters[place])
        if place >= len(self.log_covariance):
            return Estimate(value, np.nan, np.nan, n)
        lower, upper = newton.log_intervals(self.parameters[: len(self.log_covariance)], self.log_covariance)[place]
        if not upper <= UNTOLD * value:  # the data do not tell this parameter: an interval would only look like one
            return Estimate(value, np.nan, np.nan, n)
        return Estimate(value, float(lower), float(upper), n)

    def survival(self, renewals: int) -> Estimate:
        """Share of contracts that make at least so many renewals; log-log interval by the delta method."""
        if self.why:
            return unknown(self.exposure.contracts, self.why)
        return self._share(float(renewals), 0.0)

    def renewal(self, number: int) -> Estimate:
        """Share renewed at the n-th opportunity (1, 2, ...) of the contracts that reach it."""
        if self.why:
            return unknown(self.exposure.contracts, self.why)
        return self._share(float(number), float(number - 1))

    def _share(self, to: float, begin: float) -> Estimate:
        log_s = np.diff(curve.log_survival(self.parameters, np.array([begin, to])))[0]
        slope = self._slopes(np.array([begin, to]))
        error = intervals.delta_error(slope[:, 1] - slope[:, 0], self.log_covariance)
        lower, upper = intervals.log_log(np.exp(log_s), error**2)
        return Estimate(float(np.exp(log_s)), float(lower), float(upper), self.exposure.contracts)

    def _slopes(self, t: FloatArray) -> FloatArray:
        return curve.log_survival_slopes(self.parameters, t)[: len(self.log_covariance)]


def fitted(model: str, exposure: Exposure, free: int, starts: list[FloatArray]) -> Contract:
    """Maximum likelihood from the given starts (log-parameters); used by `sbg.fit` and `beta_discrete_weibull.fit`."""
    opportunities = int((exposure.at_risk > 0).sum())
    if exposure.lost.sum() < MIN_LOST or opportunities < free or exposure.kept.sum() < MIN_LOST:
        nothing = np.full((free, free), np.nan)
        return Contract(model, np.full(3, np.nan), nothing, np.nan, exposure, Report(False, "contract.too_few"))
    optimum = newton.best(curve.objective(exposure, free), starts, LOWER[:free], UPPER[:free])
    return Contract(
        model, _parameters(optimum, free), newton.covariance(optimum), optimum.value, exposure, optimum.report
    )


def _parameters(optimum: Optimum, free: int) -> FloatArray:
    values = np.ones(3)
    values[:free] = np.exp(optimum.at)
    return values if optimum.report.converged else np.full(3, np.nan)


def residual_lifetime(contract: Contract, renewals: int, discount: float = 0.0, periods: int = 0) -> Estimate:
    """Expected further renewals of a contract that has made `renewals` of them, just before the next opportunity.

    Sum over t > renewals of S(t) / S(renewals) / (1 + discount)^(t - renewals - 1): the next renewal counts in full, as in
    Fader & Hardie (2010), "Customer-base valuation in a contractual setting", eq. 6 (DERL).

    Args:
        contract: A fit.
        renewals: Renewals made, 0 or more.
        discount: Per period, e.g. 0.01.
        periods: Only so many opportunities ahead; 0 = without end, which needs a discount.

    Raises:
        CrmError: without end and without discount (the sum may be infinite).
    """
    if periods <= 0 and discount <= 0:
        raise CrmError("a residual lifetime without end needs a discount above 0")
    if contract.why:
        return unknown(contract.exposure.contracts, contract.why)
    last = periods or int(np.ceil(40 / np.log1p(discount)))  # beyond, a term weighs less than e^-40
    t = renewals + np.arange(last + 1.0)
    weight = np.exp(curve.log_survival(contract.parameters, t[1:]) - curve.log_survival(contract.parameters, t[:1]))
    weight = weight * (1 + discount) ** -np.arange(float(last))
    slopes = curve.log_survival_slopes(contract.parameters, t)[: len(contract.log_covariance)]
    value, slope = float(weight.sum()), (slopes[:, 1:] - slopes[:, :1]) @ weight
    relative = intervals.delta_error(slope, contract.log_covariance) / value
    lower, upper = newton.log_intervals(np.array([value]), np.array([[relative**2]]))[0]
    return Estimate(value, float(lower), float(upper), contract.exposure.contracts)
