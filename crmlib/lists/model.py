"""What a client's action lists are: sizes, expected yen, holdout arms, the rows themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

# also the order in which equal expected yen decide
NAMES = ("protect", "subscriber", "second_order", "next_need", "near_tier", "semi_loyal", "win_back")
CHANNELS: Mapping[str, str] = {  # as the contact log names them; dear ones go to few, and nobody is called to be sold to
    "protect": "letter", "subscriber": "email", "second_order": "email", "next_need": "email", "near_tier": "email",
    "semi_loyal": "letter", "win_back": "dm",
}  # fmt: skip
HOLDOUT = 0.10
WINDOW = 30  # days after the contact in which purchases count
COMPLAINT_DAYS = 90  # so long after a complaint or an incident people speak to a customer, no list does
REST_DAYS = 14  # since the last contact, or since lots were drawn for one
SMALL_GROUP = 5


@dataclass(frozen=True)
class ActionList:
    """One list.

    Args:
        name: One of `NAMES`.
        customers: On it, held out ones included.
        yen: Expected, major units, by the basis of the list; NaN for fewer than five customers.
        holdout: Of them, held out.
        baseline: Share who buy within the window anyway: their purchase days of the last year per window, one at most.
        smallest: Smallest effect on the share of buyers that the holdout can show; NaN where it can show none.
        example: What a typical reason says (variant, product_id, days, rhythm, money, number); empty for fewer than five customers.
        why: Text key of why there is nobody on it, "" otherwise.
    """

    name: str
    customers: int
    yen: float
    holdout: int
    baseline: float
    smallest: float
    example: Mapping[str, object]
    why: str


@dataclass(frozen=True, eq=False)
class Lists:
    """All lists of a client on a day.

    Args:
        as_of: Last day of the data.
        lists: As `NAMES`.
        rows: The customers, each once, sorted: customer_id (pseudonym), list, yen (minor units), due, days (since the last
            purchase, on the day due), rhythm, money, number, product_id, variant, year, stratum, arm.
        left_out: Candidates on no list by reason (silent: nothing to say to them; asked, complaint, rest), and elsewhere:
            on one list although they would have been on another, too.
        facts: Contact-by day of the second order, riskiest shipment; 0 where unknown.
        products: The client's word for each product.
        tiers: Names of the tiers, low to high.
        scale: Minor units per major unit.
    """

    as_of: dt.date
    lists: tuple[ActionList, ...]
    rows: pd.DataFrame
    left_out: Mapping[str, int]
    facts: Mapping[str, int]
    products: Mapping[str, str]
    tiers: tuple[str, ...]
    scale: int

    def of(self, name: str) -> ActionList:
        """The list of that name."""
        return next(one for one in self.lists if one.name == name)

    def table(self) -> pd.DataFrame:
        """One row per list, for a reader of the notebook."""
        columns = ["name", "customers", "yen", "holdout", "baseline", "smallest", "why"]
        return pd.DataFrame([{name: getattr(one, name) for name in columns} for one in self.lists]).round(3)
