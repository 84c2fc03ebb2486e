"""Lines that the form of the text shows to be one source, and those that stay apart."""

from __future__ import annotations

import pytest

from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.from_reading.amended import UNCLEAR, Amended
from reportedly.annotation.sources.from_reading.joined import joined
from reportedly.annotation.sources.linking.linker import in_turn, register_of
from reportedly.annotation.sources.linking.parties import Candidate
from reportedly.annotation.sources.linking.polls import is_share
from reportedly.annotation.sources.linking.statements import Statement
from reportedly.datamodel import Document, Span
from reportedly.reading.segmentation import segment

Told = tuple[int, str, str]
"""The sentence of a statement, the words of its source, and the name of its line, or a word for one without a name."""

NAMES = frozenset(
    ["Per Lund", "Ada Finch", "Harbour Echo", "Blue Lamp", "Tides Authority", "Pilots Union"]
)


def lines_of(
    text: str, *told: Told, withheld: frozenset[int] = frozenset(), cue: str = "said"
) -> list[str]:
    """Return the line of each statement after joining; the first one has the `cue`."""
    parts = segment(Document(text))
    article = index_article(parts)
    statements = []
    for number, source, _ in told:
        extent = parts.sentences[number].span
        at = text.index(source, extent.start)
        told_by = "said" if statements else cue
        statements.append(Statement(extent, Span(at, at + len(source)), told_by))
    given = list(dict.fromkeys(line for *_, line in told))
    owners = [given.index(line) for *_, line in told]
    register = register_of(article, statements)
    numbers: dict[int, int] = {}
    for view in in_turn(register):
        known = numbers.get(owners[view.place])
        party = None if known is None else Candidate(known, register.parties[known])
        numbers[owners[view.place]] = register.enter(view, party)
    names = [tuple(line.split()) if line in NAMES else () for line in given]
    found = Amended(owners, names)
    joined(register, found, withheld)
    lines = [*given, *(" ".join(name) for name in found.names[len(given) :])]
    return [lines[owner] for owner in found.owners]


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        ("A retired pilot has warned of the bar. Per Lund says that it moves.", "A retired pilot", "Per Lund"),
        ("The harbour's first woman pilot has warned of the bar. Ada Finch says that it moves.", "The harbour's first woman pilot", "Ada Finch"),
        ("A retired pilot has warned of the bar. Per Lund says that the clerk saw it.", "A retired pilot", "Per Lund"),
        ("A retired pilot has warned of the bar. Per Lund, back from the sea, says that it moves.", "A retired pilot", "Per Lund"),
        ("A retired pilot has warned of the bar. Per Lund, a pilot for forty years, says that it moves.", "A retired pilot", "Per Lund"),
    ],
)  # fmt: skip
def test_who_is_described_first_and_named_next_is_one(text: str, words: str, name: str) -> None:
    assert lines_of(text, (0, words, "somebody"), (1, name, name)) == [name, name]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A source has warned of the bar. Per Lund says that it moves.", "A source"),
        ("Two pilots have warned of the bar. Per Lund says that it moves.", "Two pilots"),
        ("A lawyer for the owner has warned of the bar. Per Lund says that it moves.", "A lawyer for the owner"),
        ("A pilot has warned of the bar. Per Lund also says that it moves.", "A pilot"),
        ("A pilot has warned of the bar. But Per Lund says that it holds.", "A pilot"),
        ("A pilot has warned of the bar. Per Lund, the mayor, says that it moves.", "A pilot"),
        ("A pilot has warned of the bar. Per Lund, a spokesman for the board, says no.", "A pilot"),
        ("A pilot has warned of the bar. It rained. It was late. Per Lund says that it moves.", "A pilot"),
        ("A woman has warned of the bar. Mr Per Lund says that it moves.", "A woman"),
    ],
)  # fmt: skip
def test_who_may_be_somebody_else_stays_apart(text: str, words: str) -> None:
    number = len(segment(Document(text)).sentences) - 1
    told = (0, words, "somebody"), (number, "Per Lund", "Per Lund")
    assert lines_of(text, *told) == ["somebody", "Per Lund"]


