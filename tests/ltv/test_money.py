"""Value curves, payback, safe cost, shrinkage, customer balance sheet, protect list, mixed base: by hand and by law."""

import numpy as np
import pandas as pd
import pytest

from crmlib import ltv
from crmlib.ltv import acquisition, balance, curve, entry, mixed
from crmlib.ltv.simulated import bg_nbd_customers
from tests.made_up_ltv import cumulative, rank_years, study


class TestCurve:
    def test_it_is_the_mean_where_everybody_is_observed(self):
        found = curve.curves(cumulative(), 1, ["product"])
        np.testing.assert_allclose(found["2"].mean, 900 + 80 * np.arange(1, 37))
        assert found["2"].customers[0] == 400

    def test_young_customers_help_with_what_they_have_lived_through(self):
        """Ten customers of 60 days bring 100 each step, ten of 30 days bring 200: chained 150, then 150 + 100."""
        row = {"n_1": 20, "total_1": 3000.0, "before_1": 0.0, "square_1": 5e5, "n_2": 10, "total_2": 2000.0}
        row |= {"before_2": 1000.0, "square_2": 4e5 + 1.0}
        found = curve.curves(pd.DataFrame([row]), 1)["all"]
        assert found.mean[:2].tolist() == [150, 250]
        assert np.isnan(found.mean[2:]).all()

    def test_another_scale_changes_nothing_but_the_unit(self):
        yen, cents = (curve.curves(cumulative(), scale)["all"] for scale in (1, 100))
        np.testing.assert_allclose(yen.mean, cents.mean * 100)
        np.testing.assert_allclose(yen.error, cents.error * 100)

    def test_groups_together_are_the_whole(self):
        frame = cumulative()
        whole, parts = curve.curves(frame, 1)["all"], curve.curves(frame, 1, ["product", "medium"])
        weight = np.array([part.customers[5] for part in parts.values()])
        assert whole.mean[5] == pytest.approx(np.average([p.mean[5] for p in parts.values()], weights=weight))

    def test_payback_is_where_the_curve_meets_the_cost(self):
        whole = curve.curves(cumulative(product=["1"]), 1)["all"]  # 900 + 40 a step
        paid = curve.payback(whole, 960.0)
        assert paid.value * curve.DAYS_PER_MONTH == pytest.approx(45)
        assert paid.lower < paid.value < paid.upper
        assert curve.payback(whole, 10.0).value * curve.DAYS_PER_MONTH == pytest.approx(30)
        assert curve.payback(whole, 1e6).why == "ltv.not_paid_back"
        assert curve.payback(whole, float("nan")).why == "ltv.no_cost"

    def test_the_safe_cost_is_undercut_in_one_case_of_ten(self):
        draw, below = np.random.default_rng(0), []
        for _ in range(400):
            money = draw.gamma(0.5, 2000, 150)
            row = {"n_1": 150, "total_1": money.sum(), "before_1": 0.0, "square_1": (money**2).sum()}
            below.append(curve.safe_cost(curve.curves(pd.DataFrame([row]), 1)["all"], 1).value > 1000)
        assert 0.05 <= np.mean(below) <= 0.15


