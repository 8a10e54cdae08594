"""A signal ends the command at once: also while the main thread swallows exceptions or waits in C."""

import os
import signal
import subprocess
import sys
import time

import pytest

SCRIPTS = {
    "an exception would be lost": "class Lost:\n    def __del__(self):\n        time.sleep(30)\nLost()",
    "in an engine": "import duckdb; duckdb.sql('select count(*) from range(3000000) a, range(3000000) b where a.range = b.range * 7 + random()').fetchall()",
    "in a pool": "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor() as pool:\n    list(pool.map(time.sleep, [30] * 3))",
}
HEAD = """
import sys, time
from crmlib import stopping
with stopping.heard(lambda: print('told', flush=True)):
    print('ready', flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("script", SCRIPTS)
def test_whatever_the_main_thread_does(script, number):
    source = HEAD + "".join(f"    {line}\n" for line in SCRIPTS[script].splitlines())
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout.readline() == "ready\n"
        time.sleep(0.3)
        running.send_signal(number)
        assert running.wait(10) == 130
        assert running.stdout.read() == "told\n"


def test_afterwards_everything_is_as_before():
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    from crmlib import stopping

    with stopping.heard(lambda: None):
        assert signal.getsignal(signal.SIGINT) is not before[0]
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
