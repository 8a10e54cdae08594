"""Money of a row: an amount, or pieces times price; tax put on top where the file leaves it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from crmlib.errors import DataError, Problem
from crmlib.intake import columns, money
from crmlib.intake.columns import Context
from crmlib.intake.values import BLANK, IntColumn
from crmlib.intake.words import STEPS

HINT = "Say tax_rate: 0.1, or map tax_rate (or tax) to a column, or leave tax: out."


def amounts(found: Mapping[str, IntColumn], context: Context, tax: str) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Each row's money with tax.

    Args:
        found: The converted amount, or quantity and unit price.
        context: The file; its rates, its rounding.
        tax: Whether the file's own money has the tax `included` or `excluded`.

    Returns:
        Minor units (0 where bad), and the reasons for bad ones, by the column that is to blame.

    Raises:
        DataError: tax is excluded and nothing says how much it is.
    """
    rates, bad = _rates(context) if tax == "excluded" else (None, {})
    if "amount" in found:
        whole, reasons = found["amount"].values, {"amount": found["amount"].reasons}
        return (whole if rates is None else whole + taxes(whole, rates, context)), bad | reasons
    pieces, prices = found["quantity"], found["unit_price"]
    if rates is not None:
        steps = taxes(prices.values, rates, context, money.PRICE_STEPS)
        prices = prices._replace(values=prices.values + steps)
    good = (pieces.reasons == "") & (prices.reasons == "")
    products, wrong = money.product(pieces, prices)
    return np.where(good, products, 0), bad | {"amount": np.where(good, wrong, "")}


def worth(context: Context) -> IntColumn:
    """The money of each item row: line_amount, or pieces times price, or the row's own amount.

    Values are minor units; a blank stays blank.
    """
    mapped = context.source.columns
    if "line_amount" in mapped:
        found = {"amount": columns.numbers("line_amount", context)}
    elif {"quantity", "unit_price"} <= set(mapped):
        found = {name: columns.numbers(name, context) for name in ("quantity", "unit_price")}
    else:
        found = {"amount": columns.numbers("amount", context)}
    own = "amount" in found and "line_amount" not in mapped
    values, reasons = amounts(found, context, context.source.tax if own else context.source.line_tax)
    bad = np.full(len(values), "", object)
    for one in [*(one.reasons for one in found.values()), *reasons.values()]:
        bad = np.where(bad == "", one, bad)
    return IntColumn(np.where(bad == "", values, 0), bad, Counter())


def taxes(values: np.ndarray, rates: np.ndarray, context: Context, steps: int = 1) -> np.ndarray:
    """The tax on each value, rounded to whole minor units as client.yaml says (half away from zero).

    Args:
        values: Money in 1/steps of a minor unit.
        rates: Millionths.
        context: For the rounding.
        steps: How finely `values` are kept.
    """
    whole = STEPS * steps
    exact = np.abs(values) * rates
    rounding = {"down": 0, "half_up": whole // 2, "up": whole - 1}[context.source.tax_rounding]
    return np.sign(values) * ((exact + rounding) // whole) * steps


def _rates(context: Context) -> tuple[np.ndarray | None, dict[str, np.ndarray]]:
    """Each row's rate in millionths; None where a tax column says the money itself."""
    source, rows = context.source, len(context.table.lines)
    if "tax_rate" not in source.columns:
        if source.tax_rate is None:
            raise DataError(Problem("tax is excluded, and nothing says how much it is", context.where, hint=HINT))
        return np.full(rows, round(source.tax_rate * STEPS)), {}
    cells = columns.convert_column("tax_rate", context)
    values = np.nan_to_num(cells.values.to_numpy(zero_copy_only=False).astype(float))
    rates = np.round(values * STEPS).astype(np.int64)
    if source.tax_rate is None:
        return rates, {"tax_rate": cells.reasons}
    blank = cells.reasons == BLANK
    return np.where(blank, round(source.tax_rate * STEPS), rates), {"tax_rate": np.where(blank, "", cells.reasons)}
