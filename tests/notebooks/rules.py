"""The house's rules for a notebook, as code: each problem says notebook and cell."""

from __future__ import annotations

import ast
import re

MAX_CELLS, MAX_LINES, MAX_OUTPUT = 12, 8, 50_000  # a ledger is kept whole: its numbers are what nbval compares
FORBIDDEN = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.Lambda, ast.With, ast.Try)
IGNORE = "# NBVAL_IGNORE_OUTPUT"
ALLOWED_IMPORTS = ("crmlib", "pandas", "lifetimes", "json", "pathlib", "datetime", "IPython")


def problems(name, notebook):
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    found = [] if len(code) <= MAX_CELLS else [f"{name}: {len(code)} code cells; at most {MAX_CELLS}"]
    found += headings(name, notebook) + parameters(name, code)
    for number, cell in enumerate(code, 1):
        found += [f"{name} code cell {number}: {text}" for text in cell_problems(cell)]
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (numbers := measured(cell.source)):
            found.append(f"{name}: a number is typed into Markdown: {numbers[0]}")
    return found


def headings(name, notebook):
    ones = [c for c in notebook.cells if c.cell_type == "markdown" and re.search(r"^# ", c.source, re.MULTILINE)]
    return [] if len(ones) == 1 and ones[0] is notebook.cells[0] else [f"{name}: one heading of level 1, at the top"]


def parameters(name, code):
    tagged = [cell for cell in code if "parameters" in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        return [f"{name}: {len(tagged)} cells tagged 'parameters'; exactly one"]
    bare = [line for line in tagged[0].source.splitlines() if "#" not in line]
    return [f"{name}: a parameter without a help comment: {line}" for line in bare]


def cell_problems(cell):
    lines = [line for line in cell.source.splitlines() if line.strip() and not line.startswith(IGNORE)]
    if len(lines) > MAX_LINES:
        yield f"{len(lines)} lines; at most {MAX_LINES}"
    tree = ast.parse(cell.source)
    for node in ast.walk(tree):
        if isinstance(node, FORBIDDEN):
            yield f"'{type(node).__name__}' does not belong in a notebook"
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
            if (module or "").split(".")[0] not in ALLOWED_IMPORTS:
                yield f"imports {module}"
    if cell.execution_count is None:
        yield "is committed without having run"
    for output in cell.outputs:
        yield from output_problems(output, cell.source.startswith(IGNORE))


def output_problems(output, ignored):
    if output.output_type == "error" or output.get("name") == "stderr":
        yield f"shows an error or a warning: {str(output.get('text') or output.get('ename'))[:60]}"
    for mime, data in output.get("data", {}).items():
        if mime.startswith("image/") or "base64," in str(data) or "slide+json" in mime:
            yield f"keeps a bulky output ({mime}): run `python make.py notebooks`"
        if len(str(data)) > MAX_OUTPUT and "numbers+json" not in mime:  # the committed summary reads the ledgers
            yield f"keeps {len(str(data)):,} characters of {mime}"
    if not ignored and re.search(r"0x[0-9a-f]{8}", str(output)):
        yield "shows a memory address"


def measured(markdown):
    text = re.sub(r"`[^`]*`|\$[^$]*\$|\[[^\]]*\]\([^)]*\)|\b(19|20)\d\d\b|F\d|Fn|https?://\S+", "", markdown)
    return re.findall(r"\b\d+(?:\.\d+)?\s?%|\b\d[\d,]{3,}|\b\d+\.\d+", text)
