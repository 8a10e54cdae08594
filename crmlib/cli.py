"""The command line: `crmlib` or `python -m crmlib`. Heavy modules are imported by the command that needs them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from crmlib import __version__, cli_lists, stopping
from crmlib.cli_parts import Commands, deck_options, examples, listed, run_options
from crmlib.errors import ConfigError, CrmError, Problem
from crmlib.home import CLIENT_DATA


def _stopped() -> None:
    """Ctrl-C and SIGTERM: whole notebooks are kept for a rerun."""
    click.echo("\x1b[?25h", nl=False, err=True)  # the bar hides the cursor; not written where there is no terminal
    click.echo("crmlib: stopped; the same command goes on from here", err=True)
    if "crmlib.run.kernels" in sys.modules:
        sys.modules["crmlib.run.kernels"].clean_up()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog=examples("crmlib demo"))
@click.version_option(__version__, prog_name="crmlib")
@click.option("--data-dir", type=click.Path(path_type=Path, file_okay=False), default=CLIENT_DATA, help="Folder of all clients.")  # fmt: skip
@click.pass_context
def main(ctx: click.Context, data_dir: Path) -> None:
    """From a client's exports to a diagnostic deck: LTV, retention and what to do about it."""
    ctx.obj = data_dir
    if ctx.invoked_subcommand != "lab":  # JupyterLab asks before it ends
        ctx.with_resource(stopping.heard(_stopped))


main.add_command(cli_lists.lists)
main.add_command(cli_lists.holdout)


@main.command(epilog=examples("crmlib demo", "crmlib demo --lang en"))
@run_options
@click.pass_obj
def demo(data_dir: Path, languages: tuple[str, ...], formats: tuple[str, ...], jobs: int) -> None:
    """Make the sample clients and their decks, and print where they are."""
    from crmlib import demo as samples
    from crmlib.run.job import Order

    data_dir.mkdir(parents=True, exist_ok=True)
    order = Order(languages=languages, formats=formats, jobs=jobs)
    for name in samples.CLIENTS:
        _run_one(samples.prepare(data_dir, name), order)


@main.command(epilog=examples("crmlib new acme", "crmlib new acme --preset eccube4_order"))
@click.argument("client")
@click.option("--preset", default="", help="Known export format, e.g. eccube4_order.")
@click.pass_obj
def new(data_dir: Path, client: str, preset: str) -> None:
    """Make a client's folder: client.yaml, raw/ and a README."""
    from crmlib import workspace

    folder = workspace.create(data_dir, client, preset)
    click.echo(
        f"{folder}\nPut the client's exports into {folder / 'raw'}, fill in client.yaml, then: crmlib intake {client}"
    )


@main.command(epilog=examples("crmlib intake acme"))
@click.argument("client")
@click.pass_obj
def intake(data_dir: Path, client: str) -> None:
    """Read the raw files, account for every row, write the store. Exit code 1 when a file is refused."""
    from crmlib import config_file, workspace
    from crmlib import intake as doctor
    from crmlib.run.lock import locked

    folder = workspace.existing(data_dir, client)
    with locked(folder):
        report = doctor.run(config_file.load(folder))
    click.echo(doctor.summary(report))


@main.command(epilog=examples("crmlib run acme", "crmlib run acme --as-of 2025-03-31 --lang ja --formats pdf", "crmlib run --all"))  # fmt: skip
@click.argument("client", required=False)
@click.option("--all", "every", is_flag=True, help="Every client of the data folder; one bad client stops no other.")
@click.option("--as-of", default="", help="Day up to which data is used (YYYY-MM-DD), in place of client.yaml's.")
@click.option("--only", default="", callback=listed, help="Diagnostics to run, e.g. retention,ltv.")
@click.option("--set", "settings", multiple=True, help="A notebook's parameter, e.g. retention.days=[30,90].")
@run_options
@click.pass_obj
def run(data_dir: Path, client: str | None, every: bool, **options: Any) -> None:
    """Run the diagnostics of a client and write its decks and numbers."""
    from crmlib import workspace
    from crmlib.run.job import Order

    if every == (client is not None):
        raise ConfigError(Problem("give one client, or --all", hint="crmlib run --help"))
    order = Order(**options)
    if client is not None:
        _run_one(workspace.existing(data_dir, client), order)
        return
    failed = [name for name in workspace.names(data_dir) if not _survives(data_dir / name, order)]
    if failed:
        raise CrmError(f"{len(failed)} of {len(workspace.names(data_dir))} clients need attention: {', '.join(failed)}")


