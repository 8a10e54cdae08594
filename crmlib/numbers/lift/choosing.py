"""Entries of the choice between versions: the better one for everybody, and each group its better one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from crmlib.intervals import Estimate, z
from crmlib.lift import choices
from crmlib.lift.matching import SURE, switch
from crmlib.lift.studies import Study
from crmlib.lift.versions import Contrast
from crmlib.numbers.model import Ledger, Measure

MEASURES = (
    Measure("lift.version.effect", "points", "lift.version.effect"),  # the first that matches: before the parts
    Measure("lift.version.yen", "money", "lift.version.yen"),
    Measure("lift.version.{part}", "label", "lift.contrast.name"),
    Measure("lift.match.spread", "points", "lift.match.spread"),
    Measure("lift.match.gain.{which}", "points", "lift.contrast"),
    Measure("lift.match.yen", "money", "lift.match.yen"),
    Measure("lift.match.{part}", "label", "lift.contrast.name"),
)


def enter(book: Ledger, study: Study) -> None:
    """The clearest contrast over all customers, and the clearest difference between groups."""
    named = {each.campaign: each.name for each in study.campaigns}
    one = choices.clearest(study)
    if one is not None:
        _names(book, "lift.version", one, named)
        _put(book, "lift.version.effect", _simultaneous(one, len(study.contrasts)))
        _put(book, "lift.version.yen", switch(one, study.spent, study.economy))
    found = choices.matched(study)
    if found is not None:
        _names(book, "lift.match", found.contrast, named)
        for which, group in (("most", found.most), ("least", found.least)):
            book.add(f"lift.match.{which}", group)
            _put(book, f"lift.match.gain.{which}", found.contrast.groups[group])
        _put(book, "lift.match.spread", found.spread)
        _put(book, "lift.match.yen", found.gain)


def _names(book: Ledger, stem: str, one: Contrast, named: dict[str, str]) -> None:
    book.add(f"{stem}.campaign", named.get(one.campaign, one.campaign))
    book.add(f"{stem}.new", one.pair[0])
    book.add(f"{stem}.old", one.pair[1])


def _simultaneous(one: Contrast, compared: int) -> Estimate:
    """The effect with an interval that holds for all contrasts of the study together."""
    ate = one.effect.ate
    half = z(1 - (1 - SURE) / max(compared, 1)) * one.effect.se
    return replace(ate, lower=ate.value - half, upper=ate.value + half, level=SURE)


def _put(book: Ledger, key: str, found: Estimate) -> None:
    book.estimate(key, found, "" if np.isfinite(found.value) else f"lift.{found.why or 'unknown'}")
