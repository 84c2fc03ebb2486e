"""Antecedents: to whom "who", "which" and "that" refer."""

from __future__ import annotations

import pytest

from reportedly.annotation.sources.coreference.antecedents import RELATIVES, antecedent
from reportedly.annotation.sources.coreference.names import index_article
from reportedly.datamodel import Document
from reportedly.reading.segmentation import segment


def phrase(text: str, *, people: bool | None = None) -> tuple[str, str] | None:
    """Return the whole phrase before the last relative pronoun of a text, and its core."""
    article = index_article(segment(Document(text)))
    forms = article.segmented.tokens.forms
    token = max(at for at, form in enumerate(forms) if form.lower() in RELATIVES)
    found = antecedent(article, token, people=people)
    if found is None:
        return None
    return " ".join(forms[found.first : found.end]), " ".join(forms[found.first : found.core])


@pytest.mark.parametrize(
    ("text", "whole", "core"),
    [
        ("An official at the ministry, who asked for more, said no.", "An official at the ministry", "An official"),
        ("It rained, said three people who left.", "three people", "three people"),
        ("It rained, said a clerk who left.", "a clerk", "a clerk"),
        ("The two clerks who left said no.", "The two clerks", "The two clerks"),
        ("He met a clerk who left, and who asked for more.", "a clerk", "a clerk"),
        ("He met a clerk, also based in Lenn, who said no.", "a clerk , also based in Lenn", "a clerk"),
        ("One of those, who left, said no.", "One of those", "One"),
        ("The clerk, Ada Finch, who left, said no.", "The clerk , Ada Finch", "The clerk"),
        ("At the bank, a clerk who left said no.", "a clerk", "a clerk"),
        ("People close to the talks who left said no.", "People close to the talks", "People"),
        ("A man familiar with the matter, who left, said no.", "A man familiar with the matter", "A man"),
        ("Piet, a retiree in Lenn who left, said no.", "Piet , a retiree in Lenn", "Piet"),
        ("In Gorton, who knows?", "Gorton", "Gorton"),
    ],
)  # fmt: skip
def test_who_is_the_person_of_the_whole_phrase(text: str, whole: str, core: str) -> None:
    assert phrase(text) == (whole, core)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("The ministry, which was shut, said no.", "The ministry"),
        ("An official at the ministry, which was shut, said no.", "the ministry"),
        ("He lost a letter by Ada Finch that was due.", "Ada Finch"),
    ],
)
def test_which_is_the_phrase_just_before(text: str, whole: str) -> None:
    assert phrase(text) == (whole, whole)


def test_a_stop_of_an_abbreviation_ends_no_phrase() -> None:
    assert phrase("It was Marsh Inc., which shut.") == ("Marsh Inc", "Marsh Inc")


def test_asked_for_people_which_is_the_person_too() -> None:
    text = "An official at the ministry, which was shut, said no."
    assert phrase(text, people=True) == ("An official at the ministry", "An official")


def test_nobody_stands_before_a_sentence() -> None:
    assert phrase("Who said no?") is None
