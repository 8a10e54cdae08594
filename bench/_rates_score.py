"""Findings against the truth: one row per planted problem and client, one row per client without any."""

from dataclasses import dataclass

from crmlib.simulate.export.lexicon import Lexicon
from crmlib.simulate.people import GOOD_PRODUCT

PLACES = 1  # decimals of the yen that are kept
DAYS = 3  # by which the day of the leak may be off
# True of clients without any problem too: a model beats "the same rate continues", a customer's margin is above or below his
# cost, a campaign without effect loses its cost; and 5 % of the customers (members) buy by another law than the models'.
TRUE_ANYWAY = frozenset({"ltv.model", "ltv.payback", "ltv.holdout", "lift.stop"})
# One model for each segment forecasts worse where the segments are alike: only the other sign is false.
HALF_TRUE = {"ltv.segment": "negative"}


@dataclass(frozen=True)
class Target:
    """The finding that speaks of a problem, its right sign, and the truth: money by `yen`, names by `says`."""

    problem: str
    finding: str
    sign: str
    yen: object
    says: object = lambda _labels: True

    @property
    def diagnostic(self):
        return self.finding.partition(".")[0]


def _product():
    return Lexicon("plain").text["products"][GOOD_PRODUCT].split(":")[0]


TARGETS = (
    Target("f2_leak", "retention.leak", "negative", lambda y: y["f2_leak"], lambda s: abs(s["retention.leak.day"] - 60) <= DAYS),
    Target("bad_media", "retention.bad_months", "negative", lambda y: y["bad_media"],
           lambda s: s["retention.bad_months.from"] <= "2023-08" and s["retention.bad_months.to"] >= "2023-06"),
    Target("good_product", "retention.by_product", "positive", lambda y: y["good_product"]["retention.by_product"],
           lambda s: s["retention.by.product.clearest"] == _product()),
    Target("rank_cliff", "tiers.line", "positive", lambda y: y["rank_cliff"]),
    Target("rank_fall", "tiers.cell", "positive", lambda y: -y["rank_fall"],
           lambda s: (s["tiers.fall.from"], s["tiers.fall.to"]) == tuple(Lexicon("plain").text["tiers"][::-2])),
    Target("dm", "lift.match", "positive", lambda y: y["dm_matched"], lambda s: s["lift.match.most"] == "growing"),
    Target("birthday", "lift.version", "positive", lambda y: y["gift"],
           lambda s: (s["lift.version.new"], s["lift.version.old"]) == ("gift", "discount")),
    Target("phone", "lift.calls", "negative", lambda y: y["phone"]),
    Target("books_gap", "intake.books", "positive", lambda y: y["books_gap"]),
    Target("late_cancels", "intake.late_cancels", "positive", lambda y: y["late_cancels"]),
    Target("duplicates", "intake.duplicates", "positive", lambda y: y["duplicates"]),
)  # fmt: skip


def planted(seed, told, yen, detectable):
    """Rows of one client with planted problems.

    Args:
        seed: Of the client.
        told: Diagnostic -> findings and labels, as `_rates_clients.findings` gives them.
        yen: The truths of `_rates_truth.yen`.
        detectable: Problems that can be seen at this size.
    """
    rows = [_row(seed, target, told[target.diagnostic], target.yen(yen)) for target in TARGETS]
    return [row | {"detectable": row["problem"] in detectable} for row in rows]


def _row(seed, target, told, truth):
    found = next((one for one in told["findings"] if one["id"] == target.finding), None)
    decided = found is not None and found["verdict"] != "inconclusive"
    right = decided and found["verdict"] == target.sign and bool(target.says(told["labels"]))
    yen = found["yen"] if found else None
    covered = right and yen is not None and yen[1] is not None and yen[1] <= truth <= yen[2]
    row = {
        "seed": seed,
        "problem": target.problem,
        "finding": target.finding,
        "found": decided,
        "right": right,
        "covered": covered,
    }
    return row | {"yen": [_short(part) for part in yen or ()], "truth": _short(truth)}


def _short(value):
    return None if value is None else round(value, PLACES)


def null(seed, told, intake):
    """The row of one client without any problem: how many comparisons can be false, and which were."""
    findings = [one for found in told.values() for one in found["findings"] if one["id"] not in TRUE_ANYWAY]
    false = [one["id"] for one in findings if one["verdict"] not in ("inconclusive", HALF_TRUE.get(one["id"]))]
    return {"seed": seed, "intake": intake, "compared": len(findings), "false": sorted(false)}


def worked(told):
    """Whether the e-mail campaign that does nothing is said to work."""
    labels, findings = told["lift"]["labels"], told["lift"]["findings"]
    said = next((one["verdict"] for one in findings if one["id"] == "lift.campaign"), "")
    return said == "positive" and not any(word in str(labels["lift.headline.campaign"]) for word in ("DM", "gift"))
