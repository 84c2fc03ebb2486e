"""The notebooks: small, independent of the machine they ran on, and executable from a clean kernel."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

import nbformat
import pytest

from tests import notebooks
from tests.notebooks import FOLDER, NAMES

MOST_BYTES = 400_000
"""The largest size of a notebook, which is read on web pages."""
OURS = {"reportedly", "model", "tests", "train", "conftest"}
MACHINE = re.compile(r"(?:[\"'\s(=]|\\n)(?:/(?:home|root|tmp|work|usr|opt|var|Users)/|[A-Z]:\\\\)")


def load(name: str) -> dict[str, Any]:
    """Return a notebook as plain values."""
    notebook: dict[str, Any] = json.loads((FOLDER / f"{name}.ipynb").read_bytes())
    return notebook


def code_cells(name: str) -> list[dict[str, Any]]:
    """Return the code cells of a notebook."""
    return [cell for cell in load(name)["cells"] if cell["cell_type"] == "code"]


def source(cell: dict[str, Any]) -> str:
    """Return a cell's source as one string."""
    text = cell["source"]
    return text if isinstance(text, str) else "".join(text)


def test_every_notebook_is_tested() -> None:
    """The folder has exactly the notebooks listed in this file."""
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_imports_nothing_of_ours_but_the_package(name: str) -> None:
    """A notebook runs with the installed package and needs no helper file."""
    tree = ast.parse("\n".join(source(cell) for cell in code_cells(name)))
    roots = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    roots |= {
        (node.module or "").split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    }
    assert roots & OURS == {"reportedly"}


@pytest.mark.parametrize("name", NAMES)
def test_tells_no_machine_path(name: str) -> None:
    """Code, outputs and metadata contain no absolute path."""
    text = (FOLDER / f"{name}.ipynb").read_text(encoding="utf-8")
    assert MACHINE.findall(text) == []


@pytest.mark.parametrize("name", NAMES)
def test_is_light(name: str) -> None:
    """A notebook with its outputs is small enough for a web page."""
    assert (FOLDER / f"{name}.ipynb").stat().st_size <= MOST_BYTES


@pytest.mark.parametrize("name", NAMES)
def test_is_committed_executed_in_order_and_clean(name: str) -> None:
    """Every cell ran once, from top to bottom, without an error or a warning on standard error."""
    cells = code_cells(name)
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"] == []
    assert any("image/png" in output.get("data", {}) for output in outputs)


@pytest.mark.filterwarnings("default")  # the kernel's own libraries warn as they please
@pytest.mark.parametrize("name", NAMES)
def test_runs_from_a_clean_kernel(name: str) -> None:
    """Every cell runs in a fresh kernel, and the resulting notebook passes the other checks."""
    found = notebooks.tidied(notebooks.run(name), name)
    outputs = [o for cell in found.cells if cell.cell_type == "code" for o in cell.outputs]
    assert not [o for o in outputs if o.output_type == "error"]
    text = nbformat.writes(found)
    assert len(text.encode()) <= MOST_BYTES
    assert MACHINE.findall(text) == []
