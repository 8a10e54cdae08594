"""Kernels forked from a process that has the libraries loaded: a fresh kernel per notebook, without its start-up.

On POSIX `multiprocessing`'s fork server imports the libraries once; each kernel is a fork of it and talks over
files instead of ports (parallel starts race for ports). Windows has no fork: papermill's own kernels are used.
"""

from __future__ import annotations

import functools
import multiprocessing as mp
import os
import shutil
import signal
import sys
import tempfile
import threading
import uuid
from multiprocessing import connection
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import default

CAN_FORK = "forkserver" in mp.get_all_start_methods()
PROVISIONER = "crmlib-fork"


def warm_up() -> None:
    """Start the fork server now, so that it imports while the intake is still reading."""
    if CAN_FORK:
        from multiprocessing import forkserver

        mp.set_forkserver_preload(["crmlib.run.preload"])
        forkserver.ensure_running()


def _serve(connection_file: str, cwd: str, env: dict[str, str]) -> None:
    os.setpgid(0, 0)  # Ctrl-C on the terminal is the run's to handle
    os.chdir(cwd)
    os.environ.update(env, IPYTHONDIR=str(Path(connection_file).parent))
    threading.Thread(target=_end_with_the_run, args=(Path(connection_file).parent,), daemon=True).start()
    from ipykernel.kernelapp import IPKernelApp

    options = ["-f", connection_file, "--HistoryManager.enabled=False", "--log-level=CRITICAL"]
    IPKernelApp.launch_instance(argv=options)


def _end_with_the_run(sockets: Path) -> None:
    """A kernel whose run has ended, however it ended, ends too, and leaves no socket: nobody else would see to it."""
    parent = mp.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        shutil.rmtree(sockets, ignore_errors=True)
        os._exit(1)


class ForkedKernel:
    """A forked kernel with the part of `subprocess.Popen` that jupyter_client's provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, connection_file: str, cwd: str, env: dict[str, str]) -> None:
        context = mp.get_context("forkserver")
        self.process = context.Process(target=_serve, args=(connection_file, cwd, env), daemon=True)
        self.process.start()
        self.pid = self.process.pid

    def poll(self) -> int | None:
        """Exit code, or None while it runs."""
        return self.process.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for the end."""
        self.process.join(timeout)
        return self.process.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel."""
        if self.pid is not None and self.process.is_alive():
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class ForkProvisioner(LocalProvisioner):
    """jupyter_client's local provisioner, launching by fork instead of a new interpreter."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork a kernel that serves the connection file of `cmd`."""
        connection_file = cmd[cmd.index("-f") + 1]
        names = ("PATH", "HOME", "LANG", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
        env = {name: value for name, value in kwargs.get("env", {}).items() if name in names}
        self.process = ForkedKernel(connection_file, str(kwargs.get("cwd") or Path.cwd()), env)
        self.pid, self.pgid = self.process.pid, None
        return self.connection_info


class _OwnSpec(KernelSpecManager):
    """The kernel is this very Python, whatever kernels the machine has installed."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:  # noqa: ARG002
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        provisioner = {"kernel_provisioner": {"provisioner_name": PROVISIONER}} if CAN_FORK else {}
        return KernelSpec(argv=argv, display_name="Python 3", language="python", metadata=provisioner)


class WorkbenchKernelManager(AsyncKernelManager):
    """Kernels of a run: this Python, forked where the system can."""

    @default("kernel_spec_manager")
    def _own_spec(self) -> KernelSpecManager:
        return _OwnSpec(parent=self)

    @default("transport")
    def _files_not_ports(self) -> str:
        return "ipc" if CAN_FORK else "tcp"

    @default("ip")
    def _sockets_of_its_own(self) -> str:  # jupyter_client's default is one relative name for all kernels
        return f"{_runtime_dir().name}/{uuid.uuid4().hex[:8]}" if CAN_FORK else "127.0.0.1"

    @default("connection_file")
    def _beside_the_sockets(self) -> str:
        return f"{_runtime_dir().name}/{uuid.uuid4().hex[:8]}.json"


_making = threading.Lock()


def _runtime_dir() -> tempfile.TemporaryDirectory[str]:
    """Sockets and connection files of this process; removed when it ends."""
    with _making:  # two threads would make two, and the one that is dropped takes its folder with it
        return _made_runtime_dir()


def clean_up() -> None:
    """Remove the sockets of a run that is being ended at once."""
    _runtime_dir().cleanup()


@functools.cache
def _made_runtime_dir() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="crmlib-")
