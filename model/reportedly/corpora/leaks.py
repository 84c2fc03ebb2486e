"""Keep out of training the articles held out for measuring, and their near duplicates.

Held out are the articles that ``gold2/dev.txt`` names and PolNeAR's development articles
(``split`` dev in ``spans/polnear.jsonl.gz``; ``gold2/polnear_dev.txt`` names those of them that are in gold and
gold2). Every trainer takes its data through a :class:`Screen`, which leaves them out, with their near
duplicates, and counts them. A folder with neither file holds nothing out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from reportedly.corpora.duplicates import near_duplicate_keys
from reportedly.corpora.gold import GoldArticle, read_compressed, read_ids, rows
from reportedly.corpora.tables import read_table
from reportedly.datamodel.arrays import Bools

T = TypeVar("T")

Log = Callable[[str], None]
"""A function that takes a line about the progress of training."""

_RUN = 8
"""How many words in a row a sentence must share with a held-out article to count as taken from it."""

_SHARE, _FEWEST = 0.2, 10
"""Share of the shorter text's runs of words, and their number, from which two texts are too similar."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What training must not see.

    `sizes` is the number of runs of words in each text, `runs` the texts that have each run; `keys` are the
    texts' near-duplicate keys, `ids` their ids and those of their known duplicates.
    """

    sizes: tuple[int, ...] = ()
    ids: frozenset[str] = frozenset()
    keys: frozenset[bytes] = frozenset()
    runs: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    @property
    def nothing(self) -> bool:
        """Whether nothing is held out."""
        return not self.ids

    def may_teach(self, texts: Sequence[str], ids: Sequence[str] | None = None) -> Bools:
        """Return for each text whether it may be trained on; `ids` are the texts' ids, if they have any."""
        if self.nothing:
            return np.ones(len(texts), np.bool_)
        known = self.ids if ids is not None else frozenset()
        named = [identifier in known for identifier in ids or ()] or [False] * len(texts)
        return np.array(
            [not (name or self._is_like(text)) for name, text in zip(named, texts, strict=True)],
            np.bool_,
        )

    def sentences_may_teach(self, sentences: Sequence[str]) -> Bools:
        """Return for each sentence whether it may be trained on: it is not in a held-out article."""
        if self.nothing:
            return np.ones(len(sentences), np.bool_)
        ends = [_ends(sentence) for sentence in sentences]
        return np.array([not all(run in self.runs for run in both) for both in ends], np.bool_)

    def _is_like(self, text: str) -> bool:
        """Tell whether a text is a near duplicate of a held-out one, or has much of it."""
        if self.keys.intersection(near_duplicate_keys(text)):
            return True
        own = set(_runs(text))
        shared = Counter(number for run in own for number in self.runs.get(run, ()))
        return any(
            count >= max(_FEWEST, _SHARE * min(len(own), self.sizes[number]))
            for number, count in shared.items()
        )


@dataclass(frozen=True, slots=True)
class Screen:
    """Filters training data; counts and reports what it leaves out."""

    held: HeldOut = field(default_factory=HeldOut)
    say: Log = lambda _: None
    left_out: Counter[str] = field(default_factory=Counter)

    def articles(self, name: str, articles: Sequence[GoldArticle]) -> list[GoldArticle]:
        """Return the annotated articles that may be trained on."""
        return self.items(
            name, articles, lambda a: a.document.text, lambda a: str(a.about.get("id", a.id))
        )

    def items(
        self,
        name: str,
        items: Sequence[T],
        text: Callable[[T], str],
        identifier: Callable[[T], str] | None = None,
    ) -> list[T]:
        """Return the items, each with its text and perhaps an id, that may be trained on."""
        ids = [identifier(item) for item in items] if identifier else None
        kept = self.held.may_teach([text(item) for item in items], ids)
        return self._passed(name, items, kept)

    def sentences(self, name: str, items: Sequence[T], text: Callable[[T], str]) -> list[T]:
        """Return the items, each a single sentence, that may be trained on."""
        kept = self.held.sentences_may_teach([text(item) for item in items])
        return self._passed(name, items, kept)

    def _passed(self, name: str, items: Sequence[T], kept: Bools) -> list[T]:
        """Return the kept items; count and report how many of `name` are left out."""
        out = int((~kept).sum())
        self.left_out[name] += out
        if not self.held.nothing:
            self.say(
                f"{name}: {out} of {len(items)} left out: held out for measuring, or nearly so"
            )
        return [item for item, keep in zip(items, kept.tolist(), strict=True) if keep]

    def record(self) -> dict[str, Any]:
        """Return the manifest's entry: the number of texts held out, and of items left out per data set."""
        return {"texts": len(self.held.sizes), "left_out": dict(sorted(self.left_out.items()))}


