# Each target sets up all that it needs on a machine with Python 3.11 or later and pip. Windows: python make.py <target>
PYTHON ?= python3

.PHONY: setup demo test test-full lab lint docs notebooks pictures bench
setup demo test test-full lab lint docs notebooks pictures bench:
	@$(PYTHON) make.py $@
