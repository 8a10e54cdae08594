"""Log-likelihoods of the generative models, for the sampling errors of their parameters at this size.

The error of a parameter is sqrt of the diagonal of the inverse of the sum of score outer products at the truth
(Berndt, Hall, Hall & Hausman 1974), scores by central differences. Formulas: Fader, Hardie & Lee 2005 eq. 6 (BG/NBD);
Fader & Hardie 2013, "The Gamma-Gamma model of monetary value", eq. 1; Fader & Hardie 2007 eq. 5-6 (sBG).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import betaln, gammaln

from crmlib.simulate.streams import Bools, Floats, Ints

Likelihood = Callable[..., Floats]


def bg_nbd(theta: Sequence[float], x: Ints, recency: Floats, age: Floats) -> Floats:
    """Log-likelihood of each customer: x repeat purchases, the last at `recency`, observed for `age`."""
    r, alpha, a, b = theta
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - betaln(a, b)
    alive = betaln(a, b + x) - (r + x) * np.log(alpha + age)
    dead = betaln(a + 1, b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + recency)
    return np.asarray(common + np.where(x > 0, np.logaddexp(alive, dead), alive))


def gamma_gamma(theta: Sequence[float], x: Ints, mean: Floats) -> Floats:
    """Log-likelihood of each customer with x >= 1 repeat purchases of this mean value."""
    p, q, g = theta
    px = p * x
    constant = gammaln(px + q) - gammaln(px) - gammaln(q)
    return np.asarray(
        constant + q * np.log(g) + px * np.log(x) + (px - 1) * np.log(mean) - (px + q) * np.log(g + mean * x)
    )


def sbg(theta: Sequence[float], renewals: Ints, cancelled: Bools) -> Floats:
    """Log-likelihood of each application: renewals survived, and whether the next one was cancelled."""
    alpha, beta = theta
    return np.asarray(
        np.where(cancelled, betaln(alpha + 1, beta + renewals), betaln(alpha, beta + renewals)) - betaln(alpha, beta)
    )


def errors(
    likelihood: Likelihood, theta: Sequence[float], *data: np.ndarray[tuple[int], np.dtype[np.generic]]
) -> Floats:
    """Standard errors of the parameters at the truth, from the first 20,000 units, scaled to all of them."""
    size = data[0].size
    if size < 10 * len(theta):
        return np.full(len(theta), np.inf)
    some = [column[:20_000] for column in data]
    scores = np.stack([_score(likelihood, theta, place, some) for place in range(len(theta))])
    information = scores @ scores.T * (size / some[0].size)
    return np.asarray(np.sqrt(np.diag(np.linalg.pinv(information))))


def _score(
    likelihood: Likelihood, theta: Sequence[float], place: int, data: list[np.ndarray[tuple[int], np.dtype[np.generic]]]
) -> Floats:
    step = 1e-4 * theta[place]
    up, down = list(theta), list(theta)
    up[place] += step
    down[place] -= step
    return (likelihood(up, *data) - likelihood(down, *data)) / (2 * step)
