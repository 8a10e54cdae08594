import pytest

from crmlib.errors import DataError
from crmlib.identity import Merges, from_rows

KNOWN = {1, 2, 3, 4, 5}


def test_chains_end_at_their_end():
    merges = from_rows([(2, 1), (3, 2), (5, 4)], KNOWN, "m.csv")
    assert merges.of([1, 2, 3, 4, 5, 9]) == [1, 1, 1, 4, 4, 9]
    assert not Merges()
    assert merges


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([(1, 1)], "m.csv line 2: merges a customer into itself"),
        ([(2, 1), (1, 2)], "m.csv line 2: goes round in a circle"),
        ([(5, 1), (1, 2), (2, 3), (3, 1)], "m.csv line 3: goes round in a circle"),
        ([(9, 1)], "m.csv line 2: the customer_id is no customer of the data"),
        ([(1, 9)], "m.csv line 2: the merge_into is no customer of the data"),
        ([(2, 1), (2, 3)], "m.csv line 3: merges the customer of line 2 into another one"),
    ],
)
def test_what_cannot_be_merged_is_refused_by_its_line(rows, message):
    with pytest.raises(DataError, match=message):
        from_rows(rows, KNOWN, "m.csv")


def test_all_problems_are_told_at_once():
    with pytest.raises(DataError) as caught:
        from_rows([(1, 1), (9, 8), (2, 3), (3, 2)], KNOWN, "m.csv")
    assert len(caught.value.problems) == 4


def test_the_same_line_twice_is_no_contradiction():
    assert from_rows([(2, 1), (2, 1)], KNOWN, "m.csv").target == {2: 1}
