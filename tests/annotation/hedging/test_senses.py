"""Words that can hedge, in their other senses: told by the words around them."""

import pytest

from reportedly.annotation.hedging.senses import is_other_sense
from reportedly.datamodel import Document
from reportedly.reading.segmentation import segment


def other(text: str, cue: str) -> bool:
    """Tell whether `cue` in a sentence is taken for another sense."""
    forms = segment(Document(text)).tokens.forms
    words = cue.split()
    first = next(n for n in range(len(forms)) if list(forms[n : n + len(words)]) == words)
    return is_other_sense(forms, first, first + len(words), (0, len(forms)))


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("What could she possibly know of pumps?", "possibly"),
        ("How can the board possibly pay for it?", "possibly"),
        ("The crew couldn’t possibly lift the gate.", "possibly"),
        ("It can not possibly float.", "possibly"),
        ("The gate cannot possibly hold.", "cannot possibly"),
        ("The council met on 34 of a possible 122 days.", "possible"),
        ("She won eight of a possible ten races.", "possible"),
        ("The crew left as soon as possible.", "possible"),
        ("Under the by-law, no firm may draw water.", "may"),
        ("The fleet lost in May.", "May"),
        ("The board wanted to say that the money could be used only for the quay.", "could"),
        ("The crew could only watch.", "could"),
        ("Nobody could lift the gate.", "could"),
        ("Certain nets are banned, and certain crews know it.", "certain"),
        ("The dredger is certain to figure in the vote.", "certain"),
    ],
)
def test_another_sense_is_no_hedge(text: str, cue: str) -> None:
    assert other(text, cue)


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("The crew could possibly lift the gate.", "possibly"),
        ("Police looked for possibly two other men.", "possibly"),
        ("Was it possibly the log that burned?", "possibly"),
        ("The clerk is a possible heir.", "possible"),
        ("It is possible ten men knew.", "possible"),
        ("The dam may break.", "may"),
        ("The quay could close in June, and only the crew knows.", "could"),
        ("The firm said that it could lose the pier.", "could"),
        ("She could be the only witness.", "could"),
        ("It is not at all certain that the pier will last.", "certain"),
    ],
)
def test_doubt_is(text: str, cue: str) -> None:
    assert not other(text, cue)
