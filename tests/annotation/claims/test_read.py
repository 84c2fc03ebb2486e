"""Claims from a reading: support and its place, check-worthiness, probability, which are listed, and training."""

from dataclasses import replace

import numpy as np
import pytest

from reportedly.annotation.claims.backing import FoundSupport
from reportedly.annotation.claims.learning.read import (
    ReadLedger,
    learn_claim_reader,
    listing_figures,
)
from reportedly.annotation.claims.read import (
    ClaimPredictions,
    ClaimReader,
    ClaimTable,
    priorities,
    read_claims,
)
from reportedly.annotation.reader.labels import YES_NO
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.corpora.gold import GoldArticle, GoldSentence
from reportedly.datamodel import SUPPORTS, Attribution, Document, Segmented, Source, Span
from reportedly.reading.segmentation import segment
from tests.readings import made

NAMED = "Ana Moor, the engineer, said the pier is sound."
MORE = "It carries nine tonnes."
SECRET = "A clerk said the mayor took 40,000 pounds."
BARE = "The tunnel killed six miners in June."
RECORD = "The court fined the firm."
VIEW = "What a lovely day."

FACTS = {
    NAMED: ("named", 0, 1), MORE: ("named", -1, 1), SECRET: ("unnamed", 0, 3), BARE: ("none", None, 3),
    RECORD: ("record", 0, 2),
}  # fmt: skip
"""Support, the distance of its sentence, and worth of each check-worthy sentence."""


def article(number: int) -> tuple[ReadLedger, tuple[Source, ...]]:
    """Return an invented article with one sentence of each kind, its annotation, its reading and its ledger."""
    blocks = [[NAMED, MORE], [SECRET], [BARE], [RECORD], [VIEW]]
    blocks = blocks[number % 5 :] + blocks[: number % 5]
    rows = [sentence for block in blocks for sentence in block]
    body = segment(Document(" ".join(rows), id=str(number)))
    gold, answers, support, pointer = [], {}, {}, {}
    for at, (words, sentence) in enumerate(zip(rows, body.sentences, strict=True)):
        kind, step, worth = FACTS.get(words, (None, None, None))
        gold.append(
            GoldSentence(
                sentence.span, checkworthy=kind is not None, support=kind, support_fine=kind,
                support_at=None if step is None else (at + step,), worth=worth,
            )
        )  # fmt: skip
        if kind:
            unsure = kind in {"unnamed", "none"}
            answers[at] = {
                "checkworthy": 0.95, "worth_1": 0.9, "worth_2": 0.9 if worth > 1 else 0.1, "unverified": 0.9 * unsure,
                "worth_3": 0.8 if worth > 2 else 0.05, "not_shown": 0.9 if unsure else 0.1,
            }  # fmt: skip
            support[at], pointer[at] = {kind: 0.9}, {step: 0.9}
    attributions = (
        _said(body, "Ana Moor", (NAMED, MORE), "named_person", "s1"),
        _said(body, "A clerk", (SECRET,), "unnamed", "s2"),
    )
    sources = (Source("s1", "Ana Moor", "named_person", 1), Source("s2", "A clerk", "unnamed", 1))
    reading = made(body, answers=answers, support=support, pointer=pointer)
    return ReadLedger(GoldArticle(body.document, tuple(gold)), body, attributions, reading), sources


def _said(
    body: Segmented, who: str, sentences: tuple[str, ...], kind: str, key: str
) -> Attribution:
    """Return an attribution of some sentences to `who`."""
    start = body.text.index(who)
    spans = tuple(Span(body.text.index(s), body.text.index(s) + len(s)) for s in sentences)
    cue = body.text.index("said", start)
    return Attribution((Span(start, start + len(who)),), (Span(cue, cue + 4),), spans, source_class=kind, source_id=key)  # fmt: skip


@pytest.fixture(scope="module")
def model():
    """Return the claims model trained on readings of such articles."""
    return learn_claim_reader([article(number)[0] for number in range(15)])


def claims(model, number=0):
    """Return the claims of an article by sentence number."""
    one, sources = article(number)
    (found,) = read_claims(DocBatch.of(one.body), [one.attributions], [sources], [one.reading], model)  # fmt: skip
    return {s.span.of(one.body.text): c for s, c in zip(one.body.sentences, found, strict=True)}


