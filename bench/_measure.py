"""Time and peak memory, and a line per target."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def seconds(work: Callable[[], Any], repeats: int = 1) -> tuple[float, Any]:
    """The fastest of `repeats` runs (the least disturbed one), and what it returned."""
    best, result = float("inf"), None
    for _ in range(repeats):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


@dataclass(frozen=True, eq=False)
class Timing:
    """The fastest run by the clock, the least of the processor's time (of all threads), and what a run returned."""

    seconds: float = float("inf")
    cpu: float = float("inf")
    result: Any = None


def in_turn(*contenders: tuple[Callable[[], Any], int], rounds: int = 2) -> list[Timing]:
    """Contenders one after the other in several rounds, so that what else the machine does falls on all of them.

    Args:
        contenders: What is run, and how often in each round.
        rounds: How many.
    """
    best = [Timing()] * len(contenders)
    for _ in range(rounds):
        for place, (work, runs) in enumerate(contenders):
            for _ in range(runs):
                best[place] = _timed(work, best[place])
    return best


def _timed(work: Callable[[], Any], best: Timing) -> Timing:
    start, cpu = time.perf_counter(), time.process_time()
    result = work()
    now, spent = time.perf_counter() - start, time.process_time() - cpu
    return Timing(min(best.seconds, now), min(best.cpu, spent), result)


def against(what: str, theirs: Timing, ours: Timing, target: float) -> int:
    """As `report`, the ratio by the clock, with both times and the ratio by the processor's time beside it."""
    print(
        f"  {theirs.seconds:.2f} s over {ours.seconds:.3f} s; processor {theirs.cpu:.2f} s over {ours.cpu:.3f} s",
        end="",
    )
    print(f" = {theirs.cpu / ours.cpu:.0f}x")
    return report(what, theirs.seconds / ours.seconds, target)


def in_a_process(module: str, *arguments: str) -> dict[str, float]:
    """What `python -m module arguments` prints as JSON on its last line, run alone so that its peak memory is its own."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"bench: {' '.join(command[1:])} failed\n{done.stderr}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def peak_mb() -> float:
    """Peak resident memory of this process so far (not of the one that started it, which Linux counts with `getrusage`)."""
    status = Path("/proc/self/status")
    if status.is_file():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) * 1024 / 1e6
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def report(what: str, ratio: float, target: float) -> int:
    """Print a ratio beside its target; 1 when it is missed."""
    print(f"{what:<62}{ratio:9.1f}x   target {target:g}x   {'ok' if ratio >= target else 'MISSED'}", flush=True)
    return int(ratio < target)


def report_at_most(what: str, figure: float, target: float) -> int:
    """Print a figure beside the most it may be; 1 when it is more."""
    print(f"{what:<62}{figure:9.2g}    at most {target:g}   {'ok' if figure <= target else 'MISSED'}", flush=True)
    return int(figure > target)
