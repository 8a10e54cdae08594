from crmlib.errors import ConfigError, CrmError, DataError, DiagnosticError, Problem, did_you_mean


def test_a_problem_says_where_what_expected_and_what_to_do():
    problem = Problem("'as_off' is not a setting", "client.yaml line 3", "as_of", "Did you mean 'as_of'?")
    assert str(problem) == (
        "client.yaml line 3: 'as_off' is not a setting\n  Expected: as_of\n  Hint: Did you mean 'as_of'?"
    )


def test_all_problems_are_raised_at_once():
    error = ConfigError([Problem("one"), Problem("two", "here")])
    assert str(error) == "one\nhere: two"
    assert len(error.problems) == 2


def test_exit_codes():
    assert [kind("x").exit_code for kind in (CrmError, DataError, ConfigError, DiagnosticError)] == [1, 1, 2, 3]


def test_did_you_mean_names_the_nearest_or_lists_what_is_known():
    assert did_you_mean("amout", ["amount", "status"]) == "Did you mean 'amount'?"
    assert did_you_mean("zzz", ["amount", "status"]) == "Known: amount, status."
    assert did_you_mean("zzz", []) == ""
