"""The committed error rates: shape of the file, counting by hand, targets, the printed page, and a part computed again."""

import json

import pytest

from bench import _rates_clients as clients
from bench import _rates_score as score
from bench import error_rates as bench
from crmlib import error_rates
from crmlib.deck.slide import Exhibit, Slide
from crmlib.errors import CrmError
from crmlib.figures.error_rates import table
from crmlib.numbers import summary as numbers
from crmlib.simulate import NAMES
from crmlib.text import Words

ROW = {
    "seed": 1,
    "problem": "dm",
    "finding": "lift.match",
    "found": True,
    "right": True,
    "covered": True,
    "detectable": True,
}


def rates(*planted, null=()):
    return error_rates.Rates("1", (50_000, [ROW | row for row in planted]), (20_000, null), (1, 0))


@pytest.fixture(scope="module")
def committed():
    return error_rates.load()


def test_counting_by_hand():
    found = rates(
        {}, {"seed": 2, "covered": False}, {"seed": 3, "right": False, "covered": True}, {"seed": 4, "found": False}
    )
    (one,) = found.scores
    assert rates({}, {"covered": False, "detectable": False}).detectable.value == 1
    assert (one.clients, one.found, one.right, one.covered) == (4, 3, 2, 1)
    assert found.found.value == 0.25


def test_false_findings_by_comparison_and_by_client():
    null = [{"seed": 1, "compared": 10, "false": ["a", "b"]}, {"seed": 2, "compared": 10, "false": []}]
    found = rates({}, null=null)
    assert (found.false.value, found.loud.value, found.loud.n) == (0.1, 0.5, 2)


def test_the_committed_file_meets_the_targets(committed):
    assert committed.clients == (len(bench.PLANTED[1]), len(bench.NULL[1])) == (20, 40)
    assert {row["seed"] for row in committed.null[1]} == set(bench.NULL[1])
    assert (committed.planted[0], committed.null[0]) == (bench.PLANTED[0], bench.NULL[0])
    assert committed.found.value >= bench.FOUND
    assert committed.false.value <= bench.FALSE


def test_every_problem_of_a_diagnostic_that_exists_is_in_the_file(committed):
    later = {"sequence", "complaint", "incident"}  # no diagnostic speaks of them yet
    never = {"season", "trend", "placebo"}  # described on the pages; the placebo is not to be found
    assert {one.problem for one in committed.scores} == set(NAMES) - later - never
    assert {one.clients for one in committed.scores} == {20}


def test_a_found_row_has_its_interval_and_a_covered_one_holds_the_truth(committed):
    for row in committed.planted[1]:
        assert not row["covered"] or row["yen"][1] <= row["truth"] <= row["yen"][2]
        assert row["found"] or not row["right"]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_prints_what_the_file_holds(committed, language):
    ledger = numbers.ledger(["positive"], "JPY")
    drawn = table(ledger, words=Words(language))
    assert len(drawn.rows) == len(committed.scores) + 1
    assert list(drawn.rows[0][2:]) == [
        str(getattr(committed.scores[0], name)) for name in ("clients", "found", "right", "covered")
    ]
    text = " ".join(Words(language).fill_all("slide.summary.error_rates.points", ledger))
    assert str(sum(row["compared"] for row in committed.null[1]) % 1000) in text.replace(",", "")
    assert Slide(
        "summary.error_rates", ledger, Exhibit(table, ledger), layout="full", section="appendix", lang=language
    )


def test_a_file_that_is_not_ours_is_named(tmp_path):
    (tmp_path / "error_rates.json").write_text("[]", "utf-8")
    with pytest.raises(CrmError, match=r"error_rates.json cannot be read"):
        error_rates.load(tmp_path / "error_rates.json")


def test_a_verdict_that_is_true_of_any_client_is_not_counted():
    found = [{"id": name, "verdict": "positive"} for name in ("ltv.model", "ltv.segment", "lift.version")]
    row = score.null(7, {"ltv": {"findings": found}}, intake=False)
    assert (row["compared"], row["false"]) == (2, ["lift.version", "ltv.segment"])
    half = [{"id": "ltv.segment", "verdict": "negative"}]
    assert score.null(7, {"ltv": {"findings": half}}, intake=False)["false"] == []


def test_the_written_file_is_read_again(tmp_path, committed):
    data = {
        "crmlib": "1",
        "placebo": {"clients": 1, "claimed": 0},
        "planted": {"customers": 5, "rows": [ROW]},
        "null": {"customers": 4, "rows": []},
    }
    path = tmp_path / "error_rates.json"
    path.write_text(bench.written(data), "utf-8")
    assert json.loads(path.read_text("utf-8")) == data
    assert error_rates.load(path).scores[0].covered == 1


@pytest.mark.full
def test_a_client_computed_again_gives_its_rows(tmp_path, committed):
    """One client with everything planted, without intake: the rows of its tiers and retention; one without any problem."""
    seed, calm = bench.PLANTED[1][0], bench.NULL[1][-1]
    made = clients.Made("planted", bench.PLANTED[0], seed, intake=False)
    told = {name: clients.findings(made, tmp_path, name) for name in ("retention", "tiers")}
    kept = {row["problem"]: row for row in committed.planted[1] if row["seed"] == seed}
    for target in score.TARGETS:
        if target.diagnostic in told:
            row = kept[target.problem]
            again = score._row(seed, target, told[target.diagnostic], row["truth"])
            assert (again["found"], again["right"], again["covered"]) == (row["found"], row["right"], row["covered"])
            assert again["yen"] == pytest.approx(row["yen"], rel=1e-6)
    names = ("base", "retention", "tiers")
    null = {name: clients.findings(clients.Made("null", bench.NULL[0], calm, False), tmp_path, name) for name in names}
    false = next(row["false"] for row in committed.null[1] if row["seed"] == calm)
    assert score.null(calm, null, intake=False)["false"] == [name for name in false if name.partition(".")[0] in names]
