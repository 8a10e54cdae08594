"""A test that is registered now is found and scored by the next run; a draw is never changed."""

import datetime as dt
import json

import pandas as pd
import pytest

from crmlib import holdout
from crmlib.errors import ConfigError, DataError
from crmlib.summaries import lift as counts
from tests.lift import made_up
from tests.summaries.test_lift import bought, contact, store

START = dt.date(2024, 6, 1)
PLAN = holdout.Test("spring-2024", START, 0.25, 7, 30, "dm", "v1", 150)
CUSTOMERS = pd.DataFrame({"customer_id": range(1, 201), "stratum": [f"f{k % 3}r1" for k in range(200)]})


def registered(folder, test=PLAN, customers=CUSTOMERS):
    return holdout.register(folder, test, customers, {1: "=0001", 2: "A-2"})


def test_the_next_run_scores_the_draw(tmp_path):
    folder = registered(tmp_path)
    drawn = pd.read_csv(folder / "draw.csv")
    sent = set(drawn.loc[drawn["arm"] == "treated", "customer_id"])
    orders = [row for k in range(1, 201) for row in bought(k, -30, *((5,) if k in sent and k % 2 else ()))]
    made = counts.with_registered(store(orders=orders), tmp_path)
    study = made_up.study_of(made, dt.date(2024, 12, 31))
    (campaign,) = study.campaigns
    version = campaign.versions[0]
    assert (campaign.campaign, version.version, version.held_out) == ("spring-2024", "v1", True)
    assert (version.treated, version.control) == (150, 50)
    assert version.outcomes["purchase"].verdict == "works"
    assert version.money.cost == 150 * 150
    assert campaign.srm_p > 0.5
    assert study.registered == 1


def test_a_test_whose_window_is_not_over_waits(tmp_path):
    registered(tmp_path)
    made = counts.with_registered(store(orders=bought(1, 2)), tmp_path)
    faults = counts.faults(made, dt.date(2024, 6, 20)).to_pandas()
    assert faults.to_dict("records") == [{"campaign": "spring-2024", "fault": "unfinished", "rows": 200}]


def test_the_draw_counts_whatever_was_sent(tmp_path):
    """The log says that two held-out customers were mailed: they stay held out (intention to treat)."""
    registered(tmp_path)
    logged = [contact(k, campaign_id="spring-2024") for k in range(1, 201)] + [contact(1, campaign_id="other")]
    made = counts.with_registered(store(orders=bought(1, 2), contacts=logged), tmp_path)
    rows = made.contacts.to_pandas()
    assert rows["campaign_id"].value_counts().to_dict() == {"spring-2024": 200, "other": 1}
    assert (rows["arm"] == "control").sum() == 50


def test_the_list_is_inert_and_opens_in_japanese_excel(tmp_path):
    folder = registered(tmp_path)
    lines = (folder / "list.csv").read_bytes().decode("cp932").split("\r\n")
    assert lines[0] == "顧客番号,層,扱い"
    assert len(lines) == 202
    assert any(line.startswith("'=0001,") for line in lines)
    assert (folder / "list.xlsx").read_bytes()[:2] == b"PK"
    assert json.loads((folder / "design.json").read_text("utf-8"))["seed"] == 7


def test_the_same_plan_is_the_same_draw_and_bytes(tmp_path):
    one, other = (registered(tmp_path / name) for name in "ab")
    for name in ("draw.csv", "list.csv", "list.xlsx", "design.json"):
        assert (one / name).read_bytes() == (other / name).read_bytes()


def test_a_registered_draw_is_never_changed(tmp_path):
    registered(tmp_path)
    with pytest.raises(ConfigError, match="the test 'spring-2024' is registered already"):
        registered(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "../x"}, "'../x' cannot be a test's name"),
        ({"holdout": 0.0}, "a holdout of 0.0"),
        ({"holdout": 0.7}, "a holdout of 0.7"),
        ({"seed": -1}, "seed -1"),
    ],
)
def test_bad_plans_are_refused(tmp_path, change, message):
    plan = holdout.Test(**{**PLAN.__dict__, **change})
    with pytest.raises(ConfigError, match=message):
        registered(tmp_path, plan)
    assert list(tmp_path.iterdir()) == []


def test_a_list_with_a_customer_twice_or_nobody_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="1 customers are listed twice"):
        registered(tmp_path, customers=pd.concat([CUSTOMERS, CUSTOMERS.head(1)]))
    with pytest.raises(ConfigError, match="nobody is on the list"):
        registered(tmp_path, customers=CUSTOMERS.head(0))


def test_a_damaged_registration_is_named(tmp_path):
    folder = registered(tmp_path)
    (folder / "design.json").write_text("{", "utf-8")
    with pytest.raises(DataError, match="the registered test cannot be read"):
        counts.with_registered(store(orders=bought(1, 2)), tmp_path)


def test_client_numbers_are_joined_by_the_clients_key(tmp_path):
    numbers = holdout.client_numbers(tmp_path, ["0001", "0002", "0001"])
    assert sorted(numbers.values()) == ["0001", "0002"]
    assert (tmp_path / "private" / "pseudonym.key").is_file()
