"""The tier pages of every kind of client, drawn in both languages: whole pipeline from a store, no label cut, no page missing."""

from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace

import ibis
import pandas as pd
import pytest

from crmlib import schema, summaries, tiers
from crmlib.deck.slide import Exhibit, Slide
from crmlib.figures import tiers as charts
from crmlib.figures.tiers.names import short
from crmlib.findings import tiers as findings
from crmlib.intervals import Estimate
from crmlib.numbers import tiers as numbers
from crmlib.programme import Tiers, source
from crmlib.simulate.options import World
from crmlib.summaries import orders, tiers_design, tiers_frames, tiers_own
from crmlib.summaries import tiers as counts
from crmlib.text import Words
from tests import simulated

NAMES = ("レギュラー", "シルバー", "ゴールド")
RULES = Tiers(order=NAMES, thresholds=(0, 30_000, 100_000), basis="fiscal_year_sales", review="yearly")


@dataclass(frozen=True)
class Client:
    as_of: date = date(2025, 3, 31)
    tiers: Tiers | None = RULES
    scale: int = 1
    fiscal_year_start: int = 4
    currency: str = "JPY"
    margin_rate: float | None = 0.45


@dataclass(frozen=True)
class Pages:
    slides: dict[str, Slide]
    ledger: object
    findings: object = field(default=None)


def store(rows=()) -> summaries.Store:
    """A store that holds orders only."""
    tables = {name: ibis.memtable([], schema=ibis.schema(columns)) for name, columns in schema.STORE.items()}
    columns = schema.STORE["orders"]
    frame = pd.DataFrame([(str(k), *row, None, None) for k, row in enumerate(rows)], columns=list(columns)[:6])
    tables["orders"] = ibis.memtable(frame.reindex(columns=list(columns)), schema=ibis.schema(columns))
    return summaries.Store(**tables, present=frozenset({"orders"}))


def pages(held: summaries.Store, client: Client, segments: str = "") -> Pages:
    """What the notebook does, cell by cell."""
    bought = orders.purchases(held.days, client.as_of)
    span = (source.first_day(bought.order_date.min().to_pandas(), client.as_of), client.as_of)
    chosen = source.source(tiers_own.contents(held.tier_history).to_pandas(), client, span, segments)
    frame = tiers_frames.frame(chosen, held, bought, client.scale)
    pairs = tiers_frames.moves(chosen, frame, bought)
    moved = tiers.migration(counts.transitions(pairs).to_pandas(), chosen.tiers, chosen.reviews)
    every = tiers.by_review(tiers_frames.by_review(chosen, held, bought).to_pandas(), chosen.tiers, chosen.calendar, followed=tiers_frames.followed(chosen))  # fmt: skip
    assert tiers.balanced(moved)
    assert tiers.balanced(every)
    bins = tiers_frames.near_lines(pairs, chosen.lines).to_pandas()
    study = tiers.study(
        moved, counts.paths(pairs).to_pandas(), tiers_frames.falls(chosen, held, pairs, bought).to_pandas()
    )
    terms = tiers.terms(chosen.thresholds, chosen.benefits, client.margin_rate, 0.05)
    step = tiers.step_of(terms.thresholds, client.scale)
    spent = tiers.spend(tiers_design.spending(frame, len(chosen.reviews) - 1, step).to_pandas(), step)
    near = tiers_design.chance_counts(
        tiers_frames.standing(chosen, frame, bought, client), terms.thresholds
    ).to_pandas()
    made = tiers.designed(spent, terms, tiers.thresholds(bins, chosen.lines), near, source.coming(chosen, client))
    ledger = numbers.ledger(chosen, study, made, tiers_frames.compared(chosen, held, bought).to_pandas(), client)
    texts, state = {"labels": charts.labels(chosen, study, made, ledger)}, charts.variants(ledger)
    exhibits = {
        "migration": (Exhibit(charts.migration, moved, chosen), Exhibit(charts.stock_table, ledger, chosen)),
        "forecast": (Exhibit(charts.forecast, study, chosen), Exhibit(charts.driver_table, study)),
        "threshold": (Exhibit(charts.line, made, bins, client.scale), Exhibit(charts.line_table, made, chosen)),
        "scenario": (
            Exhibit(charts.scenarios, made, client.currency, client.scale),
            Exhibit(charts.scenario_table, made, ledger),
        ),
    }
    slides = {
        name: Slide(f"tiers.{name}", ledger, *both, variant=state[name], **texts) for name, both in exhibits.items()
    }
    return Pages(slides, ledger, findings.findings(ledger))


