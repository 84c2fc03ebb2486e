"""Words as the comparison of versions normalises them."""

from __future__ import annotations

import pytest

from reportedly.assessment.versions.wording import compared_words, edits_between, likeness


def words(text: str) -> list:
    return list(compared_words(text, 0, len(text)))


def keys(text: str) -> list[str]:
    return [w.key for w in words(text)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("80 per cent", "80%"),
        ("80 percent", "80%"),
        ("9.4 million", "9.4m"),
        ("£1,350", "£1350"),
        ("eleven", "11"),
        ("has not", "hasn't"),
        ("cannot", "can’t"),
        ("organised", "organized"),
        ("3.1\nmillion", "3.1 million"),
        ("Ridge's", "Ridge"),
    ],
)
def test_house_style_is_no_change(old, new):
    """Figures compare by value; abbreviations and *-ise* by what they stand for."""
    assert keys(old) == keys(new)


@pytest.mark.parametrize(
    ("old", "new"), [("80%", "80"), ("1.2m", "2.1m"), ("6", "16"), ("May", "June")]
)
def test_other_figures_are_others(old, new):
    """A percentage is not a plain number, and swapped digits are a change."""
    assert keys(old) != keys(new)


@pytest.mark.parametrize(
    ("old", "new", "respelled"),
    [
        ("The adults are beleived to go.", "The adults are believed to go.", True),
        ("class rooms", "classrooms", True),
        ("It could go.", "It would go.", False),
        ("It may go.", "It will go.", False),
        ("It sank in June.", "It sank in July.", False),
    ],
)
def test_spelling_is_told_from_other_words(old, new, respelled):
    """A corrected typo is the same word; another modal is another word."""
    edits, _ = edits_between(words(old), words(new))
    assert all(e.respelled for e in edits) is respelled


def test_names_and_figures_are_marked():
    """A sentence's first capital does not make a name; days and small numbers are figures."""
    marked = words("Rain met Tove Lindahl on Monday for two hours")
    assert [w.key for w in marked if w.name] == ["tove", "lindahl"]
    assert [w.key for w in marked if w.figure] == ["monday", "#2"]


def test_likeness_is_a_share():
    """Similarity is the share of words that both have, counted with repetitions."""
    assert likeness((), ("a",)) == 0
    assert likeness(("a", "a"), ("a",)) == pytest.approx(2 / 3)
