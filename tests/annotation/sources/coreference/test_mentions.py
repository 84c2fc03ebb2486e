"""Mentions: which name a phrase holds, and whether it means several people."""

import pytest

from reportedly.annotation.sources.coreference.mentions import read_mention


@pytest.mark.parametrize(
    ("words", "name", "role"),
    [
        ("Minister of Trade Lena Koch", "Lena Koch", "minister"),
        ("the Secretary of State for Harbours Ana Moor", "Ana Moor", "secretary"),
        ("the River of Gold actress Mona Field", "Mona Field", "actress"),
        ("Institute for the Sea researcher Ana Moor", "Ana Moor", "researcher"),
    ],
)
def test_who_holds_an_office_is_called_by_name(words, name, role):
    """The office, what it is for, and the title of a work are not part of the person's name."""
    mention = read_mention(words.split(), opens_sentence=True)
    assert (mention.kind, " ".join(mention.name), mention.head) == ("name", name, role)


@pytest.mark.parametrize(
    "words",
    [
        "the mother of Lena Koch",
        "a friend of actress Lena Koch",
        "the widow of Sheriff Lena Koch",
        "an adviser to Trade Minister Lena Koch",
        "supporters of Harbour Mayor Lena Koch",
    ],
)
def test_who_stands_beside_somebody_is_not_called_by_that_name(words):
    """The mother of Lena Koch is not Lena Koch."""
    assert read_mention(words.split()).name == ()


@pytest.mark.parametrize("words", ["al-Marsa", "7to9Dock", "iPier"])
def test_names_may_begin_small(words):
    """A name may begin with a digit, a lower-case letter or an article of another language."""
    assert read_mention([words], opens_sentence=True).name == (words,)


@pytest.mark.parametrize("words", ["2nd", "kWh", "the pier", "40kg"])
def test_small_words_are_no_names(words):
    """A number with its ending, a unit and a noun are not names."""
    assert read_mention(words.split(), opens_sentence=True).name == ()


def test_the_noun_tells_who_officials_of_two_countries_are():
    """The head noun decides: "U.S. and Omani officials" are people, not a country; a person and officials are still two."""
    mention = read_mention(["U.S.", "and", "Omani", "officials"])
    assert (mention.kind, mention.head, mention.plural) == ("nominal", "official", True)
    assert read_mention(["Lena", "Koch", "and", "Omani", "officials"]).name == ("Lena", "Koch")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Dell 's partner , singer Ana Ruiz", ("Ana", "Ruiz")),
        ("a 10-year-old boy named Juan", ("Juan",)),
        ("a clerk , Ines Halloran", ("Ines", "Halloran")),
        ("the clerk , a friend of Ana Moor", ()),
        ("a boy called for help", ()),
        ("the mayor , Lenn", ()),
    ],
)
def test_a_noun_for_a_person_goes_on_with_the_name(words: str, name: tuple[str, ...]) -> None:
    """A role or "named" may stand before the name; a friend's name is not the person's."""
    assert read_mention(words.split()).name == name
