"""Who asks in a conversation: presenters, interviewers and reporters, whose questions, thanks and narration are no source's statements."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import dropwhile
from typing import NamedTuple

from reportedly.datamodel import Segmented
from reportedly.lexicons.loader import matcher_of, words_of


class LabelledTurn(NamedTuple):
    """Sentences ``[first, last)`` behind a label, and the label with the office behind it: "ADA LUND" and ", HARBOUR RADIO HOST"."""

    first: int
    last: int
    label: str
    office: str = ""


_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_MANY = 3
"""The fewest turns of a speaker most of whose turns are questions."""


def surname(label: str) -> str:
    """Return the last word of a label as it is written within sentences."""
    return label.rsplit(" ", 1)[-1].capitalize()


def one_bearer(labels: Iterable[str]) -> frozenset[str]:
    """Return the surnames of labels of which only one speaker is called in full: not "Lund" of "ADA LUND" and "PER LUND"."""
    full: defaultdict[str, set[str]] = defaultdict(set)
    titles = words_of("interviews", "title")
    for label in labels:
        words = list(dropwhile(lambda word: word.rstrip(".").lower() in titles, label.split()))
        full[surname(label)] |= {" ".join(words)} if len(words) > 1 else set()
    return frozenset(name for name, called in full.items() if len(called) <= 1)


def askers(segmented: Segmented, turns: Sequence[LabelledTurn]) -> frozenset[str]:
    """Return the surnames of those who only ask, by their label or office; if nobody is called so, by what they say.

    Somebody with a title or another office is never one of them, and not everybody can be.
    """
    own: defaultdict[str, list[LabelledTurn]] = defaultdict(list)
    for turn in turns:
        own[surname(turn.label)].append(turn)
    called = {name for name, said in own.items() if any(map(_is_called_so, said))}
    if called:
        return frozenset(called)
    asking = {
        name
        for name, said in own.items()
        if not any(map(_has_office, said)) and _asks(segmented, said)
    }
    return frozenset(asking if len(asking) < len(own) else ())


def _words(text: str) -> set[str]:
    """Return the words of a text in lower case."""
    return set(_WORD.findall(text.lower()))


def _is_called_so(turn: LabelledTurn) -> bool:
    """Tell whether a label or its office is that of somebody who asks: "REPORTER", "ADA LUND, HARBOUR RADIO HOST"."""
    asking = words_of("interviews", "asker")
    return turn.label.lower() in asking or not asking.isdisjoint(
        _words(turn.office) | {surname(turn.label).lower()}
    )


def _has_office(turn: LabelledTurn) -> bool:
    """Tell whether somebody has a title or an office besides: "SEN. ADA LUND", "ADA LUND (D)", "THE MAYOR"."""
    first = turn.label.split(" ", 1)[0].rstrip(".").lower()
    return bool(turn.office) or first == "the" or first in words_of("interviews", "title")


def _asks(segmented: Segmented, said: Sequence[LabelledTurn]) -> bool:
    """Tell whether somebody only asks, mostly asks, or asks and does what presenters do: thanks a guest, welcomes the audience."""
    questions = sum(_ends_in_question(segmented, turn) for turn in said)
    if questions == len(said) or (len(said) >= _MANY and 2 * questions > len(said)):
        return True
    return questions > 0 and _presents(segmented, said)


def _ends_in_question(segmented: Segmented, turn: LabelledTurn) -> bool:
    """Tell whether a turn, or the first paragraph of it, ends in a question mark."""
    sentences, text = segmented.sentences, segmented.text
    end = turn.first + 1
    while end < turn.last and sentences[end].paragraph == sentences[turn.first].paragraph:
        end += 1
    last = (sentences[n - 1].span.of(text) for n in {end, turn.last})
    return any(words.rstrip("\"'”’)] ").endswith("?") for words in last)


def _presents(segmented: Segmented, said: Iterable[LabelledTurn]) -> bool:
    """Tell whether somebody speaks as presenters do."""
    pattern = matcher_of("interviews", "presents")
    sentences = segmented.sentences
    return any(
        pattern.search(segmented.text, sentences[turn.first].start, sentences[turn.last - 1].end)
        for turn in said
    )
