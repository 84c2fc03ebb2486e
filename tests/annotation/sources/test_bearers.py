"""Relative clauses and grants of anonymity: whoever is granted anonymity is one source, on one line."""

import pytest

import reportedly

SAID = [
    ("A clerk at the toll office, who asked not to be named, said the till was short.", "A clerk at the toll office", "granted"),
    ("The till was short, said a clerk familiar with the books who declined to be identified.", "a clerk familiar with the books", "granted"),
    ("The till was short, according to one of the clerks, who asked to remain anonymous.", "one of the clerks", "granted"),
    ("“It leaks,” said a stoker at a nearby bakery, Ovens 9, who refused to give his name.", "a stoker at a nearby bakery, Ovens 9", "granted"),
    ("A welder who saw the report, and who asked for anonymity because she fears for her job, said it was forged.", "A welder", "granted_with_reason"),
    ("The stoker, who was not authorised to speak to reporters, told the Echo that the oven was cracked.", "The stoker", "granted_with_reason"),
    ("Lena (not her real name) told the Echo that the oven was cracked. She fears for her job.", "Lena", "granted_with_reason"),
    ("A stoker, who would not give us a name as he had not asked his boss, said the oven was cracked.", "A stoker", "granted_with_reason"),
    ("A judge said the oven was cracked; she asked not to be named because the court forbids interviews.", "A judge", "granted_with_reason"),
    ("A goalkeeper said the oven was cracked. He asked not to be identified.", "A goalkeeper", "granted"),
    ("The oven was cracked, a clerk told the Echo. The Echo is not naming him to protect his job.", "a clerk", "granted_with_reason"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "label", "anonymity"), SAID)
def test_whoever_bears_a_grant_is_one_unnamed_source(text, label, anonymity):
    """The head of the whole noun phrase is the source; the clause about not being named is not a second one."""
    found = reportedly.assess(text).to_dict()
    lines = [(s["label"], s["class"], s["anonymity"]) for s in found["sources"]]
    assert lines == [(label, "unnamed", anonymity)]
    rules = {finding["rule"] for finding in found["findings"]}
    assert ("sourcing.no-reason" in rules) == (anonymity == "granted")


@pytest.mark.parametrize(
    ("text", "label", "source_class"),
    [
        ("Harbour Lamps, which owns two quays, said the light was sound.", "Harbour Lamps", "named_organisation"),
        ("Edda Quist, who runs the ferry, said the light was sound.", "Edda Quist", "named_person"),
        ("Edda Quist, a judge, said the light was sound; she asked not to be named in the caption.", "Edda Quist", "named_person"),
        ("A Harbour Lamps spokeswoman, who declined to be named, said 40 lamps would go.", "A Harbour Lamps spokeswoman", "named_organisation"),
    ],
)  # fmt: skip
def test_a_relative_clause_does_not_hide_a_name(text, label, source_class):
    """A named person or organisation before "who" or "which" keeps its name and class."""
    lines = reportedly.assess(text).to_dict()["sources"]
    assert [(s["label"], s["class"]) for s in lines] == [(label, source_class)]


@pytest.mark.parametrize(
    "text",
    [
        "A donor who asked to remain anonymous gave the museum two million crowns.",
        "The winner, who asked not to be named, has a boat.",
        "The girl was not named because she is a minor.",
        "Police did not name the victim, who was 40.",
        "The mayor declined to comment.",
    ],
)
def test_who_is_silent_is_granted_nothing(text):
    """Donors, winners, minors and victims who say nothing are not sources."""
    assert not any(s["anonymity"] for s in reportedly.assess(text).to_dict()["sources"])


def test_the_second_speaker_is_not_the_first():
    """A woman who refused to give her name is not the driver mentioned before her."""
    text = (
        "“We slept in the van,” said a stoker who asked that his name not be used.\n\n"
        "A woman at the gate, who refused to give her name, said the well was dry."
    )
    lines = reportedly.assess(text).to_dict()["sources"]
    assert [(s["label"], s["anonymity"]) for s in lines] == [
        ("a stoker", "granted"),
        ("A woman at the gate", "granted"),
    ]
