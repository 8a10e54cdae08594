"""Determinism, independence of the problems, the null client, exact truths, bad options."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import numpy as np
import pytest

from crmlib.errors import ConfigError
from crmlib.simulate import NAMES, PROBLEMS, SimulationOptions, World, build, simulate, truth_path
from crmlib.simulate.truth import Planted
from tests.simulate import plain
from tests.simulate.test_exports import read


def content(folder: Path) -> dict[str, str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_same_seed_same_bytes_other_seed_other_bytes(tmp_path: Path) -> None:
    made = [
        simulate(tmp_path / str(n) / "acme", SimulationOptions(300, seed, dirt=0.5)) for n, seed in enumerate((1, 1, 2))
    ]
    assert made[0].digest == made[1].digest != made[2].digest
    assert content(tmp_path / "0" / "acme") == content(tmp_path / "1" / "acme")
    assert truth_path(tmp_path / "0" / "acme").read_bytes() == truth_path(tmp_path / "1" / "acme").read_bytes()


def test_digest_is_that_of_the_files(tmp_path: Path) -> None:
    truth = simulate(tmp_path / "acme", SimulationOptions(50))
    files = {name: digest for name, digest in content(tmp_path / "acme").items() if name != "client.schema.json"}
    text = "".join(f"{name} {files[name]}\n" for name in sorted(files))
    assert truth.digest == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    "problem", [problem.name for problem in PROBLEMS if problem.neutral and problem.name not in {"season", "trend"}]
)
def test_one_problem_off_leaves_the_others(problem: str) -> None:
    """What the others draw stays: the same customers are called, hit, sent to; nobody of another lane buys differently."""
    on, off = (build.client(SimulationOptions(2000, 4, without=without)) for without in ((), (problem,)))
    if problem not in {"f2_leak", "bad_media", "good_product"}:  # these change who has bought when a campaign is sent
        for name in ("contacts", "subscriptions", "costs"):
            one, other = (plain.View(made).table(name) for made in (on, off))
            if problem != "sequence" or name != "contacts":
                assert one.equals(other)
    assert (on.draft.people.rate == off.draft.people.rate).all()
    shared = np.intersect1d(on.books.uid, off.books.uid)
    assert shared.size > 0.75 * len(on.books)
    totals = [dict(zip(made.books.uid.tolist(), made.books.total.tolist(), strict=True)) for made in (on, off)]
    differs = sum(totals[0][one] != totals[1][one] for one in shared.tolist())
    assert differs == 0 or problem in {"rank_cliff", "rank_fall"}  # these change what members spend


def test_null_client_plants_nothing() -> None:
    truths = build.client(SimulationOptions(2000, 3, null=True)).draft.truths
    planted = {one.name for one in truths if one.problem != "base" and one.planted}
    assert planted == set()
    assert {one.problem for one in truths} >= set(NAMES)


def test_every_problem_is_planted_when_on() -> None:
    truths = build.client(SimulationOptions(6000, 3)).draft.truths
    planted = {one.problem for one in truths if one.planted}
    assert set(NAMES) - planted == {"placebo"}


@pytest.mark.parametrize("problem", [problem.name for problem in PROBLEMS if problem.neutral])
def test_switching_one_off_unplants_it(problem: str) -> None:
    truths = build.client(SimulationOptions(1500, 3, without=(problem,))).draft.truths
    assert not [one.name for one in truths if one.problem == problem and one.planted]


def test_naive_phone_effect_is_positive_and_the_true_one_negative() -> None:
    view = plain.View(build.client(SimulationOptions(100_000, 1)))
    assert view.truth["phone.naive_180d"].value > 0.02
    assert view.truth["phone.effect_180d"].value < -0.04
    assert view.truth["phone.effect_180d"].detectable
    contacts = view.table("contacts")
    called = contacts[contacts.campaign_id == 4].customer_id
    assert not contacts[(contacts.campaign_id == 1)].customer_id.isin(called).any()


def test_phone_naive_is_exactly_what_the_files_say() -> None:
    view = plain.View(build.client(SimulationOptions(5000, 2, world=World(lanes=(0, 0.8, 0, 0.2)))))
    assert plain.calls(view)["phone.naive_180d"] == pytest.approx(view.truth["phone.naive_180d"].value, abs=1e-12)


def test_books_gap_and_late_cancels_are_exact(tmp_path: Path) -> None:
    folder = tmp_path / "acme"
    truth = simulate(folder, SimulationOptions(1500, 2))
    header, *orders = read(folder, "order_*.csv")
    once = {row[0]: row for row in orders}.values()
    status, total = header.index("対応状況(名称)"), header.index("支払合計")
    _, *books = read(folder, "monthly_sales.csv")
    late = 0
    for month, gross, cancels, returns, net in books:
        own = [row for row in once if row[31][:7] == month]
        valid = sum(int(row[total]) for row in own if row[status] not in {"注文取消し", "返品"})
        cancelled = sum(int(row[total]) for row in own if row[status] == "注文取消し")
        late += cancelled - int(cancels)
        gap = truth.planted.get(f"books_gap.{month}.yen")
        assert int(gross) - sum(int(row[total]) for row in own) == (gap.value if gap else 0)
        assert int(net) == int(gross) - int(cancels) - int(returns)
        assert late >= 0
        assert int(net) - valid == (gap.value if gap else 0) + cancelled - int(cancels)
    assert late == 0  # every cancel is booked in the end
    assert truth.value("late_cancels.yen") > 0


def test_tier_history_follows_from_the_orders() -> None:
    view = plain.View(build.client(SimulationOptions(3000, 2)))
    history, orders = view.table("tier_history"), view.orders
    for rule, months in ((1, 12), (0, 12)):
        for day, part in history[history.rule == rule].groupby("review_date"):
            begin = (np.datetime64(view.world.start) + day + 1).astype("datetime64[M]") - months
            first = (begin.astype("datetime64[D]") - np.datetime64(view.world.start)).astype(int)
            sums = orders[orders.day.between(first, day)].groupby("customer").yen.sum()
            yen = sums.reindex(part.customer_id).fillna(0).to_numpy()
            assert (yen == part.basis_amount.to_numpy()).all()
            assert (np.digitize(yen, (30_000, 100_000)) == part.tier.to_numpy()).all()
    assert history.groupby("rule").review_date.nunique().to_dict() == {0: 9, 1: 3}


def test_every_cancel_has_a_reason_and_nothing_else() -> None:
    log = plain.View(build.client(SimulationOptions(2000, 2))).table("subscriptions")
    assert ((log.event == 4) == (log.reason >= 0)).all()
    assert set(log.event) == {0, 1, 2, 3, 4}


def test_detectable_means_three_and_a_quarter_errors() -> None:
    planted = [Planted("a.b", "", value, 1.0, 0.0, "a", 10).detectable for value in (3.3, -3.3, 3.2, 0.0)]
    assert planted == [True, True, False, False]
    assert not Planted("a.b", "", 9.0, None, 0.0, "a", 10).detectable
    assert [Planted("a.b", "", 1.0, error, None, "base", 10).detectable for error in (0.2, 0.3)] == [True, False]


def test_larger_client_makes_more_detectable() -> None:
    found = [sum(one.detectable for one in build.client(SimulationOptions(n, 1)).draft.truths) for n in (1000, 30_000)]
    assert found[0] < found[1]


def test_another_world_is_possible() -> None:
    world = dataclasses.replace(World(), start=World().start.replace(year=2020), as_of=World().as_of.replace(year=2024))
    client = build.client(SimulationOptions(500, 1, world=world))
    assert client.draft.clock.iso(int(client.books.day.max())) <= "2024-03-31"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"customers": 0}, "--customers: 0 customers\n  Expected: a whole number from 1 to 5,000,000"),
        ({"customers": -5}, "--customers: -5 customers"),
        ({"customers": 5_000_001}, "--customers: 5000001 customers"),
        ({"customers": 5, "seed": -1}, "--seed: seed -1"),
        ({"customers": 5, "dirt": 1.5}, "--dirt: dirt 1.5\n  Expected: a number from 0 (clean) to 1"),
        ({"customers": 5, "dirt": float("nan")}, "--dirt: dirt nan"),
        ({"customers": 5, "layout": "eccube"}, "--layout: layout 'eccube'\n  Hint: Did you mean 'eccube4'?"),
        (
            {"customers": 5, "without": ("phones",)},
            "there is no problem 'phones' to switch off\n  Hint: Did you mean 'phone'?",
        ),
    ],
)
def test_bad_options_are_refused(wrong: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigError) as error:
        SimulationOptions(**wrong)  # type: ignore[arg-type]
    assert told in str(error.value)
    assert error.value.exit_code == 2


def test_all_bad_options_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as error:
        SimulationOptions(0, seed=-1, dirt=2, layout="x")
    assert len(error.value.problems) == 4


def test_existing_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    with pytest.raises(ConfigError, match="exists already"):
        simulate(folder, SimulationOptions(5))
    assert [path.name for path in tmp_path.rglob("*")] == ["acme", "mine.txt"]


def test_bad_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be a client's folder name"):
        simulate(tmp_path / "ACME!", SimulationOptions(5))


def test_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("crmlib.simulate.export.columns.Sink._put", full)
    with pytest.raises(OSError, match="No space left"):
        simulate(tmp_path / "acme", SimulationOptions(50))
    assert list(tmp_path.iterdir()) == []
