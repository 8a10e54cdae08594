"""What every command of the command line shares: errors as messages, options, examples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from crmlib.errors import CrmError
from crmlib.schema import FORMATS, LANGUAGES


class Commands(click.Group):
    """A group whose commands turn our errors into their message and exit code, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except CrmError as error:
            click.echo(f"crmlib: {error}", err=True)
            ctx.exit(error.exit_code)
        except OSError as error:
            click.echo(f"crmlib: {error.strerror or error}: {error.filename or ''}".rstrip(": "), err=True)
            ctx.exit(1)


def examples(*lines: str) -> str:
    """The examples below a command's help."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def listed(_ctx: click.Context, _param: click.Parameter, value: str) -> tuple[str, ...]:
    """A list of words separated by commas."""
    return tuple(word.strip() for word in value.split(",") if word.strip())


def deck_options(command: Callable[..., None]) -> Callable[..., None]:
    """--lang and --formats."""
    languages = click.option("--lang", "languages", default=",".join(LANGUAGES), callback=listed, help="Languages of the decks.")  # fmt: skip
    formats = click.option("--formats", default=",".join(FORMATS), callback=listed, help="Formats of the decks.")
    return formats(languages(command))


def run_options(command: Callable[..., None]) -> Callable[..., None]:
    """--lang, --formats and --jobs."""
    jobs = click.option("--jobs", type=click.IntRange(1, 64), default=3, show_default=True, help="Notebooks at a time.")
    return jobs(deck_options(command))
