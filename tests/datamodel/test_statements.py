"""What counts as a statement, and how statements by an unclear source are shown."""

import pytest

from reportedly.datamodel import Annotated, Attribution, Claim, Document, Source, Span
from reportedly.datamodel.payload import ledger_account, summarise, trust_words
from reportedly.datamodel.statements import statement_places, unclear_statements
from reportedly.reading.segmentation import segment
from reportedly.signals.anonymous_sourcing import ANONYMOUS_SOURCING
from tests.datamodel.test_payload import measured

TEXT = "Oda Lind said the lock leaks and warned of worse. He said it would hold. It opens at nine. The gate is shut."


def at(words: str, after: int = 0) -> Span:
    """Return where some words occur in the text."""
    start = TEXT.index(words, after)
    return Span(start, start + len(words))


def said(source: str, content: str, after: int = 0, **told: object) -> Attribution:
    """Return an attribution of some words to a source; without one it continues the previous statement."""
    spans = (at(source, after),) if source else ()
    return Attribution(spans, (), (at(content),), **told)  # type: ignore[arg-type] # what a test tells


LIND = {"source_id": "s1", "source_class": "named_person"}
ATTRIBUTIONS = (
    said("Oda Lind", "the lock leaks", **LIND),
    said("Oda Lind", "worse", **LIND),
    said("He", "it would hold", unclear=True),
    said("", "It opens at nine", unclear=True),
    said("The", "gate is shut", at("The gate").start, unclear=True),
)


def found(attributions: tuple[Attribution, ...] = ATTRIBUTIONS) -> Annotated:
    """Return the annotated text."""
    parts = segment(Document(TEXT))
    claims = tuple(Claim(n, 0.1, checkworthy=False, support=None) for n in range(4))
    lines = (Source("s1", "Oda Lind", "named_person", 1),)
    return Annotated(parts, attributions, lines, (), claims)


def test_two_verbs_of_one_source_in_a_sentence_are_one_statement():
    """A sentence counts once for each source."""
    seen = found()
    assert statement_places(seen.attributions, seen.segmented) == {"s1": (0,)}


def test_unclear_statements_are_told_as_their_words_stand():
    """The source's words are quoted; a statement that continues is shown as such; an article alone ("the") names nobody."""
    assert [one.shown for one in unclear_statements(found())] == [
        "He, unclear who", "continues, unclear whose words", "somebody, unclear who",
    ]  # fmt: skip


def test_unclear_statements_are_counted_apart():
    """They are in no ledger line, and are neither unnamed nor vague."""
    account = summarise(measured(found()))
    assert account["ledger"] == {
        "statements": 1, "unclear": 3, "lines": 1, "share_right": None, "unsure": [],
        "trust": "3 of 4 statements unclear",
    }  # fmt: skip
    assert [one["sentence"] for one in account["unclear"]] == [1, 2, 3]
    assert account["unclear"][0]["words"]["text"] == "He"
    assert account["unclear"][1]["words"] is None
    assert [a["unclear"] for a in account["attributions"]] == [False, False, True, True, True]
    score = ANONYMOUS_SOURCING.measure(found())
    assert score.score == 0
    assert score.summary.endswith("a named person; 3 more unclear.")


def test_a_text_of_unclear_statements_alone_says_so():
    """No statement has a source, yet the summary does not say that nothing is attributed."""
    alone = found(ATTRIBUTIONS[2:])
    summary = ANONYMOUS_SOURCING.measure(
        Annotated(alone.segmented, alone.attributions, (), (), alone.claims)
    ).summary
    assert summary == "Nothing is attributed to a source; the source of 3 statements is unclear."


@pytest.mark.parametrize(
    ("counted", "unclear", "share", "words"),
    [
        (0, 0, None, None),
        (9, 2, 0.71, "2 of 11 statements unclear; on articles like this about 7 of 10 ledger lines are right"),
        (1, 0, None, "none of 1 statement unclear"),
        (4, 0, 0.99, "none of 4 statements unclear; on articles like this about 9 of 10 ledger lines are right"),
        (4, 1, 0.01, "1 of 5 statements unclear; on articles like this about 1 of 10 ledger lines are right"),
    ],
)  # fmt: skip
def test_trust_is_told_in_tenths(counted, unclear, share, words):
    """It is never 0 or 10 of 10, because it was measured on other articles."""
    assert trust_words(counted, unclear, share) == words


def test_lines_that_are_likely_wrong_are_named():
    """Readers of the ledger learn which lines to check; the others are not marked."""
    words = trust_words(4, 0, 0.7, ["s2", "s5"])
    assert words is not None
    assert words.endswith("about 7 of 10 ledger lines are right; unsure, look twice: s2, s5")
    lines = tuple(
        Source(f"s{n}", f"Oda Lind {n}", "named_person", 1, chance=chance)
        for n, chance in enumerate((0.64, 0.65, 0.9, None), 1)
    )
    assert ledger_account(lines, ())["unsure"] == ["s1"]
