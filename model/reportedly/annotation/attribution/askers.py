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
_MANY, _OFTEN = 3, 4
"""The fewest turns of a speaker who asks in some of them, and of how many turns at least one is a question."""
_FAIR = 4
"""Of so many turns at least one is of somebody who does not ask."""


def surname(label: str) -> str:
    """Return the last word of a label as it is written within sentences."""
    return label.rsplit(" ", 1)[-1].capitalize()


def without_titles(words: Iterable[str]) -> list[str]:
    """Return the words of a speaker's name without the titles before it: "SEN. ADA LUND"."""
    titles = words_of("interviews", "title")
    return list(dropwhile(lambda word: word.lower().rstrip(".") in titles, words))


def one_bearer(labels: Iterable[str]) -> frozenset[str]:
    """Return the surnames of labels of which only one speaker is called in full: not "Lund" of "ADA LUND" and "PER LUND"."""
    full: defaultdict[str, set[str]] = defaultdict(set)
    for label in labels:
        words = without_titles(label.split())
        full[surname(label)] |= {" ".join(words)} if len(words) > 1 else set()
    return frozenset(name for name, called in full.items() if len(called) <= 1)


def askers(segmented: Segmented, turns: Sequence[LabelledTurn]) -> frozenset[str]:
    """Return the surnames of those who only ask, by their label or office, or by what they say.

    Somebody with a title or another office is never told by what he says; a fair share of the turns is somebody else's.
    """
    own: defaultdict[str, list[LabelledTurn]] = defaultdict(list)
    for turn in turns:
        own[surname(turn.label)].append(turn)
    called = {
        name
        for name, said in own.items()
        if any(asks_by_name(turn.label, turn.office) for turn in said)
    }
    asking = {
        name
        for name, said in own.items()
        if not any(map(_has_office, said)) and _asks(segmented, said, list(own.values()))
    }
    told = called | asking
    answers = sum(len(said) for name, said in own.items() if name not in told)
    return frozenset(told if answers * _FAIR >= len(turns) else called)


def _words(text: str) -> set[str]:
    """Return the words of a text in lower case."""
    return set(_WORD.findall(text.lower()))


def asks_by_name(label: str, office: str = "") -> bool:
    """Tell whether a label or its office is that of somebody who asks: "REPORTER", "ADA LUND, HARBOUR RADIO HOST"."""
    asking = words_of("interviews", "asker")
    return label.lower() in asking or not asking.isdisjoint(
        _words(office) | {surname(label).lower()}
    )


def _has_office(turn: LabelledTurn) -> bool:
    """Tell whether somebody has a title or an office besides: "SEN. ADA LUND", "ADA LUND (D)", "THE MAYOR"."""
    first = turn.label.split(" ", 1)[0].rstrip(".").lower()
    return bool(turn.office) or first == "the" or first in words_of("interviews", "title")


def _asks(
    segmented: Segmented, said: Sequence[LabelledTurn], others: Sequence[Sequence[LabelledTurn]]
) -> bool:
    """Tell whether somebody only asks, often asks in shorter turns than another's, or asks and thanks a guest as presenters do."""
    questions = sum(_ends_in_question(segmented, turn) for turn in said)
    if questions == len(said) or _presents(segmented, said):
        return True
    if len(said) < _MANY or questions < 2 or questions * _OFTEN < len(said):
        return False
    length = _length(segmented, said)
    return any(_length(segmented, other) > length for other in others if len(other) > 1)


def _length(segmented: Segmented, said: Sequence[LabelledTurn]) -> float:
    """Return the code points of a turn in the mean."""
    sentences = segmented.sentences
    total = sum(sentences[turn.last - 1].end - sentences[turn.first].start for turn in said)
    return total / len(said)


def _ends_in_question(segmented: Segmented, turn: LabelledTurn) -> bool:
    """Tell whether a turn ends in a question mark, or the paragraph with its label; behind one in small letters others may ask unlabelled."""
    sentences, text = segmented.sentences, segmented.text
    end = turn.first + 1
    while end < turn.last and sentences[end].paragraph == sentences[turn.first].paragraph:
        end += 1
    ends = {end, turn.last} if turn.label.isupper() else {end}
    return any(sentences[n - 1].span.of(text).rstrip("\"'”’)] ").endswith("?") for n in ends)


def _presents(segmented: Segmented, said: Iterable[LabelledTurn]) -> bool:
    """Tell whether somebody asks something and speaks as presenters do."""
    pattern, sentences = matcher_of("interviews", "presents"), segmented.sentences
    spans = [(sentences[turn.first].start, sentences[turn.last - 1].end) for turn in said]
    return any(segmented.text.find("?", *span) >= 0 for span in spans) and any(
        pattern.search(segmented.text, *span) for span in spans
    )
