"""The commands about action lists: `crmlib lists` and `crmlib holdout`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from crmlib.cli_parts import examples

LANGUAGE = click.option("--lang", "language", default="ja", show_default=True, help="Language of headings and reasons.")
PERSONAL = "This names customers: pass it on to those who send only, and delete it afterwards."


@click.command(epilog=examples("crmlib lists acme", "crmlib lists acme --list protect --list win_back --lang en", "crmlib lists acme --identifiers"))  # fmt: skip
@click.argument("client")
@click.argument("run_name", metavar="[RUN]", required=False, default="")
@click.option("--list", "names", multiple=True, help="A list, e.g. protect; all when left out. May be repeated.")
@click.option("--identifiers", is_flag=True, help="Name customers: their own numbers, and names and addresses where the client sent them.")  # fmt: skip
@LANGUAGE
@click.pass_obj
def lists(data_dir: Path, client: str, run_name: str, **options: Any) -> None:
    """Write the action lists of a finished run: who, what, by which channel, when, expected money, the reason, the arm.

    A workbook and a CSV (CP932) for each list, in the run's folder lists/. Customers are pseudonyms unless --identifiers is given.
    """
    from crmlib import workspace
    from crmlib.progress import steps
    from crmlib.run import lists as files

    wanted = files.Wanted(**options)
    folder = workspace.existing(data_dir, client)
    with steps(f"lists {client}", 3) as progress:
        made = files.write(folder, run_name, wanted, progress)
    click.echo(f"{client}: {made.customers:,} customers, of them {made.held_out:,} held out (do not contact them)")
    out = made.left_out
    click.echo(
        f"left out: {out['silent']:,} without a reason, {out['asked']:,} who asked for it, {out['complaint']:,} after a complaint, "
        f"{out['rest']:,} contacted lately"
    )
    if made.replaced:
        click.echo(
            f"{made.replaced:,} characters that CP932 lacks are geta marks in the CSV; the workbook has them whole"
        )
    if made.nameless:
        click.echo(f"{made.nameless:,} customers have no number in the client's files any more and stay pseudonyms")
    if wanted.identifiers:
        click.echo(f"PERSONAL DATA. {PERSONAL} git ignores the folder; `crmlib scan` finds it.")
    for path in made.files:
        click.echo(f"  {path}")


@click.command(epilog=examples("crmlib holdout acme second_order --start 2025-04-07 --cost 120"))
@click.argument("client")
@click.argument("name", metavar="LIST")
@click.option("--start", required=True, help="Day on which it goes out (YYYY-MM-DD).")
@click.option("--name", "test", default="", help="Name of the test; the list and the day when left out.")
@click.option(
    "--window", type=click.IntRange(1, 365), default=30, show_default=True, help="Days in which purchases count."
)
@click.option("--cost", type=click.FloatRange(min=0), default=None, help="Per contact, in the client's currency.")
@click.option("--identifiers", is_flag=True, help="Name customers by the client's own numbers in the list.")
@LANGUAGE
@click.pass_obj
def holdout(data_dir: Path, client: str, **options: Any) -> None:
    """Register the arms drawn for an action list as a test: a later run compares those contacted with those held out.

    Writes tests/<name>/ into the client's folder: the plan, the draw, and the list for those who send. A draw is never changed.
    """
    from crmlib import workspace
    from crmlib.progress import steps
    from crmlib.run import lists as files

    plan = files.Plan(**options)
    folder = workspace.existing(data_dir, client)
    with steps(f"holdout {client}", 2) as progress:
        made, treated, held = files.register(folder, plan, progress)
    click.echo(f"{made}: {treated:,} to be contacted, {held:,} held out (do not contact them)")
    click.echo(
        f"Send to list.csv on {plan.start}; the first run whose data reach {plan.window} days beyond it scores the test."
    )
    if plan.identifiers:
        click.echo(f"PERSONAL DATA in list.csv and list.xlsx. {PERSONAL}")
