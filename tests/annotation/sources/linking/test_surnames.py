"""Whom a bare surname means where several people bear it, and words that only open a sentence; over invented sentences."""

from __future__ import annotations

import pytest

from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.linking.figures import find_figures
from reportedly.annotation.sources.linking.linker import register_of
from reportedly.annotation.sources.linking.statements import Statement
from reportedly.datamodel import Document, Span
from reportedly.reading.segmentation import segment


def called(text: str, word: str) -> str:
    """Return the full name of the person whom the last `word` of a text means."""
    parts = segment(Document(text))
    found = find_figures(index_article(parts))
    token = max(n for n, form in enumerate(parts.tokens.forms) if form == word)
    return " ".join(found.members[found.at_token[token]].full)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        # named only as somebody whose brother is meant
        ("It began with the brother of Simon Holm. Tony Holm is a judge. On Monday it is open, said Holm.", "Tony Holm"),
        # named only further on
        ("In May Anna Holm left. On Monday it was shut, Holm said.", "Anna Holm"),
        # opened the last sentence by full name
        ("George Holm won in May. Then it rained for days. A ferry sank. Anna Holm paid. On Monday it was little, said Holm.", "Anna Holm"),
    ],
)  # fmt: skip
def test_a_surname_means_who_was_introduced_nearest(text: str, meant: str) -> None:
    assert called(text, "Holm") == meant


@pytest.mark.parametrize(
    "text",
    [
        "Anna Holm won in May. It was a gift to her husband, John Holm. On Monday it was little, said Holm.",
        "Anna Holm won in May. On Friday she met the mayor, the clerk and John Holm. On Monday it was little, said Holm.",
        "Anna Holm won in May. John Holm paid. On Monday it was little, said the Holm campaign.",
    ],
)
def test_a_relative_or_a_bystander_does_not_take_over_the_surname(text: str) -> None:
    assert called(text, "Holm") == "Anna Holm"


def test_a_word_that_opens_a_sentence_is_no_first_name() -> None:
    text = "Anna Holm won and added to it. Added Holm on Monday: it is open."
    assert called(text, "Holm") == "Anna Holm"
    assert called("Anna Holm won. Ivo Holm left on Monday.", "Holm") == "Ivo Holm"


def test_whose_mother_speaks_is_not_the_son_of_the_same_name() -> None:
    text = "Steven Holm was held. Holm’s mother, Shirley Holm, said it was cruel."
    parts = segment(Document(text))
    start = text.index("Holm’s")
    span = Span(start, text.index(", said"))
    found = register_of(index_article(parts), [Statement(parts.sentences[1].span, span, "said")])
    assert found.figures.members[found.views[0].own].full == ("Shirley", "Holm")


def test_an_owner_is_not_the_firm_of_the_same_name() -> None:
    text = "Ada Holm, owner of Ada Holm Motors, said it was cruel."
    parts = segment(Document(text))
    span = Span(0, text.index(", said"))
    found = register_of(index_article(parts), [Statement(parts.sentences[0].span, span, "said")])
    assert found.figures.members[found.views[0].own].full == ("Ada", "Holm")


@pytest.mark.parametrize(
    ("short", "same"), [("The Observatory", True), ("The Gorton-based Observatory", True), ("The Institute", False)]
)  # fmt: skip
def test_a_body_is_called_by_the_noun_within_its_name(short: str, same: bool) -> None:
    text = f"The Sandrian Observatory for Peace gave a toll. {short} said so."
    parts = segment(Document(text))
    found = find_figures(index_article(parts))
    full = {" ".join(figure.full) for figure in found.members if figure.kind == "body"}
    assert (full == {"Sandrian Observatory for Peace"}) is same
