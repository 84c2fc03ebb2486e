"""Words that look like a source and are none, and words like them that are one, over invented sentences."""

from __future__ import annotations

import pytest

from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.no_source import no_sources
from reportedly.datamodel import Attribution, Document, Span
from reportedly.reading.segmentation import segment


def is_none(text: str, source: str, cue: str = "") -> bool:
    """Tell whether the last place of `source` in `text` is nobody's; `cue` is the verb that it was found with."""
    at = text.rindex(source)
    verb = text.rindex(cue) if cue else 0
    cues = (Span(verb, verb + len(cue)),) if cue else ()
    attribution = Attribution((Span(at, at + len(source)),), cues, (), "indirect", 0.9)
    return no_sources(index_article(segment(Document(text))))(attribution)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("There are few tenants who truly believe they were cheated.", "few tenants"),
        ("I have met few tenants who say they were cheated.", "met few tenants"),
        ("Any tenant who claims that the lift is broken is lying.", "Any tenant who"),
        ("Nobody who saw the crane fall believes the firm.", "Nobody who saw the crane fall"),
        ("Six towns — Aldby, Norr, Hemmel and Lund — reported no cases.", "Norr, Hemmel and Lund"),
        ("Five counties, Aldby, Norr and Vik, reported 40 deaths each.", "Aldby, Norr and Vik,"),
        ("“I like this pill,” Moor said.source “It is cheap and it works.”", "source"),
        ("“I like this pill.”source site Moor told them to wait.", "source site"),
        ("Moor likes this pill. Source", "Source"),
        ("Moor likes it. Source “It works, and it is cheap.”", "Source"),
        ("Moor left the party as news broke that the pier is sinking.", "news"),
        ("Moor left the party after the news emerged that the pier is sinking.", "the news"),
        (
            "The note she sent her nearly 40,000 Twitter followers read: “Go.”",
            "her nearly 40,000 Twitter followers",
        ),
        ("THE FACTS: The pier is open, and nobody plans to shut it.", "THE FACTS:"),
        ("It made misstatements, including one saying that he fought.", "one"),
        ("It made claims, including one saying he fought and another saying he led.", "another"),
        ("“Go.” (Ada Finch, “Moor Camp Says Go,” The Echo, 3/4/09) They went.", "Moor Camp"),
    ],
)
def test_what_is_no_source(text: str, source: str) -> None:
    assert is_none(text, source)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("A few tenants who were cheated say so.", "A few tenants"),
        ("Few of the tenants who were cheated say so.", "Few of the tenants"),
        ("Every tenant who spoke asked not to be named.", "Every tenant"),
        ("No officials said so.", "No officials"),
        (
            "Six papers — the Echo, the Post and the Sun — reported the fire.",
            "the Echo, the Post and the Sun",
        ),
        ("Six towns — Aldby, Norr and Vik — are shut, the Echo reported.", "the Echo"),
        ("The plant will close, a source said.", "a source"),
        ("The plant will close, sources say.", "sources"),
        ("“The plant will close,” source says.", "source"),
        ("The news reports said that the pier is sinking.", "The news reports"),
        ("CBS News broke the story of the pier.", "CBS News"),
        ("Moor likes it. Moor “It works, and it is cheap.”", "Moor"),
        ("Six towns — Aldby, Norr and Vik — reported no cases. The mayor said so.", "The mayor"),
        ("Two million voters said no.", "Two million voters"),
        ("Followers of the sect said no.", "Followers of the sect"),
        ("THE MAYOR: The pier is open.", "THE MAYOR:"),
        ("The facts, Moor said: the pier is open.", "Moor"),
        ("It asked guards, including one saying that he fought.", "one"),
        ("One guard said that he fought.", "One guard"),
        ("“Go” (Ada Finch, who wrote “Moor Camp Says Go,” says it is a joke).", "Ada Finch"),
    ],
)
def test_what_may_be_one(text: str, source: str) -> None:
    assert not is_none(text, source)


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        ("Moor criticised Gov. Tom Lund's office, calling it idle.", "Gov. Tom Lund", "calling"),
        ("Moor sharply attacked Lund’s plan for the pier, saying it is dear.", "Lund", "saying"),
        ("Moor praised Mayor Ada Finch's staff, adding that she is kind.", "Ada Finch", "adding"),
    ],
)
def test_the_owner_of_what_the_subject_scolds_says_nothing(
    text: str, source: str, cue: str
) -> None:
    assert is_none(text, source, cue)


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        ("Lund's office criticised Moor, calling him idle.", "Lund's office", "calling"),
        ("Moor met Lund's lawyer, saying he was ill.", "Lund", "saying"),
        ("Moor was criticised by Lund, who left, calling him idle.", "Lund", "calling"),
        ("Lund's plan for the pier, he says, is dear.", "Lund", "says"),
        ("Moor criticised Lund, calling the pier idle.", "Lund", "calling"),
    ],
)
def test_a_subject_or_one_who_is_met_may_speak(text: str, source: str, cue: str) -> None:
    assert not is_none(text, source, cue)
