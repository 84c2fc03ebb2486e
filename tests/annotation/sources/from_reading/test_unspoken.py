"""Proposed sources that say nothing by the wording of their sentence, whatever the reader's probabilities."""

from __future__ import annotations

import numpy as np
import pytest

from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.from_reading.proposals import (
    ProposedSource,
    is_hearer,
    token_range,
)
from reportedly.annotation.sources.from_reading.unspoken import unspoken
from reportedly.annotation.sources.hearsay import heard_of
from reportedly.datamodel import Attribution, Document, Span
from reportedly.reading.segmentation import segment

Voice = tuple[str, str, str]
"""Words of a source, of its cue, and its origin."""


def silent(text: str, *told: Voice) -> list[str]:
    """Return the sources in one sentence that say nothing; all are kept, each with a higher probability than the one before."""
    article = index_article(segment(Document(text)))
    voices = []
    for source, cue, origin in told:
        spans = [Span(at := text.index(words), at + len(words)) for words in (source, cue)]
        attribution = Attribution(spans[:1], spans[1:], (), "indirect", 0.9)
        ranges = [token_range(article, span) for span in spans]
        voices.append(ProposedSource(0, *ranges[0], *ranges[1], attribution, -1, origin))
    order = sorted(range(len(voices)), key=lambda n: voices[n].first)
    chances = np.array([0.9 - 0.1 * n for n in order], np.float32)
    placed = [voices[n] for n in order]
    found = unspoken(article, placed, chances, np.ones(len(voices), np.bool_))
    return [placed[n].source.of(text) for n in found]


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        ("A judge in Gorton ordered the yard to close by May.", "A judge in Gorton", "ordered"),
        ("The Harbour Board has charged its clerk with fraud.", "The Harbour Board", "has charged"),
        ("Judge Ivo Marsh denied the owners’ motion to wait.", "Judge Ivo Marsh", "denied"),
        ("Most villagers know the well is dry.", "Most villagers", "know"),
        ("Councillor Ada Finch also retweeted the picture.", "Councillor Ada Finch", "also retweeted"),
        ("Ada Finch supported the levy from the start.", "Ada Finch", "supported"),
        ("Ada Finch decided to err on the side of caution.", "Ada Finch", "decided"),
        ("The council has said little about the yard.", "The council", "has said"),
        ("Ada Finch said nothing more on Monday.", "Ada Finch", "said"),
        ("Mayor Ada Finch has repeatedly shown she is hopeless.", "Mayor Ada Finch", "has repeatedly shown"),
        ("Again he proved that he cannot count.", "he", "proved"),
        ("Judge Ivo Marsh ruled that the yard was unsafe.", "Judge Ivo Marsh", "ruled"),
        ("A jury in Gorton found that the yard was unsafe.", "A jury in Gorton", "found"),
    ],
)  # fmt: skip
def test_a_deed_is_no_statement(text: str, source: str, cue: str) -> None:
    assert silent(text, (source, cue, "tagger")) == [source]


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        ("Ada Finch denied that she had seen the log.", "Ada Finch", "denied"),
        ("Ada Finch denied any part in the fire.", "Ada Finch", "denied"),
        ("The owner warned of a flood.", "The owner", "warned"),
        ("The owner said nothing would change.", "The owner", "said"),
        ("The owner said little has been done about the yard.", "The owner", "said"),
        ("Ada Finch decided that the yard was unsafe.", "Ada Finch", "decided"),
        ("Ada Finch showed that the yard was unsafe.", "Ada Finch", "showed"),
        ("The harbour log shows he was aboard.", "The harbour log", "shows"),
        ("A study in Gorton found that the yard was unsafe.", "A study in Gorton", "found"),
    ],
)
def test_what_tells_words_is_one(text: str, source: str, cue: str) -> None:
    assert silent(text, (source, cue, "tagger")) == []


def test_a_name_far_from_anothers_cue_says_nothing() -> None:
    text = "Led by Ada Finch, the six boats had been at sea for a week, said Holm."
    holm, finch = ("Holm", "said", "tagger"), ("Ada Finch", "said", "words")
    assert silent(text, holm, finch) == ["Ada Finch"]
    assert silent(text, finch, holm) == [], "unless it is the likelier one"


def test_who_only_signed_what_speaks_takes_no_words_from_it() -> None:
    text = "The letter, signed by Ada Finch, said that the pumps were old."
    finch, letter = ("Ada Finch", "said", "tagger"), ("The letter", "said", "words")
    assert silent(text, finch, letter) == []


def test_a_participle_goes_on_with_the_subject() -> None:
    text = "Lund asked the board to challenge Mr. Holm at its meeting, adding that it was late."
    lund, holm = ("Lund", "asked", "tagger"), ("Mr. Holm", "adding", "tagger")
    assert silent(text, lund, holm) == ["Mr. Holm"]
    text = "Lund left early, Mr. Holm told the board, adding that it was late."
    lund, holm = ("Lund", "left", "tagger"), ("Mr. Holm", "adding", "tagger")
    assert silent(text, lund, holm) == []


@pytest.mark.parametrize(
    "cue",
    [
        "is said to",
        "has been widely accused of",
        "are reportedly",
        "’s claimed",
        "were told",
        "’re told",
    ],
)
def test_who_is_talked_of_does_not_speak(cue: str) -> None:
    assert heard_of(cue)


@pytest.mark.parametrize(
    "cue", ["said", "was quoted as saying", "is reportedly telling", "has said", "was blamed by"]
)
def test_who_speaks_or_is_quoted_is_not_talked_of(cue: str) -> None:
    assert not heard_of(cue)


