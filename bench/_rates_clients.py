"""Simulated clients on disk, and the notebooks' own cells run on them in this process: no kernel, no slides."""

import contextlib
import importlib
import io
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from crmlib import home, intake, schema, workspace
from crmlib.intake import pseudonym
from crmlib.numbers.model import Ledger
from crmlib.simulate import SimulationOptions, simulate
from crmlib.simulate.export import files
from tests import simulated

DIAGNOSTICS = ("intake", "base", "retention", "ltv", "tiers", "lift")
DONE = ".made"
REPORT = "print(intake.summary(intake.load(client_dir)))"  # the account of rows, which a client from memory has not
PICTURES = "NBVAL_IGNORE_OUTPUT"  # the mark of cells of slides, which nothing else rests on
# what findings name besides their measures: which version, which product, which months
LABELS = (
    "lift.headline.campaign", "lift.stop.campaign", "lift.call.campaign", "lift.version.new", "lift.version.old", "lift.match.most",
    "tiers.fall.from", "tiers.fall.to", "base.entry.1.product", "retention.leak.day",
    "retention.by.product.clearest", "retention.bad_months.medium", "retention.bad_months.from", "retention.bad_months.to",
)  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A client to be made: "planted" or "null", how many customers, seed; whether its files are written and read by intake."""

    kind: str
    customers: int
    seed: int
    intake: bool = True

    @property
    def name(self):
        return f"{self.kind}_{self.customers}_{self.seed}"

    def options(self, without=()):
        return SimulationOptions(self.customers, seed=self.seed, null=self.kind == "null", without=without)


def folder(made, root):
    """The client's folder with its store, made where it is missing: by `simulate` and `intake`, or straight from memory."""
    path = Path(root) / made.name
    if (path / DONE).exists():
        return path
    shutil.rmtree(path, ignore_errors=True)
    (_read_by_intake if made.intake else _from_memory)(made, path)
    (path / DONE).touch()
    return path


def _read_by_intake(made, path):
    """Raw files are deleted afterwards: they are large."""
    simulate(path, made.options())
    (path / "private").mkdir(mode=0o700, exist_ok=True)
    (path / pseudonym.KEY_FILE).write_text("00" * 32 + "\n", "ascii")  # the same pseudonyms wherever it is computed
    intake.run(workspace.load(path))
    shutil.rmtree(path / "raw")


def _from_memory(made, path):
    """The store that intake would write (tests/intake holds the two against each other), without files in between."""
    found = simulated.store(made.customers, made.seed, null=made.kind == "null")
    (path / "store").mkdir(parents=True)
    (path / "client.yaml").write_bytes(files._filled(found.client, "client_plain.yaml"))
    for name in found.store.present & set(schema.STORE):
        getattr(found.store, name).to_parquet(path / "store" / f"{name}.parquet")


def truth(made, root):
    """What was planted, as `crmlib simulate` wrote it."""
    return json.loads((Path(root) / f"{made.name}.truth.json").read_text("utf-8"))


def detectable(made, root):
    """Problems that a test of a planted number finds with a power of 90 % at this size, as truth.json says of each number."""
    return {entry["problem"] for entry in truth(made, root)["planted"].values() if entry["detectable"]}


def findings(made, root, diagnostic):
    """The findings of one diagnostic with their numbers, kept in the client's folder: delete the file to compute again."""
    path = folder(made, root)
    kept = path / f"findings_{diagnostic}.json"
    if not kept.exists():
        ledger, found = read(diagnostic, path)
        told = {"findings": [_told(one, ledger) for one in found], "labels": _labels(ledger)}
        kept.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    return json.loads(kept.read_text("utf-8"))


def read(diagnostic, client):
    """Ledger and findings of one diagnostic: the cells of its notebook from the parameters to the numbers."""
    names: dict = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in _cells(diagnostic):
            exec(compile("".join(cell["source"]).replace(REPORT, ""), f"{diagnostic}.ipynb", "exec"), names)
            if "parameters" in cell["metadata"].get("tags", []):
                names["client_dir"] = str(client)
    ledger = names["ledger"]
    assert isinstance(ledger, Ledger)
    return ledger, importlib.import_module(f"crmlib.findings.{diagnostic}").findings(ledger)


def _cells(diagnostic):
    cells = json.loads((home.NOTEBOOKS / f"{diagnostic}.ipynb").read_text("utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code" and PICTURES not in "".join(cell["source"])]


def _told(finding, ledger):
    money = _number(ledger[finding.money]) if finding.money else None
    return {"id": finding.id, "verdict": finding.verdict, "measure": _number(ledger[finding.measure]), "yen": money}


def _number(number):
    return [number.value, number.lower, number.upper]


def _labels(ledger):
    return {key: ledger[key].value for key in LABELS if key in ledger}