def test_who_is_named_before_a_description_is_not_described() -> None:
    text = "Per Lund left as a retired pilot warned of the bar. It moves, Per Lund says."
    told = (0, "a retired pilot", "somebody"), (1, "Per Lund", "Per Lund")
    assert lines_of(text, *told) == ["somebody", "Per Lund"]


def test_who_was_granted_anonymity_is_never_named() -> None:
    text = "A retired pilot has warned of the bar. Per Lund says that it moves."
    told = (0, "A retired pilot", "somebody"), (1, "Per Lund", "Per Lund")
    assert lines_of(text, *told, withheld=frozenset([0])) == ["somebody", "Per Lund"]


def test_an_article_that_opens_with_he_names_him_next() -> None:
    text = "“It moves,” he said. Mr Per Lund said that it was late."
    told = (0, "he", "somebody"), (1, "Mr Per Lund", "Per Lund")
    assert lines_of(text, *told) == ["Per Lund", "Per Lund"]
    far = "“It moves,” he said. It rained. It was late. Mr Per Lund said that it was late."
    told = (0, "he", "somebody"), (3, "Mr Per Lund", "Per Lund")
    assert lines_of(far, *told) == ["somebody", "Per Lund"]


def test_a_pronoun_is_who_has_just_spoken_and_not_a_name_that_never_speaks() -> None:
    text = "Mr Per Lund said that it moves. He bought a Blue Lamp. He said that it was late."
    told = (0, "Mr Per Lund", "Per Lund"), (2, "He", "Blue Lamp")
    assert lines_of(text, *told) == ["Per Lund", "Per Lund"]
    she = "Mr Per Lund said that it moves. Ms Ada Finch left. She said that it was late."
    told = (0, "Mr Per Lund", "Per Lund"), (2, "She", "Ada Finch")
    assert lines_of(she, *told) == ["Per Lund", "Ada Finch"]


POLL = "A poll of 900 crews found that few sleep well. It rained. Some 31% of skippers said that they do."


def test_shares_of_people_are_of_the_one_poll_named_before() -> None:
    told = (0, "A poll of 900 crews", "the poll"), (2, "31% of skippers", "skippers")
    assert lines_of(POLL, *told) == ["the poll", "the poll"]
    named = f"{POLL} Ada Finch said no."
    told = (0, "A poll of 900 crews", "the poll"), (3, "Ada Finch", "Ada Finch")
    assert lines_of(named, *told) == ["the poll", "Ada Finch"]
    study = POLL.replace("A poll of", "A study of")
    told = (0, "A study of 900 crews", "the study"), (2, "31% of skippers", "skippers")
    assert lines_of(study, *told) == ["the study", "skippers"]


def test_shares_of_people_are_of_the_nearest_poll_before() -> None:
    text = f"{POLL} A survey in May said otherwise. Some 40% of clerks said that they do."
    told = (
        (0, "A poll of 900 crews", "the poll"),
        (2, "31% of skippers", "shares"),
        (3, "A survey in May", "the survey"),
        (4, "40% of clerks", "shares"),
    )
    assert lines_of(text, *told) == ["the poll", "the poll", "the survey", "the survey"]
    merged = [(number, words, "the poll") for number, words, _ in told if number != 3]
    assert lines_of(text, *merged, told[2])[2] == "the survey"


def test_a_poll_that_says_nothing_itself_has_the_shares_behind_it() -> None:
    text = "A Lund poll found that few rest. It is otherwise in a poll by Blue Lamp. Most Danes sleep. Some 31% of crews said so. Clerks said so too."
    told = (0, "A Lund poll", "one"), (3, "31% of crews", "one"), (4, "Clerks", "one")
    first, *shares = lines_of(text, *told)
    assert first == "one"
    assert shares == ["a poll by Blue Lamp"] * 2


