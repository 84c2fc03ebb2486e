"""The structure of the package: folders, names, and what scoring may import. The import contracts are in pyproject.toml."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from importlib import import_module
from pathlib import Path

import pytest

import reportedly
from reportedly.cli import COMMANDS
from tests.torture.__main__ import TESTS

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "model" / "reportedly"
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
MOST_FILES = 16
CUTTING_ACROSS = {"behaviour", "benchmark", "gate", "golden", "torture"}
"""Folders of tests of the whole program, which do not mirror a package."""


def _names(statement: ast.stmt) -> set[str]:
    """Return the names that a statement at the top of a module defines."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    targets = getattr(statement, "targets", [getattr(statement, "target", None)])
    if not isinstance(statement, ast.Assign | ast.AnnAssign):
        return set()
    return {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}


def test_a_public_name_is_defined_in_one_module():
    """A name means one thing in the whole package."""
    homes: dict[str, list[str]] = defaultdict(list)
    for module, path in MODULES.items():
        for statement in ast.parse(path.read_bytes()).body:
            for name in _names(statement):
                if not name.startswith("_"):
                    homes[name].append(module)
    assert {name: where for name, where in homes.items() if len(where) > 1} == {}


def test_a_room_can_be_taken_in_at_a_glance():
    """No folder of the package has more than 16 code files."""
    counts: dict[str, int] = defaultdict(int)
    for path in MODULES.values():
        counts[str(path.parent.relative_to(PACKAGE))] += 1
    assert {folder: n for folder, n in counts.items() if n > MOST_FILES} == {}


def test_no_code_lists_modules_by_name():
    """Such a list can become outdated unnoticed. The two tables of lazy imports cannot: each entry is imported here."""
    stems = {module.rpartition(".")[2] for module in MODULES} - {"__init__", "__main__"}
    parts = {"attribution", "hedging", "claims", "sources", "risk", "signals"}  # of a bundle, too
    tables = {
        "__init__",
        "cli.__init__",
        "datamodel.payload",
        "assessment.comparison",
    }  # the last two have keys of JSON
    lists = {}
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_bytes())):
            values = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", [])
            words = {v.value for v in values if isinstance(v, ast.Constant)}
            if module not in tables and len(words & (stems - parts)) > 3:
                lists[module] = sorted(words & stems)
    assert lists == {}
    assert all(getattr(reportedly, name) for name in reportedly.__all__)
    for module, _ in COMMANDS.values():
        assert import_module(f"reportedly.cli.{module}")


@pytest.mark.parametrize(
    "room", sorted({str(p.parent.relative_to(PACKAGE)) for p in MODULES.values()} - {"."})
)
def test_tests_stand_where_the_code_does(room):
    """Each package has its tests in the folder of the same name; each file is named after a module or package inside."""
    if not any(p.name != "__init__.py" for p in (PACKAGE / room).glob("*.py")):
        return
    top = room.split("/")[0]
    assert (ROOT / "tests" / top).is_dir(), f"no tests/{top}"
    known = {p.stem for p in (PACKAGE / room).iterdir()} | {Path(room).name}
    for path in (ROOT / "tests" / room).glob("test_*.py"):
        assert path.stem.removeprefix("test_") in known, path.relative_to(ROOT)


def test_tests_mirror_no_room_that_is_gone():
    """Each folder of tests belongs to an existing package, or tests the whole program."""
    folders = {p.parent.relative_to(ROOT / "tests") for p in (ROOT / "tests").rglob("test_*.py")}
    gone = [
        f
        for f in folders
        if f.parts and f.parts[0] not in CUTTING_ACROSS and not (PACKAGE / f).is_dir()
    ]
    assert gone == []


SCORING = """
import sys

class Locked:
    def find_spec(self, name, path=None, target=None):
        parts = name.split(".")
        rooms = {"learning", "evaluation", "training"}
        if parts[0] in {"torch", "transformers"} or parts[0] == "reportedly" and rooms & set(parts):
            raise ImportError(f"{name} is locked")

sys.meta_path.insert(0, Locked())
import pathlib
import reportedly
text = pathlib.Path("data/examples/harbour-pumps.txt").read_text(encoding="utf-8")
assessment = reportedly.assess(text)
assert assessment.risk.score is not None
from reportedly.report import html, sarif, tabular, terminal
assert "<html" in html.render_html(assessment)
from reportedly.assessment.tables import assess_table
from reportedly.cli import batch, claims, compare, score
print(assessment.risk.score)
"""


def test_scoring_works_where_learning_and_measuring_are_locked():
    """An article is assessed and reported even if PyTorch, every `learning`, evaluation and training cannot be imported."""
    done = subprocess.run(
        [sys.executable, "-c", SCORING], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    text = (ROOT / "data" / "examples" / "harbour-pumps.txt").read_text(encoding="utf-8")
    assert float(done.stdout) == reportedly.assess(text).risk.score


def test_what_torture_runs_is_there():
    """The files that it names hold tests; pytest finds nothing in a file that has moved, and torture would report a failure."""
    names = [name for files in TESTS.values() for name in files.split()]
    assert [name for name in names if "def test_" not in (ROOT / "tests" / name).read_text()] == []
