"""Who is one person under two numbers: normalised keys, candidate pairs by blocking, and the merge table."""

from crmlib.identity.keys import of
from crmlib.identity.merges import Merges, from_rows
from crmlib.identity.pairs import Candidates, candidates

__all__ = ["Candidates", "Merges", "candidates", "from_rows", "of"]