@pytest.mark.parametrize(
    ("first", "second", "one"),
    [
        ("A Harbour Echo-Lund poll", "the H.E.-Lund survey", True),
        ("A poll by the Lund Institute", "The Lund poll", True),
        ("A Lund poll", "The poll", True),
        ("A Lund poll", "A Harbour Echo poll", False),
        ("A Lund poll", "the previous Lund poll", False),
        ("A poll", "A survey", False),
    ],
)  # fmt: skip
def test_one_poll_is_one_line(first: str, second: str, one: bool) -> None:
    text = f"{first} found that few rest. It rained. On Monday {second} found more."
    assert lines_of(text, (0, first, "one"), (2, second, "two")) == ["one", "one" if one else "two"]


@pytest.mark.parametrize(
    "between",
    [
        "Other polls found more.",
        "A Lamp poll and a Dock poll found more.",
        "The Dock Survey maps wrecks.",
        "Poll workers went home.",
    ],
)  # fmt: skip
def test_shares_stay_where_several_polls_or_none_are_named(between: str) -> None:
    text = f"A Lund poll found that few rest. {between} Some 31% of crews said so."
    told = (0, "A Lund poll", "poll"), (2, "31% of crews", "poll")
    assert lines_of(text, *told) == ["poll", "poll"]


@pytest.mark.parametrize(
    ("words", "between", "owners", "owner"),
    [
        (("He", "he", "He"), "", (0, UNCLEAR, 0), 0),
        (("He", "she", "He"), "", (0, UNCLEAR, 0), UNCLEAR),
        (("Per Lund", "he", "He"), "", (0, UNCLEAR, 0), UNCLEAR),
        (("He", "he", "He"), "It rained. " * 6, (0, UNCLEAR, 0), UNCLEAR),
        (("He", "he", "He"), "", (0, UNCLEAR, 1), UNCLEAR),
        (("He", "he", "He"), "", (0, 1, 0), 1),
    ],
)
def test_an_unclear_he_between_two_of_one_man_is_his(
    words: tuple[str, str, str], between: str, owners: tuple[int, ...], owner: int
) -> None:
    """The three statements stand in one text, with sentences between the last two."""
    first, second, third = words
    text = f"{first} said it moves. On Monday {second} said no. {between}{third} said yes."
    parts = segment(Document(text))
    extents = [one.span for one in (*parts.sentences[:2], parts.sentences[-1])]
    places = [text.index(word, extent.start) for word, extent in zip(words, extents, strict=True)]
    spans = [Span(at, at + len(word)) for at, word in zip(places, words, strict=True)]
    told = [Statement(*one, "said") for one in zip(extents, spans, strict=True)]
    register = register_of(index_article(parts), told)
    for view in in_turn(register):
        register.enter(view, None)
    found = Amended(list(owners), [("Per", "Lund"), ("Ada", "Finch")])
    joined(register, found)
    assert found.owners[1] == owner


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("Oda and Lenn", "Lenn and Oda", True),
        ("Oda and Lenn", "Lenn and Gorton", False),
        ("Oda and Lenn", "Lenn", False),
    ],
)
def test_two_called_together_are_the_same_in_the_other_order(
    one: str, two: str, same: bool
) -> None:
    text = f"{one} said that it moves. It rained. {two} said that it was late."
    assert lines_of(text, (0, one, "one"), (2, two, "two")) == ["one", "one" if same else "two"]


@pytest.mark.parametrize(
    ("body", "between", "same"),
    [
        ("The industry body", "It rained.", True),
        ("The trade body", "It rained.", True),
        ("The industry body", "The Pilots Union said no.", False),
        ("The rescue body", "It rained.", False),
    ],
)
def test_the_industry_body_is_the_only_organisation_by_name(
    body: str, between: str, same: bool
) -> None:
    text = f"The Tides Authority said that it moves. {between} {body} said that it was late."
    told = [(0, "The Tides Authority", "Tides Authority")]
    if between.startswith("The"):
        told.append((1, "The Pilots Union", "Pilots Union"))
    assert lines_of(text, *told, (2, body, "two"))[-1] == ("Tides Authority" if same else "two")


@pytest.mark.parametrize(
    ("plain", "described", "same"),
    [
        ("sources", "sources familiar with the plan", True),
        ("sources", "sources with knowledge of the plan", True),
        ("sources", "sources close to the mayor", False),
        ("police sources", "sources familiar with the plan", False),
    ],
)
def test_bare_sources_are_those_that_know_the_matter(
    plain: str, described: str, same: bool
) -> None:
    text = f"The quay will close, {plain} said. It rained. It sinks, according to {described}."
    owners = lines_of(text, (0, plain, "one"), (2, described, "two"))
    assert (owners[0] == owners[1]) is same


