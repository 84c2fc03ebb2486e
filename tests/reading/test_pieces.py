"""Sentence boundaries that cut off a fragment are removed, and the fragment joins its sentence."""

import pytest

from reportedly.datamodel import Document
from reportedly.reading.furniture import find_furniture
from reportedly.reading.segmentation import segment


def sentences(text):
    """Return the sentences of a text."""
    return [s.span.of(text) for s in segment(Document(text)).sentences]


@pytest.mark.parametrize(
    "wanted",
    [
        ["“We lost it!” Marsh tweeted on Sunday.", "He left."],
        ["“How did it fall?” Ana Moor asked.", "He left."],
        ["“We lost it!”", "Marsh said the dam was gone."],
        ["“We lost it!”", "The crowd left."],
        ["“Did you?”", "Lund had told him."],
        ["Get out! shouted the foreman.", "He left."],
        ["He wrote “Go!”: “It is over.”", "He left."],
        ["1. having a boat.", "2. having a pier."],
        ["He had two aims: 1. having a boat, and 2. having a pier."],
        ["It had wings 1 and 2.", "The dam fell."],
        ["See photo Lund_J. DAM.jpg for more.", "He left."],
        ["The mill closed.", "“ We paid,” she said.", "“ They left.”"],
        ["My right hon. Friend the Home Secretary knew.", "He left."],
        ["The bill passed, said Ana Moor, D-N.Y., in Lenn.", "He left."],
        ["The Russia-U.S. pact held.", "It joined non-U.S. banks."],
        ["Its singer, J.D. Harrow, left.", "K.S. Moor stayed."],
        ["She lives in Washington, D.C.", "Police came at noon."],
        ["She told E! News that he left.", "Yahoo! Sports was silent."],
        ["He was on E!", "Nobody knows why."],
        ["Raid kills nine in Lenn AFP Saturday 25 May 2024", "An air strike killed nine."],
        ["The vote on Saturday 25 May 2024 An Moor lost."],
        ["— Ana J. (@moor) May 1, 2016"],
        ["By: Ana Moor", "With the dam shut, he left."],
        ["“They forget it…”", "Ok, he left."],
    ],
)
def test_each_sentence_is_whole(wanted):
    """Reporting clauses, list numbers, names of files and opening marks stay with their sentence."""
    assert sentences(" ".join(wanted)) == wanted


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("The dam leaks — Ana Moor (@moor) May 1, 2016  Who knew? Nobody did.", 2),
        ("Dam leaks in Lenn again  LENN, Norland (AP) — The dam leaks. It is old.", 2),
        ("The dam leaks. See below:   If it falls, we swim. It is old.", 2),
        ("He said that  Moor left. It is old. The dam leaks.", 1),
    ],
)
def test_signatures_pointers_and_datelines_part_lines(text, count):
    """In a text without line breaks, a wide gap beside one of these ends a paragraph."""
    assert len(segment(Document(text)).paragraphs) == count


@pytest.mark.parametrize(
    ("line", "furniture"),
    [
        ("Autoplay next video", True),
        ("Captions settings, opens captions settings dialog", True),
        ("(MORE: What the dam cost)", True),
        ("For more information on swans, visit the Lenn Trust.", True),
        ("Free Sign Up Lenn Newsletter!", True),
        ("Ines Halloran/Pool via Reuters", True),
        ("Ines B. Halloran is Senior Editor-at-Large at Lenn News.", True),
        ("UPDATE: After the vote, her office said:", False),
        ("The Harbour Board of Lenn Sells Its Last Nine Pumps, at Last", True),
        ("the harbour board of Lenn sells its last nine pumps, at last", False),
        ("— Ana Moor @moor May 1, 2016", True),
        ("Nobody asked us , she said . ''", False),
        ("Whoever—", False),
        ("NOBODY WILL EVER TELL US.", False),
        ("Harbour Party 16%", False),
        ("He first appeared in a film in August.", False),
    ],
)
def test_a_line_is_furniture_only_where_structure_proves_it(line, furniture):
    """Players, prompts, credits and authors' lines are furniture; "UPDATE" before a sentence and a row of figures are not."""
    text = f"The mill closed in May.\n{line}\nNobody was told."
    found = segment(Document(text), find_furniture).sentences
    assert [s.furniture for s in found if s.span.of(text) == line] == [furniture]


def test_a_closing_mark_at_the_head_of_a_line_is_no_sentence():
    """It joins the words after it."""
    assert sentences("He would leave.\n\n” Nobody stays,” she said.\nHe left.") == [
        "He would leave.",
        "” Nobody stays,” she said.",
        "He left.",
    ]
