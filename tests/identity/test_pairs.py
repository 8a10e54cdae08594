import pandas as pd
import pytest

from crmlib.identity import candidates, keys, pairs

PERSON = {
    "name": "坂本 節子", "kana": "サカモト セツコ", "email": "a@example.jp", "phone": "090-1111-2222",
    "address": "見本市緑町2-11-3",
}  # fmt: skip


def judged(*changes):
    persons = pd.DataFrame([PERSON, *({**PERSON, **change} for change in changes)])
    return candidates(keys.of(persons), pd.Series(range(10, 10 + len(persons))))


@pytest.mark.parametrize(
    ("change", "level", "evidence"),
    [
        ({}, "sure", "name+kana+email+phone+address"),
        ({"email": "", "address": "東区1-1"}, "sure", "name+kana+phone"),
        ({"email": "", "phone": "", "name": "阪本 節子"}, "sure", "kana+address"),
        ({"kana": "", "phone": "", "address": ""}, "sure", "name+email"),
        ({"kana": "サカモト セツコー", "email": ""}, "possible", "name+phone+address"),
        ({"name": "坂本 節", "kana": "サカモト セツ", "email": "", "address": ""}, "possible", "phone"),
    ],
)
def test_who_is_one_person(change, level, evidence):
    found = judged(change).pairs
    assert found[["customer_a", "customer_b", "level", "evidence"]].to_numpy().tolist() == [[10, 11, level, evidence]]


@pytest.mark.parametrize(
    "change",
    [
        {"name": "坂本 太郎", "kana": "サカモト タロウ", "email": "b@example.jp"},
        {"name": "坂本 太郎", "kana": "サカモト タロウ"},
    ],
)
def test_a_household_is_counted_and_no_candidate(change):
    found = judged(change)
    assert len(found.pairs) == 0
    assert found.households == 1


def test_a_namesake_elsewhere_is_nobody():
    found = judged({"email": "", "phone": "090-9999-8888", "address": "別の市9-9"})
    assert (len(found.pairs), found.households) == (0, 0)


def test_a_filler_that_many_share_is_skipped_and_told():
    persons = pd.DataFrame([{**PERSON, "email": "", "address": "", "name": f"名{i}", "kana": ""} for i in range(30)])
    found = candidates(keys.of(persons), pd.Series(range(30)))
    assert (len(found.pairs), found.households, found.skipped) == (0, 0, {"phone": 1})


def test_nobody_and_one_person_have_no_pairs():
    assert len(judged().pairs) == 0
    nobody = candidates(keys.of(pd.DataFrame({"name": []}, dtype=object)), pd.Series([], dtype="int64"))
    assert (len(nobody.pairs), len(nobody.groups())) == (0, 0)


def test_three_numbers_of_one_person_are_one_group():
    found = judged({"email": ""}, {"email": "", "phone": "", "address": "見本市緑町2丁目11番3"})
    assert found.groups().to_numpy().tolist() == [[11, 10], [12, 10]]


def test_the_order_of_the_persons_changes_nothing():
    persons = pd.DataFrame(
        [PERSON, {**PERSON, "email": ""}, {**PERSON, "kana": "サカモト セツ"}, {**PERSON, "name": "他"}]
    )
    ids = pd.Series([7, 3, 9, 1])
    plain = candidates(keys.of(persons), ids).pairs
    back = candidates(keys.of(persons[::-1]), ids[::-1]).pairs
    assert plain.equals(back)


@pytest.mark.parametrize(("one", "other"), [("abcd", "abcd"), ("abcd", "abxy"), ("abc", "abd"), ("abcde", "abc")])
def test_what_is_not_one_letter_apart(one, other):
    assert pairs.one_apart(one, other) is (one == other)