@pytest.mark.parametrize(
    ("text", "source", "cue", "hears"),
    [
        ("Moor has now been told that the pier is unsafe.", "Moor", "told", True),
        ("Moor was repeatedly informed that the pier is unsafe.", "Moor", "informed", True),
        ("Moor has told us that the pier is unsafe.", "Moor", "told", False),
        ("Moor, who was ill, told us that the pier is unsafe.", "Moor", "told", False),
    ],
)
def test_whoever_is_told_something_says_nothing(text, source, cue, hears):
    """The subject of "has been told" is the hearer, that of "has told us" the speaker."""
    spans = [Span(at := text.index(words), at + len(words)) for words in (source, cue)]
    article = index_article(segment(Document(text)))
    assert is_hearer(article, Attribution(spans[:1], spans[1:], (), "indirect", 0.9)) == hears


@pytest.mark.parametrize(
    ("text", "source", "cue", "kept"),
    [
        ("HARLOW, Ohio – Crews confirmed that the quay is shut.", "HARLOW, Ohio –", "confirmed", False),
        ("HARLOW (Echo) -- Crews confirmed that the quay is shut.", "HARLOW", "confirmed", False),
        ("HARLOW CREWS confirmed that the quay is shut.", "HARLOW CREWS", "confirmed", True),
        ("Ada Finch, previously known as Ivo, confirmed that she paid.", "Ivo", "confirmed", False),
        ("Ada Finch, born Ivo Marsh, confirmed that she paid.", "Ivo Marsh", "confirmed", False),
        ("The trader known to all, Ivo Marsh, confirmed that he paid.", "Ivo Marsh", "confirmed", True),
        ("When it sinks, Dr., Finch says, it rots.", "Dr.,", "says", False),
        ("When it sinks, Dr. Finch says, it rots.", "Dr. Finch", "says", True),
        ("Echo readers asked us if the quay was shut.", "Echo readers", "asked", False),
        ("Readers asked us whether the quay was shut.", "Readers", "asked us whether", False),
        ("Readers told us that the quay was shut.", "Readers", "told us", True),
        ("The skipper asked us to shut the quay.", "The skipper", "asked us", True),
    ],
)  # fmt: skip
def test_a_dateline_a_former_name_and_who_asks_the_paper_are_no_sources(
    text: str, source: str, cue: str, *, kept: bool
) -> None:
    assert silent(text, (source, cue, "tagger")) == ([] if kept else [source])


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Lund, who serves on the Harbour Board, warned that it sinks.", ["the Harbour Board"]),
        ("Lund, who met the Harbour Board, and Holm, warned that it sinks.", ["the Harbour Board"]),
        ("Lund, a friend of the Harbour Board, warned that it sinks.", []),
    ],
)
def test_who_stands_in_the_relative_clause_of_a_source_says_nothing(
    text: str, gone: list[str]
) -> None:
    """The two share the verb, which is the source's."""
    told = [("Lund", "warned", "tagger"), ("the Harbour Board", "warned", "tagger")]
    assert silent(text, *told) == gone


@pytest.mark.parametrize(
    ("text", "source", "cue", "kept"),
    [
        ("What have the trials of the pump told us?", "the trials of the pump", "told", False),
        ("But did Ada Finch say that the quay is safe?", "Ada Finch", "say", False),
        ("Is it safe, as Ada Finch says?", "Ada Finch", "says", True),
        ("Ada Finch said: is it safe?", "Ada Finch", "said", True),
        ("Ada Finch pointedly avoided voicing support for the levy.", "Ada Finch", "pointedly avoided voicing support for", False),
        ("Two aides declined to name the buyer.", "Two aides", "declined to name", False),
        ("Two aides declined to name the buyer, saying it was late.", "Two aides", "declined to name", True),
        ("Though the board declined to answer, it did say that the pier is shut.", "the board", "declined to answer", True),
        ("Two aides declined to call it “a gift”.", "Two aides", "declined to call", True),
        ("Most voters know that the well is dry.", "Most voters", "know", False),
        ("Many Americans have heard by now that the well is dry.", "Many Americans", "have heard by now", False),
        ("Two bakers have heard that the well is dry.", "Two bakers", "have heard", True),
        ("Neighbours had reported him missing on Monday.", "Neighbours", "had reported", False),
        ("A waiter reported Ivo Marsh to the board.", "A waiter", "reported", False),
        ("A waiter reported Ivo Marsh had left.", "A waiter", "reported", True),
        ("A waiter reported that he gave it to the board.", "A waiter", "reported", True),
        ("Pupils reacted “when the guards came.”", "Pupils", "reacted", False),
    ],
)  # fmt: skip
def test_who_is_asked_keeps_silent_or_knows_what_all_know_states_nothing(
    text: str, source: str, cue: str, *, kept: bool
) -> None:
    """Who declines to answer and says why does, and so does who asks."""
    assert silent(text, (source, cue, "tagger")) == ([] if kept else [source])


@pytest.mark.parametrize(
    ("text", "source", "cue", "kept"),
    [
        ("Moor was overheard telling a clerk that it leaks.", "a clerk", "telling", False),
        ("The brothers notified guards about the leak.", "guards", "notified", False),
        ("“It leaks,” told a clerk that day.", "a clerk", "told", True),
        ("“It leaks,” said a clerk about the pier.", "a clerk", "said", True),
    ],
)
def test_who_is_told_something_is_no_source(
    text: str, source: str, cue: str, *, kept: bool
) -> None:
    """Unless the subject stands behind its verb, after a quotation."""
    assert silent(text, (source, cue, "tagger")) == ([] if kept else [source])