def test_claims_have_support_with_its_place(model):
    """Support comes with the sentence that names it, the ledger line, and its words there."""
    found = claims(model)
    assert {words: found[words].support for words in FACTS} == {w: k for w, (k, *_) in FACTS.items()}  # fmt: skip
    assert found[NAMED].support_at == (0,)
    assert found[MORE].support_at == (0,)
    assert found[MORE].source_ids == ("s1",)
    one, _ = article(0)
    assert [s.of(one.body.text) for s in found[MORE].support_words] == ["Ana Moor"]
    assert found[RECORD].support_at == (found[RECORD].sentence,)


def test_no_support_without_a_place_but_none_and_common(model):
    """Only the kinds "none" and "common" have no place, whatever the reader's probabilities."""
    for number in range(5):
        for claim in claims(model, number).values():
            placed = claim.support not in {None, "none", "common"}
            assert bool(claim.support_at) == placed


def test_no_claim_rests_on_somebody_of_whom_the_ledger_has_none(model):
    """Without an unnamed source in the ledger, a claim rests on nobody or on a source that the ledger has."""
    one, sources = article(0)
    secret = [s.span.of(one.body.text) for s in one.body.sentences].index(SECRET)
    named, hidden = one.attributions
    moved = replace(hidden, source_class="named_person", source_id="s1")
    kinds = []
    for given in ((named,), (named, moved)):
        (found,) = read_claims(DocBatch.of(one.body), [given], [sources[:1]], [one.reading], model)
        kinds.append(found[secret].support)
    assert kinds[0] == "none"
    assert kinds[1] not in {"unnamed", "vague", "press", "none"}


def test_who_says_a_claim_stands_behind_it_and_nobody_else_nearby(model):
    """A claim rests on whoever states it, unless the reader clearly points at another sentence."""
    one, sources = article(0)
    rows = [s.span.of(one.body.text) for s in one.body.sentences]
    first, second = one.attributions
    other = replace(second, source_class="named_person", source_id="s2")
    lines = (sources[0], replace(sources[1], source_class="named_person"))
    found = []
    for chance in (0.3, 0.95):
        answers = {n: {"checkworthy": 0.95} for n in range(len(rows))}
        pointer = {rows.index(MORE): {1: chance, -1: 0.02}}
        reading = made(
            one.body, answers=answers, support={rows.index(MORE): {"named": 0.9}}, pointer=pointer
        )
        (claims,) = read_claims(DocBatch.of(one.body), [(first, other)], [lines], [reading], model)
        found.append(claims[rows.index(MORE)].source_ids)
    assert found == [("s1",), ("s2",)]


@pytest.mark.parametrize("kind", ["unnamed", "press"])
def test_nobody_vouches_for_what_only_a_clerk_or_an_outlet_goes_on_to_say(model, kind):
    """However surely the reader points at the sentence before, in which the ledger has nobody else."""
    one, sources = article(0)
    rows = [s.span.of(one.body.text) for s in one.body.sentences]
    said = replace(one.attributions[0], source_class=kind)
    reading = made(
        one.body, answers={n: {"checkworthy": 0.95} for n in range(len(rows))},
        support={rows.index(MORE): {"named": 0.9}}, pointer={rows.index(MORE): {-1: 0.95}},
    )  # fmt: skip
    lines = (replace(sources[0], source_class=kind),)
    (found,) = read_claims(DocBatch.of(one.body), [(said,)], [lines], [reading], model)
    assert found[rows.index(MORE)].standing != "vouched"


def test_a_bystander_of_the_place_does_not_vouch(model):
    """Where one of two named people there goes on to say the claim, only that one is named for it."""
    one, sources = article(0)
    rows = [s.span.of(one.body.text) for s in one.body.sentences]
    speaker = one.attributions[0]
    start = one.body.text.index("the engineer")
    bystander = replace(
        speaker, source=(Span(start, start + 12),), content=speaker.content[:1], source_id="s0"
    )
    lines = (replace(sources[0], id="s0", label="the engineer"), sources[0])
    said = (bystander, speaker)
    (found,) = read_claims(DocBatch.of(one.body), [said], [lines], [one.reading], model)
    assert found[rows.index(MORE)].source_ids == ("s1",)
    assert found[rows.index(NAMED)].source_ids == ("s0", "s1")


