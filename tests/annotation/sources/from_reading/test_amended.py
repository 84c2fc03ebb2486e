"""Links decided by the wording: whom "he" can mean, who continues a quotation, repeated descriptions."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.from_reading.amended import amended
from reportedly.annotation.sources.linking.linker import in_turn, register_of
from reportedly.annotation.sources.linking.parties import Candidate, Party
from reportedly.annotation.sources.linking.statements import Statement
from reportedly.datamodel import Document, Span
from reportedly.reading.segmentation import segment

UNCLEAR = -2
Told = tuple[int, str, str, int]
"""The sentence of a statement, the words of its source and cue, and the number of its owner."""


def owners_of(text: str, *told: Told, about: str = "", labels: Sequence[int] = ()) -> list[str]:
    """Return the name of each statement's owner; "source N" for one without a name, "unclear"; `labels` are those that label turns.

    If `about` is given, each new owner is the figure with this word in its name.
    """
    parts = segment(Document(text))
    article = index_article(parts)
    statements = []
    for number, source, cue, _ in told:
        extent = parts.sentences[number].span
        at = text.index(source, extent.start)
        span = Span(at, at + len(source)) if source else None
        statements.append(Statement(extent, span, cue))
    given = [owner for *_, owner in told]
    names: list[tuple[str, ...]] = [() for _ in range(max(given, default=-1) + 1)]
    register = register_of(article, statements)
    numbers: dict[int, int] = {}
    for view in in_turn(register):
        owner = given[view.place]
        if owner >= 0:
            known = numbers.get(owner)
            party = None if known is None else Candidate(known, register.parties[known])
            if known is None and about:
                members = enumerate(register.figures.members)
                figures = {n for n, figure in members if about in figure.full}
                party = Candidate(-1, Party(figures=figures))
            numbers[owner] = register.enter(view, party)
    found = amended(register, given, names, labels=labels)
    return ["unclear" if n < 0 else " ".join(found.names[n]) or f"source {n}" for n in found.owners]


@pytest.mark.parametrize(
    "text",
    [
        "Mrs Ada Finch stopped short of asking Mr Ivo Holm to go. She said that the yard was shut.",
        "Mrs Ada Finch bought the yard in May. She told the Echo that it was a bargain.",
    ],
)
def test_she_is_the_one_woman_named_before(text: str) -> None:
    cue = "said" if "said" in text else "told"
    assert owners_of(text, (1, "She", cue, UNCLEAR)) == ["Ada Finch"]


def test_who_alone_is_named_before_in_the_sentence_is_meant_though_another_spoke_last() -> None:
    text = "Mr Per Lund left. Mr Ivo Holm was in a film in May, in which he says that the yard is shut."
    told = (0, "Mr Per Lund", "left", 0), (1, "he", "says", 0)
    assert owners_of(text, *told)[1] == "Ivo Holm"


def test_two_women_leave_her_unclear_and_a_place_is_nobody() -> None:
    two = "Mrs Ada Finch met Mrs Eva Holm in May. She said that the yard was shut."
    assert owners_of(two, (1, "She", "said", UNCLEAR)) == ["unclear"]
    place = "Gorton was flooded again. She said that the yard was shut."
    assert owners_of(place, (1, "She", "said", UNCLEAR)) == ["unclear"]


def test_names_within_the_quotation_are_not_who_speaks() -> None:
    text = "It rained. “I would not trust Mr Ivo Holm with it,” he said."
    assert owners_of(text, (1, "he", "said", UNCLEAR)) == ["unclear"]


def test_a_quotation_goes_on_with_its_own_speaker() -> None:
    text = "Ada Finch said: “It was late.\n\n“Nobody came.”\n\nIvo Holm had left."
    told = (0, "Ada Finch", "said", 0), (1, "", "", 1)
    assert owners_of(text, *told) == ["source 0"] * 2


def test_a_quotation_with_two_speakers_keeps_its_links() -> None:
    text = "“It was late.\n\n“Nobody came,” Ada Finch said and Ivo Holm added."
    told = (0, "", "", 2), (1, "Ada Finch", "said", 0), (1, "Ivo Holm", "added", 1)
    assert owners_of(text, *told)[0] == "source 2"


def test_one_description_is_one_source_wherever_the_page_repeats_it() -> None:
    words = "a clerk with knowledge of the talks"
    text = f"The yard is sold, {words} said. It rained. The yard is sold, {words} said."
    told = (0, words, "said", 0), (2, words, "said", 1)
    assert owners_of(text, *told) == ["source 0", "source 0"]
    short = "The yard is sold, a clerk said. It rained. The yard is shut, a clerk said."
    told = (0, "a clerk", "said", 0), (2, "a clerk", "said", 1)
    assert owners_of(short, *told) == ["source 0", "source 1"]


ADDRESS = """Here is the text of the address.

"Hello, I'm Ann Reed, mayor of Gorton.

"Last spring Councilman Tom Hale promised to "mend it all" within a year.

"Debt has doubled since then, and nobody has mended anything.

