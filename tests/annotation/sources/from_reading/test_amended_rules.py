"""Rules of links that the form of the text decides, one condition at a time: each text differs in what the condition asks."""

from __future__ import annotations

import pytest

from tests.annotation.sources.from_reading.test_amended import UNCLEAR, Told, owners_of

BEFORE = "Ada Finch and Ivo Holm bought the yard in spring."


def test_they_are_the_two_people_named_together_before() -> None:
    text = f"{BEFORE} They said that it was a bargain."
    assert owners_of(text, (1, "They", "said", UNCLEAR)) == ["Ada Finch and Ivo Holm"]
    both = BEFORE.replace(" and ", " & ")
    told = (1, "They", "said", UNCLEAR)
    assert owners_of(f"{both} They said no.", told) == ["Ada Finch and Ivo Holm"]


@pytest.mark.parametrize(
    ("before", "source"),
    [
        (BEFORE, "Both"),
        ("Ada Finch and Ivo Holm of Acme Ltd bought the yard in spring.", "They"),
        ("Late last evening Ada Finch and Ivo Holm bought the yard.", "They"),
        ("Ada Finch met Ivo Holm in spring.", "They"),
        ("Ada Finch, Ivo Holm left the yard in spring.", "They"),
        ("Ada Finch and Acme Ltd bought the yard in spring.", "They"),
        ("Acme Ltd and Ada Finch bought the yard in spring.", "They"),
    ],
)
def test_they_stay_unclear_where_two_people_are_not_the_subject(before: str, source: str) -> None:
    told = (1, source, "said", UNCLEAR)
    assert owners_of(f"{before} {source} said that it was late.", told) == ["unclear"]


def test_they_stay_unclear_at_the_beginning_and_behind_a_statement() -> None:
    assert owners_of("They said that it was late.", (0, "They", "said", UNCLEAR)) == ["unclear"]
    text = "Ada Finch and Ivo Holm said no in spring. They said that it was late."
    told = (0, "Ada Finch", "said", 0), (1, "They", "said", UNCLEAR)
    assert owners_of(text, *told)[1] == "unclear"
    quoted = f"{BEFORE} “They said that it was late,” Per Lund said."
    told = (1, "They", "said", UNCLEAR), (1, "Per Lund", "said", 0)
    assert owners_of(quoted, *told)[0] == "unclear"


def test_what_many_say_is_nobodys_in_particular_unless_it_is_linked() -> None:
    text = "Ada Finch said no. Many said that it was late."
    known = (0, "Ada Finch", "said", 0)
    assert owners_of(text, known, (1, "Many", "said", UNCLEAR))[1] == "Many"
    assert owners_of(text, known, (1, "Many", "said", 0))[1] == "source 0"


IT: Told = (1, "It", "said", UNCLEAR)


@pytest.mark.parametrize(
    ("before", "owner"),
    [
        ("The letter was posted in spring.", "The letter"),
        ("The letter, posted in spring, was lost.", "The letter"),
        ("A copy of the letter was posted in spring.", "the letter"),
        ("The letter was sent to Ivo Holm in spring.", "The letter"),
        ("The letter was sent to Acme Ltd in spring.", "unclear"),
        ("The yard was sold in spring.", "unclear"),
        ("Their letter was posted in spring.", "unclear"),
        ("The Letter Office was closed in spring.", "unclear"),
    ],
)
def test_it_is_the_document_that_is_the_subject_before(before: str, owner: str) -> None:
    assert owners_of(f"{before} It said that the yard was shut.", IT) == [owner]


def test_it_is_no_document_of_another_paragraph_nor_within_its_sentence() -> None:
    apart = "The letter was posted in spring.\n\nIt said that the yard was shut."
    assert owners_of(apart, IT) == ["unclear"]
    within = "The letter was posted in spring. Later it said that the yard was shut."
    assert owners_of(within, (1, "it", "said", UNCLEAR)) == ["unclear"]
    assert owners_of("It said that the yard was shut.", (0, "It", "said", UNCLEAR)) == ["unclear"]