@pytest.mark.parametrize(("verb", "behind"), [("denied", ("s1",)), ("repeated", ("s1", "s2"))])
def test_who_denies_what_another_says_does_not_stand_behind_it(model, verb, behind):
    """Of two named people in a sentence, of whom one disputes what the other says, only the other is named for it."""
    words = f"Ana Moor said the firm sank the barge, which Per Lund {verb}."
    body = segment(Document(words))
    reading = made(
        body, answers={0: {"checkworthy": 0.95, "named": 0.9}}, support={0: {"named": 0.9}}, pointer={0: {0: 0.9}}
    )  # fmt: skip
    said = tuple(
        Attribution((_of(words, name),), (_of(words, cue),), (_of(words, "the firm sank the barge"),), source_class="named_person", source_id=line)
        for name, cue, line in (("Ana Moor", "said", "s1"), ("Per Lund", verb, "s2"))
    )  # fmt: skip
    lines = tuple(Source(n, n, "named_person", 1) for n in ("s1", "s2"))
    (found,) = read_claims(DocBatch.of(body), [said], [lines], [reading], model)
    assert found[0].source_ids == behind


def _of(text, words):
    start = text.index(words)
    return Span(start, start + len(words))


@pytest.mark.parametrize(("kind", "support"), [("press", "press"), ("named_person", "named")])
def test_no_claim_rests_on_an_outlet_where_the_ledger_has_none(model, kind, support):
    """However surely the reader takes the source of a sentence for an outlet; elsewhere the article has one."""
    one, sources = article(0)
    rows = [s.span.of(one.body.text) for s in one.body.sentences]
    at = rows.index(NAMED)
    reading = made(
        one.body, answers={n: {"checkworthy": 0.95} for n in range(len(rows))},
        support={at: {"press": 0.97, "named": 0.02}}, pointer={at: {0: 0.95}},
    )  # fmt: skip
    said = replace(one.attributions[0], source_class=kind)
    outlet = replace(one.attributions[1], source_class="press")
    lines = (replace(sources[0], source_class=kind), replace(sources[1], source_class="press"))
    (found,) = read_claims(DocBatch.of(one.body), [(said, outlet)], [lines], [reading], model)
    assert found[at].support == support


def test_filler_comes_late(model):
    """Its priority is half that of the same claim in other words."""
    body = segment(Document(f"{BARE} The tunnel killed how many miners in June?"))
    fact = {"checkworthy": 0.95, "worth_1": 0.9, "worth_2": 0.9, "worth_3": 0.8, "not_shown": 0.9}
    reading = made(body, answers=dict.fromkeys((0, 1), fact), support={0: {"none": 0.9}, 1: {"none": 0.9}})  # fmt: skip
    (found,) = read_claims(DocBatch.of(body), [()], [()], [reading], model)
    assert found[1].priority == pytest.approx(found[0].priority / 2, rel=0.05)


def test_no_record_shows_what_only_a_clerk_says(model):
    """A record supports a claim that only a clerk states only if the reader is sure of it."""
    one, sources = article(0)
    at = [s.span.of(one.body.text) for s in one.body.sentences].index(SECRET)
    kinds = []
    for chance in (0.45, 0.99):
        reading = made(
            one.body, answers={at: {"checkworthy": 0.95, "unverified": 0.01, "not_shown": 0.01}},
            support={at: {"record": chance}}, pointer={at: {0: 0.9}},
        )  # fmt: skip
        (found,) = read_claims(
            DocBatch.of(one.body), [one.attributions], [sources], [reading], model
        )
        kinds.append(found[at].support)
    assert kinds == ["unnamed", "record"]


def test_what_is_no_claim_has_nothing(model):
    """A sentence without a claim has no support, no worth and no priority."""
    view = claims(model)[VIEW]
    assert (view.checkworthy, view.support, view.worth, view.priority) == (False, None, None, None)
    assert view.standing is None


def test_what_matters_and_is_not_shown_comes_first(model):
    """A grave claim by an unnamed source comes before a routine one by an engineer; a court's ruling comes last."""
    found = claims(model)
    assert min(found[SECRET].priority, found[BARE].priority) > found[NAMED].priority
    assert found[BARE].priority > found[RECORD].priority
    assert {w for w, c in found.items() if c.listed} == {SECRET, BARE}
    assert found[SECRET].unsupported > 0.5 > found[NAMED].unsupported


def test_standings_follow_from_support(model):
    """There are five standings, and none for common knowledge."""
    found = claims(model)
    assert [found[w].standing for w in (RECORD, NAMED, SECRET, BARE)] == ["shown", "vouched", "nobody", "nobody"]  # fmt: skip


