"""Who speaks in transcripts and interviews, by the bundle's student: labels hold to the next label, and who asks is no source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

import reportedly
from reportedly.datamodel import Annotated, Document

Read = Callable[[str], dict[str, int]]


def said(annotated: Annotated) -> dict[str, int]:
    """Return how many statements each line of the ledger has; "?" are those that are unclear."""
    labels = {source.id: source.label for source in annotated.sources}
    told = [one for one in annotated.attributions if one.source_id is not None or one.unclear]
    return dict(Counter(labels.get(one.source_id or "", "?") for one in told))


@pytest.fixture(scope="module")
def read() -> Read:
    assessor = reportedly.Assessor(reader="student")
    return lambda text: said(assessor.assess(Document(text)).annotated)


BROADCAST = """Welcome to the programme on the harbour.ADA LUND, NORTH RADIO HOST: The pier was shut in May. About 300 boats had to leave.\
Mayor Bo Rolf joins us now. Was it safe?BO ROLF (D), MAYOR OF NORTHPORT: It was never safe. We measured the piles twice.LUND: Most people \
here say nothing of it. Why is that?ROLF: They trust us, and the divers found no rot last year."""

PRESS = """The council met on Monday. Ada Lund was asked about the pier by Ivo Holm, who works for a radio station.

HOLM: Is the pier safe?

LUND: It is safe. The divers saw it in May.

HOLM: There are 300 boats in the harbour. Will they stay?

LUND: They will stay. He asked me the same last week, and he said that the fleet was old.

HOLM: Was it tested?

LUND: It was tested twice."""

TALK = """The Echo printed a talk about the pier. The harbour chief Ada Lund was asked by Ivo Holm on Monday.

Holm: Welcome, and thank you for joining us. Do you trust the piles?

Lund (laughs): I never did. The divers saw rot in May.

Holm: There are 300 boats in the harbour.

Lund: They must leave. We wrote to the owner twice."""


def test_a_label_with_party_and_office_opens_a_turn_and_its_host_is_no_source(read: Read) -> None:
    assert read(BROADCAST) == {"Bo Rolf": 3}


def test_who_mostly_asks_is_no_source_and_he_is_not_the_speaker(read: Read) -> None:
    found = read(PRESS)
    assert "Ivo Holm" not in found
    assert found["Ada Lund"] == 5


def test_who_thanks_a_guest_and_asks_is_no_source_all_along(read: Read) -> None:
    assert read(TALK) == {"Ada Lund": 4}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HOLM: Is", "REP. HOLM: Is"),  # a member of parliament asks a witness
        ("Will they stay?", "They stay."),
    ],
)
def test_who_has_an_office_or_seldom_asks_is_a_source(read: Read, one: str, other: str) -> None:
    assert one in PRESS
    found = read(PRESS.replace(one, other).replace("Was it tested?", "It was never tested."))
    assert any("Holm" in label for label in found)


def test_who_asks_in_longer_turns_than_those_who_answer_is_a_source(read: Read) -> None:
    """A lawyer's or a member's questions hold what they say: "You sold the piles in May, and you knew that they were rotten. Why?"."""
    longer = PRESS
    for short, long in (
        ("Is the pier safe?", "The divers of the harbour board saw rot in May, and nobody told the crews. Is it safe?"),
        ("Was it tested?", "We asked for a test of all the piles in May, in June and in July, and nothing came. Was it tested?"),
        ("There are 300", "You wrote to the board that the fleet is old, and you never came to see it. There are 300"),
        ("It was tested twice.", "It was tested twice.\n\nHOLM: The board says that it was tested once, in the spring, by the owner himself."),
    ):  # fmt: skip
        assert short in longer
        longer = longer.replace(short, long)
    assert any("Holm" in label for label in read(longer))


def test_each_turn_counts_once(read: Read) -> None:
    """A label is one statement, and nobody else's words stand beside it."""
    quarrel = """The harbour chief Ada Lund and the engineer Ivo Holm met on Monday.

ADA LUND: The pier is safe.

IVO HOLM: The wood is rotten.

LUND: You never saw it.

HOLM: Everyone saw it in May."""
    assert read(quarrel) == {"Ada Lund": 2, "Ivo Holm": 2}


def test_headings_that_name_people_are_no_conversation(read: Read) -> None:
    profiles = """Four members vote on the pier.

LUND: Ada Lund is the oldest of them, and has a farm.

HOLM: Ivo Holm has a boat in the harbour.

RASK: Ivo Rask came from the north.

MOOR: Tove Moor was never there."""
    assert sum(read(profiles).values()) <= 1
