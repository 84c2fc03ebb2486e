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
        ("former Spurs and Norland defender Ana Moor", "Ana Moor", "defender"),
        ("Norland Gov. and Liberal contender Ana Moor", "Ana Moor", "contender"),
        (
            "Harbour Oversight and Trade Reform ( HOT ) Committee Chairman Ana L. Moor",
            "Ana L. Moor",
            "chairman",
        ),
        ("Speaker of the House of Deputies Ana Moor", "Ana Moor", "speaker"),
        ("vice president of retail and online stores Ana Moor", "Ana Moor", "president"),
        ("Chief of Naval Personnel Vice Adm. Ana Moor", "Ana Moor", "chief"),
        ("Fight for 15 organizing director Ana Moor", "Ana Moor", "director"),
        ("Harbour Party of Norland Chair Ana Moor", "Ana Moor", "chair"),
        ("Rowers Against Dams chairwoman Ana Moor", "Ana Moor", "chairwoman"),
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
        "a spokesman for Harbour Minority Leader Lena Koch",
        "a lawyer for former director Lena Koch",
        "the chief of staff to Lena Koch",
        "the director of the film Lena Koch",
        "parents of victims Lena Koch",
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
        ("the lead author , Karen J . Moor , of Lund", ("Karen", "J.", "Moor")),
        ("her nephew , Alejandro Moor Espin , who", ("Alejandro", "Moor", "Espin")),
        ("the boy , Alex ,", ("Alex",)),
        ("the clerk , William “ Bill ” Moor", ("William", "Moor")),
        ("a pupil , identified only as Jackie", ("Jackie",)),
        ("a clerk who goes by the name of Nell Moor", ("Nell", "Moor")),
        ("the nurse , identified as Althea Moor", ("Althea", "Moor")),
        ("the senator , Texas ,", ()),
        ("a clerk who goes by train", ()),
        ("the clerk , a friend of Ana Moor", ()),
        ("a boy called for help", ()),
        ("the mayor , Lenn", ()),
    ],
)
def test_a_noun_for_a_person_goes_on_with_the_name(words: str, name: tuple[str, ...]) -> None:
    """A role or "named" may stand before the name; a friend's name is not the person's."""
    assert read_mention(words.split()).name == name


def test_a_work_or_an_honour_before_a_noun_is_not_who_is_meant() -> None:
    """The noun decides: a Hall of Fame driver is a driver."""
    mention = read_mention(["the", "72-year-old", "Hall", "of", "Fame", "driver"])
    assert (mention.kind, mention.head, mention.name) == ("nominal", "driver", ())
    assert read_mention(["the", "Hall", "of", "Records"]).name == ("Hall",)
    mention = read_mention(["the", "“", "Let", "It", "Rain", "”", "singer"])
    assert (mention.kind, mention.head, mention.name) == ("nominal", "singer", ())


def test_a_name_stays_a_name_with_a_reflexive_behind_it() -> None:
    """Moor himself is Moor; "he himself" is a pronoun; two people that "and" joins stay two."""
    assert read_mention(["Moor", "himself"]).name == ("Moor",)
    assert read_mention(["he", "himself"]).kind == "pronoun"
    assert read_mention(
        ["Tide", "Chairman", "Ben", "Dale", "and", "Trade", "Secretary", "Ana", "Moor"]
    ).name == (
        "Ben",
        "Dale",
    )
    both = read_mention(
        ["chief", "of", "staff", "Enda", "Dale", "and", "Secretary", "of", "State", "Ana", "Moor"]
    )
    assert "Moor" not in both.name
