"""What each finding is worth a year, whom it touches, and by which lever: the findings ledger made whole.

The money of a finding is its difference times what one unit of it is worth a year; the interval is that of the difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crmlib.actions import MARGIN, SALES, SAVED, Stake
from crmlib.errors import CrmError
from crmlib.findings.model import Finding
from crmlib.intervals import LEVEL, Estimate, unknown
from crmlib.numbers.model import Ledger, Number

MOVED = 0.1  # share of the new customers who might enter by the better product
YEAR = 365.0
Factor = str | float


@dataclass(frozen=True)
class Rule:
    """How a finding becomes a stake.

    Args:
        lever: entry (second purchase of new customers), spend (of those who stay), contract, contact, cost.
        who: Who is touched, as `summaries.actions.touched` knows it.
        key: Ledger key of the money, or of a difference that the factors turn into money; "" where there is no money.
        factors: Ledger keys (to divide: with a leading "/") and numbers that the value is multiplied by.
        basis: sales, margin or saved; "ltv" as `ltv.basis` says.
    """

    lever: str
    who: str
    key: str = ""
    factors: Sequence[Factor] = ()
    basis: str = SALES


NEW = ("retention.worth.new_a_year", "retention.worth.conversion")
ORDERS = ("base.year.this.customers", "base.year.this.frequency")
WAVERING = "retention.subscription.wavering"
RULES: Mapping[str, Rule] = {
    "intake.books": Rule("none", "nobody"),  # money that the data lack or hold twice: nothing to be won from a customer
    "intake.late_cancels": Rule("none", "nobody"),
    "intake.duplicates": Rule("none", "nobody"),
    "base.f2_change": Rule("entry", "entrant", "base.chart.f2.change", NEW),
    "base.loyal_change": Rule("spend", "active", "base.chart.loyal.change", (100.0, "base.loyal.point")),
    "base.value_change": Rule("spend", "active", "base.chart.value.change", ORDERS),
    "base.entry_product": Rule("entry", "entrant", "base.entry.yen"),
    "base.kept_value": Rule("spend", "kept", "base.kept_value"),
    "base.cohort_value": Rule("entry", "entrant", "base.cohort_value.yen"),
    "retention.f2_trend": Rule("entry", "entrant", "retention.f2_trend.yen"),
    "retention.leak": Rule("entry", "entrant", "retention.leak.yen", (-1.0,)),
    "retention.bad_months": Rule("entry", "months", "retention.bad_months.yen", (-1.0,)),
    "retention.by_product": Rule("entry", "product", "retention.by.product.yen"),
    "retention.by_medium": Rule("entry", "medium", "retention.by.medium.yen"),
    "retention.by_channel": Rule("entry", "channel", "retention.by.channel.yen"),
    "retention.by_payment": Rule("entry", "payment", "retention.by.payment.yen"),
    "retention.wavering": Rule(
        "contract", "wavering", f"{WAVERING}.difference",
        (-100.0, "retention.subscription.worth.point_yen", f"{WAVERING}.after.n", f"/{WAVERING}.difference.n"),
    ),
    "ltv.model": Rule("none", "everyone"),
    "ltv.holdout": Rule("spend", "everyone", "ltv.holdout.gap", ("base.year.this.value", YEAR, "/ltv.holdout.days")),
    "ltv.entry": Rule("entry", "entrant", "ltv.entry.gap", ("retention.worth.new_a_year", MOVED), "ltv"),
    "ltv.payback": Rule("cost", "nobody", "ltv.overspend.all", (-1.0,), SAVED),
    "ltv.segment": Rule("none", "everyone"),
    "tiers.balance": Rule("spend", "less", "tiers.up_less_down", ("tiers.up_less_down.n", "tiers.fallen_yen", "/tiers.fallen_yen.n")),
    "tiers.fall": Rule("spend", "less", "tiers.change.fall", (-1.0, "tiers.up_less_down.n", "tiers.fallen_yen", "/tiers.fallen_yen.n")),
    "tiers.cell": Rule("spend", "less", "tiers.fall.yen", (-1.0,)),
    "tiers.line": Rule("spend", "active", "tiers.line.yen"),
    "lift.campaign": Rule("contact", "contacted", "lift.headline.net_yen", (), MARGIN),
    "lift.version": Rule("contact", "contacted", "lift.version.yen", (), MARGIN),
    "lift.match": Rule("contact", "contacted", "lift.match.yen", (), MARGIN),
    "lift.calls": Rule("cost", "called", "lift.calls.total_yen", (), SAVED),
    "lift.stop": Rule("cost", "contacted", "lift.stop.net_yen", (), SAVED),
}  # fmt: skip
OTHER = Rule("none", "everyone")  # of a finding that is not known here
# these compare a time with another (or with what was expected): a gain is already there, a loss is to be won back
CHANGES = frozenset({
    "base.f2_change", "base.loyal_change", "base.value_change", "base.kept_value", "base.cohort_value", "retention.f2_trend",
    "retention.wavering", "ltv.holdout", "tiers.balance", "tiers.fall",
    "tiers.cell", "tiers.line",
})  # fmt: skip


def stakes(found: Iterable[Finding], ledger: Ledger) -> tuple[Stake, ...]:
    """Every finding with its money, or with the reason why it has none.

    Args:
        found: Findings of one run.
        ledger: The numbers of all analyses.
    """
    return tuple(_stake(one, RULES.get(one.id, OTHER), ledger) for one in found)


def touches(found: Iterable[Finding], ledger: Ledger) -> dict[str, tuple[str, ...]]:
    """Whom each finding touches: id -> kind, and the names that the kind needs (a product, a medium, months).

    Args:
        found: Findings of one run.
        ledger: The numbers of all analyses.
    """
    return {one.id: (rule.who, *_names(rule.who, ledger)) for one in found if (rule := RULES.get(one.id, OTHER))}


def _names(who: str, ledger: Ledger) -> tuple[str, ...]:
    if who == "months":
        keys = [f"retention.bad_months.{name}" for name in ("medium", "from", "to")]
    elif who in ("product", "medium", "channel", "payment"):
        keys = [f"retention.by.{who}.clearest"]
    else:
        keys = []
    return tuple(str(ledger[key].value) for key in keys if key in ledger)


def _stake(one: Finding, rule: Rule, ledger: Ledger) -> Stake:
    basis = rule.basis
    if basis == "ltv":
        basis = SALES if "ltv.basis" in ledger and ledger["ltv.basis"].value == SALES else MARGIN
    yen = _yen(rule, ledger)
    if basis == SAVED and yen.value > 0:  # what earns money is nothing to save
        basis = MARGIN
    return Stake(one.id, rule.lever, yen, basis, one.verdict != "inconclusive", one.id in CHANGES)


def _yen(rule: Rule, ledger: Ledger) -> Estimate:
    if not rule.key:
        return unknown(0, "actions.no_money")
    if rule.key not in ledger:
        return unknown(0, "actions.no_unit")
    number = ledger[rule.key]
    factor = _factor(rule.factors, ledger)
    if number.value is None or factor is None:
        return unknown(number.n or 0, "actions.no_unit")
    if number.lower is None or number.upper is None:
        return unknown(number.n or 0, "actions.no_interval")
    return _scaled(number, factor)


def _factor(factors: Sequence[Factor], ledger: Ledger) -> float | None:
    """Product of the factors; None where one is not known."""
    product = 1.0
    for factor in factors:
        if isinstance(factor, float):
            product *= factor
            continue
        try:
            value = ledger.part(factor.lstrip("/"))[1]
        except CrmError:
            return None
        if not isinstance(value, int | float) or (factor.startswith("/") and not value):
            return None
        product = product / value if factor.startswith("/") else product * value
    return product


def _scaled(number: Number, factor: float) -> Estimate:
    ends = [float(end) * factor for end in (number.lower, number.upper) if end is not None]
    return Estimate(float(number.value or 0) * factor, min(ends), max(ends), number.n or 0, level=number.level or LEVEL)
