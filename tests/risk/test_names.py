"""Names of outlets, people and places do not affect the wording features, however they are spelt."""

import numpy as np
import pytest

import reportedly
from reportedly.datamodel import Document
from reportedly.reading.furniture import find_furniture
from reportedly.reading.segmentation import segment
from reportedly.risk.names import NAMED, forms_of, named_text
from reportedly.risk.ngrams import PART_COLUMNS, headline_columns, learn_vocabulary
from reportedly.risk.pipeline import HeadlineFeatures
from reportedly.risk.records import record_of

STORY = (
    "Brown closed the mill on Monday, the council said. The brown dog of Mrs Brown was seen near the gate. "
    "“We wait,” she said. Later Will Rice told the Times that the US would pay. NOTHING moved, and I stayed.\n\n"
    "Rice left at noon. Police were told that Police Chief Bush had gone; the bush fire burnt on."
)


def words(text, title=""):
    """Return the words of the headline and of the text, without names."""
    return tuple(
        forms_of(part) for part in named_text(segment(Document(text, title), find_furniture))
    )


def test_names_spelt_like_words_are_masked():
    """A capital inside a sentence makes a name, which is then recognised at a sentence's beginning too, unless the article writes it in lower case."""
    _, found = words(STORY)
    text = " ".join(found)
    assert "Will" not in found
    assert "Rice" not in found
    assert "Times" not in found
    assert "US" not in found
    assert "Bush" not in found
    assert text.startswith("Brown")  # which the article also writes small
    assert "The brown dog" in text
    assert "the bush fire" in text


def test_words_that_begin_or_shout_stay():
    """A word with a capital only because of its place, or for emphasis, is not a name."""
    _, found = words(STORY)
    for word in ("The", "We", "Later", "NOTHING", "I"):
        assert word in found
    assert found.count(NAMED) >= 9


def test_a_headline_knows_names_by_the_text():
    """In a headline with all words capitalised, names are those of the article; otherwise they are its capitalised words."""
    title, _ = words(STORY, "Rice Says Bush Left Before the Fire")
    assert title == [NAMED, "Says", "Bush", "Left", "Before", "the", "Fire"]
    title, _ = words(STORY, "Council says Brown paid for the mill")
    assert title == ["Council", "says", NAMED, "paid", "for", "the", "mill"]


@pytest.mark.parametrize("name", ["Cook", "Bush", "Brown", "Price", "Young", "Church", "Oduya"])
def test_a_name_weighs_as_much_as_any_other(name):
    """Replacing a speaker's name does not change the terms of wording and headline."""
    model = reportedly.Assessor().bundle.risk
    story = (
        "The mill at Aldwick will close in June, Tove {} said on Monday. The owners told {} that they had no choice.\n\n"
        "“We tried for years,” {} said. The council of the town voted nine to four against a loan. {} will appeal. "
        "A report of 3 March names the debts: two loans and the wages of May. Nobody was hurt, and the gate is shut.\n\n"
    ) * 2  # fmt: skip
    risks = []
    for other in (name, "Lindahl"):
        text = story.replace("{}", other)
        found = reportedly.Assessor().assess(text, f"Mill will close, says {other} of the owners")
        terms = model.terms(found.annotated)
        risks.append((float(terms.words.sum()), terms.headline))
    assert risks[0] == pytest.approx(risks[1])


def test_training_and_scoring_mask_alike():
    """The record kept by training has the words that scoring looks up."""
    annotated = reportedly.assess(STORY, "Rice Says Bush Left").annotated
    title, found = named_text(annotated.segmented)
    record = record_of(annotated)
    assert record.words == forms_of(found)
    assert record.headline == forms_of(title)
    assert words("") == ([], [])


def test_a_short_headline_says_less():
    """The values of a short headline are smaller; a long one has length 1."""
    text = [
        "the",
        "mill",
        "will",
        "close",
        "in",
        "june",
        "and",
        "the",
        "owners",
        "say",
        "that",
        "nothing",
        "is",
        "left",
        "of",
        "it",
    ]
    vocabulary = learn_vocabulary([text] * 9, least_texts=2)
    sizes = [
        float(np.linalg.norm(headline_columns(vocabulary, text[:n])[1])) for n in (3, 6, 10, 14)
    ]
    assert sizes == pytest.approx([0.3, 0.6, 1.0, 1.0])
    step = HeadlineFeatures(least_texts=1).fit([Document("The mill is shut.", "Mill is shut now")])
    row = step.transform([Document("The mill is shut.", "Mill is shut now")])
    assert row.shape == (1, PART_COLUMNS)
    assert np.linalg.norm(row.toarray()) == pytest.approx(0.4)
