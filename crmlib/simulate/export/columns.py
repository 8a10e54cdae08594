"""Columns as arrays of bytes, in the file's encoding, and files written from them.

A text column is a pyarrow binary array. Joining arrays of which each element ends in a line feed gives an array
whose data buffer is the file's text: it is written as it stands, row by row nothing is done in Python.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Column = Any  # a pyarrow binary array or scalar

BLANK = pa.scalar(b"", pa.binary())


def words(texts: Sequence[str], encoding: str) -> Column:
    """A dictionary of texts, encoded."""
    return pa.array([text.encode(encoding) for text in texts], pa.binary())


def take(dictionary: Column, codes: npt.NDArray[Any]) -> Column:
    """The text of each code; -1 is blank."""
    codes = np.asarray(codes)
    if codes.size and codes.min() < 0:
        dictionary = pa.concat_arrays([dictionary, pa.array([b""], pa.binary())])
        codes = np.where(codes < 0, len(dictionary) - 1, codes)
    return dictionary.take(pa.array(codes))


def number(values: npt.NDArray[Any]) -> Column:
    """Whole numbers, or shares with their shortest digits."""
    return pa.array(values).cast(pa.string()).cast(pa.binary())


def blank_where(column: Column, mask: npt.NDArray[np.bool_]) -> Column:
    """The column with blanks where the mask is true."""
    return pc.if_else(pa.array(mask), BLANK, column)


def constant(text: str, encoding: str) -> Column:
    """The same text on every row."""
    return pa.scalar(text.encode(encoding), pa.binary())


def join(columns: Sequence[Column], separator: bytes = b",") -> Column:
    """The columns of each row with the separator between them."""
    return pc.binary_join_element_wise(*columns, pa.scalar(separator, pa.binary()))


def body(rows: Column) -> memoryview:
    """The bytes of an array of rows, without copying."""
    offsets = np.frombuffer(rows.buffers()[1], np.int32, len(rows) + 1, rows.offset * 4)
    return memoryview(rows.buffers()[2])[int(offsets[0]) : int(offsets[-1])] if len(rows) else memoryview(b"")


class Sink:
    """A file written and digested by a thread of its own, so that the disk does not hold up the next rows.

    A failed write (a full disk) is raised by the next `write` or by `close`.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._hash = hashlib.sha256()
        self._pool = ThreadPoolExecutor(1)
        self._waiting: deque[Future[None]] = deque()

    def write(self, data: bytes | memoryview) -> None:
        """Append bytes; waits while four pieces are still to be written."""
        self._waiting.append(self._pool.submit(self._put, data))
        while len(self._waiting) > 4:
            self._waiting.popleft().result()

    def _put(self, data: bytes | memoryview) -> None:
        self._file.write(data)
        self._hash.update(data)

    def close(self) -> str:
        """Close the file; the digest of what was written."""
        try:
            for piece in self._waiting:
                piece.result()
        finally:
            self._pool.shutdown()
            self._file.close()
        return self._hash.hexdigest()
