"""Hearsay: "reportedly" and similar words, and cues without a speaker ("it is said")."""

from __future__ import annotations

import re
from functools import lru_cache

from reportedly.annotation.sources.word_lists import grammar
from reportedly.lexicons.loader import load, words_of


@lru_cache(maxsize=4096)
def is_hearsay_cue(cue: str) -> bool:
    """Tell whether the reporting words `cue` (lower case) name no speaker: "reportedly", "is said"."""
    words = set(cue.split())
    hearsay, participles = _hearsay_words()
    if words & hearsay:
        return True
    if "by" in words:
        return False
    return (
        bool(words & participles) and bool(words & words_of("source_vague", "passive"))
    ) or cue in grammar().bare_participle


def heard_of(cue: str) -> bool:
    """Tell whether the subject of the reporting words `cue` (lower case) is talked about and does not speak: "is said", "has been accused of"."""
    return _talked_of().fullmatch(cue) is not None


@lru_cache(maxsize=1)
def _talked_of() -> re.Pattern[str]:
    """Return the pattern of a passive without a speaker; "is quoted" is not one, since whoever is quoted speaks."""
    hearsay, participles = _hearsay_words()
    told = "|".join(sorted(map(re.escape, participles - {"quoted"})))
    adverbs = "|".join(sorted(map(re.escape, hearsay)))
    auxiliary, between, end = (
        "|".join(load("source_vague").of_kind(f"talked_of_{part}"))
        for part in ("auxiliary", "between", "end")
    )
    return re.compile(
        rf"(?:{auxiliary}) (?:(?:\w+ly|{between}) ){{0,3}}(?:{told})(?: (?:{end}))?|(?:is|are|was|were) (?:{adverbs})"
    )


@lru_cache(maxsize=1)
def _hearsay_words() -> tuple[frozenset[str], frozenset[str]]:
    """Return the hearsay words, and the participles of reporting verbs that form passives like "is said"."""
    by_kind = {e.attributes["kind"]: e.terms for e in load("source_vague").entries if e.terms}
    return (
        frozenset(t for t in by_kind["hearsay"] if " " not in t),
        frozenset(by_kind["participle"]),
    )


@lru_cache(maxsize=1)
def hearsay_pattern() -> re.Pattern[str]:
    """Return one pattern for hearsay without a source."""
    entries = load("source_vague").entries
    patterns = [f"(?:{e.pattern})" for e in entries if e.attributes["kind"] == "hearsay_pattern"]
    return re.compile("|".join(patterns))


@lru_cache(maxsize=1)
def sure_hearsay() -> re.Pattern[str]:
    """Return one pattern for hearsay that leaves no doubt: "it was learned that"."""
    entries = load("source_vague").entries
    return re.compile("|".join(f"(?:{e.pattern})" for e in entries if e.attributes.get("sure")))


@lru_cache(maxsize=1)
def hearsay_triggers() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return words of which every match has one, or a pair of which the second follows within two words of the first."""
    kinds = ("hearsay_trigger", "hearsay_first", "hearsay_second")
    sure, first, second = (frozenset(load("source_vague").of_kind(kind)) for kind in kinds)
    return sure, first, second
