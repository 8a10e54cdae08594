import pytest

from crmlib.errors import ConfigError
from crmlib.yaml_text import parse


def refused(text):
    with pytest.raises(ConfigError) as error:
        parse(text, "client.yaml")
    return str(error.value)


def test_every_scalar_stays_the_text_that_was_written():
    document = parse("client: 0123\nno: yes\ntime: 12:30\nday: 2025-02-30\nempty:\nquoted: ''\n", "client.yaml")
    assert document.tree == {
        "client": "0123", "no": "yes", "time": "12:30", "day": "2025-02-30", "empty": None, "quoted": "",
    }  # fmt: skip


def test_places_know_their_line():
    document = parse("a: 1\nlist:\n  - x: 1\n    y: 2\n", "client.yaml")
    assert document.line(("list", 0, "y")) == 4
    assert document.line(("list", 0, "missing")) == 3


def test_all_duplicate_keys_are_named_with_both_lines():
    message = refused("a: 1\nb: 2\na: 3\nb: 4\n")
    assert "client.yaml line 3: 'a' is given twice" in message
    assert "First in line 1." in message
    assert "client.yaml line 4: 'b' is given twice" in message


def test_aliases_anchors_and_tags_are_refused_before_anything_is_built():
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: !!python/object/apply:os.system [ls]\n"
    message = refused(bomb)
    assert "line 1: an anchor (&name) is not allowed" in message
    assert "line 2: an alias (*name) is not allowed" in message
    assert "line 3: a tag (!name) is not allowed" in message


def test_a_syntax_error_says_line_and_column():
    assert "client.yaml line 3, column 2: is not valid YAML: expected" in refused("a: 1\nb: [1, 2\nc: 3\n")


def test_keys_must_be_plain_and_files_short():
    assert "a key must be a plain word" in refused("? [a, b]\n: 1\n")
    assert "is longer than 1,000,000 characters" in refused("a: " + "x" * 1_000_001)


def test_an_empty_file_is_an_empty_mapping():
    assert parse("", "client.yaml").tree == {}
