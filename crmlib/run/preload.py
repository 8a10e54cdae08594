"""What every notebook imports: loaded once in the fork server, shared by all its kernels. Nothing here may start a thread."""

# ruff: noqa: F401
import warnings

import ipykernel.kernelapp
import matplotlib.backends.backend_agg
import matplotlib.backends.backend_svg
import matplotlib_inline.backend_inline
import pandas as pd
import scipy.optimize
import scipy.special

with warnings.catch_warnings():  # lifetimes silences warnings for the whole process: undone when it leaves the block
    import ibis
    import ibis.backends.duckdb
    import lifetimes

from crmlib import base, deck, findings, intake, ltv, numbers, retention, summaries, text, workspace
from crmlib.deck import slide
from crmlib.figures import export, style

style.register_fonts()
ibis.to_sql(
    ibis.table({"a": "int64"}, name="t").group_by("a").agg(n=ibis._.count()), dialect="duckdb"
)  # loads the compiler
drawn = style.figure()
for weight in ("normal", "bold"):
    drawn.text(0, 0, "0", weight=weight)
export.svg(drawn), export.clipped(drawn)  # both fonts and backends have been used once
pd.set_option("display.max_columns", 20)  # what pandas sets in a notebook; imported here, it takes this for a terminal
