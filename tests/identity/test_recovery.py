"""The simulator registers customers twice and tells which: the list must hold them, and nobody else."""

import json

import pandas as pd
import pytest

from crmlib.identity import candidates, keys
from crmlib.simulate import SimulationOptions, simulate, truth_path


def persons(folder):
    (path,) = (folder / "raw").glob("customer*.csv")
    rows = pd.read_csv(path, dtype=str, encoding="cp932", keep_default_na=False)
    made = pd.DataFrame({
        "name": rows["お名前(姓)"] + " " + rows["お名前(名)"], "kana": rows["お名前(セイ)"] + rows["お名前(メイ)"],
        "email": rows["メールアドレス"], "phone": rows["TEL"],
        "address": rows["都道府県(名称)"] + rows["住所1"] + rows["住所2"],
    })  # fmt: skip
    return made, rows["会員ID"].astype("int64")


@pytest.mark.parametrize("seed", [1, 2])
def test_every_planted_duplicate_is_found_and_nobody_else(seed, tmp_path):
    simulate(tmp_path / "acme", SimulationOptions(6000, seed=seed, dirt=0.3))
    truth = json.loads(truth_path(tmp_path / "acme").read_text("utf-8"))
    planted = {tuple(sorted(pair)) for pair in truth["lists"]["duplicate_ids"]}
    people, ids = persons(tmp_path / "acme")
    found = candidates(keys.of(people), ids).pairs
    sure = found[found["level"] == "sure"]
    listed = set(zip(sure["customer_a"], sure["customer_b"], strict=True))
    assert len(planted) >= 15
    assert listed >= planted  # recall 100 %
    assert len(listed - planted) <= 0.05 * len(planted)  # a namesake with the same number by chance
    assert len(found) - len(sure) <= 0.05 * len(planted)


def test_without_the_problem_nobody_is_listed(tmp_path):
    simulate(tmp_path / "acme", SimulationOptions(6000, seed=3, without=("duplicates",)))
    people, ids = persons(tmp_path / "acme")
    assert len(candidates(keys.of(people), ids).pairs) <= 1
