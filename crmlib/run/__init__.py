"""A run: from a client's folder to executed notebooks, numbers and decks."""

import sys

# A checker of addresses that comes with Jupyter: two seconds of import that nothing here needs. Before anything imports it.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