@main.command(epilog=examples("crmlib report acme", "crmlib report acme --formats pptx --lang ja"))
@click.argument("client")
@click.argument("run_name", metavar="[RUN]", required=False, default="")
@deck_options
@click.pass_obj
def report(data_dir: Path, client: str, run_name: str, **options: Any) -> None:
    """Make the decks of a finished run again from its executed notebooks, without running them."""
    from crmlib import workspace
    from crmlib.progress import steps
    from crmlib.run import job, outputs
    from crmlib.run.report import rebuild

    order = job.Order(**options)
    wanted = outputs.Wanted(order.languages, order.formats)
    with steps(client, len(outputs.names(order.languages, order.formats))) as progress:
        outcome = rebuild(workspace.existing(data_dir, client), run_name, wanted, progress)
    for path in outcome.files:
        click.echo(f"  {path}")


@main.command(epilog=examples("crmlib verify acme", "crmlib verify acme 2025-09-30_0123456789ab"))
@click.argument("client")
@click.argument("run_name", metavar="[RUN]", required=False, default="")
@click.pass_obj
def verify(data_dir: Path, client: str, run_name: str) -> None:
    """Run again from the raw files and compare every number. Exit code 1 on any difference."""
    from crmlib import workspace
    from crmlib.progress import steps
    from crmlib.run.verify import verify as again

    folder = workspace.existing(data_dir, client)
    with steps(f"verify {client}", total=6) as progress:
        result = again(folder, run_name, progress)
    for key, (then, now) in result.differences.items():
        click.echo(f"{key}: was {then}, is {now}")
    changed = f" Changed since: {', '.join(result.changed)}." if result.changed else ""
    click.echo(f"{result.run}: {result.numbers} numbers compared, {len(result.differences)} differ.{changed}")
    if result.differences:
        raise click.exceptions.Exit(1)


@main.command(epilog=examples("crmlib identity acme"))
@click.argument("client")
@click.pass_obj
def identity(data_dir: Path, client: str) -> None:
    """Write the list of possible duplicate customers with their names, for whoever decides. Private: do not pass it on."""
    from crmlib import config_file, workspace
    from crmlib.intake import identify

    folder = workspace.existing(data_dir, client)
    click.echo(identify.write_named(config_file.load(folder)))


@main.command(epilog=examples("crmlib scan client_data/acme/runs", "crmlib scan report.pdf --client acme"))
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--client", default="", help="Whose identifiers to look for; found from PATH when it lies in a client's folder.")  # fmt: skip
@click.pass_obj
def scan(data_dir: Path, path: Path, client: str) -> None:
    """Look for personal data in files: this client's names, e-mails, telephones, addresses. Exit code 1 when any is found."""
    from crmlib.run.scan import leaks

    found, unread = leaks(path, data_dir, client)
    for name in unread:
        click.echo(f"{name}: cannot be read, so the persons in it were not looked for", err=True)
    for leak in found:
        click.echo(str(leak))
    click.echo(f"{path}: {f'{len(found)} leaks' if found else 'nothing found'}")
    if found:
        raise click.exceptions.Exit(1)


@main.command(epilog=examples("crmlib simulate trial --customers 3000 --seed 1 --dirt 0.2", "crmlib simulate nothing --customers 3000 --null"))  # fmt: skip
@click.argument("client")
@click.option("--customers", type=int, required=True, help="How many customers.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same files.")
@click.option("--null", is_flag=True, help="Plant nothing.")
@click.option(
    "--dirt", type=float, default=0.0, show_default=True, help="How much of the mess of real exports, 0 to 1."
)
@click.option("--layout", default="eccube4", show_default=True, help="eccube4 or plain.")
@click.option("--without", default="", callback=listed, help="Problems to leave out, e.g. f2_leak.")
@click.pass_obj
def simulate(data_dir: Path, client: str, **options: Any) -> None:
    """Make a mail-order client with planted problems, and their truth beside it."""
    from crmlib import simulate as simulator

    truth = simulator.simulate(data_dir / client, simulator.SimulationOptions(**options))
    click.echo(
        f"{data_dir / client}\n{simulator.truth_path(data_dir / client)}: {len(truth.planted)} truths, digest {truth.digest}"
    )


@main.command(epilog=examples("crmlib lab", "crmlib lab acme"))
@click.argument("client", required=False)
@click.pass_obj
def lab(data_dir: Path, client: str | None) -> None:
    """Open JupyterLab with the notebooks, on a client's data."""
    from crmlib import workbench

    workbench.open_lab(data_dir, client)


def _run_one(folder: Path, order: Any) -> None:
    from crmlib.progress import steps
    from crmlib.run import job, outputs

    total = 1 + len(order.diagnostics) + len(outputs.names(order.languages, order.formats))
    with steps(folder.name, total) as progress:
        outcome = job.run(folder, order, progress)
    click.echo(f"{folder.name}: {'done' if outcome.fresh else 'finished before, nothing to do'}")
    for path in outcome.files:
        click.echo(f"  {path}")


def _survives(folder: Path, order: Any) -> bool:
    try:
        _run_one(folder, order)
    except CrmError as error:
        click.echo(f"{folder.name}: {error}", err=True)
        return False
    return True