"We will open the yard again in May."
"""


def test_a_running_address_is_not_whom_it_tells_of() -> None:
    told = (2, "Councilman Tom Hale", "promised", 0), (3, "", "", 0), (4, "", "", 0)
    assert owners_of(ADDRESS, *told) == ["source 0", "Ann Reed", "Ann Reed"]


def test_a_running_address_of_nobody_known_is_unclear() -> None:
    text = ADDRESS.replace("I'm Ann Reed, mayor of Gorton", "people of Gorton")
    told = (2, "Councilman Tom Hale", "promised", 0), (3, "", "", 0), (4, "", "", 0)
    assert owners_of(text, *told) == ["source 0", "unclear", "unclear"]


def test_who_speaks_where_a_closing_mark_is_lost_keeps_the_quotation() -> None:
    text = "“It was late, said Ada Finch.\n\n“Nobody came.”\n\nIvo Holm had left."
    told = (0, "Ada Finch", "said", 0), (1, "", "", 0)
    assert owners_of(text, *told) == ["source 0"] * 2


def test_the_spokesman_is_whom_the_text_calls_one() -> None:
    text = (
        "President Ivo Holm said it would rain. It was put right by press chief Tim Rowe. "
        "The spokesman said it would not."
    )
    told = (0, "President Ivo Holm", "said", 0), (2, "The spokesman", "said", 0)
    assert owners_of(text, *told) == ["source 0", "Tim Rowe"]


def test_a_spokesman_of_nobody_known_is_no_president() -> None:
    text = "President Ivo Holm said it would rain. The spokesman said it would not. The spokesman said no."
    told = (0, "President Ivo Holm", "said", 0), *((n, "The spokesman", "said", 0) for n in (1, 2))
    assert owners_of(text, *told) == ["source 0", "source 1", "source 1"]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Spokesman Ivo Holm said it would rain. The spokesman said no.", "The spokesman"),
        ("President Ivo Holm said it would rain. A spokesman for Holm said no.", "A spokesman for Holm"),
        ("Ivo Holm, mayor of Gorton, said it would rain. The mayor of Gorton said no.", "The mayor of Gorton"),
        ("Ivo Holm said it would rain. The mayor of Gorton said no.", "The mayor of Gorton"),
    ],
)  # fmt: skip
def test_an_office_that_may_be_a_persons_keeps_its_link(text: str, source: str) -> None:
    told = (0, "Ivo Holm", "said", 0), (1, source, "said", 0)
    assert owners_of(text, *told) == ["source 0"] * 2


def test_an_office_of_something_else_is_somebody_else() -> None:
    text = (
        "Roy Baker, a vice president at LoanCo, said rates were fair. "
        "The president of the Sailors’ Fund said loans were a plague. He said so twice. Baker said no."
    )
    source = "The president of the Sailors’ Fund"
    told = (
        (0, "Roy Baker", "said", 0),
        (1, source, "said", 0),
        (2, "He", "said", 0),
        (3, "Baker", "said", 0),
    )
    assert owners_of(text, *told) == ["source 0", "source 1", "source 1", "source 0"]


def test_a_mans_spokesperson_is_not_the_courts() -> None:
    text = "The court said no law was broken. Senator Dan Wolfe was away. His spokesperson said he was reading."
    told = (0, "The court", "said", 0), (2, "His spokesperson", "said", 0)
    assert owners_of(text, *told) == ["source 0", "source 1"]


def test_he_is_no_capitalised_thing() -> None:
    thing = "Hot Yoga is popular in Gorton. A yoga class is no expense, he said."
    assert owners_of(thing, (1, "he", "said", 0), about="Yoga") == ["unclear"]
    person = thing.replace("Hot Yoga", "Per Lund")
    assert owners_of(person, (1, "he", "said", 0), about="Lund") == ["source 0"]


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


NAMED = "The World Harbour Organisation said the sea rose. A harbour aide said it fell. "


def test_initials_are_the_one_organisation_whose_name_has_them_and_it_goes_on() -> None:
    first = (0, "The World Harbour Organisation", "said", 0), (1, "A harbour aide", "said", 1)
    text = NAMED + "The WHO said that it rained. It said that doctors had gone."
    found = owners_of(text, *first, (2, "The WHO", "said", 1), (3, "It", "said", 1))
    assert found == ["source 0", "source 1", "source 0", "source 0"]


def test_initials_of_nobody_stay_as_they_were() -> None:
    first = (0, "The World Harbour Organisation", "said", 0), (1, "A harbour aide", "said", 1)
    found = owners_of(NAMED + "The QRS said that it rained.", *first, (2, "The QRS", "said", 2))
    assert found[2] not in found[:2]


@pytest.mark.parametrize("words", ["A spokesman for her", "Her spokesman"])
def test_a_persons_spokesman_does_not_speak_for_the_body_named_last(words: str) -> None:
    text = f"Mrs Ada Finch left. The Port Department said it knew. {words} said that she was ready."
    found = owners_of(text, (1, "The Port Department", "said", 0), (2, words, "said", 0))
    assert found[0] != found[1]


def test_a_bodys_own_spokesman_speaks_for_it() -> None:
    text = "The Port Department said it knew. A spokesman for it said that it was ready."
    found = owners_of(
        text, (0, "The Port Department", "said", 0), (1, "A spokesman for it", "said", 0)
    )
    assert found[0] == found[1]
