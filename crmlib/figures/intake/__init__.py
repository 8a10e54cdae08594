"""The data pages: rows, sales, the money bridge, books against data, records, identity, questions."""

from crmlib.figures.intake.books import tie_out, tie_out_table
from crmlib.figures.intake.bridge import bridge, bridge_table
from crmlib.figures.intake.identity import identity, identity_table
from crmlib.figures.intake.questions import questions
from crmlib.figures.intake.records import records, records_table
from crmlib.figures.intake.rows import exact, ledger, ledger_table, rule_name
from crmlib.figures.intake.sales import sales, sales_table

__all__ = [
    "bridge", "bridge_table", "exact", "identity", "identity_table", "ledger", "ledger_table", "questions", "records",
    "records_table", "rule_name", "sales", "sales_table", "tie_out", "tie_out_table",
]  # fmt: skip
