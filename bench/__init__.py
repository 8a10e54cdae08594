"""Speed and memory beside the named peers: `python -m bench [part ...]`; every ratio is measured in one run."""
