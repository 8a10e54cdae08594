"""Colours, type and sizes of every chart: drawn 1:1 in slide inches (slide 13.333 x 7.5), so that points stay true."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from crmlib.home import FONTS

FONT = "Noto Sans JP"
INK, TEXT, MUTED = "#14212B", "#33414C", "#66727C"
GREY: Mapping[int, str] = {1: "#F1F4F6", 2: "#DDE3E8", 3: "#B8C2CA", 4: "#8C98A2"}  # 4 is for marks only, never text
ACCENT, ACCENT_LIGHT, NEGATIVE = "#0B5C8C", "#7FB2CF", "#C9500C"
SEQUENTIAL = ("#F4F8FA", "#BFD8E6", "#6AA5C6", "#0B5C8C", "#063B5C")
WIDE, FULL = (8.05, 4.55), (12.33, 3.95)  # with a so-what panel; over the whole width above a so-what bar

RC: dict[Any, Any] = {
    "font.family": [FONT],
    "font.size": 10.5,
    "text.color": TEXT,
    "text.parse_math": False,  # a client's "$" is money, not mathematics
    "axes.unicode_minus": False,
    "axes.edgecolor": GREY[3],
    "axes.linewidth": 0.8,
    "axes.labelcolor": MUTED,
    "axes.labelsize": 10.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.axisbelow": True,
    "axes.xmargin": 0.01,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelsize": 10.5,
    "ytick.labelsize": 10.5,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "xtick.major.pad": 5,
    "ytick.major.pad": 5,
    "grid.color": GREY[2],
    "grid.linewidth": 0.7,
    "lines.linewidth": 2.2,
    "lines.solid_capstyle": "round",
    "legend.frameon": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "figure.dpi": 96,
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.h_pad": 0.02,
    "figure.constrained_layout.w_pad": 0.02,
    "svg.fonttype": "none",
    "svg.hashsalt": "crmlib",
}


@functools.cache
def register_fonts() -> None:
    """Make the bundled fonts known to matplotlib; read once per process, ahead of time in a run's fork server."""
    for path in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(path)


def figure(size: tuple[float, float] = WIDE) -> Figure:
    """An empty figure in the house style; no global state of matplotlib is changed.

    Args:
        size: Width and height in slide inches.
    """
    register_fonts()
    with context():
        drawn = Figure(figsize=size)
    FigureCanvasAgg(drawn)  # keeps its renderer; a bare figure makes a new one each time a label is measured
    return drawn


def context() -> Any:
    """The house style as a context manager: chart functions draw inside it (see `styled`)."""
    register_fonts()
    return mpl.rc_context(RC)


def styled(draw: Any) -> Any:
    """Decorator: a chart function draws in the house style, whatever the notebook's settings are."""

    @functools.wraps(draw)
    def inside(*args: Any, **kwargs: Any) -> Any:
        with context():
            return draw(*args, **kwargs)

    return inside
