"""The worklist: which claims are listed, their order, repeats, words for the probability, and the headline's claim."""

import pytest
from hypothesis import given, settings

from reportedly.datamodel import Annotated, Claim, Document
from reportedly.datamodel.worklist import (
    chance_in_words,
    headline_claim,
    is_listed,
    like_texts,
    low_claims,
    says_fully,
    urgency,
    urgency_of,
    why_empty,
    worklist,
)
from reportedly.reading.segmentation import segment
from tests.annotations import annotated

TEXT = (
    "The mayor took 40,000 pounds from the harbour fund. Nine boats sank in the spring storm. "
    "The mayor had taken 40,000 pounds from the harbour fund. The mayor took 90,000 pounds from the harbour fund. "
    "Ana Moor runs the pier."
)


def claim(number, *, support="none", priority=0.5, listed=True, unsupported=0.9):
    """Return a claim as a reader judges it."""
    return Claim(
        number, 0.9, checkworthy=True, support=support, worth=(0.9, 0.8, 0.3), unsupported=unsupported,
        priority=priority, listed=listed,
    )  # fmt: skip


def article(*claims, title="Mayor took 40,000 pounds from harbour"):
    """Return the text with these claims and none in its other sentences."""
    parts = segment(Document(TEXT, title))
    by_number = {c.sentence: c for c in claims}
    every = tuple(by_number.get(n, Claim(n, 0.1, False, None)) for n in range(len(parts.sentences)))
    return Annotated(parts, (), (), (), every)


def test_repeats_of_a_claim_are_one_item_with_all_places():
    """The repeat with the highest priority leads; another amount is another claim."""
    found = worklist(article(claim(0, priority=0.6), claim(2, priority=0.9), claim(3, priority=0.7)))  # fmt: skip
    assert [(i.claim.sentence, [c.sentence for c in i.repeats]) for i in found] == [(2, [0]), (3, [])]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A bomb killed 18 people in the suburb of Jarvo on Tuesday, state media said.",
         "Bomb kills 18 in Jarvo suburb, state media say; at least 18 people killed in latest blast, Tuesday 6 Aug 2013"),
        ("They gave immunity to Ada Finch and two other staff members.",
         "Specifically, the board provided the mayor’s former chief of staff, Ada Finch, and two other staff members with immunity."),
    ],
)  # fmt: skip
def test_a_claim_within_a_longer_one_is_a_repeat(one, other):
    """Whichever comes first."""
    assert like_texts([one, other]) == like_texts([other, one]) == [[0, 1]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The yard grew by 2.6 percent in spring, the harbour board said on Monday.",
         "The yard had been expected to grow by 2.2 percent in spring, the harbour board said."),
        ("Nine boats sank in the storm.", "The storm took the pier, the crane and the shed, and sank a ferry."),
        ("An army unit killed 9 fighters in the hills.", "An army unit destroyed hideouts in the hills."),
    ],
)  # fmt: skip
def test_another_number_or_a_few_like_words_make_another_claim(one, other):
    """Also where one sentence is much longer."""
    assert like_texts([one, other]) == like_texts([other, one]) == [[0], [1]]


def test_an_empty_list_shows_its_best_claims_below_it():
    """Two, the most urgent first, and never what a record shows."""
    low = [claim(n, priority=p, listed=False) for n, p in ((0, 0.1), (1, 0.2), (3, 0.15))]
    found = article(*low, claim(4, support="record", listed=False), title="")
    assert worklist(found) == []
    assert [item.claim.sentence for item in low_claims(found)] == [1, 3]
    assert why_empty(found).startswith(
        "4 claims, none clearly worth checking, which does not make them true: 1 shown"
    )
    assert low_claims(article(claim(4, support="record", listed=False), title="")) == []
    assert (
        why_empty(article(claim(4, support="record", listed=False)))
        == "1 claim: 1 shown by a record"
    )


def test_the_headlines_claim_is_shown_below_a_list_that_lacks_it():
    """Nothing else is, nor the headline's claim if a record shows it, or if it says what a listed claim says."""
    others = claim(1), claim(3, listed=False)
    found = article(claim(0, priority=0.05, listed=False), *others)
    assert [item.claim.sentence for item in low_claims(found)] == [0]
    assert low_claims(article(claim(0, support="record", listed=False), *others)) == []
    assert low_claims(article(claim(0, listed=False), *others, claim(2))) == []
    assert low_claims(article(claim(0), claim(3, listed=False))) == []


def test_what_is_listed_comes_by_priority():
    """Claims that a reader does not list are left out."""
    found = worklist(article(claim(1, priority=0.2), claim(3, priority=0.7), claim(4, listed=False)))  # fmt: skip
    assert [item.claim.sentence for item in found] == [3, 1]


def test_what_there_is_to_check_counts_all_claims():
    """Those below the fold add to the urgency in all; what is no claim adds nothing."""
    found = article(claim(0, priority=0.6), claim(1, priority=0.25, listed=False))
    assert urgency_of(found) == (0.85, 0.6)
    more = article(claim(0, priority=0.6), claim(1, priority=0.25, listed=False), claim(4, priority=0.1, listed=False))  # fmt: skip
    assert urgency_of(more) == (0.95, 0.6)


