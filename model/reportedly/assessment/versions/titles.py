"""What a new headline says that the old one did not, and whether the text bears it out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from reportedly.assessment.versions.change import Change
from reportedly.assessment.versions.version import Version
from reportedly.assessment.versions.wording import content_of, edits_between, words_between
from reportedly.lexicons.loader import load

_STEM = 4
"""Letters, at least, that a word of the headline and one of the text begin with where they are the same word."""


def headline_changes(old: Version, new: Version, *, supported: bool) -> Iterator[Change]:
    """Yield how the headline changed; `supported` tells that the new text has support that the old had not."""
    before, after = _headline(old), _headline(new)
    words = [list(words_between(text, 0, len(text))) for text in (before, after)]
    if not before or not after or all(e.respelled for e in edits_between(*words)[0]):
        return
    bare_old, bare_new = unborne(before, old), unborne(after, new)
    more = len(bare_new) - len(bare_old)
    quoted = f"“{before}” became “{after}”"
    if more > 0 and not supported:
        told = ", ".join(f"“{w}”" for w in bare_new)
        message = f"the headline was hardened, {quoted}; the text does not have {told}"
        yield Change("headline_hardened", message, before, after)
    elif more < 0:
        yield Change("headline_softened", f"the headline was brought down to what the text says: {quoted}", before, after)
    else:
        yield Change("headline_reworded", f"the headline is worded otherwise: {quoted}", before, after)


@cache
def _forms() -> dict[str, frozenset[str]]:
    """Return the forms of a word that spelling does not give, by each of them with and without an *s*."""
    found: dict[str, frozenset[str]] = {}
    for entry in load("revisions").entries:
        forms = frozenset(entry.terms if entry.attributes["kind"] == "forms" else ())
        found |= dict.fromkeys((*forms, *(f"{form}s" for form in forms)), forms)
    return found


def _headline(version: Version) -> str:
    headline = version.annotated.segmented.headline
    return "" if headline is None else " ".join(headline.text.split())


def unborne(headline: str, version: Version) -> list[str]:
    """Return the content words of a headline that the text has in no form."""
    words = [w for w in words_between(headline, 0, len(headline)) if not w.figure]
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
