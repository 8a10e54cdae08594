"""Every reason says what was expected and what to do."""

from crmlib.intake import advice
from crmlib.intake.fates import REASONS
from tests.intake.conftest import Make
from tests.intake.hostile import GOOD, HEAD


def test_every_reason_has_its_advice() -> None:
    assert set(advice.ADVICE) == set(REASONS)
    assert all(one.expected and one.hint for one in advice.ADVICE.values())


def test_a_refusal_names_file_line_column_shape_expectation_and_remedy(make: Make) -> None:
    message = make({"a.csv": HEAD + GOOD + "A2,1,yesterday,5\nA3,1,2024-01-06\n"}).message()
    assert (
        "raw/a.csv line 3, column '受注日': the first bad_date (shape of the value: 'xxxxxxxxx')\n"
        "  Expected: a date such as 2024-01-05\n"
        "  Hint: Say dates: in client.yaml where they are written in another way."
    ) in message
    assert (
        "raw/a.csv line 4: the first ragged_row\n  Expected: as many cells as the header has\n"
        "  Hint: Export it with quotes around cells that hold the delimiter."
    ) in message
