import pytest

from crmlib import documents


@pytest.mark.parametrize("path", list(documents.generated()), ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_generated_file_is_committed_as_the_code_makes_it(path):
    assert path.read_text("utf-8") == documents.generated()[path], "run: make docs"


def test_no_two_measures_claim_the_same_key():
    patterns = [measure.pattern for known in documents.measures().values() for measure in known]
    assert len(patterns) == len(set(patterns))
