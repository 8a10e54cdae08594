"""The map in ARCHITECTURE.md against the imports; who may load what; what a diagnostic does not load."""

import ast
import functools
import re
import subprocess
import sys
from pathlib import Path

import pytest

from crmlib.home import ROOT

PACKAGE = ROOT / "crmlib"
FILES = sorted(PACKAGE.rglob("*.py"))


def unit_of(path: Path) -> str:
    """A module of the package, or a package within it: the rooms of the map."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@functools.cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


def imported(path: Path) -> set[str]:
    names = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            own = node.module.split(".")[0] == "crmlib" and node.module.count(".") == 0
            names |= {f"crmlib.{alias.name}" for alias in node.names} if own else {node.module}
    return names


def actual_map() -> dict[str, set[str]]:
    rooms: dict[str, set[str]] = {}
    for path in FILES:
        unit = unit_of(path)
        inner = {name.split(".")[1] for name in imported(path) if name.startswith("crmlib.")}
        rooms.setdefault(unit, set()).update(inner - {unit, "__version__"})
    return rooms


def written_map() -> dict[str, set[str]]:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]*) \|$", text, re.MULTILINE)
    return {name: set(re.findall(r"`(\w+)`", uses)) for name, uses in rows}


def test_the_map_is_the_territory():
    actual = {unit: uses for unit, uses in actual_map().items() if unit not in ("__init__", "__main__")}
    assert written_map() == actual


def test_the_map_has_no_circle():
    left = {unit: set(uses) for unit, uses in actual_map().items()}
    while left:
        free = {unit for unit, uses in left.items() if not uses & left.keys()}
        assert free, f"these import each other in a circle: {sorted(left)}"
        left = {unit: uses for unit, uses in left.items() if unit not in free}


ONLY_IN = {
    "ibis": {"summaries", "intake", "run/preload.py"},
    "duckdb": {"summaries", "intake"},
    "matplotlib": {"figures", "run/preload.py"},
    "typst": {"deck"},
    "nbconvert": {"deck"},
    "papermill": {"run"},
    "click": {"cli.py", "cli_parts.py", "cli_lists.py"},
    "pptx": {"deck"},
    "xlsxwriter": {"spreadsheet.py"},
    "yaml": {"yaml_text.py"},
    "pydantic": {"config.py", "validation.py", "edit.py", "programme"},
}


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_has_one_home(library):
    users = {
        path.relative_to(PACKAGE).as_posix()
        for path in FILES
        if any(name.split(".")[0] == library for name in imported(path))
    }
    homes = ONLY_IN[library]
    assert {user for user in users if user not in homes and user.split("/")[0] not in homes} == set()


DIAGNOSTICS = ("base", "retention", "ltv", "tiers", "lift", "actions")


def test_no_diagnostic_imports_another():
    for name in DIAGNOSTICS:
        assert not actual_map()[name] & (set(DIAGNOSTICS) - {name})


@pytest.mark.parametrize("name", [*DIAGNOSTICS, "intervals", "numbers.model", "findings.model"])
def test_importing_a_diagnostic_loads_neither_engine_nor_plots(name):
    code = (
        f"import sys, pkgutil, importlib, crmlib.{name} as d\n"
        "for m in pkgutil.iter_modules(getattr(d, '__path__', [])): importlib.import_module(d.__name__ + '.' + m.name)\n"
        "print([m for m in ('ibis', 'duckdb', 'matplotlib', 'lifetimes') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_command_line_starts_without_heavy_libraries():
    code = "import sys, crmlib.cli; print([m for m in ('pandas', 'numpy', 'ibis', 'papermill', 'pydantic', 'rich') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_modules_and_functions_stay_small():
    too_long = [f"{path.name}: {n} lines" for path in FILES if (n := len(path.read_text("utf-8").splitlines())) > 250]
    for path in FILES:
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef) and (n := node.end_lineno - node.lineno + 1) > 35:
                too_long += [f"{path.name}:{node.name}: {n} lines"]
    assert too_long == []


def test_no_japanese_stands_in_the_code():
    text = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]{2,}")
    allowed = {"schema.py", "lines.py"}  # the field's words; the characters of kinsoku
    found = []
    for path in FILES:
        for node in nodes(path):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
            if is_text and text.search(node.value) and path.name not in allowed and not _is_docstring(node, path):
                found.append(f"{path.name}:{node.lineno} {node.value[:20]}")
    assert found == []


def _is_docstring(node: ast.Constant, path: Path) -> bool:
    line = path.read_text("utf-8").splitlines()[node.lineno - 1]
    return line.lstrip().startswith(('"""', 'r"""'))
