"""Check and count an annotated corpus in the schema of ``data/README.md``.

``check`` finds records that break the schema (bad offsets, unknown classes, missing keys), repeated articles
(identical or nearly so, and not declared a contrast pair), and what would let a model
cheat (length or outlet alone predict the label).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import numpy as np

from reportedly.corpora.duplicates import near_duplicates
from reportedly.corpora.gold import rows
from reportedly.datamodel import FOLDED_SUPPORTS, HEDGE_KINDS, SOURCE_CLASSES, UNVERIFIED_SUPPORTS
from reportedly.errors import InvalidCorpus

DESKS = (
    "politics", "conflict", "health", "science", "business", "crime", "sport", "celebrity", "local",
    "technology", "disaster",
)  # fmt: skip
GENRES = ("news", "opinion", "satire", "press_release")
SPLITS = ("train", "dev", "test")

_KEYS: dict[str, type | tuple[type, ...]] = {
    "id": str, "title": str, "text": str, "outlet": str, "desk": str, "genre": str, "date": str, "risk": int,
    "rationale": str, "split": str, "sentences": list,
}  # fmt: skip
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_LEAK = 0.10
"""AUC above .50 beyond which length or outlet alone is reported as a leak."""

_FEWEST = 40
"""The least number of articles for which a baseline is reported."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: where, and what."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def read_records(path: str | Path) -> list[tuple[dict[str, Any], str]]:
    """Return the records of a corpus file or folder, each with its file and line.

    Raises
    ------
    InvalidCorpus
        When there is nothing to read or a line is not a JSON object.
    """
    place = Path(path)
    files = sorted(place.glob("*.jsonl")) if place.is_dir() else [place]
    records = [pair for file in files for pair in rows(file)]
    if not records:
        raise InvalidCorpus(f"{path}: no records; expected JSONL files, one article per line")
    return records


def check(records: Sequence[tuple[Mapping[str, Any], str]]) -> list[Problem]:
    """Return all problems of `records`: those of single records in order, then those of the whole corpus."""
    problems = [problem for record, where in records for problem in _check_record(record, where)]
    if problems:  # the checks below need valid records
        return problems
    articles = [record for record, _ in records]
    return [
        *_repeated_ids(articles),
        *_near_duplicates(articles),
        *_split_pairs(articles),
        *leaks(articles),
    ]


def _check_record(record: Mapping[str, Any], where: str) -> Iterator[Problem]:
    """Yield what breaks the schema in one record."""
    for key, kind in _KEYS.items():
        if not isinstance(record.get(key), kind) or isinstance(record.get(key), bool):
            got = type(record.get(key)).__name__
            yield Problem(where, f"{key}: got {got}, expected {getattr(kind, '__name__', kind)}")
            return
    allowed = {"desk": DESKS, "genre": GENRES, "split": SPLITS, "risk": (0, 1)}
    for key, values in allowed.items():
        if record[key] not in values:
            yield Problem(where, f"{key}: got {record[key]!r}, expected one of {values}")
    if not _DATE.fullmatch(record["date"]):
        yield Problem(where, f"date: got {record['date']!r}, expected YYYY-MM-DD")
    at = 0
    for number, sentence in enumerate(record["sentences"]):
        place = f"{where} sentence {number}"
        yield from _check_sentence(record["text"], sentence, place, at)
        at = sentence.get("end", at) if isinstance(sentence.get("end"), int) else at
    yield from _uncovered(record, where)


def _check_sentence(
    text: str, sentence: Mapping[str, Any], where: str, at: int
) -> Iterator[Problem]:
    """Yield what is wrong with one sentence that must begin at or after `at`."""
    start, end = sentence.get("start"), sentence.get("end")
    if not isinstance(start, int) or not isinstance(end, int) or not at <= start < end <= len(text):
        yield Problem(where, f"offsets {start}–{end}: expected {at} <= start < end <= {len(text)}")
        return
    yield from _check_roles(text, sentence, where, (start, end))
    yield from _check_claim(sentence, where)


