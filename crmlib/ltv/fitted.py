"""What every fitted model of this package has: named parameters with their covariance, and what its data cannot tell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from crmlib import newton

if TYPE_CHECKING:
    from typing import Self

    from numpy.typing import ArrayLike

    from crmlib.ltv.patterns import Patterns
    from crmlib.newton import FloatArray, Report

WEAK_ERROR = 1.0  # standard error of a log-parameter above which its interval spans a factor of 50


class Fitted:
    """Parameters by maximum likelihood; a fitted model is a frozen dataclass with one field per name in `NAMES`."""

    NAMES: ClassVar[tuple[str, ...]]
    log_likelihood: float
    log_covariance: FloatArray
    report: Report

    @property
    def parameters(self) -> FloatArray:
        """The parameters in the order of `NAMES`."""
        return np.array([getattr(self, name) for name in self.NAMES])

    @property
    def covariance(self) -> FloatArray:
        """Covariance of the parameters."""
        return self.log_covariance * np.outer(self.parameters, self.parameters)

    @property
    def standard_errors(self) -> FloatArray:
        """Standard errors of the parameters."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def intervals(self) -> FloatArray:
        """95 % intervals, one row per parameter, symmetric on the log scale so that they stay positive."""
        return newton.log_intervals(self.parameters, self.log_covariance)

    def shifted(self, log_step: FloatArray) -> Self:
        """The same model with its log-parameters moved: what intervals of predictions are made from."""
        moved = self.parameters * np.exp(log_step)
        fields: dict[str, Any] = dict(zip(self.NAMES, moved, strict=True))
        return replace(self, **fields)  # type: ignore[type-var]


def broadcast(*values: ArrayLike) -> list[FloatArray]:
    """All values as float arrays of one shape."""
    return list(np.broadcast_arrays(*(np.asarray(v, float) for v in values)))


def no_information(patterns: Patterns) -> str:
    """Text key of the reason why no model of repeat buying can be fitted to these histories; "" if one may be."""
    if patterns.customers < 2:
        return "ltv.one_customer" if patterns.customers else "ltv.no_customers"
    if not patterns.T.any():
        return "ltv.one_day"
    return "" if patterns.repeaters else "ltv.no_repeat"


def notes(patterns: Patterns, log_covariance: FloatArray) -> tuple[str, ...]:
    """What a reader should know although the fit converged."""
    everyone = patterns.repeaters == patterns.customers
    return weak(log_covariance) + ("all_repeat",) * everyone


def weak(log_covariance: FloatArray) -> tuple[str, ...]:
    """A note where an interval spans a factor of 50 or more."""
    return ("weak",) * bool((np.sqrt(np.diag(log_covariance)) > WEAK_ERROR).any())
