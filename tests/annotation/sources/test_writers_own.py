"""Sentences that go on behind a source but are the writer's own."""

from types import SimpleNamespace

import numpy as np
import pytest

import reportedly
from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.from_reading.unspoken import writers_own
from reportedly.datamodel import Document, Span
from reportedly.reading.segmentation import segment


@pytest.mark.parametrize(
    ("behind", "cue", "own"),
    [
        ("A strike is no excuse. But I think less shouting is better.", "according to", [1, 2]),
        ("A strike is no excuse. Okay? Fine.", "according to", [1, 2, 3]),
        ("A strike is no excuse. It will end in May.", "according to", []),
        ("A strike is no excuse. “But I think it is wrong.”", "according to", []),
        ("A strike is no excuse. But I think it is wrong.", "said", []),
        ("A strike is no excuse.\n\nBut I think it is wrong.", "according to", []),
    ],
)
def test_a_writers_comment_behind_according_to_is_the_writers(behind, cue, own):
    """Where the writer asks or says "I" outside quotation marks, the rest of the paragraph is the writer's."""
    text = f"The strike had to do with pay, {cue} Ana Hart. {behind}"
    segmented = segment(Document(text))
    at = text.index(cue)
    voice = SimpleNamespace(sentence=0, attribution=SimpleNamespace(cue=(Span(at, at + len(cue)),)))
    count = len(segmented.sentences)
    carried = np.arange(count) > 0
    found = writers_own(index_article(segmented), [voice], np.ones(1, bool), carried)
    assert list(found) == own


def test_hedges_of_a_reprinted_block_are_not_the_reporters():
    """An outlet that is announced by a colon speaks in its block; behind the block the reporter does."""
    text = (
        "The Washington Post reveals that directors are worried:\n\nSome directors of Norvex are anxious about the plant. "
        "What seemed to be an easy sale may take until June. The firm could close two plants.\n\n"
        "The firm did not comment. It may be the largest in the town."
    )
    hedges = reportedly.assess(text).to_dict()["hedges"]
    voices = [(text[h["start"] : h["end"]], h["voice"]) for h in hedges]
    assert voices[:3] == [("seemed", "source"), ("may", "source"), ("could", "source")]
    assert voices[3:] == [("may", "reporter")]
