"""Run the notebooks from a clean kernel: ``python -m tests.notebooks [--write] [NAME ...]``.

With ``--write`` they are saved with their new outputs, without times, metadata and needless bytes; without it, only
a failing notebook is reported. ``make notebooks`` writes; ``tests/test_notebooks.py`` only runs.
"""

from __future__ import annotations

import argparse
import base64
import io
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[1] / "notebooks"
NAMES = ("01-tour", "02-signals", "03-training-and-calibration", "04-error-analysis")
SECONDS = 600
"""The most seconds for one cell."""
_COLOURS = 128
"""Colours of a stored plot: enough for these plots, and a third of the bytes."""
_PLAIN = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def run(name: str) -> Any:
    """Return the notebook `name` with the outputs of a fresh kernel, started in the notebooks' own folder.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        When a cell fails.
    """
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook,
        timeout=SECONDS,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(FOLDER)}},
    )
    client.execute()
    return notebook


def tidied(notebook: Any, name: str) -> Any:
    """Return `notebook` without anything that differs from run to run, and with small plots."""
    number = 0
    notebook.metadata = dict(_PLAIN)
    for place, cell in enumerate(notebook.cells):
        cell.id, cell.metadata = f"{name[:2]}-{place:02d}", {}
        if cell.cell_type != "code":
            continue
        number += 1
        cell.execution_count = number
        for output in cell.outputs:
            if "metadata" in output:
                output.metadata = {}
            if "execution_count" in output:
                output.execution_count = number
            if "image/png" in output.get("data", {}):
                output.data["image/png"] = _smaller(output.data["image/png"])
    nbformat.validate(notebook)
    return notebook


def _smaller(png: str) -> str:
    """Return an image (base64) with fewer colours."""
    from PIL import Image  # noqa: PLC0415 - comes with the plots

    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    stored = io.BytesIO()
    picture.quantize(_COLOURS, dither=Image.Dither.NONE).save(stored, "PNG", optimize=True)
    return base64.b64encode(stored.getvalue()).decode()


def main() -> None:
    """Run the notebooks that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="save them with their new outputs")
    parser.add_argument("names", nargs="*", default=NAMES)
    options = parser.parse_args()
    for name in options.names:
        begun = time.monotonic()
        found = tidied(run(name), name)
        if options.write:
            path = FOLDER / f"{name}.ipynb"
            path.write_text(nbformat.writes(found) + "\n", encoding="utf-8")
        sys.stdout.write(f"{name}: {time.monotonic() - begun:.0f} s\n")


if __name__ == "__main__":
    main()
