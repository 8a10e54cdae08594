import pytest

from crmlib.display import shown
from crmlib.errors import CrmError


@pytest.mark.parametrize(
    ("value", "form", "language", "expected"),
    [
        (0.4123, "pct", "en", "41.2%"),
        (0.4123, "pct0", "ja", "41%"),
        (1234.4, "int", "en", "1,234"),
        (-0.5, "dec1", "en", "\u22120.5"),
        (0.0123, "spct", "en", "+1.2"),
        (-0.0123, "spct", "ja", "\u22121.2"),
        (0.0001, "spct", "en", "0.0"),
        (None, "pct", "ja", "–"),
        ("1997-09-30", "date", "ja", "1997年9月30日"),
        ("1997-09-30", "date", "en", "1997-09-30"),
        ("PASS", "label", "ja", "PASS"),
    ],
)
def test_formats(value, form, language, expected):
    assert shown(value, form, language) == expected


@pytest.mark.parametrize(
    ("value", "ja", "en"),
    [
        (0, "0円", "¥0"),
        (9_800, "9,800円", "¥9,800"),
        (99_999, "99,999円", "¥99,999"),
        (99_999.6, "10万円", "¥100,000"),
        (34_500_000, "3,450万円", "¥34.5m"),
        (99_999_999, "1.0億円", "¥100.0m"),
        (-123_456_789, "−1.2億円", "−¥123.5m"),
        (1_500_000_000, "15.0億円", "¥1.5bn"),
    ],
)
def test_yen_in_the_words_of_each_language(value, ja, en):
    assert (shown(value, "money", "ja", "JPY"), shown(value, "money", "en", "JPY")) == (ja, en)


def test_dollars_read_the_same_in_both_languages():
    for language in ("ja", "en"):
        assert shown(35.474, "money", language, "USD") == "$35.47"
        assert shown(9_999.7, "money", language, "USD") == "$10,000"
        assert shown(1_234_567, "money", language, "USD") == "$1.2m"


def test_an_unknown_currency_shows_its_code():
    assert shown(12, "money", "en", "SGD") == "SGD 12.00"


def test_unknown_format_and_text_in_a_number_format_are_errors():
    with pytest.raises(CrmError, match=r"format 'pctt' is not one of pct, "):
        shown(0.5, "pctt", "en")
    with pytest.raises(CrmError, match="the text 'PASS' cannot be shown as 'pct'"):
        shown("PASS", "pct", "en")
