"""Published experiments as sufficient statistics: what their files come to by arm.

Hillstrom (2008), MineThatData E-Mail Analytics and Data Mining Challenge, 64,000 customers drawn to three arms: n, visits, conversions,
spend in cents and its squares; spend of the year before (history) in cents, its squares, and its products with visits; n and visits by
whether women's merchandise was bought before. Moro, Cortez & Rita (2014), Bank Marketing: n and subscriptions by number of calls in the
campaign (six: six and more).
"""

HILLSTROM = {
    "Mens E-Mail": {"n": 21307, "visit": 3894, "conversion": 267, "cents": 3031169, "squares": 67590244973,
                    "history": 517410518, "history2": 27006876192752, "cross": 109258438},
    "Womens E-Mail": {"n": 21387, "visit": 3238, "conversion": 189, "cents": 2303811, "squares": 49114465763,
                      "history": 518713098, "history2": 26523269785210, "cross": 90703328},
    "No E-Mail": {"n": 21306, "visit": 2262, "conversion": 122, "cents": 1390833, "squares": 28700503621,
                  "history": 513224581, "history2": 25971724145563, "cross": 65253154},
}  # fmt: skip
HILLSTROM_WOMENS = {  # arm, bought women's merchandise before: n, visits
    ("Womens E-Mail", 0): (9622, 1067), ("Womens E-Mail", 1): (11765, 2171),
    ("No E-Mail", 0): (9638, 962), ("No E-Mail", 1): (11668, 1300),
}  # fmt: skip
BANK_CALLS = {1: (17642, 2300), 2: (10570, 1211), 3: (5341, 574), 4: (2651, 249), 5: (1599, 120), 6: (3385, 186)}


def sums(arm: str, outcome: str) -> dict[str, float]:
    """A row as the engine counts it."""
    one = HILLSTROM[arm]
    y, yy = (one["cents"], one["squares"]) if outcome == "cents" else (one[outcome], one[outcome])
    crossed = {"x": one["history"], "xx": one["history2"], "xy": one["cross"]} if outcome == "visit" else {}
    return {f"{outcome}_{part}": value for part, value in ({"n": one["n"], "y": y, "yy": yy} | crossed).items()}
