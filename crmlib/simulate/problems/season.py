"""Season and trend: both shape the arrivals, the season also the purchases (see clock.py).

Arrivals per day are proportional to (1 + A cos(2 pi (t - peak) / 365.25)) (1 + g t / 365.25); the sampling errors are
those of the maximum likelihood estimate of (A, g) from the days of first purchases (inverse Fisher information).
"""

from __future__ import annotations

import numpy as np

from crmlib.simulate.clock import YEAR
from crmlib.simulate.draft import Draft
from crmlib.simulate.streams import Floats
from crmlib.simulate.truth import Planted


def season(draft: Draft) -> None:
    """Record A."""
    definition = (
        "A in: first purchases of non-members per day ~ (1 + A cos(2 pi (t - peak) / 365.25)) (1 + g t / 365.25)"
    )
    _record(draft, "season.amplitude", definition, 0)


def trend(draft: Draft) -> None:
    """Record g."""
    _record(
        draft, "trend.per_year", "g in the formula of season.amplitude: growth of arrivals in a year, of the start", 1
    )


def _record(draft: Draft, name: str, definition: str, place: int) -> None:
    clock, n = draft.clock, int((draft.people.kind != 2).sum())
    value = (clock.season, clock.trend)[place]
    error = float(_errors(draft, n)[place])
    draft.truths.append(Planted(name, definition, value, error, 0.0, name.split(".", maxsplit=1)[0], n, "ratio"))


def _errors(draft: Draft, n: int) -> Floats:
    clock = draft.clock
    t = np.arange(clock.days) + 0.5
    wave, years = clock.wave(t), t / YEAR
    scores = np.stack([wave / (1 + clock.season * wave), years / (1 + clock.trend * years)])
    centred = scores - (scores @ clock.arrivals)[:, None]
    information = max(n, 1) * (centred * clock.arrivals) @ centred.T
    return np.asarray(np.sqrt(np.diag(np.linalg.inv(information))))
