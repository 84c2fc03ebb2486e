"""Train the reader: which articles it learns from, which are held out, and the result."""

from __future__ import annotations

import hashlib
from pathlib import Path
from zlib import crc32

from reportedly.annotation.attribution.learning.fitting import labels_of, prepare_attributions
from reportedly.annotation.reader import alignment, labels, windows
from reportedly.annotation.reader.decisions import table
from reportedly.annotation.reader.learning import articles as articles_module
from reportedly.annotation.reader.learning.articles import (
    ReaderArticle,
    cut,
    encoder_folder,
    keep,
    load_arrays,
    pack_articles,
    read_annotated,
    word_pieces,
)
from reportedly.corpora.gold import read_ids
from reportedly.corpora.leaks import Log, screen
from reportedly.corpora.polnear import load_polnear
from reportedly.datamodel.arrays import Arrays
from reportedly.errors import InvalidCorpus

SETS = ("train", "tune", "polnear", "dev", "polnear_dev")
"""``tune`` is annotated like ``train`` and chooses thresholds; both dev sets are kept out of everything."""

_TUNED = 12
"""One annotated article in so many chooses thresholds."""

_HALVES, _HALF_PASSES = 2, 4
"""The halves of the training articles, and the passes of the teacher that learns from the other half."""

_FILES = (
    "gold/articles.jsonl", "gold/labels.jsonl", "gold2/articles.jsonl", "gold2/labels.jsonl",
    "gold2/dev.txt", "gold2/polnear_dev.txt", "spans/polnear.jsonl.gz",
)  # fmt: skip


def packed_sets(data: Path, cache: Path, say: Log) -> dict[str, Arrays]:
    """Return the packed articles of each of ``SETS``, from `cache` where they have been packed before.

    Raises
    ------
    InvalidCorpus
        When a required file is missing under `data`.
    """
    missing = [name for name in _FILES if not (data / name).is_file()]
    if missing:
        raise InvalidCorpus(
            f"{data}: {missing[0]} is missing; expected a folder with {', '.join(_FILES)}"
        )
    folder = cache / f"packed-{_digest(data)}"
    if not all((folder / f"{name}.npz").is_file() for name in SETS):
        folder.mkdir(parents=True, exist_ok=True)
        pieces = word_pieces(encoder_folder() / "tokenizer.json")
        for name, articles in articles_by_set(data, say).items():
            keep(folder / f"{name}.npz", pack_articles(articles, pieces))
    sets = {name: load_arrays(folder / f"{name}.npz") for name in SETS}
    for name, arrays in sets.items():
        say(
            f"{name}: {len(arrays['ids'])} articles, {len(arrays['answers'])} sentences, {len(arrays['pieces'])} pieces"
        )
    return sets


def articles_by_set(data: Path, say: Log) -> dict[str, list[ReaderArticle]]:
    """Return the articles of each of ``SETS``; held-out articles and their near duplicates are in no other set."""
    dev, more = (read_ids(data / "gold2" / name) for name in ("dev.txt", "polnear_dev.txt"))
    spans, lets = data / "spans" / "polnear.jsonl.gz", screen(data, say=say)
    own, dev_articles = [], []
    for name in ("gold", "gold2"):
        annotated = read_annotated(data / name)
        dev_articles += [a for a in annotated if name == "gold2" and a.id in dev]
        rest = [a for a in annotated if a.id not in dev | more]
        own += lets.items(name, rest, _text, _id)
    return {
        "train": [a for a in own if not tuned(a.id)],
        "tune": [a for a in own if tuned(a.id)],
        "polnear": lets.items("PolNeAR", read_polnear(spans, "train"), _text, _id),
        "dev": dev_articles,
        "polnear_dev": read_polnear(spans, "dev"),
    }


def read_polnear(path: Path, split: str) -> list[ReaderArticle]:
    """Return the articles of one split of PolNeAR by its primary annotation, with one tag per token."""
    articles = []
    for article in load_polnear(path):
        if article.split != split or not article.primary:
            continue
        prepared = prepare_attributions(article)
        tokens = prepared.parts.tokens
        base = cut(article.document, "polnear")
        articles.append(
            ReaderArticle(
                base.id, base.corpus, base.document, base.sentences, base.paragraph_starts,
                base.quotations, None, tuple(zip(tokens.starts, tokens.ends, strict=True)),
                labels_of(prepared).tolist(),
            )
        )  # fmt: skip
    return articles


def _text(article: ReaderArticle) -> str:
    return article.document.text


def _id(article: ReaderArticle) -> str:
    return article.id


def tuned(identifier: str) -> bool:
    """Return whether the article is one of those held out to choose thresholds."""
    return crc32(identifier.encode()) % _TUNED == 0


def half_of(identifier: str) -> int:
    """Return the half of the training articles, 1 or 2, to which the article belongs."""
    return crc32(identifier.encode()) // _TUNED % _HALVES + 1


def half_files(run: Path) -> list[Path]:
    """Return the weight files of the two teachers of a run, each trained without one half of the articles; `folder` is the run's."""
    return [run / f"half-{half}" / f"pass-{_HALF_PASSES}.pt" for half in range(1, _HALVES + 1)]


def _digest(data: Path) -> str:
    """Return a digest of what the packed arrays depend on: the sizes of the data files, and the code that packs them."""
    code = (
        Path(str(module.__file__)).read_bytes()
        for module in (alignment, articles_module, labels, windows)
    )
    sizes = (str((data / name).stat().st_size).encode() for name in _FILES)
    return hashlib.sha256(b"".join([*code, *sizes])).hexdigest()[:12]


def train_reader(
    data: Path,
    *,
    cache: Path,
    name: str,
    passes: int,
    device: str,
    seed: int,
    tune: bool,
    say: Log,
) -> list[str]:
    """Train the reader's teacher in the folder `name` of `cache`, resuming if it was stopped; return the result in lines.

    With `tune`, one annotated article in twelve is held out to choose thresholds, and two more teachers are trained, each
    on one half of the other articles.
    """
    from reportedly.annotation.reader.learning import fitting  # noqa: PLC0415 - needs PyTorch

    packed = packed_sets(data, cache, say)
    parts = (1, 2) if tune else (1, 2, 1)
    recipe = fitting.Recipe(passes=passes, seed=seed, parts=parts)
    file = fitting.train_teacher(packed, cache / name, recipe, device, say, tune=tune)
    if tune:
        ids = packed["train"]["ids"].tolist()
        for half, file in enumerate(half_files(cache / name), 1):
            own = frozenset(one for one in ids if half_of(one) == half)
            fitting.train_apart(
                packed, file.parent, own, passes=_HALF_PASSES, seed=seed + 9 + half, device=device, say=say
            )  # fmt: skip
    found = {part: load_arrays(cache / name / f"read-{part}.npz") for part in ("tune", "dev")}
    chosen_on = f"thresholds chosen on {len(packed['tune']['ids'])} articles" + (
        " held out" if tune else " that trained the teacher: too optimistic"
    )
    lines = table((packed["tune"], found["tune"]), (packed["dev"], found["dev"]))
    return [
        *lines,
        f"teacher in {file}; {chosen_on}, F1 on {len(packed['dev']['ids'])} of gold2/dev",
    ]
