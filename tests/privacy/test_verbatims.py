import pytest

from crmlib.privacy.known import Known
from crmlib.privacy.verbatims import masked

SAID = [
    ("綾小路桜子と申します", "[name]と申します"),
    ("綾小路 桜子と申します", "[name]と申します"),
    ("綾小路様へお電話", "[name]様へお電話"),
    ("あやのこうじさくらこです", "[kana]です"),
    ("ｱﾔﾉｺｳｼﾞｻｸﾗｺです", "[kana]です"),
    ("電話は０９０－１２３４－５６７８です", "電話は[phone]です"),
    ("someone@example.comへ返信を", "[email]へ返信を"),
    ("住所は架空市見本町1ー2ー3です", "住所は[address]です"),
    ("東京都千代田区見本町1丁目に移りました", "[address]に移りました"),
    ("〒100-0001 から", "[postcode] から"),
    ("12本を3箱、2024年5月1日に", "12本を3箱、2024年5月1日に"),
    ("とても良い商品でした", "とても良い商品でした"),
    ("担当の西園寺様とお話ししました", "担当の[name]様とお話ししました"),
    ("お客様と皆様、奥様、店長様へ", "お客様と皆様、奥様、店長様へ"),
    ("様子を見ます。同様に", "様子を見ます。同様に"),
    ("", ""),
]


@pytest.fixture(scope="module")
def known():
    found = Known()
    found.add("name", ["綾小路桜子"])
    found.add("kana", ["アヤノコウジサクラコ"])
    found.add("family", ["綾小路"])
    found.add("address", ["架空市見本町1-2-3"])
    return found


@pytest.mark.parametrize(("said", "kept"), SAID)
def test_what_names_somebody_is_masked_and_nothing_else(said, kept, known):
    assert masked(said, known) == kept


def test_masking_twice_changes_nothing(known):
    for said, _ in SAID:
        once = masked(said, known)
        assert masked(once, known) == once


def test_nothing_is_left_for_the_scanner(known):
    assert not any(known.found(masked(said, known)) for said, _ in SAID)
