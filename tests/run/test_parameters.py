import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from crmlib.errors import ConfigError
from crmlib.run.parameters import declared, parsed


@pytest.fixture
def notebook(tmp_path):
    source = 'client_dir = "x"  # where\ndays = [90, 180]  # windows\nrate = 0.1\nlevel = 1'
    path = tmp_path / "retention.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(source, metadata={"tags": ["parameters"]})]), path)
    return path


def test_names_and_defaults_are_read_without_running_anything(notebook):
    assert declared(notebook) == {"client_dir": "x", "days": [90, 180], "rate": 0.1, "level": 1}


def test_values_are_literals_or_texts(notebook):
    given = ["retention.days=[30]", "retention.rate=1", "retention.client_dir=a b"]
    assert parsed(given, {"retention": notebook}) == {"retention": {"days": [30], "rate": 1, "client_dir": "a b"}}


def test_every_misspelt_name_and_wrong_type_is_named_at_once(notebook):
    with pytest.raises(ConfigError) as error:
        parsed(
            ["retention.dayz=[1]", "retention.rate=high", "retention.level=1.5", "rate=1", "x"], {"retention": notebook}
        )
    message = str(error.value)
    assert "'retention.dayz' is not a parameter of the notebook\n  Hint: Did you mean 'days'?" in message
    assert "'retention.rate' is given as str\n  Expected: float, e.g. 0.1" in message
    assert "'retention.level' is given as float\n  Expected: int, e.g. 1" in message
    assert message.count("is not understood\n  Expected: DIAGNOSTIC.NAME=VALUE with one of retention") == 2


@pytest.mark.parametrize("source", ["x = open('f')", "import os", "a, b = 1, 2"])
def test_a_parameters_cell_holds_plain_literals_only(tmp_path, source):
    path = tmp_path / "bad.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(source, metadata={"tags": ["parameters"]})]), path)
    with pytest.raises(ConfigError, match=r"bad\.ipynb: parameters cell: .* is not a plain literal"):
        declared(path)


def test_a_notebook_without_parameters_is_refused(tmp_path):
    path = tmp_path / "bare.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("x = 1")]), path)
    with pytest.raises(ConfigError, match=r"bare\.ipynb: has no cell tagged 'parameters'"):
        declared(path)
