"""What changed between two versions of an article: sources, hedges, support, risk.

Sentences of the two versions are aligned first: equal ones by their words, then, between these, the
most alike (at least half their words in common). Everything else is told along aligned sentences, so
that a source counts as un-named only where the same statement has lost its name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from reportedly.datamodel import Assessment, payload
from reportedly.datamodel.payload import sentences_by_source

COMPARISON_SCHEMA = "reportedly/comparison/1"

_ALIKE = 0.5
_LARGEST_GAP = 60
"""Changed sentences in a row within which the most alike are sought: the search is quadratic."""
_MOST_MEETINGS = 1_000_000
"""Pairs of equal sentences in two versions above which the commonest ones no longer anchor the alignment."""
_IDENTIFIED = {"named_person", "named_organisation", "document"}
_HIDDEN = {"unnamed", "vague"}
_RANKS = {"record": 5, "named": 4, "common": 4, "press": 3, "unnamed": 2, "vague": 1, "none": 0}
_WORD = re.compile(r"\w+")

Pair = tuple[int, int]
"""The numbers, from 0, of two aligned sentences."""


def compare(old: Assessment, new: Assessment) -> dict[str, Any]:
    """Return what changed from `old` to `new` as plain values."""
    before, after = old.to_dict(), new.to_dict()
    pairs = align(_sentences(old, before), _sentences(new, after))
    return {
        "schema": COMPARISON_SCHEMA,
        "old": _heading(before, old),
        "new": _heading(after, new),
        "risk": _moved(before["risk"]["score"], after["risk"]["score"]),
        "signals": {
            name: _moved(signal["score"], after["signals"].get(name, {}).get("score"))
            for name, signal in before["signals"].items()
        },
        "sources": _sources(before, after, pairs),
        "hedges": list(_hedges(before, after, pairs)),
        "support": list(_support(before, after, pairs, (old, new))),
        "claims": _claims(before, after, pairs),
        "sentences": {
            "kept": len(pairs),
            "removed": _count(before) - len(pairs),
            "added": _count(after) - len(pairs),
        },
    }


def _heading(account: dict[str, Any], assessment: Assessment) -> dict[str, Any]:
    document, risk = account["document"], account["risk"]
    return {
        "id": document["id"],
        "title": payload.headline(account, assessment.annotated.text),
        "words": document["words"],
        "band": risk["band"],
        "interval": risk["interval"],
        "abstained": risk["abstained"],
    }


def _moved(old: float | None, new: float | None) -> dict[str, float | None]:
    change = None if old is None or new is None else round(new - old, 2)
    return {"old": old, "new": new, "change": change}


def _count(account: dict[str, Any]) -> int:
    return sum(not row["furniture"] for row in account["sentences"])


def _sentences(
    assessment: Assessment, account: dict[str, Any]
) -> list[tuple[int, tuple[str, ...]]]:
    """Return the number and the words of each sentence that is no furniture."""
    text = assessment.annotated.text
    return [
        (number, tuple(_WORD.findall(text[row["start"] : row["end"]].casefold())))
        for number, row in enumerate(account["sentences"])
        if not row["furniture"]
    ]


def align(
    old: list[tuple[int, tuple[str, ...]]], new: list[tuple[int, tuple[str, ...]]]
) -> list[Pair]:
    """Return the pairs of sentences that correspond, in order.

    Parameters
    ----------
    old, new
        A number and the words of each sentence.
    """
    before, after = [w for _, w in old], [w for _, w in new]
    # Words repeated often ("he said") must not be left out, unless they alone would take minutes.
    repeated = Counter(before)
    meetings = sum(repeated[words] for words in after)
    matcher = SequenceMatcher(None, before, after, autojunk=meetings > _MOST_MEETINGS)
    pairs: list[Pair] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            pairs += [(old[a + i][0], new[c + i][0]) for i in range(b - a)]
        elif kind == "replace" and max(b - a, d - c) <= _LARGEST_GAP:
            pairs += _alike(old[a:b], new[c:d])
    return sorted(pairs)


def _alike(
    old: list[tuple[int, tuple[str, ...]]], new: list[tuple[int, tuple[str, ...]]]
) -> Iterator[Pair]:
    """Yield pairs by falling likeness, each sentence once."""
    ranked = sorted(
        ((likeness(x, y), i, j) for i, x in old for j, y in new),
        key=lambda item: (-item[0], item[1], item[2]),
    )
    used_old, used_new = set[int](), set[int]()
    for score, i, j in ranked:
        if score < _ALIKE:
            return
        if i not in used_old and j not in used_new:
            used_old.add(i)
            used_new.add(j)
            yield i, j


def likeness(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """Return the Dice coefficient of two sentences' words: 1 where they are the same, 0 where none is."""
    if not a or not b:
        return 0.0
    return 2 * (Counter(a) & Counter(b)).total() / (len(a) + len(b))


