"""Sentences without a space between them are separated, and a bracket between two sentences belongs to neither."""

import pytest

from reportedly.datamodel import Document
from reportedly.reading.segmentation import segment


def sentences(text):
    """Return the sentences of a text."""
    return [s.span.of(text) for s in segment(Document(text)).sentences]


@pytest.mark.parametrize(
    "wanted",
    [
        ["The mayor left on Friday.", "Her deputy stays."],
        ["The mayor left, she said.", "Marsh stayed."],
        ["“The mayor left,” she told the board.", "“Nobody knows why.”"],
        ["She called it “a farce.”", "The board met in May."],
        ['She called it "a farce."', "The board met in May."],
        ["It leaked for years…", "The board knew."],
        ["(Laughter.)", "Marsh went on."],
        ["The dam opened in 1912.", "In May it leaked."],
    ],
)
def test_a_sentence_right_behind_a_stop_is_one(wanted):
    """It is found inside and outside quotations; quotation marks stay with their sentence."""
    text = "The board met. " + "".join(wanted)
    assert sentences(text) == ["The board met.", *wanted]


@pytest.mark.parametrize(
    "text",
    [
        "Write to ana.Moor@lenn.example for more.",
        "It stands on www.TheLennGazette.example today.",
        "He sold Boohoo.Com shares in May.",
        "He has a Ph.D. from Lenn.",
    ],
)
def test_no_address_site_or_abbreviation_is_cut(text):
    """A full stop inside a word does not end a sentence."""
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    "wanted",
    [
        ["It was shut.", "[Map: the flats by the pier]", "The owner left."],
        ["It was shut.", "(Ines Halloran/The Lenn Gazette)", "The owner left."],
        ["Nobody paid.", "(CROSSTALK)", "MARSH: He did."],
        ["Nobody paid.", "(The owner did not answer a request.)", "Marsh left."],
        ["It spoke of gates.", "[President] Marsh left."],
        ["He called on Gen. (Ana) Moor."],
        ["Corle Inc. (the company or Corle) (COR) rose."],
        ["There were two.", "(2) For the gates it paid."],
    ],
)
def test_a_bracket_between_two_sentences_is_neither_s(wanted):
    """A credit, a link, a stage direction or a clause is separate; a bracket that belongs to a name or numbers a list is not."""
    assert sentences(" ".join(wanted)) == wanted


def test_a_reference_stays_with_the_sentence_that_it_is_glued_to():
    """A reference is a number in square brackets, or "citation needed"."""
    text = "The dam fell.[2] Marsh left.[citation needed] Moor stayed."
    assert sentences(text) == [
        "The dam fell.[2]",
        "Marsh left.[citation needed]",
        "Moor stayed.",
    ]


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("“It leaks,’’ said Moor. He left.", "“It leaks,’’"),
        ("He called it ‘‘a farce’’ in May.", "‘‘a farce’’"),
        ("''It leaks,'' said Moor.", "''It leaks,''"),
        ("‘He said ‘go’’ was heard.", "‘go’"),
    ],
)
def test_doubled_marks_are_one(text, closed):
    """Two single marks may close a quotation; without an open double mark they are two."""
    found = segment(Document(text)).quotations
    assert closed in {q.span.of(text) for q in found if q.closed}
