"""The sliders' arithmetic: nothing moves at the present lines, and everything adds up."""

import pandas as pd
import pytest

from crmlib import tiers


@pytest.fixture
def programme() -> tiers.WhatIf:
    cells = pd.DataFrame(
        {"bin": [0, 100, 300, 400], "customers": [10, 20, 5, 2], "amount": [10_000, 600_000, 450_000, 240_000]}
    )
    terms = tiers.terms((0, 30_000, 100_000), (0.0, 0.02, 0.05), 0.5, 0.05)
    return tiers.WhatIf(tiers.spend(cells, 300), terms, ("R", "S", "G"))


def test_nothing_moves_at_the_present_lines(programme):
    table = programme.of(100, 100, 0.05, 0.3).set_index("tier")
    assert (table["customers now"] == table["customers then"]).all()
    assert table.loc["total", "net a year"] == 0
    assert table["customers then"].tolist() == [10, 25, 2, 37]
    assert table.loc["total", "benefits"] == round(0.02 * 1_050_000 + 0.05 * 240_000)


def test_a_lower_line_costs_benefits_and_an_assumed_effect_earns_margin(programme):
    cost = 450_000 * (0.05 - 0.02)
    assert programme.of(90, 100, 0.05, 0.0).iloc[-1]["net a year"] == -round(cost)
    earned = 0.5 * 0.1 * 450_000
    assert programme.of(90, 100, 0.05, 0.1).iloc[-1]["net a year"] == round(earned - cost)


def test_benefits_keep_their_proportion(programme):
    table = programme.of(100, 100, 0.10, 0.0).set_index("tier")
    assert table.loc["S", "benefits"] == pytest.approx(0.04 * 1_050_000)
    assert table.loc["total", "net a year"] == -table.loc["total", "benefits"] / 2


def test_lines_stay_in_order(programme):
    lines = programme.of(50, 150, 0.05, 0.0)["line"].tolist()[:3]
    assert lines == sorted(lines)
