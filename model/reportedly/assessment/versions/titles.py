"""What a new headline says that the old one did not, and whether the text supports it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from reportedly.assessment.versions.change import Change
from reportedly.assessment.versions.version import Version
from reportedly.assessment.versions.wording import compared_words, content_of, edits_between
from reportedly.lexicons.loader import load, words_of

_STEP = 2
"""Points by which two headlines must differ for one to say more; a single word is only a matter of wording."""
_STEM = 4
"""The least letters that a word of the headline and one of the text must share at their start to be the same word."""


def headline_changes(old: Version, new: Version, *, supported: bool) -> Iterator[Change]:
    """Yield how the headline changed; `supported` is true if the new text has support that the old one did not have."""
    before, after = _headline(old), _headline(new)
    words = [list(compared_words(text, 0, len(text))) for text in (before, after)]
    if not before or not after or all(e.respelled for e in edits_between(*words)[0]):
        return
    more = _boldness(after, new) - _boldness(before, old)
    quoted = f"“{before}” became “{after}”"
    if more >= _STEP and not supported:
        told = ", ".join(f"“{w}”" for w in unborne(after, new))
        beyond = f"; the text does not have {told}" if told else ""
        yield Change(
            "headline_hardened", f"the headline was hardened, {quoted}{beyond}", before, after
        )
    elif more <= -_STEP:
        yield Change(
            "headline_softened",
            f"the headline was brought down to what the text says: {quoted}",
            before,
            after,
        )
    else:
        yield Change("headline_reworded", f"the headline is reworded: {quoted}", before, after)


@cache
def _forms() -> dict[str, frozenset[str]]:
    """Return the irregular forms of words, by each form with and without an *s*."""
    found: dict[str, frozenset[str]] = {}
    for entry in load("revisions").entries:
        forms = frozenset(entry.terms if entry.attributes["kind"] == "forms" else ())
        found |= dict.fromkeys((*forms, *(f"{form}s" for form in forms)), forms)
    return found


def _boldness(headline: str, version: Version) -> int:
    """Return how much a headline says beyond its text, in points: one per word, two more if the word is emphatic, two less per cautious word."""
    loud = _loud()
    points = sum(3 if key in loud else 1 for key in unborne(headline, version))
    keys = {w.key for w in compared_words(headline, 0, len(headline))}
    cautious = bool(keys & words_of("revisions", "caution")) or headline.rstrip("”’\"'").endswith(
        "?"
    )
    return points - (_STEP if cautious else 0)


@cache
def _loud() -> frozenset[str]:
    """Return the words that judge, accuse or sensationalise."""
    style = [
        e for e in load("style").entries if e.attributes.get("feature") in {"accusation", "emotive"}
    ]
    terms = (term.lower() for entry in style for term in entry.terms)
    return frozenset(terms) | words_of("revisions", "loud") | words_of("stance", "attack")


def _headline(version: Version) -> str:
    headline = version.annotated.segmented.headline
    return "" if headline is None else " ".join(headline.text.split())


def unborne(headline: str, version: Version) -> list[str]:
    """Return the content words of a headline that are not in the text in any form."""
    words = [w for w in compared_words(headline, 0, len(headline)) if not w.figure]
    text = {w.key for line in version.lines.values() for w in line.words}
    stems = {key[:n] for key in text for n in range(_STEM, len(key) + 1)} | text
    return [key for key in content_of(words) if not _borne(key, stems)]


def _borne(key: str, stems: set[str]) -> bool:
    """Tell whether the text has a word in another form: *slows* for *slowed*, *halts* for *halt*."""
    if key in stems or _forms().get(key, frozenset()) & stems:
        return True
    for ending in ("ies", "ing", "es", "ed", "s", "e", "y"):
        root = key.removesuffix(ending)
        if root != key and (root in stems or (len(root) > _STEM and root[:-1] in stems)):
            return True
    return False