def screen(*folders: Path, say: Log = lambda _: None) -> Screen:
    """Return the screen for training data in or beside `folders`."""
    return Screen(held_out(*folders), say)


def held_out(*folders: Path) -> HeldOut:
    """Return what the files in `folders` and in their parent folders hold out; read once per process."""
    places = [place for folder in folders for place in (folder.resolve(), folder.resolve().parent)]
    return _held_out(tuple(dict.fromkeys(places)))


@lru_cache(maxsize=8)
def _held_out(places: tuple[Path, ...]) -> HeldOut:
    """Return what the files in the folders `places` hold out."""
    texts = {
        identifier: text for place in places for identifier, text in _articles(place)
    }  # an article may be in gold2 and in PolNeAR under two ids
    ids = frozenset(texts)
    for place in places:
        ids |= _named(place) | _alike(place / "corpora" / "near_duplicate_groups.parquet", ids)
    distinct = list(dict.fromkeys(texts.values()))
    keys = frozenset(key for text in distinct for key in near_duplicate_keys(text))
    own = [set(_runs(text)) for text in distinct]
    runs: defaultdict[int, tuple[int, ...]] = defaultdict(tuple)
    for number, found in enumerate(own):
        for run in found:
            runs[run] += (number,)
    return HeldOut(tuple(map(len, own)), ids, keys, dict(runs))


def _named(place: Path) -> frozenset[str]:
    """Return the ids in the lists of a folder."""
    lists = (place / "gold2" / "dev.txt", place / "gold2" / "polnear_dev.txt")
    return frozenset().union(*(read_ids(path) for path in lists if path.is_file()))


def _articles(place: Path) -> Iterator[tuple[str, str]]:
    """Yield the id and the text of each article that a folder holds out, under every id that it has."""
    named = _named(place)
    for folder in ("gold", "gold2"):
        path = place / folder / "articles.jsonl"
        if named and path.is_file():
            for row, _ in rows(path):
                if row.get("gid") in named:
                    yield str(row["gid"]), str(row["text"])
                    yield str(row.get("id", row["gid"])), str(row["text"])
    spans = place / "spans" / "polnear.jsonl.gz"
    if spans.is_file():
        for record in read_compressed(spans):
            if record.get("split") == "dev":
                yield str(record["id"]), str(record["text"])
                yield f"polnear_publisher:{record.get('filename', '')}", str(record["text"])


def annotated_ids(*folders: Path) -> frozenset[str]:
    """Return the ids of the articles annotated in gold and gold2, in or beside `folders`, and of their known duplicates.

    The reader was trained on them, so its answers on them are better than on other articles.
    """
    found: frozenset[str] = frozenset()
    for place in {
        place for folder in folders for place in (folder.resolve(), folder.resolve().parent)
    }:
        paths = (place / name / "articles.jsonl" for name in ("gold", "gold2"))
        ids = frozenset(
            str(row.get("id", row["gid"])) for p in paths if p.is_file() for row, _ in rows(p)
        )
        found |= ids | _alike(place / "corpora" / "near_duplicate_groups.parquet", ids)
    return found


def _alike(groups: Path, ids: frozenset[str]) -> frozenset[str]:
    """Return the ids in the same near-duplicate group as one of `ids`."""
    if not ids or not groups.is_file():
        return frozenset()
    table = read_table(groups)
    own = set(table["group"][table["id"].isin(ids)])
    return frozenset(table["id"][table["group"].isin(own)].astype(str))


def _words(text: str) -> list[str]:
    """Return the words of a text in lower case, without punctuation at their ends."""
    bare = (word.strip(".,;:!?\"'“”‘’()[]–—-") for word in text.lower().split())
    return [word for word in bare if word]


def _runs(text: str) -> list[int]:
    """Return a hash of every run of :data:`_RUN` words; the hashes are only valid within one process."""
    words = _words(text)
    return [hash(tuple(words[at : at + _RUN])) for at in range(len(words) - _RUN + 1)]


def _ends(sentence: str) -> list[int]:
    """Return the hashes of a sentence's first and last run of words; a hash that matches nothing if it is shorter."""
    found = _runs(sentence)
    return [found[0], found[-1]] if found else [-1]
