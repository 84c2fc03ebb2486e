"""One function a part: labelled data in, the part of a bundle out. ``train.py`` calls these and nothing else.

A run writes into a folder that starts as a copy of the bundle that ships, so that the parts which are not
trained stay as they are.
"""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from reportedly import bundle as bundles
from reportedly.errors import InvalidRequest

Say = Callable[[str], None]

VERSION = "1"
"""Version of the shipped bundle: it changes when scores change."""


def start(out: Path) -> bundles.Bundle:
    """Return the bundle in `out`; an empty or missing folder is filled with the one that ships.

    Raises
    ------
    InvalidRequest
        When the folder holds something else.
    """
    if out.exists() and not (out / bundles.MANIFEST).is_file() and any(out.iterdir()):
        raise InvalidRequest(f"{out}: holds files but no bundle; give an empty folder")
    if not (out / bundles.MANIFEST).is_file():
        shipped = bundles.shipped_folder()
        out.mkdir(parents=True, exist_ok=True)
        names = [*bundles.load_bundle(shipped).manifest["files"], bundles.MANIFEST]
        for name in names:
            shutil.copyfile(shipped / name, out / name)
    return bundles.load_bundle(out)


def versions() -> dict[str, str]:
    """Return the versions that a bundle was trained with."""
    packages = ("reportedly", "numpy", "scikit-learn", "sentencex")
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}


def save(
    out: Path, parts: Mapping[str, Any], how: Mapping[str, Any], card: str | None = None
) -> None:
    """Write trained `parts` into the bundle `out`; `how` says how each was trained."""
    start(out)
    trained = dict(bundles.load_bundle(out).manifest.get("trained", {}))
    trained.update(how)
    arrays = {name: part.to_arrays() for name, part in parts.items()}
    bundles.save_bundle(out, arrays, card=card, about={"trained": trained})


def attribution(data: Path, *, seed: int, out: Path, say: Say) -> list[str]:
    """Train the attribution tagger and linker on PolNeAR; return what was learnt, in lines."""
    from reportedly.attribution_training import train_attribution  # noqa: PLC0415 - heavy
    from reportedly.network import Settings  # noqa: PLC0415

    model = train_attribution(data, Settings(seed=seed), say)
    save(
        out,
        {"attribution": model},
        {"attribution": {"data": "PolNeAR (Newell et al. 2018)", "seed": seed}},
    )
    return [f"attribution: written to {out}"]


def show_progress(items: Sequence[Any], what: str) -> Iterator[Any]:
    """Yield `items` with a progress bar on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal pays for it
    from rich.progress import track  # noqa: PLC0415

    yield from track(items, description=what, console=Console(stderr=True))
