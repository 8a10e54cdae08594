"""Figures read back as what office programs edit: the numbers are the drawn ones, whatever draws them."""

from __future__ import annotations

import numpy as np
import pytest

from crmlib.figures import export, native, reading, style


def read(draw, **hints):
    with style.context():
        figure = style.figure()
        draw(figure)
    native.attach(figure, **hints)
    export.svg(figure)
    return reading.read(figure)


def one(draw, **hints):
    [chart] = read(draw, **hints).charts
    return chart


def test_a_figure_without_the_line_is_a_picture():
    figure = style.figure()
    figure.subplots().bar([0, 1], [2, 3])
    export.svg(figure)
    assert reading.read(figure) is None
    assert reading.payload(figure) is None


def test_columns_have_their_values_names_colours_and_labels():
    def draw(figure):
        axes = figure.subplots()
        axes.bar([0, 1, 2], [41.2, 3.0, 7.5], color=[style.ACCENT, style.GREY[3], style.GREY[3]])
        for x, y in enumerate((41.2, 3.0, 7.5)):
            axes.annotate(f"{y:.1f}%", (x, y), xytext=(0, 4), textcoords="offset points", ha="center", va="bottom")
        axes.set_xticks([0, 1, 2], ["a", "b", "c"])

    chart = one(draw)
    [row] = chart.series
    assert (chart.kind, chart.categories, chart.stacked) == ("columns", ("a", "b", "c"), False)
    assert row.values == (41.2, 3.0, 7.5)
    assert (row.colour, row.colours) == ("B8C2CA", {0: "0B5C8C"})
    assert [label.text for label in row.labels.values()] == ["41.2%", "3.0%", "7.5%"]
    assert {label.at for label in row.labels.values()} == {"outEnd"}
    assert row.form.startswith('0.0"%"')


def test_no_text_is_lost_where_two_name_one_bar():
    def draw(figure):
        axes = figure.subplots()
        axes.bar([0, 1], [4, 6], color=style.ACCENT)
        for text, lift in (("4", 2), ("of 9", 16)):
            axes.annotate(text, (0, 4), xytext=(0, lift), textcoords="offset points", ha="center", va="bottom")

    found = read(draw)
    labels = [label.text for row in found.charts[0].series for label in row.labels.values()]
    assert sorted([*labels, *(note.text for note in found.notes if note.text in ("4", "of 9"))]) == ["4", "of 9"]


def test_a_waterfall_stands_on_bars_that_are_not_seen_and_may_cross_zero():
    bars = ((0, 0, 10, style.INK), (1, 10, -4, style.NEGATIVE), (2, 6, -8, style.NEGATIVE), (3, 0, -2, style.ACCENT))

    def draw(figure):
        axes = figure.subplots()
        for place, base, change, colour in bars:
            axes.bar(place, change, bottom=base, color=colour)

    chart = one(draw)
    assert chart.stacked
    assert chart.series[0].colour == ""
    reached = np.zeros((2, 4))  # below and above zero
    drawn = np.zeros((2, 4))
    for row in chart.series:
        values = np.array([value or 0.0 for value in row.values])
        for side, part in enumerate((np.minimum(values, 0), np.maximum(values, 0))):
            reached[side] += part
            drawn[side] += part if row.colour else 0
    low = [min(base, base + change) for _, base, change, _ in bars]
    high = [max(base, base + change) for _, base, change, _ in bars]
    assert reached[1].tolist() == [max(value, 0) for value in high]
    assert reached[0].tolist() == [min(value, 0) for value in low]
    assert (drawn[1] - drawn[0]).tolist() == [abs(change) for _, _, change, _ in bars]


def test_stacked_bars_keep_their_order_and_names():
    def draw(figure):
        axes = figure.subplots()
        axes.barh([0, 1], [1, 2], color=style.ACCENT, label="due")
        axes.barh([0, 1], [3, 4], left=[1, 2], color=style.NEGATIVE, label="late")
        axes.set_ylim(1.6, -0.6)
        axes.legend()

    chart = one(draw)
    assert (chart.kind, chart.stacked, chart.across.flipped) == ("bars", True, True)
    assert [(row.name, row.values) for row in chart.series] == [("due", (1.0, 2.0)), ("late", (3.0, 4.0))]
    assert chart.legend is not None


def test_bars_with_gaps_between_them_are_no_chart():
    def draw(figure):
        axes = figure.subplots()
        axes.bar([0], [1], color="red")
        axes.bar([0], [1], bottom=[3], color="blue")

    assert read(draw) is None


def test_intervals_on_bars_are_error_bars_and_lines_go_from_bar_to_bar():
    def draw(figure):
        axes = figure.subplots()
        axes.bar([0, 1], [4, 6], color=style.ACCENT)
        axes.vlines([0, 1], [3, 4], [6, 9], color=style.INK)
        axes.plot([0, 1], [10, 11], color=style.NEGATIVE, label="all")

    bars, line = one(draw).series
    assert (bars.below, bars.above) == ((1.0, 2.0), (2.0, 3.0))
    assert (line.kind, line.name, line.values) == ("line", "all", (10.0, 11.0))


