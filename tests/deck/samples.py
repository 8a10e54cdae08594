"""Made-up slides of every kind, with their texts in both languages, as notebooks whose outputs hold them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import nbformat
import numpy as np

from crmlib import text
from crmlib.deck.slide import Exhibit, Slide
from crmlib.figures import native, style
from crmlib.figures.table import Table
from crmlib.home import TEMPLATES
from crmlib.numbers.model import Ledger, Measure

META = {"client": {"ja": "株式会社サンプル髙﨑", "en": "Sample Takasaki Co., Ltd."}, "as_of": "1998-06-30"}
MEASURES = (
    Measure("data.{x}", "count", "data.rows"),
    Measure("retention.{x}", "share", "retention.f2"),
    Measure("cell.{row}.{column}", "share", "retention.cell"),
    Measure("risk.{day}", "count", "retention.f2"),
    Measure("ltv.{x}", "money", "ltv.clv"),
    Measure("count.{x}", "count", "ltv.count"),
)
JA = """
[definition]
"retention.f2" = "初回購入から90日以内に2回目を購入した顧客の割合"
[slide.section]
data = "データ"
retention = "継続と再購入"
ltv = "将来価値"
[slide.data.rows]
title = "受領した{data.read:int}行のうち{data.used:int}行を分析に使い、残る{data.out:int}行は理由を付けて除外した"
head = "行の内訳"
points = ["使用・保留・除外の合計は受領行数と一致する", "保留した行は原票の行番号と理由を付けて返却する", "金額でも同じ突合を行い、差はない"]
source = "出所：受注データ（1997年1月〜1998年6月）"
definition = "定義 data.rows：1行＝受注明細1行。n = {data.read:int}"
[slide.retention.f2]
title = "新規顧客のうち90日以内に2回目を購入するのは{retention.f2:pct}にとどまり、95 %区間の上限でも{retention.f2.upper:pct}である"
title_unfitted = "2回目を購入した顧客が{data.none:int}人のため、再購入曲線は推定できない"
head = "2回目購入に至った顧客の累積割合（カプラン・マイヤー法、帯は95 %信頼区間）"
head2 = "到達日数"
alt = "再購入割合の折れ線。90日で{retention.f2:pct}"
points = ["再購入の大半は最初の90日に集中する。初回同梱と30日目の案内をこの期間に置く", "90日を過ぎると伸びは鈍く、値引きでの掘り起こしは費用に見合わない", "F2を1ポイント上げる施策は対照群を置いて四半期内に検証する"]
points_unfitted = ["まず2回目の購入が起きる仕組みを作り、半年後に測り直す"]
source = "出所：購入履歴 {retention.f2.n:int}人、観察打ち切りを考慮"
definition = "定義 retention.f2：初回購入から90日以内に2回目を購入した顧客の割合。n = {retention.f2.n:int}、1997-01〜1998-06"
yen = "F2を1ポイント上げると年間{ltv.point:money}"
notes = "中央値は打ち切りのため求めない。"
[slide.retention.cohort]
title = "初回購入月別の継続率は2か月目に{cell.0.1:pct0}まで下がり、その後はほぼ横ばいで推移している"
head = "初回購入月別の月次継続率（%）"
alt = "コホート別継続率の表。濃いほど高い"
points = ["月による差は小さく、獲得媒体の見直しより2か月目までの働きかけが効く", "最新の月は観察期間が短く、判断に使わない"]
source = "出所：購入履歴"
definition = "定義 retention.cell：各月に1回以上購入した顧客の割合"
[slide.ltv.table]
title = "上位{count.top:int}人の顧客が今後12か月で{ltv.top:money}の価値を生み、1人あたりでは一般顧客を大きく上回る"
head = "顧客層別の将来価値"
points = ["上位層の担当者を決め、離脱の兆しに1週間以内で対応する", "中位層はF2後の90日で上位層へ引き上げる", "下位層への一律の値引きはやめ、費用を上位層の維持に回す"]
source = "出所：BG/NBDモデルとGamma-Gammaモデル"
definition = "定義 ltv.clv：割引率10 %、12か月の期待粗利"
[slide.ltv.wide]
title = "予測は検証期間の購買{count.actual:int}件に対し{count.predicted:int}件で、実用に足る精度である"
head = "累積購買回数の実績と予測（検証期間）"
alt = "累積購買回数の実績と予測"
points = ["実績と予測の差は期間を通じて小さく、将来価値の推計に使える", "四半期ごとに同じ検証を行い、外れたら推計を止める"]
source = "出所：購入履歴"
definition = "定義 ltv.count：検証期間の購買回数"
[slide.ltv.definitions]
title = "定義一覧"
head = "この報告書で使った指標の定義"
[figure]
cohort = "初回購入月"
month = "初回購入からの経過月"
days = "初回購入からの日数"
risk = "観察対象者数"
actual = "実績"
predicted = "予測"
half = "半数"
definition = "初回購入から2回目の購入までの期間を観察打ち切りを考慮して推定した割合であり、返品は除く。"
"""
EN = """
[definition]
"retention.f2" = "Share of customers with a second purchase within 90 days of the first"
[slide.section]
data = "Data"
retention = "Retention"
ltv = "Future value"
[slide.data.rows]
title = "Of {data.read:int} rows received, {data.used:int} are used and the other {data.out:int} are set aside with a reason"
head = "Where the rows went"
points = ["Used, quarantined and excluded rows add up to the rows received", "Each quarantined row goes back with its line number and reason", "The same holds for the money"]
source = "Source: Order export (January 1997 to June 1998)"
definition = "Definition data.rows: one row is one order line; n = {data.read:int}"
[slide.retention.f2]
title = "Only {retention.f2:pct} of new customers buy again within 90 days, and even the upper end of the 95 % interval is {retention.f2.upper:pct}"
title_unfitted = "No repurchase curve can be fitted: {data.none:int} customers bought twice"
head = "Share of customers who bought a second time (Kaplan–Meier, band = 95 % CI)"
head2 = "Days to the second purchase"
alt = "Line chart of the share who bought again; {retention.f2:pct} at day 90"
points = ["Most repeat purchases fall in the first 90 days: place the insert and the day-30 message there", "After day 90 the curve is flat; discounts to wake sleepers do not pay", "Test any step that lifts F2 by a point against a control group within the quarter"]
points_unfitted = ["First create a reason to buy twice, then measure again in six months"]
source = "Source: Purchases of {retention.f2.n:int} customers, censoring taken into account"
definition = "Definition retention.f2: share of customers with a second purchase within 90 days; n = {retention.f2.n:int}; 1997-01 to 1998-06"
yen = "One more point of F2 is worth {ltv.point:money} a year"
notes = "No median: it is censored."
[slide.retention.cohort]
title = "Retention by cohort falls to {cell.0.1:pct0} in the second month and is almost flat from there on"
head = "Monthly retention by month of first purchase (%)"
alt = "Table of retention by cohort; darker is higher"
points = ["Months differ little: what happens before month two matters more than the medium", "The latest months are too young to judge"]
source = "Source: Purchases"
definition = "Definition retention.cell: share of customers who bought at least once in the month"
[slide.ltv.table]
title = "The top {count.top:int} customers are worth {ltv.top:money} over the next 12 months, far more a head than the rest"
head = "Future value by customer group"
points = ["Name an owner for the top group and react to silence within a week", "Lift the middle group within 90 days after its second purchase", "Stop blanket discounts to the bottom group and spend on keeping the top"]
source = "Source: BG/NBD and Gamma-Gamma models"
definition = "Definition ltv.clv: expected gross margin over 12 months, discounted at 10 %"
[slide.ltv.wide]
title = "The model predicts {count.predicted:int} purchases against {count.actual:int} actual ones: good enough to act on"
head = "Cumulative purchases, actual and predicted (holdout period)"
alt = "Cumulative purchases, actual and predicted"
points = ["The gap stays small over the whole period, so future value may rest on it", "Repeat the check each quarter and stop using the model when it fails"]
source = "Source: Purchases"
definition = "Definition ltv.count: purchases in the holdout period"
[slide.ltv.definitions]
title = "Definitions"
head = "Measures used in this report"
[figure]
cohort = "First purchase"
month = "Months since first purchase"
days = "Days since first purchase"
risk = "At risk"
actual = "Actual"
predicted = "Predicted"
half = "half"
definition = "The share of customers with a second purchase, with censoring taken into account; returns are left out. "
"""


@contextmanager
def texts(**changed: str) -> Iterator[None]:
    """The sample's texts in place of the project's; `changed` replaces whole texts (key with __ for .) in both."""
    kept = text.catalogue

    def catalogue(language: str) -> dict[str, Any]:
        flat = text._flat(tomllib.loads({"ja": JA, "en": EN}[language]))
        for own in sorted((TEMPLATES / "text" / language).glob("deck*.toml")):
            flat |= text._flat(tomllib.loads(own.read_text("utf-8")))
        return flat | {key.replace("__", "."): value for key, value in changed.items()}

    text.catalogue = catalogue
    try:
        yield
    finally:
        text.catalogue = kept


def ledger() -> Ledger:
    made = Ledger(MEASURES, "JPY")
    for key, value in (("read", 6919), ("used", 6696), ("out", 223), ("none", 0)):
        made.add(f"data.{key}", value)
    made.add("retention.f2", 0.4123, lower=0.4011, upper=0.4236, level=0.95, n=2357)
    made.add("ltv.point", 34_500_000)
    for row, column, share in cells():
        made.add(f"cell.{row}.{column}", share)
    for day, n in at_risk():
        made.add(f"risk.{day}", n)
    for key, value in (("top", 124_000_000), ("middle", 45_600_000), ("low", 9_870_000)):
        made.add(f"ltv.{key}", value)
    for key, value in (("top", 471), ("middle", 943), ("low", 943), ("actual", 4339), ("predicted", 4161)):
        made.add(f"count.{key}", value)
    return made


def cells() -> list[tuple[int, int, float]]:
    return [(i, j, round(1 / (1.6 + j**0.5) - i * 0.004, 3)) for i in range(11) for j in range(12 - i)]


def at_risk() -> list[tuple[int, int]]:
    return [(day, int(2357 * np.exp(-day / 400))) for day in (0, 60, 120, 180, 240, 300, 360)]


@style.styled
def f2(*, words: text.Words) -> Any:
    figure = style.figure()
    axes = figure.add_subplot()
    days = np.arange(0, 366)
    share = 0.55 * (1 - np.exp(-days / 65))
    axes.fill_between(days, share - 0.01, share + 0.01, color=style.ACCENT, alpha=0.2, lw=0)
    axes.step(days, share, color=style.ACCENT)
    axes.axvline(90, color=style.GREY[3], lw=0.8, ls="--")
    axes.text(95, 0.38, words.number(0.4123, "pct"), color=style.ACCENT, weight="bold")
    axes.set_ylim(0, 0.6)
    axes.set_xlabel(words.fill("figure.days"))
    axes.grid(axis="y")
    for day, n in at_risk():
        axes.text(day, -0.17, words.number(n, "int"), ha="center")
    axes.text(0, -0.13, words.fill("figure.risk"), ha="left", color=style.MUTED)
    return figure


def f2_table(*, words: text.Words) -> Table:
    rows = [[words.fill("figure.half"), words.number(0.4123, "pct")], ["", words.number(0.4011, "pct")]]
    return Table(["", "F2"], rows)


@style.styled
def cohort(*, words: text.Words) -> Any:
    figure = style.figure()
    axes = figure.add_subplot()
    shades = style.SEQUENTIAL
    for i, j, share in cells():
        shade = min(int(share * 8), 4)
        axes.add_patch(style_rectangle(j, i, shades[shade]))
        axes.text(
            j + 0.5,
            i + 0.5,
            words.number(share, "pct0"),
            ha="center",
            va="center",
            color="white" if shade > 2 else style.INK,
        )
    axes.set_xlim(0, 12)
    axes.set_ylim(11, 0)
    axes.set_xticks(np.arange(12) + 0.5, [str(j) for j in range(12)])
    axes.set_yticks(np.arange(11) + 0.5, [f"1997-{i + 1:02d}" for i in range(11)])
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set_xlabel(words.fill("figure.month"))
    axes.spines[:].set_visible(False)
    return figure


def style_rectangle(x: float, y: float, colour: str) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((x + 0.03, y + 0.04), 0.94, 0.92, fc=colour, ec="none")


@style.styled
def wide(*, words: text.Words) -> Any:
    figure = style.figure(style.FULL)
    axes = figure.add_subplot()
    weeks = np.arange(40)
    axes.plot(weeks, 4339 * weeks / 39, color=style.INK)
    axes.plot(weeks, 4161 * weeks / 39, color=style.ACCENT, ls=":")
    axes.set_xlim(0, 43)
    axes.text(39.2, 4339, f"{words.fill('figure.actual')} {words.number(4339, 'int')}", va="bottom")
    axes.text(39.2, 4000, f"{words.fill('figure.predicted')} {words.number(4161, 'int')}", va="top", color=style.ACCENT)
    axes.grid(axis="y")
    return native.attach(figure)


def rows_table(*, words: text.Words) -> Table:
    names = {"ja": ("受領", "使用", "除外"), "en": ("Received", "Used", "Set aside")}[words.language]
    numbers = [words.number(n, "int") for n in (6919, 6696, 223)]
    return Table(["", "n"], list(zip(names, numbers, strict=True)), highlight=[1])


def value_table(*, words: text.Words) -> Table:
    names = {"ja": ("上位", "中位", "下位"), "en": ("Top", "Middle", "Bottom")}[words.language]
    rows = [
        [name, words.number(n, "int"), words.money(v, "JPY")]
        for name, n, v in zip(names, (471, 943, 943), (124_000_000, 45_600_000, 9_870_000), strict=True)
    ]
    heads = {"ja": ("顧客層", "人数", "将来価値"), "en": ("Group", "Customers", "Future value")}[words.language]
    return Table(heads, rows, highlight=[0])


def definitions(*, words: text.Words) -> Table:
    heads = {"ja": ("番号", "定義"), "en": ("Id", "Definition")}[words.language]
    return Table(
        heads,
        [[f"measure.no{chr(97 + i)}", words.fill("figure.definition") * (1 + i % 3)] for i in range(24)],
        widths=(1, 4),
        left=2,
    )


FULL = {"layout": "full"}
KINDS: dict[str, tuple[list[Any], dict[str, str]]] = {
    "data.rows": ([rows_table], {}),
    "retention.f2": ([f2, f2_table], {}),
    "retention.cohort": ([cohort], {}),
    "ltv.table": ([value_table], FULL),
    "ltv.wide": ([wide], FULL),
    "ltv.definitions": ([definitions], {**FULL, "section": "appendix"}),
}


def slides(*only: str, **changed: str) -> list[Slide]:
    """The slides named, or all; `changed` as in `texts`."""
    numbers = ledger()
    with texts(**changed):
        return [
            Slide(name, numbers, *map(Exhibit, KINDS[name][0]), **KINDS[name][1])  # type: ignore[arg-type]
            for name in only or KINDS
        ]


def notebook(outputs: list[Any]) -> Any:
    cells = [
        nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output("display_data", data=shown._repr_mimebundle_())])
        for shown in outputs
    ]
    return nbformat.v4.new_notebook(cells=cells)


def notebooks(*only: str, **changed: str) -> list[Any]:
    return [notebook([ledger(), *slides(*only, **changed)])]
