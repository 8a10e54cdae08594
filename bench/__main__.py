"""`python -m bench`: all parts; `python -m bench ltv summaries`: some. Exit code 1 when a target is missed."""

import importlib
import pkgutil
import sys

import bench

PARTS = sorted(m.name for m in pkgutil.iter_modules(bench.__path__) if not m.name.startswith("_"))


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"bench: there is no part '{unknown[0]}'. Parts: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    missed = 0
    for name in names or PARTS:
        print(f"\n== {name}", flush=True)
        missed += importlib.import_module(f"bench.{name}").main()
    print(f"\n{missed} target(s) missed" if missed else "\nall targets met")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