def test_claims_of_chosen_standings_come_whether_listed_or_not():
    """Claims of other standings are left out."""
    found = article(claim(0), claim(1, support="named", listed=False), claim(3, support="record"))
    assert [i.claim.sentence for i in worklist(found, {"vouched"})] == [1]
    assert [i.claim.sentence for i in worklist(found, {"nobody", "shown"})] == [0, 3]


@given(found=annotated())
@settings(max_examples=40, deadline=None)
def test_without_a_reader_unverified_claims_come_by_check_worthiness(found):
    """Each is listed once, as an item or as a repeat of one."""
    items = worklist(found)
    listed = [c for item in items for c in (item.claim, *item.repeats)]
    assert sorted(c.sentence for c in listed) == [c.sentence for c in found.claims if c.unverified]
    first = [urgency(item.claim) for item in items]
    assert first == sorted(first, reverse=True)
    assert all(is_listed(c) for c in listed)


@pytest.mark.parametrize(("chance", "word"), [(0.95, "sure"), (0.6, "likely"), (0.2, "unsure"), (None, None)])  # fmt: skip
def test_a_chance_in_a_word(chance, word):
    """There are three words, and none if no reader judged the claim."""
    assert chance_in_words(claim(0, unsupported=chance)) == word


def test_the_headline_is_claimed_where_its_words_stand():
    """A check-worthy sentence is preferred; there is none if the text says something else."""
    assert headline_claim(article(claim(2))).sentence == 2
    assert headline_claim(article()).sentence == 0
    assert headline_claim(article(claim(2), title="Bridge opens after seven years")) is None
    assert headline_claim(article(claim(2), title="")) is None


@pytest.mark.parametrize(
    ("headline", "number"),
    [
        ("Mayor took harbour fund, says she would now give all that back", 0),
        ("Nine boats gone as storms come, guard says", 1),
        ("Mayor says Ana Moor will win prize", None),
    ],
)
def test_the_headline_is_claimed_by_a_sentence_that_tells_most_of_it(headline, number):
    """Function words, reporting verbs and inflections do not count; a name alone is not enough."""
    found = headline_claim(article(claim(0), claim(1), title=headline))
    assert (found and found.sentence) == number
    assert headline_claim(article(claim(0), claim(1), title=headline), closely=True) is None


@pytest.mark.parametrize(
    ("headline", "sentence", "fully"),
    [
        ("Mayor sold nine boats to pay for the bridge", "The mayor sold nine boats to pay for a new bridge.", True),
        ("Nine boats gone as storms come", "Nine boats were gone when the storms came, the guard said.", True),
        ("9 boats gone as storms come", "Nine boats are gone when storms come, the guard said.", True),
        ("Storms cost mayor $50K", "The storms cost the mayor $49,800.", True),
        ("Storms cost mayor $50K", "The storms cost the mayor $4,800.", False),
        ("Boats of 2012 gone as storms come", "Boats of 2015 were gone when the storms came.", False),
        ("175 boats gone as storms come", "Boats were gone when the storms came, the guard said.", False),
        ("175 boats gone as storms come", "29 boats were gone when the storms came, the guard said.", False),
        ("New harbour rules will cost skippers dear", "The whole burden of ten years would cost a fortune, skippers say.", False),
        ("Mayor says Ana Moor may win the prize", "Ana Moor is the mayor's niece.", False),
    ],
)  # fmt: skip
def test_only_a_sentence_that_says_it_all_lends_the_headline_its_support(headline, sentence, fully):
    """A sentence without the headline's figures, or with less than two thirds of its words, is only the nearest."""
    assert says_fully(headline, sentence) is fully


@pytest.mark.parametrize(
    ("headline", "sentence", "fully"),
    [
        ("Island regatta chances improve", "Moor has every chance in the regatta of the island.", False),
        ("Mayor sold nine boats to pay for the bridge", "The mayor sold nine boats to pay for a new bridge.", True),
    ],
)  # fmt: skip
def test_far_from_the_top_a_sentence_must_have_more_of_the_headline(headline, sentence, fully):
    """Three shared words may be only the subject there; an article's first sentences mostly repeat its headline."""
    assert says_fully(headline, sentence)
    assert says_fully(headline, sentence, 19) is fully


def test_the_headline_is_claimed_where_its_figures_stand():
    """Of two sentences with its words the one with its figures makes its claim, though the other has more of them."""
    text = "Raids sank boats of Ardmouth guards near Holm. The raids sank 70 boats near Ardmouth."
    segmented = segment(Document(text, "Raids sink 70 boats of Ardmouth guards near Holm"))
    found = headline_claim(Annotated(segmented, (), (), (), (claim(0), claim(1))))
    assert found.sentence == 1


def test_a_claim_moves_with_a_sentence_before_it():
    """The places of its support move as well."""
    moved = Claim(2, 0.9, True, "named", support_at=(1, 3)).moved(2)
    assert (moved.sentence, moved.support_at) == (3, (1, 4))
    assert Claim(1, 0.9, True, "named", support_at=(1,)).moved(2).support_at == (1,)


def test_many_like_sentences_are_grouped_in_good_time():
    """The time grows linearly with the text."""
    text = " ".join(f"Boat {n} sank in the storm off the northern pier." for n in range(2000))
    parts = segment(Document(text))
    claims = tuple(claim(n) for n in range(len(parts.sentences)))
    assert len(worklist(Annotated(parts, (), (), (), claims))) == len(parts.sentences)
