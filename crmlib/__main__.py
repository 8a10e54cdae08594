"""`python -m crmlib`."""

from crmlib.cli import main

main(prog_name="crmlib")
