"""The files of a finished run made again from its executed notebooks: seconds, because nothing is computed."""

from __future__ import annotations

from pathlib import Path

from crmlib import config_file
from crmlib.errors import DataError
from crmlib.run import lanes, manifest, outputs
from crmlib.run.lock import locked
from crmlib.run.outcome import Outcome, Progress


def rebuild(folder: Path, run: str, wanted: outputs.Wanted, progress: Progress = lambda _: None) -> Outcome:
    """Write the decks of a finished run again.

    Args:
        folder: The client's folder.
        run: Name of a folder below runs/; the newest when empty.
        wanted: Languages and formats.
        progress: Told each file as it begins.

    Raises:
        ConfigError: client.yaml is wrong.
        DataError: no such run, another process works on the client, or a page was left out of the decks.
    """
    target = manifest.chosen(folder / "runs", run)
    lanes.warm_up()
    with locked(folder):
        made = manifest.read(target)
        client = config_file.load(folder, made["as_of"])
        done = [target / "notebooks" / f"{name}.ipynb" for name in made["diagnostics"]]
        parts = outputs.collected([path for path in done if path.is_file()], client)
        faults = outputs.write(parts, wanted, target, progress)
        about = {name: made[name] for name in ("made_from", "diagnostics", "settings")} | outputs.noted(faults)
        manifest.write(target, client, about, made["failures"])
    if faults:
        raise DataError(outputs.problems(faults))
    return Outcome(target, outputs.present(target), fresh=True)