class TestEntry:
    def test_equal_groups_share_the_chance_of_being_best(self):
        shrunk, deviation, chance = entry.shrink(np.full(5, 10.0), np.full(5, 2.0))
        np.testing.assert_allclose(shrunk, 10)
        np.testing.assert_allclose(chance, 0.2, atol=1e-6)
        assert (deviation < 2).all()

    def test_a_clear_winner_keeps_its_lead(self):
        shrunk, _, chance = entry.shrink(np.array([10.0, 11.0, 9.0, 30.0]), np.full(4, 1.0))
        assert chance[3] > 0.999
        assert 28 < shrunk[3] < 30

    def test_small_groups_are_drawn_to_the_middle_more_than_large_ones(self):
        shrunk, _, _ = entry.shrink(np.array([10.0, 12.0, 20.0, 20.0]), np.array([0.5, 0.5, 1.0, 6.0]))
        assert shrunk[3] < shrunk[2] < 20

    def test_the_probability_of_being_best_is_that_of_draws(self):
        mean, deviation = np.array([1.0, 1.5, 0.0]), np.array([1.0, 0.1, 2.0])
        draws = np.random.default_rng(0).normal(mean, deviation, (200_000, 3)).argmax(axis=1)
        got = entry.probability_best(mean, deviation)
        np.testing.assert_allclose(got, np.bincount(draws) / len(draws), atol=0.005)

    def test_shrunken_intervals_hold_the_truth_and_nobody_is_best_by_chance(self):
        draw, hits, called = np.random.default_rng(1), [], []
        for _ in range(300):
            truth = draw.normal(100, 10, 8)
            error = draw.uniform(4, 12, 8)
            shrunk, deviation, _ = entry.shrink(draw.normal(truth, error), error)
            hits.append(np.abs(shrunk - truth) <= 1.96 * deviation)
            called.append(entry.shrink(draw.normal(100, error), error)[2].max() >= entry.SURE)
        assert 0.88 <= np.mean(hits) <= 0.98
        assert np.mean(called) <= 0.02

    def test_order_and_currency_change_nothing(self):
        frame = cumulative()
        one = entry.compare(curve.curves(frame, 1, ["product"]))
        other = entry.compare(curve.curves(frame.sample(frac=1, random_state=1), 100, ["product"]))
        assert [e.name for e in one.entries] == [e.name for e in other.entries] == ["3", "2", "1"]
        assert one.entries[0].p_best == pytest.approx(other.entries[0].p_best)
        assert one.entries[0].shrunk.value == pytest.approx(100 * other.entries[0].shrunk.value)

    def test_too_few_customers_are_not_compared(self):
        found = entry.compare(curve.curves(cumulative(n=20), 1, ["product", "medium"]))
        assert (found.why, found.best, found.left_out) == ("ltv.few_entries", "", 6)


def test_media_by_hand():
    """CPR 4,000 yen and a pull-up rate of 20 % are a cost per order of 20,000 yen (the field's textbook example)."""
    costs = pd.DataFrame({"medium": ["tv"], "cost": [2_000_000], "new_customers": [100]})
    trials = pd.DataFrame({"medium": ["tv", None], "applicants": [500, 3], "bought": [100, 1], "recent": [500, 3]})
    tv, whole = acquisition.by_medium(costs, trials, {}, 1)
    assert (tv.cpr, tv.pull_up.value, tv.cpo) == (4000, 0.2, 20_000)
    assert tv.cpr / tv.pull_up.value == tv.cpo
    assert (whole.name, whole.cost, tv.payback.why) == ("all", 2_000_000, "ltv.no_curve")
    uncounted = acquisition.by_medium(costs.assign(new_customers=None), trials.iloc[:0], {}, 1)[0]
    assert np.isnan(uncounted.cpo)
    assert uncounted.pull_up.why == "ltv.no_trials"


