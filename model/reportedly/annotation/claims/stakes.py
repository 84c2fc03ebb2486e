"""How far the words for a source, its cue and what it says show that it has a stake in that, or passes it on: a denial, a campaign about its rival, hearsay."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from reportedly.datamodel import Attribution, Span
from reportedly.lexicons.loader import matcher_of, words_of

_WORD = re.compile(r"\w+")
_DISPUTES, _DISCREDITS, _PARTY, _RELAYS = 1.0, 0.8, 0.6, 2.0
"""By how much a cue of dispute, and a word for a party among those for the source, raise the log odds of a stake.

Logistic models beside the reader's answer, fitted to two sets of annotated articles, gave 1.1 and 1.4, .5 and .8. What somebody only
passes on, or calls a lie, is too rare there to be fitted.
"""

_NAMED = frozenset({"named_person", "named_organisation"})


def stakes_of(text: str, attributions: Sequence[Attribution]) -> list[float]:
    """Return for each attribution by how much it raises the log odds that its source has a stake or passes it on; 0 unless somebody named is the source.

    A source is a party wherever it speaks if one of its names or descriptions says so.
    """
    called: defaultdict[str | None, set[str]] = defaultdict(set)
    named = [a for a in attributions if a.source_class in _NAMED]
    for one in named:
        called[one.source_id].update(_words(text, one.source))
    return [
        _stake(_words(text, a.cue), called[a.source_id]) + _told(text, a.content)
        if a.source_class in _NAMED
        else 0.0
        for a in attributions
    ]


def _stake(cue: set[str], source: set[str]) -> float:
    if source & words_of("stakes", "prosecution"):
        return 0.0
    disputes = bool(cue & words_of("stakes", "disputes"))
    party = bool(source & words_of("stakes", "party")) and not source & words_of("stakes", "office")
    return _DISPUTES * disputes + _PARTY * party


def _told(text: str, content: Iterable[Span]) -> float:
    """Return by how much what somebody says speaks for a stake: that others lie, or that others say so."""
    said = [span.of(text) for span in content]
    kinds = (("discredits", _DISCREDITS), ("relays", _RELAYS))
    return sum([w for kind, w in kinds if any(map(matcher_of("stakes", kind).search, said))])


def _words(text: str, spans: Iterable[Span]) -> set[str]:
    return {word for span in spans for word in _WORD.findall(span.of(text).lower())}
