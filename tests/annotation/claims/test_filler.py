"""Claims that a worklist puts last, told by their words."""

import pytest

from reportedly.annotation.claims.filler import is_filler


@pytest.mark.parametrize(
    "sentence",
    [
        "“Who would build a pier of sand?” he asked. And who paid for it?",
        "“I am confident that there will be no charges,” Moor said.",
        "“We’re very proud of what the crew did.”",
        "I believe\nthe pier will last.",
        "The harbour board declined to comment on the fire.",
        "Moor did not immediately respond to a request for comment.",
        "The yard’s owner could not be reached.",
        "Moor spoke about her first years at sea.",
        "Several councillors have spoken out against the pier.",
    ],
)
def test_what_cannot_be_checked_is_filler(sentence: str) -> None:
    assert is_filler(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Asked who paid for the pier, Moor named the harbour fund.",
        "“I think 40 people fell when the pier broke,” he said.",
        "I saw the mayor take the money.",
        "“We paid the clerk in cash,” she said.",
        "He believed that the pier was sound.",
        "The pier did not return a profit.",
        "Moor spoke to the crew before the ship sank.",
    ],
)
def test_what_can_is_not(sentence: str) -> None:
    assert not is_filler(sentence)
