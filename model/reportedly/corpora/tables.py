"""Read tables of labelled articles, public or a user's own, and group what no split may separate.

Every article becomes one row of a frame with the columns :data:`ARTICLE_COLUMNS`. Two columns say what must
stay on one side of any split: ``family``, the fact-checking organisations that an article's label comes
from (several corpora may share one), and ``group``, its near duplicates, within and across corpora.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from math import isnan
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportedly.corpora.duplicates import merge_groups, near_duplicates
from reportedly.corpora.registry import describe_corpus
from reportedly.errors import InvalidCorpus
from reportedly.reading import headlines

ARTICLE_COLUMNS = (
    "id", "corpus", "title", "text", "label", "label_original",
    "source", "date", "family", "group", "role",
)  # fmt: skip
"""The columns of a frame of articles; `label` is 1.0 for unreliable, 0.0 for reliable, NaN for neither."""

_SCHEMA = ("id", "corpus", "text", "label")
_GROUPS_FILE = "near_duplicate_groups"
_SUFFIXES = (".parquet", ".csv", ".tsv", ".jsonl", ".ndjson")
LEAST_ROWS = 20
"""The least number of labelled articles to train on and measure."""


def load_corpora(*folders: Path | str) -> pd.DataFrame:
    """Return every article of the tables in `folders`, one row each, with :data:`ARTICLE_COLUMNS`.

    A table is a parquet, CSV, TSV or JSONL file with at least ``id``, ``corpus``, ``text`` and
    ``label``; a column ``kind`` other than ``article`` drops the row. A table of ``id`` and ``group``
    named ``near_duplicate_groups`` adds known near duplicates; others are found here.

    Raises
    ------
    InvalidCorpus
        When a folder is missing or has no such table.
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
            f"no table of articles in {', '.join(map(str, folders))}: expected "
            f"{', '.join(_SUFFIXES)} files with the columns {', '.join(_SCHEMA)}"
        )
    frame = pd.concat(tables, ignore_index=True)
    found = merge_groups(near_duplicates(frame["text"]), [known.get(i) for i in frame["id"]])
    frame["group"] = merge_groups(found, [_pair(identifier) for identifier in frame["id"]])
    return frame[list(ARTICLE_COLUMNS)]


_PAIR = re.compile(r"^(perezrosas2018_\w+):(?:fake|legit)/(\w+)\.")


def _pair(identifier: str) -> int | None:
    """Return the pair of an article in a corpus of pairs: a fake written for each real story."""
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
    """Return a user's own table as a frame of articles with :data:`ARTICLE_COLUMNS`.

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
    groups = _strings(table, group_column) if group_column else pd.Series("", index=table.index)
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
            "family": name,
            "role": "evaluate",
        }
    )
    frame["group"] = merge_groups(near_duplicates(frame["text"]), [None] * len(frame))
    check_learnable(frame, str(path))
    refuse_leaks(frame, str(path))
    return frame[list(ARTICLE_COLUMNS)]


def load_own(folder: Path | str) -> pd.DataFrame:
    """Return the project's own labelled corpus (``data/corpus``) as a frame of articles.

    Its articles come in contrast pairs: a pair is one group, so that no split separates it. Articles of the
    split ``test`` have the role ``heldout``: nothing is trained on them.
    """
    tables = [read_table(path) for path in _tables_in(Path(folder))]
    if not tables:
        raise InvalidCorpus(
            f"no articles in {folder}: expected .jsonl files with id, text and risk"
        )
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
    return frame[list(ARTICLE_COLUMNS)]


def read_table(path: Path) -> pd.DataFrame:
    """Return the table in `path`, with its text as plain Python strings.

    Raises
    ------
    InvalidCorpus
        When the file is missing, of an unknown kind, or damaged.
    """
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise InvalidCorpus(
            f"{path}: got a {suffix or 'nameless'} file, expected {', '.join(_SUFFIXES)}"
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


_UNRELIABLE = frozenset(["1", "1.0", "fake", "unreliable", "high", "misinformation"])
_RELIABLE = frozenset(["0", "0.0", "real", "reliable", "low", "legit"])


def read_labels(values: Iterable[object], where: str = "labels") -> npt.NDArray[np.float64]:
    """Return 1.0 for unreliable, 0.0 for reliable and NaN for neither, for each of `values`.

    The number 1 and True mean unreliable, 0 and False reliable; the words are unreliable, fake,
    misinformation, high; reliable, real, legit, low. ``true`` and ``false`` as words are refused:
    it is unclear whether they describe the article or the risk.
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
                f"{where}: got the label {value!r}, expected 1 (unreliable), 0 (reliable) or nothing"
            )
    return np.array(out)


def _missing(value: object) -> bool:
    """Tell whether a cell of a table is empty."""
    return value is None or value is pd.NA or (isinstance(value, float) and isnan(value))


def check_learnable(frame: pd.DataFrame, where: str) -> None:
    """Raise InvalidCorpus if a frame cannot be trained on: too few labelled articles, or only one class."""
    labels = frame["label"].dropna()
    if len(labels) < LEAST_ROWS:
        raise InvalidCorpus(
            f"{where}: got {len(labels)} labelled articles, expected at least {LEAST_ROWS}"
        )
    counts = labels.value_counts()
    if len(counts) < 2:
        raise InvalidCorpus(
            f"{where}: got one class only ({labels.iloc[0]:.0f}), expected both 0 and 1"
        )
    if counts.min() < LEAST_ROWS // 4:
        raise InvalidCorpus(
            f"{where}: got {counts.min()} articles of one class, expected at least {LEAST_ROWS // 4}"
        )


def refuse_leaks(frame: pd.DataFrame, where: str) -> None:
    """Raise InvalidCorpus if the text, title or group of a table gives the label away.

    A leak is a column with one value per class, or an opening word that
    nearly all articles of one class share and none of the other, such as the dateline of a wire service.
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


def _tables_in(folder: Path) -> list[Path]:
    """Return the tables in `folder`, sorted by name."""
    if not folder.is_dir():
        raise InvalidCorpus(f"{folder}: no such folder of tables")
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES)


def _articles(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return the articles of one table in the documented schema, without groups."""
    _need_columns(table, _SCHEMA, str(path))
    if "kind" in table:
        table = table[table["kind"].astype(str) == "article"]
    labels = read_labels(table["label"], f"{path}, column 'label'")
    corpora = [describe_corpus(str(name)) for name in table["corpus"]]
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
    """Raise InvalidCorpus if a table lacks a column."""
    missing = [column for column in wanted if column not in table]
    if missing:
        raise InvalidCorpus(
            f"{where}: no column {', '.join(map(repr, missing))}; it has {', '.join(map(repr, table.columns))}"
        )


def _column(table: pd.DataFrame, name: str) -> list[object]:
    """Return a column's values; None for each row if there is no such column."""
    return list(table[name]) if name in table else [None] * len(table)


def _titles(table: pd.DataFrame, name: str | None = None) -> pd.Series[str]:
    """Return the headlines in the column `name`, or in a column with a usual name for them."""
    return _strings(table, name or headlines.title_column(list(map(str, table.columns))) or "title")


def _strings(table: pd.DataFrame, name: str) -> pd.Series[str]:
    """Return a column as plain strings; empty if the column or a value is missing."""
    if name not in table:
        return pd.Series("", index=table.index, dtype=object)
    return table[name].astype(object).where(table[name].notna(), "").astype(str).astype(object)