class TestBalanceSheet:
    def test_by_hand_with_two_states_that_never_change(self):
        """Half of a rank stay each year and spend 100; the others lapse for good: 50, 25, 12.5, ... per customer of today."""
        rows = [(0, 2, None, 100, 0, 0.0)]
        for back in (1, 2):
            rows += [(back, 2, 2, 5000, 500_000, 5e7), (back, 2, 0, 5000, 0, 0.0), (back, 0, 0, 5000, 0, 0.0)]
        frame = pd.DataFrame(rows, columns=["years_back", "state", "next_state", "n", "amount", "square"])
        found = balance.project(frame, 10_000.0, 1)
        np.testing.assert_allclose([year.value for year in found.sales], 5000 / 2.0 ** np.arange(5))
        np.testing.assert_allclose([year.value for year in found.active], 50 / 2.0 ** np.arange(5))
        assert found.multiple.value == pytest.approx(0.96875)
        assert found.levers["order_value"].value == pytest.approx(0.05 * 9687.5)
        assert found.backtest == pytest.approx(0)
        assert found.ranks[2].retention.value == 0.5
        raised = 5500 * (1 - 0.55**5) / (1 - 0.55)
        assert found.grid[0, 5].value == pytest.approx(raised - 9687.5)
        assert found.grid[6, 0].value == 0  # there is no one-time customer

    def test_a_return_that_nobody_has_seen_yet_is_not_counted_on(self):
        """A young base: nobody had lapsed before, most have today. Sales of customers without new ones cannot grow."""
        rows = [(0, 0, None, 900, 0, 0.0), (0, 2, None, 100, 0, 0.0)]
        rows += [(1, 2, 2, 400, 40_000, 4e6), (1, 2, 0, 600, 0, 0.0)]
        frame = pd.DataFrame(rows, columns=["years_back", "state", "next_state", "n", "amount", "square"])
        found = balance.project(frame, 10_000.0, 1)
        np.testing.assert_allclose([year.value for year in found.sales], 4000 * 0.4 ** np.arange(5))
        assert found.ranks[0].retention.why == found.ranks[0].value.why == "ltv.short_history"
        assert np.isnan(found.backtest)

    def test_the_grid_goes_through_the_levers_and_is_not_their_sum(self):
        found = balance.project(rank_years(), 30e6, 1)
        for points, lever in (((3, 0), "f2"), ((0, 2), "retention")):
            one, other = found.grid[points], found.levers[lever]
            assert (one.value, one.lower, one.upper) == pytest.approx((other.value, other.lower, other.upper))
        together, apart = found.grid[6, 5].value, found.grid[6, 0].value + found.grid[0, 5].value
        assert together != pytest.approx(apart, rel=1e-3)
        assert found.grid[0, 4].value != pytest.approx(2 * found.grid[0, 2].value, rel=1e-3)
        assert len(found.grid) == 7 * 6 - 1

    def test_bands_hold_the_value_and_levers_help(self):
        found = balance.project(rank_years(), 30e6, 1)
        for year in (*found.sales, found.multiple, *found.levers.values()):
            assert year.lower < year.value < year.upper
        assert all(gain.value > 0 for gain in found.levers.values())
        assert found.sales[0].value > found.sales[4].value

    def test_currency_and_row_order_change_nothing(self):
        frame = rank_years()
        cents = frame.assign(amount=frame["amount"] * 100, square=frame["square"] * 10_000)
        one = balance.project(frame, 30e6, 1)
        other = balance.project(cents.sample(frac=1, random_state=2), 30e6, 100)
        assert one.multiple.value == pytest.approx(other.multiple.value)
        assert one.multiple.upper == pytest.approx(other.multiple.upper)

    def test_one_year_of_history_is_too_short(self):
        found = balance.project(rank_years().query("years_back == 0"), 30e6, 1)
        assert found.multiple.why == found.levers["f2"].why == "ltv.short_history"

    def test_a_clients_programme_sets_the_ranks(self):
        class Tiers:
            order, thresholds = ("B", "A"), (0, 300)

        assert balance.thresholds(10, 1000, Tiers(), 100) == [0, 30_000]
        assert balance.rank_names(Tiers()) == ("B", "A")
        assert balance.rank_names(None) == ()


class TestProtect:
    def test_states_by_hand(self):
        """Who bought ten times at equal gaps and is three gaps late is slipping or silent; who is not late is on rhythm."""
        model = study().model
        x, t_x = np.array([10.0, 10.0, 0.0]), np.array([100.0, 100.0, 0.0])
        T = np.array([105.0, 200.0, 300.0])
        alive = ltv.models.probability_alive(model, x, t_x, T)
        got = [ltv.protect.STATES[i] for i in ltv.protect.states(model, x, t_x, T, alive)]
        assert got[0] == "on_rhythm"
        assert got[1] in ("slipping", "silent")
        assert got[2] == "once"

    def test_states_add_up_to_all_customers_and_all_value(self):
        found, worth = study().protect, study().worth
        assert found.customers.sum() == worth.customers
        assert np.nansum(found.expected) == pytest.approx(worth.horizons[0].total.value)

    def test_silence_is_the_chance_of_no_purchase_while_active(self):
        """Against simulated customers who never leave: of those predicted to be silent with probability s, s are."""
        truth, T = (0.9, 5.0, 1e-9, 5.0), np.full(40_000, 400)
        x, t_x, _ = bg_nbd_customers(truth, T, 3)
        model = study().fitted[0].shifted(np.log(truth) - np.log(study().fitted[0].parameters))
        late = ltv.models.silence(model, x, t_x, T)
        # under the model the silence at a random moment after the last purchase is uniform only for the gap that spans T;
        # what must hold is its range and order
        assert ((late > 0) & (late <= 1)).all()
        assert ltv.models.silence(model, 5, 100, 110) > ltv.models.silence(model, 5, 100, 300)
        direct = ((model.alpha + 100 / 7) / (model.alpha + 300 / 7)) ** (model.r + 5)
        assert ltv.models.silence(model, 5, 100, 300) == pytest.approx(direct)


