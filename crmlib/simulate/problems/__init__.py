"""The table of planted problems. To plant one more: write a module beside these, add one row (docs/simulator.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crmlib.simulate.draft import Draft
from crmlib.simulate.problems import (
    bad_media,
    birthday,
    books_gap,
    complaint,
    dm,
    duplicates,
    f2_leak,
    good_product,
    incident,
    late_cancels,
    phone,
    placebo,
    rank,
    season,
    sequence,
)
from crmlib.simulate.settle import Books


@dataclass(frozen=True)
class Problem:
    """One thing that can be planted.

    Args:
        name: How `without` names it.
        says: What is wrong with such a client, in a sentence.
        neutral: The fields of World that switch it off, with the values that do.
        people: Called before anybody buys: may change rates and leaks of people.
        orders: Called when all base purchases exist: may add orders, let customers leave, and records the truth.
        books: Called with the settled orders: may change what the client's own files say; returns them.
    """

    name: str
    says: str
    neutral: Mapping[str, Any] = field(default_factory=dict)
    people: Callable[[Draft], None] | None = None
    orders: Callable[[Draft], None] | None = None
    books: Callable[[Draft, Books], Books] | None = None


PROBLEMS: tuple[Problem, ...] = (
    Problem("season", "Purchases and arrivals swing with the year.", {"season": 0.0}, orders=season.season),
    Problem("trend", "More customers arrive every year.", {"trend": 0.0}, orders=season.trend),
    Problem("f2_leak", "Who has not bought again by a given day is given up.", {"leak": 0.0}, f2_leak.shape, f2_leak.plant),
    Problem("bad_media", "One medium brought bad customers for some months.", {"bad_rate": 1.0}, bad_media.shape, bad_media.plant),
    Problem("good_product", "One first product brings better customers.", {"good_rate": 1.0}, good_product.shape, good_product.plant),
    Problem(
        "rank_cliff", "The gold line creates spend; without it the line merely labels.",
        {"cliff_jump": 0.0, "cliff_bunching": 0.0}, orders=rank.cliff,
    ),
    Problem("rank_fall", "In the last year more gold members fall to regular.", {"rank_fall": 0.0}, orders=rank.fall),
    Problem(
        "dm", "Version B of a DM beats A with loyal customers and loses with growing ones, or the other way round.",
        {"dm_effect": ((0.0, 0.0), (0.0, 0.0))}, orders=dm.plant,
    ),
    Problem("placebo", "An e-mail campaign has no effect at all.", orders=placebo.plant),
    Problem("birthday", "A birthday discount does nothing; a gift for the same money works.", {"gift_effect": 0.0}, orders=birthday.plant),
    Problem("phone", "Selling by phone drives customers away, while the good ones are called more.", {"phone_harm": 0.0}, orders=phone.plant),
    Problem("sequence", "One sequence of contacts wins leads best.", {"sequence_best": 0.14, "sequence_rest": 0.14}, orders=sequence.plant),
    Problem("complaint", "A new complaint grows and precedes leaving.", {"complaint_peak": 0.0, "complaint_leave": 0.0}, orders=complaint.plant),
    Problem("incident", "After an incident an apology keeps customers.", {"incident_leave": (0.0, 0.0)}, orders=incident.plant),
    Problem("late_cancels", "The client's books date cancels a month late.", {"cancel_lag": 0.0}, books=late_cancels.plant),
    Problem("duplicates", "Some customers are registered twice.", {"duplicates": 0.0}, books=duplicates.plant),
    Problem("books_gap", "In two months the client's books show more than the data.", {"books_gap": 0.0}, books=books_gap.plant),
)  # fmt: skip
NAMES = tuple(problem.name for problem in PROBLEMS)
