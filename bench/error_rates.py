"""How often the findings are right: `python -m bench.error_rates` reads the committed file and checks the two targets;
`python -m bench.error_rates make [FOLDER]` makes it again, client by client. What is done in FOLDER is not done twice.
"""

import json
import sys
from pathlib import Path

import crmlib
from bench import _measure
from bench import _rates_clients as clients
from crmlib import error_rates

FOUND, FALSE = 0.90, 0.05  # targets: at least, at most
PLANTED, NULL = (50_000, range(51, 71)), (20_000, range(81, 121))  # the diagnostics were made looking at other seeds
BY_INTAKE = NULL[1][
    :9
]  # clients without problems whose files are written and read by intake; the others are made in memory
COMMAND = "python -m bench.error_rates make"


def planted(seed, root, customers=PLANTED[0]):
    """Rows of one client with everything planted, from its files to the findings."""
    from bench import _rates_score as score
    from bench import _rates_truth as truth

    made = clients.Made("planted", customers, seed)
    told = {name: clients.findings(made, root, name) for name in ("intake", "retention", "tiers", "lift")}
    kept = Path(root) / f"{made.name}.yen.json"
    if not kept.exists():
        kept.write_text(json.dumps(truth.yen(made)), "utf-8")
    rows = score.planted(seed, told, json.loads(kept.read_text("utf-8")), clients.detectable(made, root))
    return rows, score.worked(told)


def null(seed, root, customers=NULL[0], intake=None):
    """The row of one client without any problem."""
    from bench import _rates_score as score

    intake = seed in BY_INTAKE if intake is None else intake
    made = clients.Made("null", customers, seed, intake)
    names = clients.DIAGNOSTICS if intake else clients.DIAGNOSTICS[1:]
    return score.null(seed, {name: clients.findings(made, root, name) for name in names}, intake)


def make(root, planted_seeds=PLANTED[1], null_seeds=NULL[1]):
    """The whole file."""
    rows, claimed = [], 0
    for seed in planted_seeds:
        found, worked = planted(seed, root)
        rows, claimed = [*rows, *found], claimed + worked
        print(f"planted {seed}: {sum(row['covered'] for row in found)} of {len(found)}", flush=True)
    calm = []
    for seed in null_seeds:
        calm.append(null(seed, root))
        print(f"null {seed}: {calm[-1]['false']}", flush=True)
    about = {
        "crmlib": crmlib.__version__,
        "command": COMMAND,
        "placebo": {"clients": len(planted_seeds), "claimed": claimed},
    }
    return about | {"planted": {"customers": PLANTED[0], "rows": rows}, "null": {"customers": NULL[0], "rows": calm}}


def written(data):
    """The file's text: a row per line, so that a change is seen in a diff."""
    parts = {kind: data[kind] | {"rows": "ROWS"} for kind in ("planted", "null")}
    text = json.dumps(data | parts, indent=1, ensure_ascii=False)
    for kind in ("planted", "null"):
        rows = ",\n".join("   " + json.dumps(row, ensure_ascii=False) for row in data[kind]["rows"])
        text = text.replace('"ROWS"', f"[\n{rows}\n  ]", 1)
    return text + "\n"


def main(arguments=()):
    if arguments[:1] == ["make"]:
        root = arguments[1] if len(arguments) > 1 else "error_rates"
        Path(root).mkdir(parents=True, exist_ok=True)
        error_rates.FILE.parent.mkdir(exist_ok=True)
        error_rates.FILE.write_text(written(make(root)), "utf-8")
    rates = error_rates.load()
    for one in rates.scores:
        print(
            f"{one.problem:14} {one.finding:22} {one.found}/{one.clients} found, {one.right} right, {one.covered} with the yen"
        )
    found, false, loud = rates.found, rates.false, rates.loud
    print(f"{found.value:.1%} of all {found.n} planted problems (95 % CI {found.lower:.1%} to {found.upper:.1%})")
    print(
        f"false on {loud.value:.1%} of {loud.n} clients without any problem (95 % CI {loud.lower:.1%} to {loud.upper:.1%})"
    )
    print(f"{rates.detectable.value:.1%} of the {rates.detectable.n} that truth.json calls detectable")
    missed = _measure.report_at_most("planted, not found with sign and yen", 1 - found.value, 1 - FOUND)
    return missed + _measure.report_at_most("false of the comparisons without any problem", false.value, FALSE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
