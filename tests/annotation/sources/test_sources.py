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