class TestMixed:
    def test_a_subscription_is_worth_its_expected_shipments(self):
        held = study().held
        assert held.why == ""
        assert (held.running, held.shipment, held.interval) == (491, 4000, 30)
        for shorter, longer in zip(held.totals, held.totals[1:], strict=False):
            assert shorter.lower < shorter.value < shorter.upper
            assert shorter.value < longer.value < 491 * 37 * 4000

    def test_without_subscriptions_single_buyers_are_all(self):
        none = study(kind="once").held
        assert none.why == "ltv.no_subscriptions"
        both = mixed.together(study().worth, none)
        assert both.total == both.single


class TestSegments:
    def test_partial_pooling_moves_small_segments_to_all_and_leaves_large_ones(self):
        groups = {}
        for k, (size, alpha) in enumerate([(6000, 3.0), (6000, 12.0), (40, 12.0)]):
            T = np.random.default_rng(k).integers(200, 700, size)
            groups[str(k)] = ltv.patterns.from_arrays(*bg_nbd_customers((0.8, alpha, 0.8, 2.5), T, k))
        everybody = ltv.segments._merged(list(groups.values()))
        found = ltv.segments.fit(groups, ltv.bg_nbd.fit(everybody))
        rates = {name: model.r / model.alpha for name, model in found.models.items()}
        assert rates["0"] == pytest.approx(0.8 / 3.0, rel=0.15)
        assert rates["1"] == pytest.approx(0.8 / 12.0, rel=0.15)
        assert rates["1"] * 0.7 < rates["2"] < rates["0"]

    def test_real_differences_help_out_of_sample_and_noise_does_not(self):
        assert self.compared((2.0, 12.0), 0).helps
        noise = [self.compared((6.0, 6.0), seed).helps for seed in range(8)]
        assert sum(noise) <= 1

    def compared(self, alphas, seed):
        rows = []
        for k, alpha in enumerate(alphas):
            T = np.random.default_rng(seed + k).integers(30, 200, 3000)
            x, t_x, T = bg_nbd_customers((0.8, alpha, 0.8, 2.5), T, seed + k)
            truth = study().fitted[0].shifted(np.log((0.8, alpha, 0.8, 2.5)) - np.log(study().fitted[0].parameters))
            later = np.random.default_rng(seed + k).poisson(
                ltv.bg_nbd.conditional_expected_purchases(truth, 180, x, t_x, T)
            )
            rows.append(
                pd.DataFrame(
                    {"segment": str(k), "frequency": x, "recency": t_x, "T": T, "purchases": later, "weight": 1}
                )
            )
        return ltv.segments.test(pd.concat(rows), 180, "made up")

    def test_covariates_recover_factors(self):
        groups = []
        for k, alpha in enumerate([8.0, 4.0]):
            T = np.random.default_rng(k).integers(300, 900, 6000)
            groups.append(ltv.patterns.from_arrays(*bg_nbd_customers((0.8, alpha, 0.8, 2.5), T, k)))
        found = ltv.segments.covariates(groups, np.array([[0.0], [1.0]]))
        assert found.rate[0].lower < 2.0 < found.rate[0].upper
        assert found.leaving[0].lower < 1.0 < found.leaving[0].upper
        assert found.p_value < 1e-6

    def test_one_segment_is_nothing_to_compare(self):
        frame = pd.DataFrame({"segment": ["a"], "frequency": 1, "recency": 5, "T": 9, "purchases": 0, "weight": 30})
        assert ltv.segments.test(frame, 90, "x").gain.why == "ltv.one_segment"


