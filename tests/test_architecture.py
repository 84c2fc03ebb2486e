"""docs/architecture.md matches the tree and the import contracts: each package, its place, what it may import."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "model" / "reportedly"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]  # fmt: skip
LAYERS = [
    {name.strip() for name in line.split("|")}
    for contract in CONTRACTS
    if contract.get("containers") == ["reportedly"]
    for line in contract["layers"]
]
CODE = re.compile(r"`([^`\n]+)`")


def _table() -> dict[str, list[str]]:
    """Return the rows of the table of packages: each column's content by package."""
    section = PAGE.split("## Rooms")[1].split("\nInside")[0]
    rows = [
        line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| `")
    ]
    return {row[0].strip("`"): row[1:] for row in rows}


ROOMS = _table()


def _below(room: str) -> set[str]:
    """Return the packages that `room` may import by the contracts: lower layers, except those forbidden to it."""
    depth = next(n for n, layer in enumerate(LAYERS) if room in layer)
    allowed = set().union(*LAYERS[depth + 1 :])
    for contract in CONTRACTS:
        if f"reportedly.{room}" in contract.get("source_modules", ()) and contract["type"] == "forbidden":  # fmt: skip
            allowed -= {name.removeprefix("reportedly.") for name in contract["forbidden_modules"]}
    return allowed


def test_the_table_has_every_room_in_the_order_of_the_contract():
    """Every package is a folder or module, a layer of the contract and a row of the table."""
    tree = {p.stem for p in PACKAGE.glob("*.py")} | {p.parent.name for p in PACKAGE.glob("*/*.py")}
    assert set(ROOMS) == tree - {"__init__"}
    order = [next(n for n, layer in enumerate(LAYERS) if room in layer) for room in ROOMS]
    assert order == sorted(order)
    assert set().union(*LAYERS) == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_row_says_what_the_contracts_allow(room):
    """Its last column names the packages that may be imported; no column is empty."""
    question, takes, gives, imports = ROOMS[room]
    assert question.endswith("?")
    assert takes
    assert gives
    names = set(CODE.findall(imports))
    below = set(list(ROOMS)[list(ROOMS).index(room) + 1 :])
    said = below - names if imports.startswith("all below") else names
    assert said == _below(room)


def test_every_folder_of_code_is_on_the_page():
    """The page explains every folder."""
    folders = {str(p.parent.relative_to(PACKAGE)) for p in PACKAGE.rglob("*.py")} - {"."}
    assert {folder for folder in folders if f"`{folder}`" not in PAGE} == set()


def test_every_place_on_the_page_is_there():
    """Folders and files named on the page exist in the package or at the root of the repository."""
    words = CODE.findall(re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL))
    places = {name for name in words if re.fullmatch(r"[\w/]+/[\w/.]*|\w+\.py", name)}
    assert len(places) > 20
    wanted = {p for p in places if "NAME" not in p}
    assert {p for p in wanted if not (PACKAGE / p).exists() and not (ROOT / p).exists()} == set()
