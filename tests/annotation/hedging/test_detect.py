"""Listed hedging terms: their places, the features of the words around them, training on these, and scopes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportedly.annotation.hedging.detect import (
    FEATURES,
    HEDGE_BITS,
    candidate_features,
    context_of,
    cue_list,
    default_cues,
    find_cue_candidates,
    listed_cues,
    scope,
)
from reportedly.annotation.hedging.learning.fitting import (
    fit_hedging,
    locate_cues,
    mark_article,
    predict,
)
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.annotation.tokens.word_features import (
    WordClasses,
    cover,
    word_features,
    word_hash,
)
from reportedly.corpora.gold import GoldArticle, GoldHedge, GoldSentence
from reportedly.datamodel import Document, Span
from reportedly.lexicons.loader import load
from reportedly.reading.segmentation import segment
from tests.readings import NO_CLASSES, hedged

YES = ["The dam may fail", "He may have left", "Prices may rise again", "It may be too late"]
NO = ["In May the dam failed", "She left in May", "By May prices rose", "They met in May again"]


def parts(text):
    return segment(Document(text))


@pytest.fixture(scope="module")
def model():
    rows = [(f"{t}.", "may") for t in YES] + [(f"{t}.", "") for t in NO]
    return fit_hedging([hedged(rows * 5)], default_cues(), classes=NO_CLASSES, strength=10.0)


def words(text, found, segmented):
    return [
        segmented.tokens.span(int(a), int(b)).of(text)
        for a, b in zip(found.first, found.last, strict=True)
    ]


def test_find_candidates_nested():
    """A candidate inside a longer one is a candidate too."""
    text = "Most likely it sank."
    segmented = parts(text)
    found = find_cue_candidates(context_of(DocBatch.of(segmented)), default_cues())
    assert set(words(text, found, segmented)) == {"Most likely", "likely"}


def test_find_candidates_stay_in_their_sentence():
    """No candidate crosses the end of a sentence."""
    segmented = parts("It was said. To go is good.")
    cues = cue_list([("said to", "hearsay", "verb"), ("was said", "hearsay", "verb")])
    text = segmented.text
    assert words(
        text, find_cue_candidates(context_of(DocBatch.of(segmented)), cues), segmented
    ) == ["was said"]


def test_find_candidates_either_apostrophe():
    """A curly apostrophe matches a straight one."""
    segmented = parts("I’m guessing it sank.")
    found = find_cue_candidates(context_of(DocBatch.of(segmented)), default_cues())
    assert "I’m guessing" in words(segmented.text, found, segmented)


@pytest.mark.parametrize("hit", load("hedges").hits)
def test_lexicon_hits(hit):
    """Every example sentence of the list has a candidate."""
    assert len(find_cue_candidates(context_of(DocBatch.of(parts(hit))), default_cues()))


@pytest.mark.parametrize("miss", load("hedges").misses)
def test_lexicon_misses(miss):
    """No counter-example of the list has a candidate."""
    assert not len(find_cue_candidates(context_of(DocBatch.of(parts(miss))), default_cues()))


def test_candidate_features_shape():
    """Every candidate has the same number of features, all of them in the table."""
    where = context_of(DocBatch.of(parts("It may rain. It might not.")))
    found = find_cue_candidates(where, default_cues())
    features = candidate_features(where, default_cues(), found, NO_CLASSES)
    assert features.shape == (len(found), FEATURES)
    assert features.min() >= 0
    assert features.max() < 1 << HEDGE_BITS


def test_features_know_nothing_beyond_the_sentence():
    """The features of a candidate do not depend on the next sentence."""
    rows = []
    for text in ("It may rain. Dogs bark.", "It may rain. Cats purr loudly."):
        where = context_of(DocBatch.of(parts(text)))
        found = find_cue_candidates(where, default_cues())
        rows.append(candidate_features(where, default_cues(), found, NO_CLASSES)[0])
    assert (rows[0] == rows[1]).all()


def test_fit_tells_modal_from_month(model):
    """The same word is likely a hedge in one context and unlikely in another."""
    layout = DocBatch.of(parts("The bridge may fall. They met in May again."))
    may, month = listed_cues(layout, model).chances.tolist()
    assert month < 0.5 < may


def test_scope_ends_with_the_clause():
    """A scope ends before the next clause; an approximator's scope is the quantity with its unit."""
    forms = ["It", "may", "rain", ",", "but", "cats", "stay", "about", "30", "minutes", "."]
    assert scope(forms, 1, 2, (0, len(forms)), "epistemic") == (1, 3)
    assert scope(forms, 7, 8, (0, len(forms)), "approximator") == (7, 10)


