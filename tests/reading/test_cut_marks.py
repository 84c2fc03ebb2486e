"""What a report says of a text that cannot be cut into sentences and quotations."""

from __future__ import annotations

import pytest

from reportedly.datamodel import Document
from reportedly.reading.cut_marks import cut_notices
from reportedly.reading.segmentation import segment

_PLAIN = (
    "The mayor opened the new pier on Friday. “It is safe,” she said. Guards closed it at five.\n\n"
)
_GLUED = (
    "The mayor opened theHarbour pier on Friday.Guards closed it at five.Nobody was hurt there.\n\n"
)
_OPEN = "“It is safe and it will stay so, the mayor said on Friday before she left the pier for good.\n\nGuards closed it.\n\n"


def told_of(text: str) -> tuple[str, ...]:
    """Return the notices on a text."""
    return cut_notices(segment(Document(text)))


def test_a_sound_text_gets_no_notice() -> None:
    assert told_of(_PLAIN * 9) == ()


def test_glued_words_are_counted_and_make_the_ledger_unsure() -> None:
    (notice,) = told_of(_PLAIN * 3 + _GLUED)
    assert notice.startswith("3 words glued together, ")
    assert notice.endswith("sentences and ledger are unsure")


def test_few_glued_words_in_a_long_text_are_no_notice() -> None:
    assert told_of(_PLAIN * 60 + _GLUED) == ()


def test_two_faults_are_too_few_and_so_are_two_of_many_quotations() -> None:
    assert told_of("Guards closed theHarbour pier.Nobody came.") == ()
    assert told_of(_PLAIN * 30 + _OPEN * 2) == ()


def test_names_with_capitals_within_are_not_glued() -> None:
    assert (
        told_of(
            "An eBay clerk at YouTube rang McDonald of iPier and newsline.com on Friday.\n\n" * 3
        )
        == ()
    )


def test_quotations_that_never_close_are_counted() -> None:
    (notice,) = told_of(_PLAIN + _OPEN * 2)
    assert notice == "2 of 3 quotations never close: who says what is unsure"


def test_a_quotation_that_goes_on_in_the_next_paragraph_is_closed() -> None:
    text = "“It is safe, she said.\n\n“Guards closed it.\n\n“Nobody was hurt.”\n\n"
    assert told_of(text * 3) == ()


@pytest.mark.parametrize(("closing", "told"), [("”", 0), ("", 1)])
def test_a_quotation_that_closes_a_paragraph_later_is_closed(closing: str, told: int) -> None:
    """Only one that no mark closes is told of."""
    block = f"“The yard is shut.\n\nIt stays so,{closing} said Ada Finch.\n\n"
    notices = cut_notices(segment(Document(block * 3)))
    assert len(notices) == told
