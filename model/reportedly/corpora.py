"""Public labelled corpora: which exist, how they are read, and what may never be split.

Every article becomes one row of a frame with the columns :data:`COLUMNS`. Two columns say what must
stay on one side of any split: ``family``, the bodies of fact-checking that an article's label comes
from (several corpora may share one), and ``group``, its near duplicates, within and across corpora.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import isnan
from pathlib import Path
from typing import Literal
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportedly.datamodel.arrays import Ints
from reportedly.errors import InvalidCorpus
from reportedly.reading import headlines

Role = Literal[
    "train", "evaluate", "heldout", "control", "quality", "robustness", "unlabelled", "statements"
]
"""What a corpus may be used for.

``evaluate``: both classes, trained on and measured by leaving its family out; ``train``: trained on,
never measured; ``control``: nothing in its style differs, so an honest model knows nothing about it;
``quality``: its label is quality of reporting rather than reliability; ``robustness``: restyled text.
``heldout``: the test split of the project's own corpus. Only the first two are ever trained on.
"""

COLUMNS = (
    "id", "corpus", "title", "text", "label", "label_original",
    "source", "date", "family", "group", "role",
)  # fmt: skip
"""The columns of a frame of articles; `label` is 1.0 unreliable, 0.0 reliable, NaN neither."""

_SCHEMA = ("id", "corpus", "text", "label")
_GROUPS_FILE = "near_duplicate_groups"
_SUFFIXES = (".parquet", ".csv", ".tsv", ".jsonl", ".ndjson")
LEAST_ROWS = 20
"""Fewer labelled articles than this teach nothing that could be measured."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """One public corpus: how it may be used, whose labels it carries, and whom to cite.

    `families` names the bodies of fact-checking behind it; `by_label` overrides them for one label;
    `labels` are the labels trusted enough to train on.
    """

    name: str
    role: Role
    families: tuple[str, ...]
    citation: str
    labelled_by: str
    licence: str = "none stated; publishers hold the articles"
    labels: tuple[int, ...] = (0, 1)
    by_label: tuple[tuple[int, tuple[str, ...]], ...] = ()

    def family(self, label: float) -> str:
        """Return the families of an article with `label`, joined by ``|``."""
        return "|".join(dict(self.by_label).get(-1 if isnan(label) else int(label), self.families))


_BUZZFEED, _POLITIFACT = "BuzzFeed 2016", "PolitiFact"

REGISTRY: tuple[Corpus, ...] = (
    Corpus("buzzfeed_webis2016", "evaluate", (_BUZZFEED,), "Potthast et al. 2018 ACL", "journalists, per article"),
    Corpus("horne2017_buzzfeed", "evaluate", (_BUZZFEED,), "Horne & Adali 2017", "BuzzFeed"),
    Corpus("fakenewsnet_old_politifact", "evaluate", (_BUZZFEED, _POLITIFACT), "Shu et al. 2018", "PolitiFact", by_label=((1, (_POLITIFACT,)),)),
    Corpus("fakenewsnet_politifact_llmmis", "evaluate", (_POLITIFACT,), "Shu et al. 2018", "PolitiFact"),
    Corpus("misinfotext_snopes", "evaluate", ("Snopes",), "Torabi Asr & Taboada 2019", "Snopes"),
    Corpus("checkthat2021_task3a", "evaluate", ("CheckThat! 2021",), "Shahi et al. 2021 CLEF", "fact-checkers, per article"),
    Corpus("fakenewsnet_gossipcop_llmmis", "evaluate", ("GossipCop",), "Shu et al. 2018", "GossipCop"),
    Corpus("perezrosas2018_fakenewsamt", "evaluate", ("FakeNewsAMT",), "Pérez-Rosas et al. 2018 COLING", "crowd-written fakes of real stories"),
    Corpus("fakenewsnet_politifact_sheepdog", "train", (_POLITIFACT,), "Shu et al. 2018; Wu et al. 2024 KDD", "PolitiFact"),
    Corpus("misinfotext_politifact_fake", "train", (_POLITIFACT,), "Torabi Asr & Taboada 2019", "PolitiFact"),
    Corpus("misinfotext_buzzfeedtop", "train", ("BuzzFeed top",), "Torabi Asr & Taboada 2019", "BuzzFeed"),
    Corpus("golbeck2018_fake_satire", "train", ("Golbeck 2018",), "Golbeck et al. 2018 WebSci", "hand-coded, a rebutting page each"),
    Corpus("fakenewscorpus_sample", "train", ("FakeNewsCorpus",), "Szpakowski 2018", "publisher tag"),
    Corpus("allsides_abp_mbfc", "train", ("AllSides",), "Baly et al. 2018 EMNLP, 2020 ACL", "publisher rating"),
    Corpus("polnear_publisher", "train", ("PolNeAR",), "Newell et al. 2018 LREC", "publisher rating"),
    Corpus("basil_publisher", "train", ("BASIL",), "Fan et al. 2019 EMNLP", "publisher rating"),
    Corpus("bbc_news_2004", "train", ("BBC 2004",), "Greene & Cunningham 2006 ICML", "publisher rating"),
    Corpus("fakehealth_story", "quality", ("HealthNewsReview",), "Dai et al. 2020 ICWSM", "HealthNewsReview experts"),
    Corpus("fakes_syria", "control", ("FA-KES",), "Abu Salem et al. 2019 ICWSM", "casualty records"),
    Corpus("propanews_test", "control", ("PropaNews",), "Huang et al. 2023 ACL", "one sentence swapped"),
    Corpus("sheepdog_politifact_styleattackA", "robustness", (_POLITIFACT,), "Wu et al. 2024 KDD", "PolitiFact, restyled by a language model"),
    Corpus("fnc1_bodies_unlabelled", "unlabelled", ("FNC-1",), "FNC-1 2017", "–"),
    Corpus("semeval2019_hyperpartisan_byarticle", "unlabelled", ("SemEval 2019 task 4",), "Kiesel et al. 2019", "–"),
    Corpus("liar", "statements", (_POLITIFACT,), "Wang 2017 ACL", "PolitiFact"),
)  # fmt: skip
"""Every corpus that is known by name; any other is a family of its own, trained on and measured."""

_BY_NAME: Mapping[str, Corpus] = {corpus.name: corpus for corpus in REGISTRY}
TRAINED_ROLES: frozenset[str] = frozenset({"train", "evaluate"})


def describe(name: str) -> Corpus:
    """Return what is known of the corpus `name`; an unknown one is a family of its own."""
    known = _BY_NAME.get(name)
    return known or Corpus(name, "evaluate", (name,), "given by the user", "given by the user")


def load_corpora(*folders: Path | str) -> pd.DataFrame:
    """Return every article of the tables in `folders`, one row each, with :data:`COLUMNS`.

    A table is a parquet, CSV, TSV or JSONL file with at least ``id``, ``corpus``, ``text`` and
    ``label``; a column ``kind`` other than ``article`` drops the row. A table of ``id`` and ``group``
    named ``near_duplicate_groups`` adds what is known of near duplicates; the rest is found here.

    Raises
    ------
    InvalidCorpus
        When a folder is missing or holds no such table.
    """
    tables: list[pd.DataFrame] = []
    known: dict[str, int] = {}
    for folder in map(Path, folders):
        for path in _tables_in(folder):
            table = read_table(path)
            if path.stem == _GROUPS_FILE:
                known.update(zip(table["id"], table["group"].astype(int), strict=True))
            else:
                tables.append(_articles(table, path))
    if not tables:
        raise InvalidCorpus(
            f"no table of articles in {', '.join(map(str, folders))}: wanted "
            f"{', '.join(_SUFFIXES)} files with the columns {', '.join(_SCHEMA)}"
        )
    frame = pd.concat(tables, ignore_index=True)
    found = merge_groups(near_duplicates(frame["text"]), [known.get(i) for i in frame["id"]])
    frame["group"] = merge_groups(found, [_pair(identifier) for identifier in frame["id"]])
    return frame[list(COLUMNS)]


_PAIR = re.compile(r"^(perezrosas2018_\w+):(?:fake|legit)/(\w+)\.")


def _pair(identifier: str) -> int | None:
    """Return the group of an article that a corpus wrote in pairs: a fake for each real story."""
    match = _PAIR.match(identifier)
    return crc32("/".join(match.groups()).encode()) if match else None


def load_table(
    path: Path | str,
    *,
    text_column: str = "text",
    label_column: str = "label",
    title_column: str | None = None,
    group_column: str | None = None,
    date_column: str = "date",
) -> pd.DataFrame:
    """Return a user's own table as a frame of articles with :data:`COLUMNS`.

    The headlines are in `title_column`, or in the column that has a usual name for them, if any. `label_column` may hold 0 and 1, booleans, or the words of :func:`read_labels`. `group_column` names
    what must stay on one side of a split, such as the publisher; without one only near duplicates do.

    Raises
    ------
    InvalidCorpus
        On a missing column, an unreadable label, one class, too few rows, or a leaking column.
    """
    table = read_table(Path(path))
    wanted = [text_column, label_column, *(c for c in (title_column, group_column) if c)]
    _need_columns(table, wanted, str(path))
    name = Path(path).stem
    groups = table[group_column].astype(str) if group_column else pd.Series("", index=table.index)
    frame = pd.DataFrame(
        {
            "id": [f"{name}:{number}" for number in range(len(table))],
            "corpus": name,
            "title": _titles(table, title_column),
            "text": _strings(table, text_column),
            "label": read_labels(table[label_column], f"column {label_column!r} of {path}"),
            "label_original": table[label_column].astype(str).astype(object),
            "source": groups.astype(object),
            "date": _strings(table, date_column),
            "family": [f"{name}:{g}" if g else name for g in groups],
            "role": "evaluate",
        }
    )
    frame["group"] = merge_groups(near_duplicates(frame["text"]), [None] * len(frame))
    check_learnable(frame, str(path))
    refuse_leaks(frame, str(path))
    return frame[list(COLUMNS)]


def load_own(folder: Path | str) -> pd.DataFrame:
    """Return the project's own labelled corpus (``data/corpus``) as a frame of articles.

    Its articles come in contrast pairs: a pair is one group, so that no split parts it. Articles of the
    split ``test`` have the role ``heldout``: nothing is trained on them.
    """
    tables = [read_table(path) for path in _tables_in(Path(folder))]
    if not tables:
        raise InvalidCorpus(f"no articles in {folder}: wanted .jsonl files with id, text and risk")
    table = pd.concat(tables, ignore_index=True)
    _need_columns(table, ["id", "text", "risk"], str(folder))
    pairs = [
        None if _missing(p) or p == "" else crc32(str(p).encode()) for p in _column(table, "pair")
    ]
    frame = pd.DataFrame(
        {
            "id": table["id"].astype(str).astype(object),
            "corpus": "reportedly",
            "title": _titles(table),
            "text": _strings(table, "text"),
            "label": read_labels(table["risk"], f"column 'risk' of {folder}"),
            "label_original": table["risk"].astype(str).astype(object),
            "source": _strings(table, "outlet"),
            "date": _strings(table, "date"),
            "family": "reportedly",
            "role": ["heldout" if s == "test" else "train" for s in _strings(table, "split")],
        }
    )
    frame["group"] = merge_groups(near_duplicates(frame["text"]), pairs)
    check_learnable(frame, str(folder))
    return frame[list(COLUMNS)]


def read_table(path: Path) -> pd.DataFrame:
    """Return the table in `path`, with plain Python strings whatever pandas made of them.

    Raises
    ------
    InvalidCorpus
        When the file is missing, of no known kind, or broken.
    """
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise InvalidCorpus(
            f"{path}: got a {suffix or 'nameless'} file, wanted {', '.join(_SUFFIXES)}"
        )
    try:
        if suffix == ".parquet":
            table = pd.read_parquet(path)
        elif suffix in {".csv", ".tsv"}:
            table = pd.read_csv(path, sep="\t" if suffix == ".tsv" else ",")
        else:
            lines = path.read_text(encoding="utf-8").splitlines()
            table = pd.DataFrame([json.loads(line) for line in lines if line.strip()])
    except (OSError, ValueError, pd.errors.ParserError) as error:
        raise InvalidCorpus(
            f"{path}: cannot be read as a table ({str(error).splitlines()[0]})"
        ) from error
    texts = {c: object for c in table.columns if isinstance(table[c].dtype, pd.StringDtype)}
    return table.astype(texts)


_UNRELIABLE = frozenset(
    ["1", "1.0", "true", "fake", "false", "unreliable", "high", "misinformation"]
) - {
    "true",
    "false",
}
_RELIABLE = frozenset(["0", "0.0", "real", "reliable", "low", "legit"])


def read_labels(values: Iterable[object], where: str = "labels") -> npt.NDArray[np.float64]:
    """Return 1.0 for unreliable, 0.0 for reliable and NaN for neither, for each of `values`.

    Numbers and booleans mean what they say (1 and True: unreliable); the words are unreliable, fake,
    misinformation, high; reliable, real, legit, low. ``true`` and ``false`` as words are refused:
    they may speak of the article or of the risk.
    """
    out: list[float] = []
    for value in values:
        word = "" if _missing(value) else str(value).strip().lower()
        if isinstance(value, bool | np.bool_):
            out.append(float(value))
        elif word in {"", "nan", "none", "mixed"}:
            out.append(float("nan"))
        elif word in _UNRELIABLE:
            out.append(1.0)
        elif word in _RELIABLE:
            out.append(0.0)
        else:
            raise InvalidCorpus(
                f"{where}: got the label {value!r}, wanted 1 (unreliable), 0 (reliable) or nothing"
            )
    return np.array(out)


def _missing(value: object) -> bool:
    """Tell whether a cell of a table holds nothing."""
    return value is None or value is pd.NA or (isinstance(value, float) and isnan(value))


def check_learnable(frame: pd.DataFrame, where: str) -> None:
    """Refuse a frame that nothing can be learnt from: too few labelled articles, or one class."""
    labels = frame["label"].dropna()
    if len(labels) < LEAST_ROWS:
        raise InvalidCorpus(
            f"{where}: got {len(labels)} labelled articles, wanted at least {LEAST_ROWS}"
        )
    counts = labels.value_counts()
    if len(counts) < 2:
        raise InvalidCorpus(
            f"{where}: got one class only ({labels.iloc[0]:.0f}), wanted both 0 and 1"
        )
    if counts.min() < LEAST_ROWS // 4:
        raise InvalidCorpus(
            f"{where}: got {counts.min()} articles of one class, wanted at least {LEAST_ROWS // 4}"
        )


def refuse_leaks(frame: pd.DataFrame, where: str) -> None:
    """Refuse a table whose text, title or group gives the label away by itself.

    A leak is a column with as many values as classes that maps onto them, or an opening word that
    nearly all articles of one class share and none of the other has, as wire datelines do.
    """
    known = frame[frame["label"].notna()]
    labels = known["label"].to_numpy()
    for column in ("text", "title", "source"):
        values = known[column].astype(str)
        if (
            len(values.unique()) in range(2, max(2, len(values) // 50) + 1)
            and known.groupby(values)["label"].agg(np.ptp).max() == 0
        ):
            raise InvalidCorpus(
                f"{where}: the {column} column gives the label away: each of its {len(values.unique())} values goes with one label"
            )
    heads = [frozenset(text.split()[:3]) for text in known["text"]]
    for word in set().union(*heads):
        has = np.array([word in head for head in heads])
        shares = [has[labels == label].mean() for label in (0.0, 1.0)]
        if max(shares) > 0.9 and min(shares) < 0.02:
            raise InvalidCorpus(
                f"{where}: the text leaks its label: {word!r} opens {max(shares):.0%} of one class and {min(shares):.0%} of the other; strip it first"
            )


def merge_groups(found: Iterable[int], known: Sequence[int | None]) -> Ints:
    """Return one group a row that joins rows equal in either of two groupings; None groups nothing."""
    found = list(found)
    parent = list(range(len(found)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for grouping in (found, known):
        first: dict[int, int] = {}
        for i, group in enumerate(grouping):
            if group is not None:
                parent[root(i)] = root(first.setdefault(int(group), i))
    return np.array([root(i) for i in range(len(found))], dtype=np.int64)


_SHINGLE, _SKETCH, _BANDS = 5, 24, 8


def near_duplicates(texts: Iterable[str]) -> Ints:
    """Return one group a text, by shared samples of its five-word shingles.

    Each text keeps the smallest hash of its shingles under 24 permutations (MinHash: Broder 1997, On
    the resemblance and containment of documents); two texts that agree on three in a row of any of
    eight bands are near duplicates: about 8 in 10 of the pairs with Jaccard similarity .6.
    """
    buckets: dict[bytes, int] = {}
    keys = [near_duplicate_keys(text) for text in texts]
    merged: Sequence[int] = list(range(len(keys)))
    for band in range(_BANDS):
        grouping = [buckets.setdefault(own[band], len(buckets)) if own else None for own in keys]
        merged = merge_groups(merged, grouping).tolist()
    return np.array(merged, dtype=np.int64)


def near_duplicate_keys(text: str) -> tuple[bytes, ...]:
    """Return the keys of a text, one a band; texts that share a key are near duplicates. None for a few words."""
    factors, offsets = _permutations()
    sketch = _sketch(text, factors, offsets)
    if sketch is None:
        return ()
    size = _SKETCH // _BANDS
    return tuple(
        bytes([band]) + sketch[band * size : (band + 1) * size].tobytes() for band in range(_BANDS)
    )


@cache
def _permutations() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Return the factors and offsets of the permutations."""
    rng = np.random.default_rng(0)
    factors = rng.integers(1, 2**31, size=_SKETCH, dtype=np.uint64) | np.uint64(1)
    return factors, rng.integers(0, 2**31, size=_SKETCH, dtype=np.uint64)


