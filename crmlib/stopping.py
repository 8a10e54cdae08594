"""Ctrl-C and SIGTERM end a command at once, whatever the main thread is doing.

An exception raised by a signal handler can be lost (in a callback, in a destructor) or be late (the engine is at work), so
the signal is heard by a thread of its own. Nothing is waited for: kernels end with this process, and what is whole is kept.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator

SIGNALS = (signal.SIGINT, signal.SIGTERM)
EXIT_CODE = 130


@contextlib.contextmanager
def heard(before: Callable[[], None]) -> Iterator[None]:
    """End this process on a signal that comes inside.

    Args:
        before: Called first, in the listening thread: tidies up and tells the user.
    """
    if threading.current_thread() is not threading.main_thread():  # only there can signals be set
        yield
        return
    ear, voice = socket.socketpair()
    voice.setblocking(False)
    threading.Thread(target=_listen, args=(ear, before), daemon=True).start()
    fd = signal.set_wakeup_fd(voice.fileno(), warn_on_full_buffer=False)
    handlers = {number: signal.signal(number, _nothing) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(fd)
        voice.close()


def _nothing(*_: object) -> None:
    """A handler must be there for the signal to be written to the socket."""


def _listen(ear: socket.socket, before: Callable[[], None]) -> None:
    with ear:
        while heard := ear.recv(1):
            if heard[0] in SIGNALS:
                try:
                    before()
                finally:
                    os._exit(EXIT_CODE)