def _check_roles(
    text: str, sentence: Mapping[str, Any], where: str, within: tuple[int, int]
) -> Iterator[Problem]:
    """Yield what is wrong with a sentence's attributions and hedges."""
    for attribution in sentence.get("attribution", ()):
        if attribution.get("class") not in SOURCE_CLASSES:
            got = attribution.get("class")
            yield Problem(where, f"class {got!r}: expected one of {SOURCE_CLASSES}")
        for role in ("source", "cue"):
            if attribution.get(role) is not None:
                yield from _check_span(text, attribution[role], where, within)
    for hedge in sentence.get("hedges", ()):
        yield from _check_span(text, hedge, where, within)
        kind, voice = hedge.get("kind"), hedge.get("voice")
        if kind not in HEDGE_KINDS or voice not in {"reporter", "source"}:
            yield Problem(where, f"hedge {hedge.get('text')!r}: kind {kind!r}, voice {voice!r}")


def _check_claim(sentence: Mapping[str, Any], where: str) -> Iterator[Problem]:
    """Yield what is wrong with a sentence's anonymity, support and furniture marks."""
    if sentence.get("anonymity") not in {None, "granted", "granted_with_reason"}:
        yield Problem(where, f"anonymity {sentence.get('anonymity')!r}: unknown")
    support, checkworthy = sentence.get("support"), sentence.get("checkworthy")
    if bool(checkworthy) != (support is not None):
        yield Problem(
            where, f"support {support!r} with checkworthy {checkworthy!r}: one needs the other"
        )
    if support is not None and support not in FOLDED_SUPPORTS:
        yield Problem(where, f"support {support!r}: expected one of {FOLDED_SUPPORTS}")
    marked = any(sentence.get(key) for key in ("attribution", "hedges", "checkworthy", "anonymity"))
    if sentence.get("furniture") and marked:
        yield Problem(where, "page furniture is annotated")


def _check_span(
    text: str, span: Mapping[str, Any], where: str, within: tuple[int, int]
) -> Iterator[Problem]:
    """Yield a problem if a span's offsets and words disagree, or if it is not inside its sentence."""
    start, end, words = span.get("start"), span.get("end"), span.get("text")
    if (
        not isinstance(start, int)
        or not isinstance(end, int)
        or text[start:end] != words
        or start >= end
    ):
        yield Problem(where, f"offsets {start}–{end} do not give {words!r}")
    elif not within[0] <= start < end <= within[1]:
        yield Problem(where, f"{words!r} lies outside its sentence")


def _uncovered(record: Mapping[str, Any], where: str) -> Iterator[Problem]:
    """Yield the ranges of text that no sentence covers."""
    at, text = 0, record["text"]
    for sentence in [*record["sentences"], {"start": len(text), "end": len(text)}]:
        gap = text[at : sentence["start"]]
        if gap.strip():
            yield Problem(where, f"no sentence covers {gap.strip()[:40]!r}")
        at = sentence["end"]