TRIAL = "A trial found that the tea helps sleepers. It rained. "


@pytest.mark.parametrize(
    "words",
    ["The authors", "the study authors", "the researchers", "The research team", "a gain the authors"],
)  # fmt: skip
def test_those_who_made_the_one_study_speak_in_it(words: str) -> None:
    text = f"{TRIAL}{words} saw no harm."
    assert lines_of(text, (0, "A trial", "trial"), (2, words, "people")) == ["trial", "trial"]


@pytest.mark.parametrize(
    "words",
    ["Researchers", "Some researchers", "the readers", "the author", "The authors of a novel", "The Lund team"],
)  # fmt: skip
def test_others_than_the_authors_of_the_one_study_stay_apart(words: str) -> None:
    """Nobody in particular, another's team, one author who may have been named."""
    text = f"{TRIAL}{words} saw no harm."
    assert lines_of(text, (0, "A trial", "trial"), (2, words, "people")) == ["trial", "people"]


def test_the_researchers_are_those_whom_the_text_has_introduced_alone() -> None:
    text = "Scientists in Lund say that the tea helps. It rained. The researchers saw no harm."
    told = (0, "Scientists in Lund", "them"), (2, "The researchers", "people")
    assert lines_of(text, *told) == ["them", "them"]
    two = f"{text} A study in May found none."
    assert lines_of(two, *told, (3, "A study in May", "study")) == ["them", "people", "study"]
    old = f"{TRIAL}Previous studies found less. The authors saw no harm."
    of_old = (2, "Previous studies", "old"), (3, "The authors", "people")
    assert lines_of(old, (0, "A trial", "trial"), *of_old) == ["trial", "old", "trial"]


def test_authors_who_are_granted_anonymity_are_nobody_else() -> None:
    text = f"{TRIAL}The authors saw no harm."
    told = (0, "A trial", "trial"), (2, "The authors", "people")
    parts = segment(Document(text))
    first = parts.tokens.forms.index("authors") - 1
    assert lines_of(text, *told, withheld=frozenset([first])) == ["trial", "people"]


@pytest.mark.parametrize("words", ["the statement", "The statement", "the press release"])
def test_the_statement_is_whose_who_spoke_in_it(words: str) -> None:
    cue = "said in a press release" if "press" in words else "said in a statement"
    text = f"The Tides Authority {cue} that it is safe. {words} called the fear unfounded."
    told = (0, "The Tides Authority", "Tides Authority"), (1, words, "text")
    assert lines_of(text, *told, cue=cue) == ["Tides Authority"] * 2


@pytest.mark.parametrize(
    ("cue", "between", "words"),
    [
        ("said", "", "the statement"),
        ("said in a statement", "", "a statement"),
        ("said in a statement", "", "the letter"),
        ("said in a statement", "", "the union's statement"),
        ("said in a statement", "It rained. It snowed. The sun came. ", "the statement"),
    ],
)  # fmt: skip
def test_another_text_stays_apart_from_who_spoke(cue: str, between: str, words: str) -> None:
    """Nobody spoke in a statement, it is another text, or it was long before."""
    text = (
        f"The Tides Authority {cue} that it is safe. {between}On Monday {words} called that wrong."
    )
    told = (0, "The Tides Authority", "Tides Authority"), (1 + between.count("."), words, "text")
    assert lines_of(text, *told, cue=cue) == ["Tides Authority", "text"]


@pytest.mark.parametrize(
    "words",
    ["31% of crews", "seven in 10 crews", "eight-in-ten of them", "A majority", "respondents"],
)
def test_a_share_of_people_is_told_by_its_words(words: str) -> None:
    assert is_share(words.split())


@pytest.mark.parametrize("words", ["a study of 94 nurses in two towns", "The crews", "Ada Finch"])
def test_people_who_are_counted_are_no_share(words: str) -> None:
    assert not is_share(words.split())
