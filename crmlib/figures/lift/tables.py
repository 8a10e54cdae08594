"""Small tables of the campaigns and versions pages."""

from __future__ import annotations

from crmlib.figures.names import cut
from crmlib.figures.table import Table
from crmlib.lift import choices
from crmlib.lift.studies import Study
from crmlib.text import Words

SHOWN, NAME = 6, 13


def campaigns_table(study: Study, words: Words) -> Table:
    """Orders reported, incremental, and needed to break even; net yield. Versions with a holdout first."""
    header = words.fill_each("table.lift", "campaign", "responses", "extra", "break_even", "net")
    rows = []
    for one, version in choices.shown(study)[:SHOWN]:
        money = version.money
        rows.append((
            cut(choices.title(one, version), NAME), words.number(money.responses, "int"),
            words.number(money.extra_orders.value, "int"),
            words.number(money.break_even_orders, "int"),
            words.money(money.net.value, study.economy.currency),
        ))  # fmt: skip
    headline = choices.title(*study.headline) if study.headline else ""
    marked = [place for place, row in enumerate(rows) if row[0] == cut(headline, NAME)]
    return Table(header, rows or [("",) * 5], marked, (1.45, 0.65, 0.65, 0.75, 1.05))


def chronicle_table(study: Study, words: Words) -> Table:
    """The last issues in the order in which they were sent: response, the season (holdout), effect, effect at the same mix."""
    header = words.fill_each("table.lift", "issue", "response", "season", "effect", "same_mix")
    named = {one.campaign: one.name for one in study.campaigns}
    rows = []
    for issue in study.issues[-SHOWN:]:
        name = f"{named.get(issue.campaign, issue.campaign)} {issue.version}".strip()
        rows.append((
            cut(name, NAME), words.number(issue.response, "pct"), words.number(issue.season, "pct"),
            words.number(issue.effect.value, "spct"),
            words.number(issue.same_mix.value, "spct"),
        ))  # fmt: skip
    return Table(header, rows or [(words.fill("table.lift.no_issue"), "", "", "", "")], (), (1.5, 0.75, 0.75, 0.7, 0.8))