@pytest.mark.parametrize(
    ("text", "source", "owner"),
    [
        ("Holm Bakery Company was sold. It rained. The company said no.", "The company", "source 0"),
        ("The Ministry of Trade was shut. It rained. The company said no.", "The company", "the company"),
        ("Acme Inc. was sold. The Ministry of Trade was shut. The company said no.", "The company", "Acme Inc."),
    ],
)  # fmt: skip
def test_the_company_is_no_ministry(text: str, source: str, owner: str) -> None:
    about = "Bakery" if "Bakery" in text else "Ministry"
    assert owners_of(text, (2, source, "said", 0), about=about) == [owner]


ABOUT = "Mrs Ada Finch is the mayor here."


@pytest.mark.parametrize(
    ("text", "sentence", "owner"),
    [
        (f"It rained.\n\n{ABOUT}\n\n“It was late.”", 2, "Ada Finch"),
        (f"It rained. {ABOUT}\n\n“It was late.”", 2, "unclear"),
        (
            "It rained.\n\nHere they all call Mrs Ada Finch the mayor.\n\n“It was late.”",
            2,
            "unclear",
        ),
        ("It rained.\n\nMrs Ada Finch and Mr Ivo Holm live here.\n\n“It was late.”", 2, "unclear"),
        ("It rained.\n\nGorton was flooded.\n\n“It was late.”", 2, "unclear"),
    ],
)
def test_a_paragraph_of_quotation_is_whom_the_paragraph_before_is_about(
    text: str, sentence: int, owner: str
) -> None:
    assert owners_of(text, (sentence, "", "", UNCLEAR)) == [owner]


def test_a_paragraph_of_quotation_behind_a_statement_is_not_whom_it_is_about() -> None:
    text = "It rained.\n\nMrs Ada Finch said no.\n\n“It was late.”"
    told = (1, "Mrs Ada Finch", "said", 0), (2, "", "", UNCLEAR)
    assert owners_of(text, *told)[1] == "unclear"
    own = f"It rained.\n\n{ABOUT}\n\n“It was late,” Ivo Holm said. “Nobody came.”"
    told = (2, "Ivo Holm", "said", 0), (3, "", "", UNCLEAR)
    assert owners_of(own, *told)[1] == "unclear"


def test_sentences_of_a_quoted_paragraph_are_all_whom_it_is_about() -> None:
    text = f"It rained.\n\n{ABOUT}\n\n“It was late.” “Nobody came.”"
    assert owners_of(text, (2, "", "", UNCLEAR), (3, "", "", UNCLEAR)) == ["Ada Finch"] * 2


def test_a_pronoun_joins_the_line_that_the_person_has() -> None:
    text = "Mrs Ada Finch said no. It rained. Mrs Ada Finch bought the yard. She said it was late."
    told = (0, "Mrs Ada Finch", "said", 0), (3, "She", "said", UNCLEAR)
    assert owners_of(text, *told) == ["source 0"] * 2


@pytest.mark.parametrize("owners", [(0, 1), (0, UNCLEAR), (UNCLEAR, 0)])
def test_words_that_stand_once_are_one_source(owners: tuple[int, int]) -> None:
    text = "Ada Finch said no and added that it was late. She added that it rained."
    told = (0, "Ada Finch", "said", owners[0]), (0, "Ada Finch", "added", owners[1])
    found = owners_of(text, *told)
    assert found[1] == "source 0"
    assert found[0] == ("unclear" if owners[0] == UNCLEAR else "source 0")


def test_statements_without_words_for_a_source_are_not_one_for_their_place() -> None:
    assert owners_of("It was late.", (0, "", "", 0), (0, "", "", 1)) == ["source 0", "source 1"]


def test_one_description_is_one_source_though_it_was_unclear_at_first() -> None:
    words = "a clerk with knowledge of the talks"
    text = f"The yard is sold, {words} said. It rained. The yard is sold, {words} said."
    told = (0, words, "said", 0), (2, words, "said", UNCLEAR)
    assert owners_of(text, *told) == ["source 0", "source 0"]


def test_she_is_whoever_alone_speaks_in_the_sentence_before() -> None:
    text = "Mrs Ada Finch told Mrs Eva Holm no in May. She said that it was late."
    told = (0, "Mrs Ada Finch", "told", 0), (1, "She", "said", UNCLEAR)
    assert owners_of(text, *told)[1] == "source 0"
    both = text.replace("Holm no", "Holm no, who agreed,")
    told = (0, "Mrs Ada Finch", "told", 0), (0, "Mrs Eva Holm", "agreed", 1), told[1]
    assert owners_of(both, *told)[2] == "unclear"
