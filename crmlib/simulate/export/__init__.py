"""Writing a simulated client as its systems would export it."""
