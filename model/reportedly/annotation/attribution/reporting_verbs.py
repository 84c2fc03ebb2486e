"""The words by which speech is reported, and their kinds."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from reportedly.lexicons import loader

if TYPE_CHECKING:
    from collections.abc import Mapping


REPORTING_KINDS = (
    "", "according", "announce", "ask", "claim", "decline", "hearsay", "noun", "say", "show", "think", "write",
)  # fmt: skip
"""Kinds of reporting words in ``lexicons/reporting_verbs.toml``; 0 is none."""


def inflections(lemma: str) -> list[str]:
    """Return the regular forms of a verb, and the irregular ones of ``lexicons/irregular_verbs.toml``."""
    forms = [lemma, *_irregular().get(lemma, ())]
    if lemma.endswith("e"):
        forms += [lemma + "s", lemma + "d", lemma[:-1] + "ing"]
    elif lemma.endswith("y") and lemma[-2] not in "aeiou":
        forms += [lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing"]
    elif lemma.endswith(("s", "sh", "ch", "x")):
        forms += [lemma + "es", lemma + "ed", lemma + "ing"]
    else:
        forms += [lemma + "s", lemma + "ed", lemma + "ing"]
    return forms


@cache
def _irregular() -> Mapping[str, tuple[str, ...]]:
    """Return the irregular forms of each lemma that has some."""
    return {e.attributes["lemma"]: e.terms for e in loader.load("irregular_verbs").entries}


@cache
def verb_kinds() -> Mapping[str, str]:
    """Return the kind of every inflected reporting word; the first kind that lists it counts."""
    kinds: dict[str, str] = {}
    for entry in loader.load("reporting_verbs").entries:
        kind = str(entry.attributes["kind"])
        if kind not in REPORTING_KINDS:
            continue
        for term in entry.terms:
            forms = inflections(term) if kind not in {"according", "hearsay"} else [term]
            if kind == "noun":
                forms = [term, term + "s"]
            for form in forms:
                kinds.setdefault(form, kind)
    return kinds


FIRST_PERSON_FORMS = ("I", "We", "we", "My", "my", "Our", "our", "us", "me")
"""Forms by which a writer or speaker means themselves."""