def _repeated_ids(articles: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    for key, number in Counter(article["id"] for article in articles).items():
        if number > 1:
            yield Problem(key, f"id occurs {number} times")


def _near_duplicates(articles: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """Yield pairs of articles that training takes for near duplicates, and that are not declared a pair."""
    alike: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    groups = near_duplicates(article["text"] for article in articles)
    for group, article in zip(groups.tolist(), articles, strict=True):
        alike[group].append(article)
    for one, other in chain.from_iterable(combinations(same, 2) for same in alike.values()):
        if one.get("pair") is None or one.get("pair") != other.get("pair"):
            where = f"{one['id']} and {other['id']}"
            yield Problem(where, "near-duplicates, not declared a pair")


def _split_pairs(articles: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """Yield contrast pairs that the split separates, or whose labels are the same."""
    pairs: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for article in articles:
        if article.get("pair") is not None:
            pairs[article["pair"]].append(article)
    for name, members in pairs.items():
        if len({m["split"] for m in members}) > 1:
            yield Problem(name, "a contrast pair is on both sides of the split")
        if len(members) != 2 or len({m["risk"] for m in members}) != 2:
            yield Problem(name, "a contrast pair needs one article of each risk label")


def leaks(articles: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """Yield a problem if length or outlet alone predicts the risk label."""
    if len({article["risk"] for article in articles}) < 2 or len(articles) < _FEWEST:
        return
    for name in ("length", "outlet"):
        found = baseline(articles, name)
        if found > 0.5 + _LEAK:
            what = f"{name} alone predicts the label: AUC {found:.2f}, expected at most {0.5 + _LEAK:.2f}"
            yield Problem("whole corpus", what)


def baseline(articles: Sequence[Mapping[str, Any]], name: str) -> float:
    """Return the AUC of a model of one property alone on the risk labels.

    `name` is ``length`` (number of words), ``outlet`` or ``words`` (bag of words, TF-IDF). Logistic regression,
    five folds that keep the articles of a contrast pair together; if every outlet has as many risky as other
    articles, an honest outlet model falls below .50.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - slow to import
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.preprocessing import OneHotEncoder, StandardScaler  # noqa: PLC0415

    risk = np.array([article["risk"] for article in articles])
    story = [article.get("pair") or article["id"] for article in articles]
    texts = np.array(
        [f"{article['title']}\n{article['text']}" for article in articles], dtype=object
    )
    inputs = {
        "length": np.array([[len(text.split())] for text in texts], dtype=float),
        "outlet": np.array([[article["outlet"]] for article in articles], dtype=object),
        "words": texts,
    }
    steps = {
        "length": StandardScaler(),
        "outlet": OneHotEncoder(handle_unknown="ignore"),
        "words": TfidfVectorizer(min_df=2, sublinear_tf=True),
    }
    model = make_pipeline(steps[name], LogisticRegression(C=10, max_iter=1000))
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=0)
    scores = cross_val_predict(
        model, inputs[name], risk, groups=story, cv=folds, method="predict_proba"
    )
    return float(roc_auc_score(risk, scores[:, 1]))


def stats(articles: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the counts that describe a corpus: articles, sentences, labels, in tables by name."""
    sentences = [s for article in articles for s in article["sentences"]]
    body = [s for s in sentences if not s.get("furniture")]
    words = sorted(len(article["text"].split()) for article in articles)
    risky = [article["risk"] for article in articles]
    return {
        "articles": len(articles),
        "risk 1": sum(risky),
        "contrast pairs": len({a["pair"] for a in articles if a.get("pair")}),
        "outlets": len({a["outlet"] for a in articles}),
        "words": {
            "least": words[0],
            "median": words[len(words) // 2],
            "most": words[-1],
            "all": sum(words),
        },
        "by desk": _by(articles, "desk"),
        "by genre": _by(articles, "genre"),
        "by split": _by(articles, "split"),
        "sentences": len(sentences),
        "furniture": len(sentences) - len(body),
        "attributions by class": dict(
            Counter(a["class"] for s in body for a in s["attribution"]).most_common()
        ),
        "sentences with an attribution": sum(bool(s["attribution"]) for s in body),
        "sentences with anonymity granted": sum(s["anonymity"] is not None for s in body),
        "hedges by kind": dict(Counter(h["kind"] for s in body for h in s["hedges"]).most_common()),
        "check-worthy": sum(s["checkworthy"] for s in body),
        "support": dict(Counter(s["support"] for s in body if s["support"]).most_common()),
        "unverified": sum(s["support"] in UNVERIFIED_SUPPORTS for s in body),
        "AUC of baselines": _baselines(articles),
    }


def _baselines(articles: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the AUC of each baseline, if there are enough articles."""
    if len(articles) < _FEWEST or len({article["risk"] for article in articles}) < 2:
        return {}
    return {name: f"{baseline(articles, name):.2f}" for name in ("words", "length", "outlet")}


def _by(articles: Sequence[Mapping[str, Any]], key: str) -> dict[str, dict[str, int]]:
    """Return the number of articles of each risk label for every value of `key`."""
    table: dict[str, dict[str, int]] = {}
    for article in sorted(articles, key=lambda a: str(a[key])):
        row = table.setdefault(str(article[key]), {"risk 0": 0, "risk 1": 0})
        row[f"risk {article['risk']}"] += 1
    return table