def test_bands_are_areas_on_what_lies_below_them():
    x = np.arange(5)

    def draw(figure):
        axes = figure.subplots()
        axes.fill_between(x, x + 1, x + 3, color=style.ACCENT, alpha=0.2)
        axes.plot(x, x + 2, color=style.ACCENT)

    base, band, line = one(draw).series
    assert (base.colour, base.values) == ("", (1.0, 2.0, 3.0, 4.0, 5.0))
    assert (band.kind, band.alpha, set(band.values)) == ("area", 0.2, {2.0})
    assert (line.kind, line.values) == ("line", (2.0, 3.0, 4.0, 5.0, 6.0))


def test_bands_that_cross_are_drawn_by_their_edges():
    x = np.arange(3)

    def draw(figure):
        axes = figure.subplots()
        axes.fill_between(x, x * 0, x * 0 + 3, color=style.ACCENT)
        axes.fill_between(x, x * 0 + 1, x * 0 + 4, color=style.NEGATIVE)

    chart = one(draw)
    assert chart.kind == "points"
    assert [row.values for row in chart.series] == [(0.0,) * 3, (3.0,) * 3, (1.0,) * 3, (4.0,) * 3]


def test_a_forest_is_points_whose_rows_are_named_by_their_ticks():
    def draw(figure):
        axes = figure.subplots()
        for place in (0, 1):
            axes.plot([place - 1, place + 1], [place, place], color=style.ACCENT)
            axes.plot(place, place, "s", color=style.ACCENT)
        axes.set_yticks([0, 1], ["first", "second"])
        axes.set_ylim(1.5, -0.5)

    chart = one(draw)
    assert chart.kind == "points"
    assert chart.up.flipped
    assert [row.name for row in chart.series] == ["first", "second", "first", "second"]  # intervals below marks
    assert chart.series[0].x == (-1.0, 1.0)
    assert (chart.series[2].marker, chart.series[2].width) == ("square", 0.0)


def test_a_heat_map_is_a_table_with_its_words_and_grounds():
    def draw(figure):
        figure.set_layout_engine("none")
        axes = figure.add_axes((0, 0, 1, 1))
        width, height = figure.get_size_inches()
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.axis("off")
        from matplotlib.patches import Rectangle

        for row in (0, 1):
            for column in (0, 1):
                axes.add_artist(Rectangle((1 + column, 1 + row), 1, 1, fc=style.SEQUENTIAL[row + column], ec="none"))
                axes.text(1.5 + column, 1.5 + row, f"{row}{column}", ha="center", va="center")
        axes.text(5, 3, "outside", ha="center")

    found = read(draw, columns=[1, 2, 3], rows=[1, 2, 3])
    assert [[cell.lines[0].text for cell in row] for row in found.cells.rows] == [["00", "01"], ["10", "11"]]
    assert found.cells.rows[0][1].fill == style.SEQUENTIAL[1].lstrip("#")
    assert found.cells.widths == (72.0, 72.0)
    assert [note.text for note in found.notes] == ["outside"]


@pytest.mark.parametrize("kind", ["columns", "areas", "points"])
def test_the_plot_stands_where_the_picture_has_it(kind):
    def draw(figure):
        axes = figure.subplots()
        if kind == "columns":
            axes.bar([0, 1, 2], [1, 2, 3])
            axes.set_xlim(-0.5, 2.5)
        elif kind == "areas":
            axes.fill_between([0, 1, 2], [0, 0, 0], [1, 2, 3])
            axes.set_xlim(0, 2)
        else:
            axes.plot([0, 1], [0, 1])
            axes.set_xlim(0, 1)
        axes.set_ylim(0, 4)
        draw.box = axes

    chart = one(draw)
    box, points = draw.box.get_window_extent(), 72 / draw.box.figure.dpi
    left, top = box.x0 * points, (draw.box.figure.bbox.height - box.y1) * points
    assert chart.kind == kind
    assert chart.plot == pytest.approx((left, top, box.width * points, box.height * points), abs=0.5)


def test_the_payload_is_json_and_the_same_each_time():
    import json

    def draw(figure):
        axes = figure.subplots()
        axes.bar([0, 1, 2], [0.1 + 0.2, np.nan, 2.0])
        axes.set_xticks([0, 1, 2], ["a", "b", "c"])

    figures = []
    for _ in range(2):
        with style.context():
            figure = style.figure()
            draw(figure)
        export.svg(native.attach(figure))
        figures.append(json.dumps(reading.payload(figure)))
    assert figures[0] == figures[1]
    assert json.loads(figures[0])["charts"][0]["series"][0]["values"] == [0.3, None, 2.0]