@pytest.mark.parametrize(
    ("text", "cue", "expected"),
    [
        (
            "It rained . The old dam seems to leak , but nobody cares .",
            7,
            "The old dam seems to leak",
        ),
        ("Critics say that it is likely to leak .", 5, "it is likely to leak"),
        ("The dam may ( or so they say ) leak soon .", 2, "may ( or so they say ) leak soon"),
        ("The dam may leak ( or so they say ) .", 2, "may leak ( or so they say )"),
        ("The dam may leak ( or so", 2, "may leak"),
        ("It would have to leak .", 1, "would have to leak"),
    ],
)
def test_scope_of_raised_subjects_and_brackets(text, cue, expected):
    """The scope of a cue with *to* ("seems to leak") includes the subject; closing brackets do not end a scope."""
    forms = text.split()
    first = forms.index(".") + 1 if "." in forms[:cue] else 0
    low, high = scope(forms, cue, cue + 1, (first, len(forms)), "epistemic")
    assert " ".join(forms[low:high]) == expected


def test_scope_never_leaves_its_sentence():
    """The subject of a cue is searched only in its own sentence."""
    segmented = parts("It rained. Dams seem to leak.")
    forms = segmented.tokens.forms
    second = segmented.sentences[1]
    at = forms.index("seem")
    low, high = scope(forms, at, at + 1, (second.first, second.last), "epistemic")
    assert segmented.tokens.span(low, high).of(segmented.text) == "Dams seem to leak"


def test_locate_twice_the_same_cue():
    """A cue annotated twice is found in two places, never inside a word."""
    text = "Mayors may go and may stay."
    hedge = GoldHedge("may", "epistemic", "reporter")
    assert [s.start for s in locate_cues(text, Span(0, len(text)), (hedge, hedge))] == [7, 18]


def test_word_classes_unknown_is_zero():
    """A word that has no class has class 0."""
    order = np.array(sorted(word_hash(w) for w in ("cat", "dog")), np.uint32)
    classes = WordClasses(order, np.array([[1, 1], [2, 2]], np.uint16))
    found = classes.of(word_features(["dog", "emu"]).spelling)
    assert found[0, 0] > 0
    assert (found[1] == 0).all()


@given(st.lists(st.text(min_size=1, max_size=8), max_size=20))
def test_columns_are_a_function_of_the_form(forms):
    """The same word form has the same columns wherever it occurs."""
    whole = word_features(forms)
    for index, form in enumerate(forms):
        one = word_features([form])
        assert (one.spelling[0], one.suffix[0], one.shape[0]) == (
            whole.spelling[index], whole.suffix[index], whole.shape[index],
        )  # fmt: skip


def test_cover_marks_tokens_that_begin_inside():
    """Tokens that begin inside a span are covered, even if spans overlap."""
    assert cover([0, 4, 8], [Span(3, 9), Span(4, 6)]).tolist() == [False, True, True]
    assert cover([], [Span(0, 1)]).tolist() == []


def test_an_annotated_articles_cues_are_found_again(model):
    """Annotated cues are found again if the words around them suggest a hedge."""
    text = "The bridge may fall. They met in May."
    hedge = GoldHedge("may", "epistemic", "reporter")
    article = GoldArticle(
        Document(text), (GoldSentence(Span(0, 20), hedges=(hedge,)), GoldSentence(Span(21, 37)))
    )
    marked = mark_article(article)
    assert marked.cues == {Span(11, 14)}
    assert predict(marked, model, 0.5) == marked.cues
    assert predict(marked, model, 1.1) == frozenset()