def test_documents_read_together_have_the_claims_they_have_alone(model):
    """Places and sources of one document do not affect another."""
    several = [article(number) for number in range(5)]
    together = read_claims(
        DocBatch.of(*(one.body for one, _ in several)), [one.attributions for one, _ in several],
        [sources for _, sources in several], [one.reading for one, _ in several], model,
    )  # fmt: skip
    assert [c for own in together for c in own] == [c for n in range(5) for c in claims(model, n).values()]  # fmt: skip


def test_furniture_claims_nothing(model):
    """Page furniture makes no claim, whatever the reader's probabilities."""
    one, sources = article(0)
    layout = DocBatch.of(one.body)
    layout.furniture[:] = True
    (found,) = read_claims(layout, [one.attributions], [sources], [one.reading], model)
    assert not any(claim.checkworthy for claim in found)


def test_the_model_survives_as_arrays(model):
    """A model is restored from its arrays, even among others; arrays without it are refused."""
    again = ClaimReader.from_arrays(model.to_arrays() | {"head_bias": np.zeros(1)})
    assert claims(again) == claims(model)
    with pytest.raises(KeyError):
        ClaimReader.from_arrays({})


def test_priority_is_worth_times_the_chance_that_nothing_shows_it():
    """Priority lies between 0 and 1 and grows with both factors."""
    worth = np.array([[1, 1, 1], [1, 0.5, 0.2], [0, 0, 0]], float)
    assert priorities(worth, np.array([1.0, 0.5, 1.0])).round(3).tolist() == [1.0, 0.2, 0.0]


def test_figures_of_worklists():
    """The figures are those of a worklist's first items, of all its items, and of its most important claim."""
    gold = [
        GoldSentence(Span(n, n + 1), checkworthy=True, support="none", support_fine=kind, worth=worth)
        for n, (kind, worth) in enumerate([("none", 3), ("record", 3), ("named", 2), ("press", 1)])
    ]  # fmt: skip
    zeros, ones = np.zeros(4), np.ones(4, bool)
    judged = ClaimPredictions(zeros, ones, zeros.astype(int), np.zeros((4, 3)), np.full(4, 0.5), np.array([0.4, 0.9, 0.3, 0.2]), ones)  # fmt: skip
    assert listing_figures([(judged, gold)], (0.1, 0.0)) == (0.5, 0.5, 1.0)
    assert listing_figures([(judged, gold)], (0.1, 0.35)) == (0.5, 0.5, 1.0)
    assert listing_figures([(judged, gold)], (0.6, 0.0)) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("words", "who", "cue", "support"),
    [
        ("Ana Moor denied that the pier was unsafe.", "Ana Moor", "denied", "interested"),
        ("Ana Moor claims the clerk took the money.", "Ana Moor", "claims", "interested"),
        ("The Moor campaign said the clerk took the money.", "The Moor campaign", "said", "interested"),
        ("Ana Moor said people in the town report that the clerk fled.", "Ana Moor", "said", "interested"),
        ("Ana Moor said the clerk reportedly fled.", "Ana Moor", "said", "interested"),
        ("Ana Moor said the report about her was untrue.", "Ana Moor", "said", "interested"),
        ("Ana Moor said we were told to wait.", "Ana Moor", "said", "named"),
        ("Ana Moor said the clerk took the money.", "Ana Moor", "said", "named"),
        ("Prosecutors alleged that the clerk took the money.", "Prosecutors", "alleged", "named"),
        ("Attorney General Ana Moor said the pier was shut.", "Attorney General Ana Moor", "said", "named"),
    ],
)  # fmt: skip
def test_who_disputes_campaigns_or_passes_on_does_not_vouch(model, words, who, cue, support):
    """Where the reader wavers between somebody placed to know and somebody with a stake, the source's words decide."""
    body = segment(Document(words))
    reading = made(
        body, answers={0: {"checkworthy": 0.95, "named": 0.9}}, support={0: {"named": 0.5, "interested": 0.4}}, pointer={0: {0: 0.9}}
    )  # fmt: skip
    said = Attribution((_of(words, who),), (_of(words, cue),), (_of(words, words),), source_class="named_person", source_id="s1")  # fmt: skip
    lines = [Source("s1", who, "named_person", 1)]
    (found,) = read_claims(DocBatch.of(body), [[said]], [lines], [reading], model)
    assert found[0].support == support


