import subprocess
import sys

import pytest

from crmlib.errors import DataError
from crmlib.run.lock import locked

HOLD = "import sys, pathlib; from crmlib.run.lock import locked\nwith locked(pathlib.Path(sys.argv[1])):\n print('held', flush=True); sys.stdin.read()"


def test_a_second_process_is_told_who_holds_the_client(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(DataError, match=rf"is being worked on by process {holder.pid} on "), locked(tmp_path):
            pass
        holder.kill()
    with locked(tmp_path):  # a dead process's lock is taken over
        pass