def titles(made: Pages) -> dict[str, str]:
    return {name: slide.payload["texts"]["en"]["title"] for name, slide in made.slides.items()}


@pytest.fixture(scope="module")
def members() -> summaries.Store:
    return simulated.store(2_500, seed=2, world=World(members=1.0, subscribers=0.0)).store


def test_a_programme_with_a_history_of_its_own(members):
    made = pages(members, Client())
    assert made.ledger["tiers.kind"].value == "own"
    assert made.ledger["tiers.history.different"].value == 0
    assert made.ledger["tiers.history.compared"].value > 2_500
    assert "Moves" in made.slides["migration"].payload["texts"]["en"]["heads"][0]
    assert {one.id for one in made.findings} >= {"tiers.balance", "tiers.fall"}


def test_the_same_from_the_rules_alone(members):
    bare = summaries.Store(**{**vars(members), "tier_history": store().tier_history, "present": frozenset({"orders"})})
    rules = RULES.model_copy(update={"leave_after_months": 60})
    one, two = pages(members, Client()), pages(bare, Client(tiers=rules))
    assert two.ledger["tiers.kind"].value == "rules"
    same = [key for key in one.ledger if key.startswith(("tiers.rate.t", "tiers.stock.t", "tiers.up_down"))]
    assert len(same) > 20
    assert all(one.ledger[key] == two.ledger[key] for key in same)


@pytest.mark.parametrize("segments", ["loyal", "decile", "cpm", "spiral"])
def test_any_segmentation_has_its_pages(members, segments):
    made = pages(members, Client(), segments)
    assert made.ledger["tiers.line_state"].value == "no_line"
    assert "no line of money" in titles(made)["threshold"]
    assert made.ledger["tiers.scenario.share_22.net_yen"].value > 0


ONE_DAY = [(k, date(2025, 3, 1), 5_000 + k) for k in range(30)]
CASES = {
    "nothing": [],
    "one order": [(1, date(2025, 3, 1), 3_000)],
    "one day": ONE_DAY,
    "one customer": [(1, date(2022 + k // 4, 1 + k % 4, 5), 9_000) for k in range(12)],
    "one year": [(k % 40, date(2024, 4 + k % 9, 5), 8_000 * (1 + k % 7)) for k in range(200)],
    "two years": [(k % 60, date(2022 + k % 3, 4 + k % 9, 1 + k % 20), 9_000 * (1 + k % 9)) for k in range(600)],
}


@pytest.mark.parametrize("rules", [RULES, None, RULES.model_copy(update={"basis": "trailing_12m_sales", "review": "quarterly"})], ids=["yearly", "none", "quarterly"])  # fmt: skip
@pytest.mark.parametrize("case", CASES)
def test_a_young_or_tiny_client_is_told_why(case, rules):
    made = pages(store(CASES[case]), Client(tiers=rules))
    assert set(made.slides) == {"migration", "forecast", "threshold", "scenario"}
    assert all(any(c.isdigit() for c in title) for title in titles(made).values())


def test_without_a_margin_no_profit_is_shown(members):
    made = pages(members, Client(margin_rate=None))
    assert "Without a margin rate" in titles(made)["scenario"]


def test_long_names_are_cut():
    assert short("プラチナプレミアム会員") == "プラチナプレ…"
    assert short("Gold") == "Gold"


def test_the_table_marks_the_line_of_which_the_title_speaks():
    def line(why):
        unknown = Estimate(float("nan"), float("nan"), float("nan"), 0, "tiers.too_few")
        return SimpleNamespace(
            why=why, bunching=SimpleNamespace(missing=unknown), spend=unknown, stay=unknown, verdict="cannot_tell"
        )

    chosen = SimpleNamespace(tiers=("low", "silver", "gold"), kind="own")
    made = SimpleNamespace(works={1: line(""), 2: line("tiers.too_few")})
    for language in ("ja", "en"):
        table = charts.line_table(made, chosen, words=Words(language))
        assert [table.rows[row][0] for row in table.highlight] == ["silver"]