def test_a_party_is_one_wherever_it_speaks(model):
    """A source once called a candidate has a stake in what "she" says later, too."""
    words = "Candidate Ana Moor said the pier was shut. She said the clerk took the money."
    body = segment(Document(words))
    reading = made(
        body, answers={1: {"checkworthy": 0.95, "named": 0.9}}, support={1: {"named": 0.5, "interested": 0.4}}, pointer={1: {0: 0.9}}
    )  # fmt: skip
    said = [
        Attribution((_of(words, who),), (), (_of(words, content),), source_class="named_person", source_id="s1")
        for who, content in (("Candidate Ana Moor", "the pier was shut"), ("She", "the clerk took the money"))
    ]  # fmt: skip
    for given, support in ((said, "interested"), (said[1:], "named")):
        lines = [Source("s1", "Ana Moor", "named_person", 2)]
        (found,) = read_claims(DocBatch.of(body), [given], [lines], [reading], model)
        assert found[1].support == support


def test_a_claim_whose_speaker_the_ledger_knows_is_not_called_unclear(model):
    """Also where the support is named in another sentence, in which the ledger has somebody unclear."""
    words = "It was said that he had no permit, he said. “We never had one.”"
    body = segment(Document(words))
    reading = made(
        body, answers={1: {"checkworthy": 0.95, "named": 0.9}}, support={1: {"interested": 0.9}}, pointer={1: {-1: 0.97}}
    )  # fmt: skip
    first, second = (s.span for s in body.sentences)
    unclear = Attribution((), (_of(words, "said"),), (first,), source_class="named_person", unclear=True)  # fmt: skip
    known = Attribution((), (), (second,), source_class="named_person", source_id="s1")
    lines = [Source("s1", "Per Lund", "named_person", 1)]
    for given, told in (([unclear, known], (("s1",), False)), ([unclear], ((), True))):
        (found,) = read_claims(DocBatch.of(body), [given], [lines], [reading], model)
        assert (found[1].source_ids, found[1].says_unclear) == told


@pytest.mark.parametrize("content", ["the mayor supposedly fled", "The barge sank in June."])
def test_hearsay_about_something_else_does_not_stand_behind_a_claim(model, content):
    """Hearsay of another sentence supports a claim only where the ledger has it state the claim."""
    words = "The barge sank in June. And the mayor supposedly fled."
    body = segment(Document(words))
    reading = made(
        body, answers={0: {"checkworthy": 0.95}}, support={0: {"vague": 0.8, "none": 0.2}}, pointer={0: {1: 0.9}}
    )  # fmt: skip
    said = Attribution((), (_of(words, "supposedly"),), (_of(words, content),), source_class="vague", source_id="s1")  # fmt: skip
    lines = [Source("s1", "(no source given)", "vague", 1)]
    (found,) = read_claims(DocBatch.of(body), [[said]], [lines], [reading], model)
    assert found[0].support == ("vague" if content.startswith("The barge") else "none")


@pytest.mark.parametrize("stated", [False, True])
def test_a_claim_that_nobody_states_is_not_called_unclear(model, stated):
    """Where the reader takes it for a named source's, but its sentence has no source, the next likeliest support counts; an unclear statement stays one."""
    words = "The yard sold nine boats in June."
    body = segment(Document(words))
    reading = made(
        body, answers={0: {"checkworthy": 0.95}}, support={0: {"named": 0.8, "record": 0.15}}, pointer={0: {0: 0.95}}
    )  # fmt: skip
    said = Attribution((), (), (_of(words, words),), source_class="named_person", unclear=True)
    (found,) = read_claims(DocBatch.of(body), [[said] * stated], [[]], [reading], model)
    assert found[0].says_unclear is stated
    assert found[0].support == ("named" if stated else "record")


@pytest.mark.parametrize(
    ("chances", "support"),
    [
        ({"record": 0.4, "none": 0.35, "press": 0.25}, "none"),
        ({"record": 0.3, "named": 0.25, "none": 0.45}, "record"),
        ({"named": 0.2, "vague": 0.6, "none": 0.2}, "vague"),
    ],
)
def test_a_claim_is_unverified_if_that_is_likelier_than_not(model, chances, support):
    """Kinds of support that leave it unverified count together against all others."""
    row = np.array([[chances.get(kind, 0.0) for kind in SUPPORTS]])
    answers = np.full((1, len(YES_NO)), 0.9)
    table = ClaimTable(answers, FoundSupport(row, np.zeros_like(row, dtype=np.int64)))
    (kind,) = model.decide(table, np.array([False])).kinds
    assert SUPPORTS[kind] == support