class TestBootstrap:
    @pytest.mark.parametrize("name", ["bg_nbd", "mbg_nbd", "pareto_nbd", "mbg_cnbd", "nbd"])
    def test_draws_spread_as_the_information_says_where_the_model_is_true(self, name):
        T = np.random.default_rng(1).integers(200, 800, 4000)
        kind = {"first_chance": int("mbg" in name)}
        history = bg_nbd_customers((0.8, 5.0, 0.8 if name != "nbd" else 1e-9, 2.5), T, 1, **kind)
        model = ltv.models.fit(name, ltv.patterns.from_arrays(*history), 0.0)
        spread = ltv.bootstrap.draws(model, 400).std(axis=0) / np.sqrt(np.diag(model.log_covariance))
        assert ((spread > 0.7) & (spread < 1.35)).all() or name == "pareto_nbd"

    def test_draws_from_tables_are_spread_as_draws_one_by_one(self, monkeypatch):
        T = np.random.default_rng(3).integers(200, 800, 4000)
        model = ltv.bg_nbd.fit(ltv.patterns.from_arrays(*bg_nbd_customers((0.8, 5.0, 0.8, 2.5), T, 3)))
        plain = ltv.bootstrap.draws(model, 1000)
        monkeypatch.setattr(ltv.bootstrap, "BLOCK", 500)
        tabled = ltv.bootstrap.draws(model, 1000)
        assert not np.array_equal(plain, tabled)
        np.testing.assert_allclose(tabled.std(axis=0), plain.std(axis=0), rtol=0.12)
        assert (np.abs(tabled.mean(axis=0)) < 4 * plain.std(axis=0) / np.sqrt(1000)).all()

    @pytest.mark.parametrize("mean", [1, 3, 16])
    def test_a_poisson_table_has_the_distribution(self, mean):
        table = ltv.bootstrap._poisson_table(mean)
        assert (table.mean(), table.var()) == (pytest.approx(mean, rel=1e-4), pytest.approx(mean, rel=1e-3))

    def test_one_step_agrees_with_refits_of_simulated_customers(self):
        T = np.random.default_rng(2).integers(300, 900, 3000)
        model = ltv.bg_nbd.fit(ltv.patterns.from_arrays(*bg_nbd_customers((0.8, 5.0, 0.8, 2.5), T, 2)))
        quick, slow = ltv.bootstrap.draws(model, 300), ltv.bootstrap.refit(model, 60)
        assert len(slow) >= 58
        np.testing.assert_allclose(quick.std(axis=0), slow.std(axis=0), rtol=0.35)

    def test_intervals_of_expected_purchases_hold_the_truth(self):
        truth, hits = (0.8, 5.0, 0.8, 2.5), []
        for seed in range(40):
            T = np.random.default_rng(seed).integers(200, 800, 1500)
            history = bg_nbd_customers(truth, T, seed)
            model = ltv.bg_nbd.fit(ltv.patterns.from_arrays(*history))
            exact = model.shifted(np.log(truth) - np.log(model.parameters))
            want = ltv.bg_nbd.conditional_expected_purchases(exact, 365, *history).sum()
            total = ltv.bootstrap.purchases(model, 365, 100).total
            hits.append(total.lower <= want <= total.upper)
        assert np.mean(hits) >= 0.85

    def test_tenths_add_up_to_all(self):
        found = ltv.bootstrap.purchases(study().fitted[0], 365)
        assert sum(share.value for share in found.deciles) == pytest.approx(1)
        assert [s.value for s in found.deciles] == sorted((s.value for s in found.deciles), reverse=True)

    def test_without_a_fit_there_is_a_reason(self):
        assert ltv.bootstrap.purchases(study(kind="once").fitted[0], 365).total.why == "ltv.no_repeat"


class TestRace:
    def test_dates_follow_each_other_where_there_is_room(self):
        import datetime as dt

        first, as_of = dt.date(2024, 1, 1), dt.date(2024, 12, 31)
        assert ltv.race.ends(first, as_of) == [first, dt.date(2024, 5, 1), dt.date(2024, 8, 31)]
        assert ltv.race.ends(as_of - dt.timedelta(20), as_of) == [as_of - dt.timedelta(20)]

    def test_the_winner_has_the_smallest_error_and_losers_stay(self):
        race = study().race
        assert {one.name for one in race.contenders} == {*ltv.race.CONTENDERS, *ltv.race.BASELINES}
        able = [one for one in race.contenders if np.isfinite(one.total)]
        assert [one.total for one in able] == sorted(one.total for one in able)
        assert race.of(race.winner).total <= race.of("nbd").total

    def test_where_nobody_leaves_nbd_serves(self):
        T = np.random.default_rng(0).integers(300, 900, 2000)
        staying = ltv.patterns.from_arrays(np.full(2000, 10) + np.arange(2000) % 7, np.full(2000, 300), T * 0 + 300)
        models = [ltv.models.fit(name, staying) for name in ltv.race.CONTENDERS]
        unraced = study(kind="once").race
        chosen = ltv.race.chosen(unraced, models)
        assert chosen.NAME == "nbd" or not chosen.report.converged
