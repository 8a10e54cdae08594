"""One client's run: intake, notebooks, numbers, decks, and the manifest last; resumed where it stopped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from crmlib import config_file, intake
from crmlib.config import Client
from crmlib.errors import ConfigError, DataError, DiagnosticError, Problem, did_you_mean
from crmlib.home import NOTEBOOKS
from crmlib.run import fingerprint, kernels, manifest, notebooks, outputs, parameters
from crmlib.run.lock import locked
from crmlib.run.outcome import Outcome, Progress
from crmlib.schema import DIAGNOSTICS, FORMATS, LANGUAGES, READERS


@dataclass(frozen=True)
class Order:
    """What is asked of a run.

    Args:
        as_of: ISO date that replaces client.yaml's; empty keeps it.
        only: Diagnostics to run; all when empty.
        languages: Languages of the decks.
        formats: Formats of the decks.
        jobs: Notebooks at a time.
        settings: ``DIAGNOSTIC.NAME=VALUE`` texts.
    """

    as_of: str = ""
    only: Sequence[str] = ()
    languages: Sequence[str] = LANGUAGES
    formats: Sequence[str] = FORMATS
    jobs: int = 3  # one more than the two cores of a small laptop: kernels wait while they start and end
    settings: Sequence[str] = ()

    def __post_init__(self) -> None:
        problems = [
            Problem(f"{option} '{word}' is unknown", hint=did_you_mean(word, known))
            for option, words, known in (
                ("diagnostic", self.only, DIAGNOSTICS),
                ("language", self.languages, LANGUAGES),
                ("format", self.formats, FORMATS),
            )
            for word in words
            if word not in known
        ]
        if problems:
            raise ConfigError(problems)

    @property
    def diagnostics(self) -> list[str]:
        """The diagnostics to run, in the order of the deck; intake, actions and summary belong to every deck."""
        always = (DIAGNOSTICS[0], *READERS)
        return [name for name in DIAGNOSTICS if not self.only or name in self.only or name in always]


def run(folder: Path, order: Order, progress: Progress = lambda _: None) -> Outcome:
    """Run a client.

    Args:
        folder: The client's folder.
        order: What is asked.
        progress: Told each step as it begins.

    Raises:
        ConfigError: client.yaml or the order is wrong.
        DataError: the intake refused a file, another process works on the client, or a page was left out of the decks.
        DiagnosticError: a diagnostic stopped; the decks of the others are made all the same.
    """
    client = config_file.load(folder, order.as_of)
    paths = {name: NOTEBOOKS / f"{name}.ipynb" for name in order.diagnostics}
    chosen = parameters.parsed(order.settings, paths)
    covered = fingerprint.parts(client, {"only": order.diagnostics, "settings": chosen})
    final = folder / "runs" / f"{client.as_of}_{fingerprint.fingerprint(covered)}"
    missing = [name for name in outputs.names(order.languages, order.formats) if not (final / name).is_file()]
    if manifest.is_done(final) and not missing:
        return Outcome(final, outputs.present(final), fresh=False)
    with locked(folder):
        return _run(client, order, _Plan(final, covered, chosen), progress)


@dataclass(frozen=True)
class _Plan:
    final: Path
    covered: Mapping[str, str]
    settings: Mapping[str, Mapping[str, Any]]

    @property
    def staging(self) -> Path:
        """Where the run is made; what is whole in it is kept when the run is stopped."""
        return self.final.parent / f".{self.final.name}.partial"


def _run(client: Client, order: Order, plan: _Plan, progress: Progress) -> Outcome:
    kernels.warm_up()
    staging = plan.staging
    if (
        plan.final.exists() and not staging.exists()
    ):  # another format, or a run that a failed diagnostic left incomplete
        os.replace(plan.final, staging)  # noqa: PTH105
        (staging / manifest.NAME).unlink(missing_ok=True)
    (staging / "notebooks").mkdir(parents=True, exist_ok=True)
    for stale in (staging / "notebooks").glob("*.partial.ipynb"):
        stale.unlink()
    progress("raw files")
    intake.refreshed(client)
    failures = execute(client, order, staging, plan.settings, progress)
    done = [path for name in order.diagnostics if (path := staging / "notebooks" / f"{name}.ipynb").is_file()]
    if not done:
        raise _stopped(failures, "No deck could be made.", client)
    parts = outputs.collected(done, client)
    faults = outputs.write(parts, outputs.Wanted(order.languages, order.formats), staging, progress)
    about = {"made_from": plan.covered, "diagnostics": order.diagnostics, "settings": list(order.settings)}
    manifest.write(staging, client, {**about, **outputs.noted(faults)}, [asdict(failure) for failure in failures])
    shutil.rmtree(plan.final, ignore_errors=True)
    os.replace(staging, plan.final)  # noqa: PTH105 (atomic)
    if failures:
        raise _stopped(failures, "The decks were made without it.", client, outputs.problems(faults))
    if faults:
        raise DataError(outputs.problems(faults))
    return Outcome(plan.final, outputs.present(plan.final), fresh=True)


def _stopped(
    failures: Sequence[notebooks.Failure], what: str, client: Client, more: Sequence[Problem] = ()
) -> DiagnosticError:
    hint = f"{what} Open the notebook with: crmlib lab {client.folder.name}"
    return DiagnosticError([*(Problem(str(failure), hint=hint) for failure in failures), *more])


def execute(
    client: Client, order: Order, staging: Path, settings: Mapping[str, Mapping[str, Any]], progress: Progress
) -> list[notebooks.Failure]:
    """Execute the notebooks that `staging` lacks: most at once, then in turn those that read the others'."""
    meta = {"client": client.name.model_dump(), "as_of": client.as_of.isoformat(), "lang": order.languages[0]}

    def one(name: str) -> notebooks.Failure | None:
        target = staging / "notebooks" / f"{name}.ipynb"
        if target.is_file():
            return None
        progress(name)
        given = {"client_dir": ".", "as_of": client.as_of.isoformat(), "lang": order.languages[0]}
        if name in READERS:
            given["notebooks_dir"] = os.path.relpath(staging / "notebooks", client.folder)
        job = notebooks.Job(NOTEBOOKS / f"{name}.ipynb", target, {**given, **settings.get(name, {})}, client.folder)
        return notebooks.execute(job, meta)

    first = [name for name in order.diagnostics if name not in READERS]
    pool = ThreadPoolExecutor(max(1, order.jobs))
    try:
        failures = [failure for failure in pool.map(one, first) if failure]
    finally:  # on Ctrl-C nothing is waited for
        pool.shutdown(wait=False, cancel_futures=True)
    return [*failures, *(failure for failure in map(one, READERS) if failure)]