def _sources(
    before: dict[str, Any], after: dict[str, Any], pairs: list[Pair]
) -> dict[str, list[dict[str, Any]]]:
    """Return sources that lost or gained their name over the same statements, and those that came or went."""
    behind_old, behind_new = _behind(before), _behind(after)
    lost: dict[tuple[str, str], list[int]] = {}
    gained: dict[tuple[str, str], list[int]] = {}
    for i, j in pairs:
        old_sources, new_sources = behind_old.get(i, []), behind_new.get(j, [])
        _swaps(old_sources, new_sources, _IDENTIFIED, _HIDDEN, lost, j + 1)
        _swaps(old_sources, new_sources, _HIDDEN, _IDENTIFIED, gained, j + 1)
    swapped = {*lost, *gained}
    gone = {old for old, _ in swapped}
    came = {new for _, new in swapped}
    old_labels = {s["label"].casefold() for s in before["sources"]}
    new_labels = {s["label"].casefold() for s in after["sources"]}
    return {
        "unnamed": [{"old": o, "new": n, "sentences": rows} for (o, n), rows in lost.items()],
        "named": [{"old": o, "new": n, "sentences": rows} for (o, n), rows in gained.items()],
        "removed": [
            {"label": s["label"], "class": s["class"]}
            for s in before["sources"]
            if s["label"].casefold() not in new_labels and s["label"] not in gone
        ],
        "added": [
            {"label": s["label"], "class": s["class"]}
            for s in after["sources"]
            if s["label"].casefold() not in old_labels and s["label"] not in came
        ],
    }


def _behind(account: dict[str, Any]) -> dict[int, list[dict[str, Any]]]:
    """Return the sources that vouch in each sentence, by its number from 0."""
    where = sentences_by_source(account)
    found: dict[int, list[dict[str, Any]]] = {}
    for source in account["sources"]:
        for number in where.get(source["id"], []):
            found.setdefault(number - 1, []).append(source)
    return found


def _swaps(
    old: list[dict[str, Any]],
    new: list[dict[str, Any]],
    old_classes: set[str],
    new_classes: set[str],
    into: dict[tuple[str, str], list[int]],
    sentence: int,
) -> None:
    """Note where a source of `old_classes` stands behind a sentence no more, and one of `new_classes` does."""
    kept = {s["label"].casefold() for s in old} & {s["label"].casefold() for s in new}
    went = [s for s in old if s["class"] in old_classes and s["label"].casefold() not in kept]
    came = [s for s in new if s["class"] in new_classes and s["label"].casefold() not in kept]
    if went and came:
        into.setdefault((went[0]["label"], came[0]["label"]), []).append(sentence)


def _hedges(
    before: dict[str, Any], after: dict[str, Any], pairs: list[Pair]
) -> Iterator[dict[str, Any]]:
    """Yield the hedges that aligned sentences lost or gained."""
    old, new = _by_sentence(before), _by_sentence(after)
    for i, j in pairs:
        had, has = Counter(old.get(i, [])), Counter(new.get(j, []))
        for change, hedges in (("dropped", had - has), ("added", has - had)):
            for words, kind in hedges.elements():
                yield {"change": change, "words": words, "kind": kind, "sentence": j + 1}


def _by_sentence(account: dict[str, Any]) -> dict[int, list[tuple[str, str]]]:
    """Return the hedges (words, kind) of each sentence."""
    found: dict[int, list[tuple[str, str]]] = {}
    hedges = sorted(account["hedges"], key=lambda hedge: hedge["start"])
    number, rows = 0, account["sentences"]
    for hedge in hedges:
        while number + 1 < len(rows) and rows[number + 1]["start"] <= hedge["start"]:
            number += 1
        found.setdefault(number, []).append((hedge["text"].casefold(), hedge["kind"]))
    return found


def _support(
    before: dict[str, Any],
    after: dict[str, Any],
    pairs: list[Pair],
    versions: tuple[Assessment, Assessment],
) -> Iterator[dict[str, Any]]:
    """Yield the claims whose support changed; `change` is lost where it left the claim unverified."""
    for i, j in pairs:
        old, new = before["sentences"][i], after["sentences"][j]
        if old["support"] is None or new["support"] is None or old["support"] == new["support"]:
            continue
        step = _RANKS[new["support"]] - _RANKS[old["support"]]
        change = "stronger" if step > 0 else "weaker"
        if old["unverified"] != new["unverified"]:
            change = "lost" if new["unverified"] else "gained"
        elif step == 0:
            continue
        yield {
            "change": change,
            "old": old["support"],
            "new": new["support"],
            "sentence": j + 1,
            "text": versions[1].annotated.text[new["start"] : new["end"]],
        }


def _claims(
    before: dict[str, Any], after: dict[str, Any], pairs: list[Pair]
) -> dict[str, list[dict[str, Any]]]:
    """Return unverified claims in sentences that are new, and in sentences that are gone."""
    kept_old, kept_new = {i for i, _ in pairs}, {j for _, j in pairs}

    def listed(account: dict[str, Any], kept: set[int]) -> list[dict[str, Any]]:
        return [
            {"sentence": row["sentence"] + 1, "support": row["support"], "text": row["text"]}
            for row in account["worklist"]
            if row["sentence"] not in kept
        ]

    return {"added": listed(after, kept_new), "removed": listed(before, kept_old)}
