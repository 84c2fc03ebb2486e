"""Corroboration over forty invented stories: never said where nobody else states the same."""

import json
from pathlib import Path

import reportedly

STORIES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data" / "corroboration.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


def test_corroboration_is_never_said_wrongly():
    """A denial, another claim, another mention or one of the same group backs nobody."""
    apart = [story for story in STORIES if not story["corroborated"]]
    assert len(apart) == 24
    wrong = [
        story["id"]
        for story in apart
        if any(s["corroborated"] for s in reportedly.assess(story["text"]).to_dict()["sources"])
    ]
    assert wrong == []


def test_who_corroborates_is_told():
    """A named owner who states the same is who backs the source."""
    text = (
        "The mill will close in June, a clerk said. Tove Lindahl, the owner, also said that the mill "
        "would close in June."
    )
    found = reportedly.assess(text).to_dict()["sources"]
    (clerk,) = (s for s in found if s["class"] == "unnamed")
    (owner,) = (s for s in found if s["label"] == "Tove Lindahl")
    assert clerk["corroborated"]
    assert clerk["corroborated_by"] == [owner["id"]]


def test_a_denial_corroborates_nothing():
    """The same words the other way round are no backing."""
    text = "The mill will close in June, a clerk said. Tove Lindahl said that the mill would not close in June."
    sources = reportedly.assess(text).to_dict()["sources"]
    assert not any(s["corroborated"] for s in sources)


def test_who_disputes_a_count_is_not_corroborated_by_it():
    """What repeats words to speak against them has nobody behind it."""
    text = (
        "Local residents disputed the figures, saying the mill killed nine fish in the river.\n\n"
        "Tove Lindahl, the engineer, said the mill killed nine fish in the river."
    )
    assert not any(s["corroborated"] for s in reportedly.assess(text).to_dict()["sources"])


def test_the_same_three_figures_are_one_count():
    """Whoever cites a count as it was published corroborates nothing."""
    count = "the mill killed 53 swans, 570 herons and 14,400 fish in the river every year"
    text = f"Biologists said {count}. It was a dry year.\n\nTove Lindahl, the mayor, said that {count}."
    assert not any(s["corroborated"] for s in reportedly.assess(text).to_dict()["sources"])


def test_hearsay_stands_beside_sources_in_a_clause_of_their_own():
    """Where "and sources say" goes on, both speak; where somebody says that it is believed, that person does."""
    both = "The mill is shut. It is believed that the fund is empty, and sources say the mill will be sold."
    one = "It is believed that the fund is empty, the mayor, Ana Moor, said."
    classes = [
        {s["class"] for s in reportedly.assess(text).to_dict()["sources"]} for text in (both, one)
    ]
    assert classes == [{"vague", "unnamed"}, {"named_person"}]
