"""Customer ids become keyed pseudonyms: the same client gives the same ones, nobody without the key can go back."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from crmlib.errors import DataError, Problem

KEY_FILE = "private/pseudonym.key"
BYTES = 8  # 64 bits; two of ten million customers collide once in 400,000 clients, and that is checked


def key(folder: Path) -> bytes:
    """The client's key, made on first use; only its owner may read it.

    Raises:
        DataError: a key file that is not ours.
    """
    path = folder / KEY_FILE
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(secrets.token_hex(32) + "\n")
    try:
        found = bytes.fromhex(path.read_text("ascii").strip())
    except (UnicodeDecodeError, ValueError):
        found = b""
    if len(found) != 32:
        hint = "Restore it from a backup; a new key gives every customer a new pseudonym."
        raise DataError(Problem("is not a key of 64 hexadecimal digits", KEY_FILE, hint=hint))
    return found


def of(ids: Sequence[str], secret: bytes) -> list[int]:
    """Pseudonyms of distinct ids: the first 64 bits of their HMAC-SHA256, as a signed integer.

    Raises:
        DataError: two ids share a pseudonym.

    Example:
        >>> of(["0001"], bytes(32))
        [1125180905912976339]
    """
    digests = (hmac.digest(secret, text.encode("utf-8"), hashlib.sha256) for text in ids)
    names = [int.from_bytes(digest[:BYTES], "big", signed=True) for digest in digests]
    if len(set(names)) != len(set(ids)):
        raise DataError(Problem("two customers share a pseudonym", KEY_FILE, hint="Delete the key and run again."))
    return names
