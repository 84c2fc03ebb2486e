"""One function a part: labelled data in, the part of a bundle out. ``train.py`` calls these and nothing else.

A run writes into a folder that starts as a copy of the bundle that ships, so that the parts which are not
trained stay as they are.
"""

from __future__ import annotations

import json
import platform
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from reportedly import bundle as bundles
from reportedly.card import model_card
from reportedly.errors import InvalidRequest
from reportedly.learning import Settings
from reportedly.plots import draw
from reportedly.training import Progress, TrainingConfig, load_articles, train_risk

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


def config_for(
    path: Path | None,
    *,
    own: Path | None,
    cache: Path | None,
    jobs: int,
    corpora: Sequence[Path] = (),
    text_column: str = "text",
    label_column: str = "label",
    title_column: str = "title",
    group_column: str | None = None,
    seed: int = 0,
) -> TrainingConfig:
    """Return what to train or measure on: `path` is a folder of corpora, our own corpus, or a table."""
    folders = list(corpora)
    table = None
    if path is not None and path.is_dir() and (path / "articles.jsonl").is_file():
        own = path
    elif path is not None and path.is_dir():
        folders.append(path)
    elif path is not None:
        table = path
    return TrainingConfig(
        corpora=tuple(folders), own=own if own is not None and own.exists() else None, table=table,
        text_column=text_column, label_column=label_column, title_column=title_column,
        group_column=group_column, cache=cache, jobs=jobs, settings=Settings(seed=seed),
    )  # fmt: skip


def risk(
    config: TrainingConfig, *, out: Path, name: str, command: str, progress: Progress | None = None
) -> list[str]:
    """Train the risk model and write the bundle, its card, metrics.json and plots; return what was learnt."""
    current = start(out)
    trained = train_risk(config, current.detectors, progress=progress)
    how = {
        "corpora": sorted(trained.heldout["corpus"].unique().tolist()),
        "seed": config.settings.seed,
    }
    frame = load_articles(config)
    card = model_card(frame, trained.metrics, command=command)
    save(out, {"risk": trained.model}, {"risk": how}, card)
    metrics = json.dumps(trained.metrics, indent=1, default=float) + "\n"
    (out / "metrics.json").write_text(metrics, encoding="utf-8")
    bundles.seal(out, {"name": name, "version": VERSION, "versions": versions()})
    plots = draw(trained.heldout, trained.model, out / "plots")
    mean = trained.metrics["mean"]
    return [
        f"risk: {len(frame)} articles, {len(trained.metrics['folds'])} held-out folds",
        f"held out: AUC {mean['auc']:.3f}, Brier {mean['brier']:.3f}, ECE {mean['ece']:.3f}",
        f"bundle, card and metrics in {out}; {len(plots)} plots in {out / 'plots'}",
    ]


def show_progress(items: Sequence[Any], what: str) -> Iterator[Any]:
    """Yield `items` with a progress bar on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal pays for it
    from rich.progress import track  # noqa: PLC0415

    yield from track(items, description=what, console=Console(stderr=True))
