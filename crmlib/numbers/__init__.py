"""The ledger: every number that reaches a client, under a stable key."""
