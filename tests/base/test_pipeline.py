"""The six stages by hand: counts, conversion, days, leakage; stages that are not recorded."""

import datetime as dt

import pytest

from tests import made_up_base
from tests.made_up_base import orders_of

TODAY = dt.date(2025, 3, 31)
STAGES = ("latent", "prospect", "negotiable", "sales", "order", "repeat")


def lead(number, reached, start=dt.date(2024, 1, 1), step=10):
    return [
        {"lead_id": f"L{number}", "stage": name, "stage_date": start + dt.timedelta(days=step * STAGES.index(name))}
        for name in reached
    ]


def read(leads, rows=()):
    (_, _, _, pipeline, _), ledger = made_up_base.read(
        made_up_base.store(leads=leads, orders=orders_of(*rows) or orders_of((1, TODAY, 5))), TODAY
    )
    return pipeline, ledger


def rows_of(count, *reached, first=0, **options):
    return [row for number in range(first, first + count) for row in lead(number, reached, **options)]


def test_by_hand():
    leads = rows_of(10, *STAGES[:1]) + rows_of(6, *STAGES[:2], first=10) + rows_of(4, *STAGES[:5], first=16)
    buyers = [(who, dt.date(2024, 1, 1), 1_000) for who in range(5)]
    pipeline, ledger = read(leads, buyers)
    assert [step.reached for step in pipeline.steps] == [20, 10, 4, 4, 5]
    assert [step.lost for step in pipeline.steps][:4] == [10, 6, 0, 0]
    assert [step.median for step in pipeline.steps][:4] == [10, 10, 10, 10]
    assert [step.owner for step in pipeline.steps] == ["ma", "ma", "sfa", "sfa", "crm"]
    assert ledger["base.pipeline.latent.conversion"].value == 0.5
    assert pipeline.unmeasured == ()


def test_leakage_is_lost_times_onward_conversion_times_value():
    leads = (
        rows_of(20, "latent")
        + rows_of(10, "latent", "sales", first=20)
        + rows_of(10, "latent", "sales", "order", first=30)
    )
    buyers = [(who, dt.date(2024, 1, 1), 1_000) for who in range(5)]
    pipeline, ledger = read(leads, buyers)
    assert ledger["base.pipeline.latent.leakage"].value == pytest.approx(20 * 0.5 * 1_000)
    assert ledger["base.pipeline.sales.leakage"].value == pytest.approx(10 * 1_000)
    assert pipeline.unmeasured == ("prospect", "negotiable")
    assert ledger["base.pipeline.measured"].value == 4  # repeat comes from the orders


def test_young_leads_are_not_judged_and_a_skipped_record_counts():
    young = rows_of(7, "latent", start=dt.date(2025, 3, 1))
    pipeline, _ = read(young + rows_of(6, "latent") + rows_of(5, "prospect", "order", first=50))
    assert pipeline.steps[0].reached == 11  # who was a prospect had been latent
    assert pipeline.steps[0].conversion.value == pytest.approx(5 / 11)


def test_unknown_words_are_named_and_no_leads_have_a_reason():
    pipeline, _ = read([*rows_of(5, "latent"), {"lead_id": "X", "stage": "MQL", "stage_date": TODAY}])
    assert pipeline.unknown == ("MQL",)
    pipeline, ledger = read([])
    assert pipeline.why == "no_leads"
    assert ledger["base.pipeline.state"].value == "no_leads"
    assert set(pipeline.unmeasured) == set(STAGES)
