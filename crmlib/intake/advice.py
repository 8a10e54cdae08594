"""What each reason asks of the client: what was expected, and what to do; said with the first row that has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from crmlib.errors import Problem


class Advice(NamedTuple):
    """What would have been right, and what to do now."""

    expected: str
    hint: str = ""


AS_TEXT = "Export it as CSV and do not open it in a spreadsheet, or format the column as text first."
FILL = "Ask the client to export it again with this column filled."
NUMBER = "digits, perhaps with the currency's sign, commas in threes and a minus"
ASK = "Ask the client which is meant."
SEE = "Look at quarantine/*.csv."
PRICE = Advice("a price in digits", SEE)

ADVICE: Mapping[str, Advice] = {
    "ragged_row": Advice(
        "as many cells as the header has", "Export it with quotes around cells that hold the delimiter."
    ),
    "broken_quotes": Advice('a quoted cell that ends with a quote; a quote inside it doubled ("")', "Export it again."),
    "nul_byte": Advice("text without NUL bytes", "Export it again; the file is damaged here."),
    "cell_too_long": Advice("cells of at most 100,000 characters", "Leave the column out of the export."),
    "blank_order_id": Advice("an order number on every row", FILL),
    "blank_customer_id": Advice(
        "a customer number on every row", "Where a blank is a guest, say guest_orders: accept."
    ),
    "blank_order_date": Advice("a date on every row", FILL),
    "blank_amount": Advice("an amount on every row", "Where only an order's first row has it, say amount_per: order."),
    "blank_quantity": Advice("a quantity on every row", FILL),
    "blank_unit_price": Advice("a price on every row", FILL),
    "blank_cell": Advice("a value on every row", FILL),
    "damaged_id": Advice("the number as the shop shows it, not 1.23E+10, 1001.0 or #N/A", AS_TEXT),
    "bad_date": Advice("a date such as 2024-01-05", "Say dates: in client.yaml where they are written in another way."),
    "impossible_date": Advice("a day of the calendar, and none that stands for 'no date'", SEE),
    "two_digit_year": Advice("a year of four digits or of an era", "Say dates: in client.yaml, e.g. '%y/%m/%d'."),
    "bad_month": Advice("a month such as 2024-01", SEE),
    "unknown_status": Advice("a word that client.yaml explains", "Put it under status: in client.yaml."),
    "unknown_word": Advice("a word that client.yaml explains", "Put it under values: in client.yaml."),
    "unknown_order": Advice("the number of an order among the orders used", SEE),
    "bad_flag": Advice("yes or no", "Say under values: in client.yaml which words mean yes and no."),
    "bad_share": Advice("a share from 0 to 1, or per cent", SEE),
    "bad_amount": Advice(NUMBER, SEE),
    "bad_grouping": Advice("commas in threes", "1,20 can be 1.20 or 120. " + ASK),
    "ambiguous_amount": Advice("a minus in front, or ¥1,000-", ASK),
    "other_currency": Advice("the currency of client.yaml", ASK),
    "fraction_of_minor_unit": Advice("whole units of the currency", ASK),
    "amount_too_large": Advice("less than 1,000,000,000,000 minor units", SEE),
    "bad_price": PRICE,
    "ambiguous_price": PRICE,
    "price_too_large": PRICE,
    "bad_quantity": Advice("a whole number of pieces", SEE),
    "conflicting_duplicate": Advice("one set of values for one number", ASK),
    "conflicting_total": Advice("one total for one order", ASK),
    "order_of_two_customers": Advice("one customer for one order", ASK),
}


def offender(reason: str, shape: str, where: str) -> Problem:
    """The first row that has a reason, as a problem.

    Args:
        reason: Its code.
        shape: The value's shape, "" where the whole row is at fault.
        where: File, line and column.
    """
    advice = ADVICE.get(reason, Advice(""))
    value = f" (shape of the value: '{shape}')" if shape else ""
    return Problem(f"the first {reason}{value}", where, advice.expected, advice.hint)