def _sketch(
    text: str, factors: npt.NDArray[np.uint64], offsets: npt.NDArray[np.uint64]
) -> npt.NDArray[np.uint32] | None:
    """Return the MinHash of a text's shingles, or None where it has too few words."""
    words = text.lower().split()[:2000]
    if len(words) < 4 * _SHINGLE:
        return None
    codes = np.fromiter(
        (crc32(w.encode("utf-8", "surrogatepass")) for w in words), np.uint64, len(words)
    )
    shingles = codes[: len(words) - _SHINGLE + 1].copy()
    for step in range(1, _SHINGLE):
        shingles = shingles * np.uint64(1_000_003) + codes[step : len(words) - _SHINGLE + 1 + step]
    hashes = (shingles[:, None] * factors + offsets) >> np.uint64(32)
    smallest: npt.NDArray[np.uint32] = hashes.min(axis=0).astype(np.uint32)
    return smallest


def families_of(frame: pd.DataFrame) -> list[frozenset[str]]:
    """Return the families of each row."""
    return [frozenset(str(f).split("|")) for f in frame["family"]]


def groups_by_family(frame: pd.DataFrame) -> dict[str, set[int]]:
    """Return the near-duplicate groups that each family has articles in."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for families, group in zip(families_of(frame), frame["group"], strict=True):
        for family in families:
            found[family].add(int(group))
    return dict(found)


def _tables_in(folder: Path) -> list[Path]:
    """Return the tables in `folder`, in order of name."""
    if not folder.is_dir():
        raise InvalidCorpus(f"{folder}: no such folder of tables")
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES)


def _articles(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return the articles of one table in the documented schema, without groups."""
    _need_columns(table, _SCHEMA, str(path))
    if "kind" in table:
        table = table[table["kind"].astype(str) == "article"]
    labels = read_labels(table["label"], f"{path}, column 'label'")
    corpora = [describe(str(name)) for name in table["corpus"]]
    return pd.DataFrame(
        {
            "id": table["id"].astype(str).astype(object).to_numpy(),
            "corpus": [corpus.name for corpus in corpora],
            "title": _titles(table).to_numpy(),
            "text": _strings(table, "text").to_numpy(),
            "label": labels,
            "label_original": _strings(table, "label_original").to_numpy(),
            "source": _strings(table, "source").to_numpy(),
            "date": _strings(table, "date").to_numpy(),
            "family": [corpus.family(label) for corpus, label in zip(corpora, labels, strict=True)],
            "role": [corpus.role for corpus in corpora],
        }
    )


def _need_columns(table: pd.DataFrame, wanted: Sequence[str], where: str) -> None:
    """Refuse a table that lacks a column."""
    missing = [column for column in wanted if column not in table]
    if missing:
        raise InvalidCorpus(
            f"{where}: no column {', '.join(map(repr, missing))}; it has {', '.join(map(repr, table.columns))}"
        )


def _column(table: pd.DataFrame, name: str) -> list[object]:
    """Return a column's values, or None for each row where there is none."""
    return list(table[name]) if name in table else [None] * len(table)


def _titles(table: pd.DataFrame, name: str | None = None) -> pd.Series[str]:
    """Return the headlines in the column `name`, or in the one that has a usual name for them."""
    return _strings(table, name or headlines.title_column(list(map(str, table.columns))) or "title")


def _strings(table: pd.DataFrame, name: str) -> pd.Series[str]:
    """Return a column as plain strings, empty where it or a value is missing."""
    if name not in table:
        return pd.Series("", index=table.index, dtype=object)
    return table[name].astype(object).where(table[name].notna(), "").astype(str).astype(object)
