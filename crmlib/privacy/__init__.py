"""Who may be recognised: which columns name persons, how persons are written, masks for free text, the leak scanner."""
