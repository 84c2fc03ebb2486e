"""What changed between two versions of an article, as plain values: the most serious change first, with the evidence.

:mod:`reportedly.assessment.versions` finds and sorts the changes; the signals, the ledger and the
worklist of both versions are added as evidence, and then the risk.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from reportedly.assessment.versions.change import Change, first_line, verdict_of
from reportedly.assessment.versions.changes import changes_between, passage_pairs
from reportedly.assessment.versions.pair import Pair, label_words
from reportedly.assessment.versions.version import read_version
from reportedly.datamodel import IDENTIFIED_CLASSES, Assessment, payload

COMPARISON_SCHEMA = "reportedly/comparison/2"


def compare(old: Assessment, new: Assessment, *, risk: bool = True) -> dict[str, Any]:
    """Return what changed from `old` to `new` as plain values; `risk` tells whether to include the risk.

    `first` is the most serious change, in one line; `verdict` (worse, better, neutral) is the effect
    of the first of the `changes`, which are in the order of :data:`~.versions.change.CHANGE_KINDS`.
    """
    before, after = old.to_dict(), new.to_dict()
    versions = read_version(old.annotated), read_version(new.annotated)
    pairs = passage_pairs(*versions)
    changes = changes_between(*versions, pairs)
    told = {
        "first": first_line(changes),
        "verdict": verdict_of(changes),
        "schema": COMPARISON_SCHEMA,
        "old": _heading(before, old),
        "new": _heading(after, new),
        "changes": [_row(change) for change in changes],
        "sentences": _counts(pairs),
        "signals": {
            name: _moved(signal["score"], after["signals"].get(name, {}).get("score"))
            for name, signal in before["signals"].items()
        },
        "figures": _figures(before, after),
        "ledger": _ledger(before["sources"], after["sources"]),
        "worklist": _worklist(before["worklist"], after["worklist"], pairs),
    }
    return told | (_risk(before, after) if risk else {})


def _heading(account: dict[str, Any], assessment: Assessment) -> dict[str, Any]:
    document = account["document"]
    return {
        "id": document["id"],
        "title": payload.headline(account, assessment.annotated.text),
        "words": document["words"],
    }


def _row(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "weight": change.weight,
        "effect": change.effect,
        "message": change.message,
        "old": change.old,
        "new": change.new,
        "old_sentences": [n + 1 for n in change.old_sentences],
        "sentences": [n + 1 for n in change.sentences],
    }


def _counts(pairs: Sequence[Pair]) -> dict[str, int]:
    """Return how many sentences the versions share, how many of these are word for word the same, and the rest."""
    both = [p for p in pairs if p.passage.old and p.passage.new]
    return {
        "kept": sum(len(p.passage.new) for p in both),
        "same": sum(len(p.passage.new) for p in both if not p.edits),
        "removed": sum(len(p.passage.old) for p in pairs if not p.passage.new),
        "added": sum(len(p.passage.new) for p in pairs if not p.passage.old),
    }


def _moved(old: float | None, new: float | None) -> dict[str, float | None]:
    change = None if old is None or new is None else round(new - old, 2)
    return {"old": old, "new": new, "change": change}


def _figures(before: dict[str, Any], after: dict[str, Any]) -> dict[str, dict[str, float | None]]:
    """Return how the figures beside the scores moved: identified voices, weight of claims that a record shows, urgency of all claims."""
    voices, shown, urgency = zip(*map(_beside, (before, after)), strict=True)
    return {"voices": _moved(*voices), "shown": _moved(*shown), "urgency": _moved(*urgency)}


def _beside(account: dict[str, Any]) -> tuple[float | None, float | None, float]:
    signals = account["signals"]
    voices = signals.get("anonymous_sourcing", {}).get("voices")
    return voices, signals.get("unverified_claims", {}).get("shown"), account["urgency"]["all"]


def _ledger(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the ledger lines that only one version has, and the number of lines of each version."""
    return {
        "old": len(before),
        "new": len(after),
        "removed": _strangers(before, _known(after)),
        "added": _strangers(after, _known(before)),
    }


def _known(rows: Iterable[dict[str, Any]]) -> set[str]:
    """Return the names of a ledger's lines: their labels and last names."""
    rows = list(rows)
    return {r["label"].casefold() for r in rows} | {name for r in rows for name in _surname(r)}


def _surname(row: dict[str, Any]) -> tuple[str, ...]:
    named = row["class"] in IDENTIFIED_CLASSES
    return label_words(row["label"])[0][-1:] if named else ()


def _strangers(rows: Iterable[dict[str, Any]], known: set[str]) -> list[dict[str, Any]]:
    """Return the lines whose label and last name are not in another ledger."""
    return [
        {"label": r["label"], "class": r["class"]}
        for r in rows
        if r["label"].casefold() not in known and not known & {*_surname(r)}
    ]


def _worklist(
    before: list[dict[str, Any]], after: list[dict[str, Any]], pairs: Sequence[Pair]
) -> dict[str, Any]:
    """Return how many claims each worklist has, and those in sentences that only one version has."""
    gone = {n for p in pairs if not p.passage.new for n in p.passage.old}
    came = {n for p in pairs if not p.passage.old for n in p.passage.new}

    def listed(rows: list[dict[str, Any]], numbers: set[int]) -> list[dict[str, Any]]:
        return [
            {"sentence": r["sentence"] + 1, "support": r["support"], "text": r["text"]}
            for r in rows
            if r["sentence"] in numbers
        ]

    return {
        "old": len(before),
        "new": len(after),
        "removed": listed(before, gone),
        "added": listed(after, came),
    }


def _risk(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    old, new = before["risk"], after["risk"]
    return {
        "risk": {
            **_moved(old["score"], new["score"]),
            "band": new["band"],
            "abstained": new["abstained"],
        }
    }
