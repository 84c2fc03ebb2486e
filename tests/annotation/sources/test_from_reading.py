"""The ledger from a reading: invented articles, invented readings of them, and training on both."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest

import reportedly
from reportedly.annotation.reader.labels import HEDGES, NINE_SUPPORTS, TAGS, WORDS, YES_NO
from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.sources.coreference.entities import Entity
from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.from_reading.choice import Findings, told_by_voices
from reportedly.annotation.sources.from_reading.learning.choice import SourceExample, truth_of
from reportedly.annotation.sources.from_reading.learning.ledger import learn_ledger, words_by_part
from reportedly.annotation.sources.from_reading.model import LedgerModel
from reportedly.annotation.sources.from_reading.proposals import (
    Proposals,
    ProposedSource,
    Rumour,
    propose,
)
from reportedly.annotation.sources.from_reading.resolve import by_label
from reportedly.annotation.sources.from_reading.unspoken import writers_own
from reportedly.annotation.sources.ledger import resolve_sources
from reportedly.annotation.sources.linking.learning import linking_example, locate_words
from reportedly.corpora.gold import NOBODY, GoldArticle, GoldAttribution, GoldSentence
from reportedly.datamodel import Attribution, Document, Segmented, Source, Span
from reportedly.reading.segmentation import segment
from tests.annotation.sources.linking.test_linking import MEN, SURNAMES, WOMEN, taught_article
from tests.readings import made

Told = tuple[str, str, str, str]
"""Words of a sentence, of its source, of its cue, and the class; no class: nobody says it."""


def gold_of(told: list[Told], *, name: str = "new") -> GoldArticle:
    """Return an annotated article with one sentence per paragraph; the source's words are its key."""
    text, sentences = "", []
    for words, source, cue, known in told:
        span = Span(len(text), len(text) + len(words))
        key = source.lower() or NOBODY
        given = (GoldAttribution(known, source, cue, key),) if known else ()
        sentences.append(GoldSentence(span, attributions=given))
        text += words + "\n\n"
    return GoldArticle(Document(text, id=name), tuple(sentences))


def read_by_reader(gold: GoldArticle) -> tuple[Segmented, Reading, list[Attribution]]:
    """Return an article with a reading that agrees with its annotation, and the tagger's attributions."""
    parts = segment(gold.document)
    rows, tokens = len(parts.sentences), len(parts.tokens)
    answers = np.full((rows, len(YES_NO)), 0.03, np.float32)
    words = np.full((tokens, len(WORDS)), 0.01, np.float32)
    starts = np.array(parts.tokens.starts)
    given = []
    for row, sentence in enumerate(gold.sentences):
        for told in sentence.attributions:
            answers[row, [YES_NO.index("attributed"), YES_NO.index(told.source_class)]] = 0.95
            answers[row, YES_NO.index("carries_on")] = 0.03 if told.source else 0.9
            spans = []
            for part, column in ((told.source, told.source_class), (told.cue, "cue")):
                at = locate_words(sentence.span.of(gold.document.text), part)
                spans.append(
                    ()
                    if at is None
                    else (Span(sentence.span.start + at.start, sentence.span.start + at.end),)
                )
                for span in spans[-1]:
                    low, high = np.searchsorted(starts, (span.start, span.end))
                    words[low:high, WORDS.index(column)] = 0.95
            if told.source:
                given.append(Attribution(spans[0], spans[1], (sentence.span,)))
    if WANTED[0] in gold.document.text:  # the tagger marks wants as well
        at = gold.document.text.index(WANTED[0])
        given.append(
            Attribution((Span(at, at + 9),), (Span(at + 10, at + 16),), (Span(at + 17, at + 25),))
        )
    blank = (
        np.zeros((rows, len(NINE_SUPPORTS))),
        np.zeros((rows, 13)),
        np.zeros((tokens, len(TAGS))),
    )
    support, pointer, tags = (array.astype(np.float32) for array in blank)
    hedges, voice = np.zeros((tokens, len(HEDGES)), np.float32), np.zeros((tokens, 1), np.float32)
    return parts, Reading(answers, support, pointer, tags, words, hedges, voice), given


def as_read(gold: GoldArticle, group: int = 0) -> SourceExample:
    parts, reading, given = read_by_reader(gold)
    return SourceExample(gold, index_article(parts), given, reading, group)


SILENT: Told = ("The harbour lay still in the morning fog.", "", "", "")


WANTED: Told = ("The guild wanted a bridge.", "", "", "")


@pytest.fixture(scope="module")
def model() -> LedgerModel:
    names = list(product(WOMEN, MEN))
    articles = [
        taught_article(n, w, m, SURNAMES[n % 6], SURNAMES[(n + 1 + n % 3) % 6])
        for n, (w, m) in enumerate(names)
    ]
    quiet = [gold_of([NEWS[0], SILENT, WANTED, NEWS[2], SILENT], name=f"q{n}") for n in range(12)]
    reads = [as_read(gold, n) for n, gold in enumerate([*articles[4:], *quiet])]
    return learn_ledger(reads, articles, range(len(articles))).model


def test_words_of_a_part_are_classified_by_what_the_others_taught() -> None:
    """The classifier for a part has seen the words of the other part alone."""
    gaffer, notice = ("A gaffer said so.", "A gaffer", "said", "unnamed"), ("A notice said so.", "A notice", "said", "document")  # fmt: skip
    articles = [gold_of([one, *NEWS], name=f"{one[1]}{n}") for one in (gaffer, notice) for n in range(4)]  # fmt: skip
    reads = [replace(as_read(gold, n), part=n // 4) for n, gold in enumerate(articles)]
    classes = words_by_part(reads, [linking_example(gold) for gold in articles])
    known = {part: " ".join(own.rows) for part, own in classes.items()}
    assert {p: ("gaffer" in k, "notice" in k) for p, k in known.items()} == {0: (False, True), 1: (True, False)}  # fmt: skip


@pytest.mark.parametrize(
    ("kept", "told"), [((True, False), [0]), ((False, True), [1]), ((False, False), []), ((True, True), [0, 1])]
)  # fmt: skip
def test_rumours_that_speak_are_not_hearsay_without_a_source_too(
    kept: tuple[bool, bool], told: list[int]
) -> None:
    """Of "rumours of a leak … A rumour claims …" each is one statement, as a source; where it is no source, hearsay stays."""
    nothing = Attribution((), (), ())
    voices = tuple(
        ProposedSource(n, first, first + 2, first + 3, first + 4, nothing, -1, "")
        for n, first in enumerate((3, 20))
    )
    rumours = tuple(Rumour(n, first, first + 1, nothing, by_words=True) for n, first in enumerate((3, 21)))  # fmt: skip
    assert told_by_voices(Proposals(voices, rumours, {}), np.array(kept)) == told


def ledger_of(
    model: LedgerModel, told: list[Told]
) -> tuple[tuple[Attribution, ...], tuple[Source, ...]]:
    parts, reading, given = read_by_reader(gold_of(told))
    return resolve_sources(parts, given, model, reading=reading)


NEWS: list[Told] = [
    ("Laura Oduya, the mayor of Lenn, said the ferry was late.", "Laura Oduya", "said", "named_person"),
    SILENT,
    ("Paul Harrow said he had seen it.", "Paul Harrow", "said", "named_person"),
    ("A clerk at the harbour said nobody had called.", "A clerk at the harbour", "said", "unnamed"),
    ("Oduya said the gates were open.", "Oduya", "said", "named_person"),
]  # fmt: skip


def test_one_person_is_one_line_with_name_and_class(model: LedgerModel) -> None:
    found, sources = ledger_of(model, NEWS)
    lines = [(s.label, s.source_class, s.statements) for s in sources]
    assert lines == [
        ("Laura Oduya", "named_person", 2), ("Paul Harrow", "named_person", 1),
        ("A clerk at the harbour", "unnamed", 1),
    ]  # fmt: skip
    assert [a.source_id for a in found] == ["s1", "s2", "s3", "s1"]


def test_a_sentence_that_reports_nothing_is_no_statement(model: LedgerModel) -> None:
    assert ledger_of(model, [SILENT, SILENT]) == ((), ())


def test_who_only_wants_has_no_line(model: LedgerModel) -> None:
    found, sources = ledger_of(model, [*NEWS, WANTED])
    assert (found[-1].source_id, found[-1].unclear) == (None, False)
    assert len(sources) == 3


def test_a_quotation_of_two_sentences_is_cut_at_their_border(model: LedgerModel) -> None:
    parts, reading, given = read_by_reader(gold_of(NEWS))
    wide = Span(parts.sentences[0].start, parts.sentences[1].end)
    given[0] = Attribution(given[0].source, given[0].cue, (wide,))
    found, _ = resolve_sources(parts, given, model, reading=reading)
    assert found[0].content == (parts.sentences[0].span,)


def test_nobody_who_can_be_shown_is_unclear(model: LedgerModel) -> None:
    """An unclear "he" has no ledger line, but its words show a named person, which counts for the sentence."""
    told: list[Told] = [SILENT, ("He said the tide was low.", "He", "said", "named_person")]
    found, sources = ledger_of(model, told)
    assert [(a.unclear, a.source_id, a.source_class) for a in found] == [
        (True, None, "named_person")
    ]
    assert sources == ()


def test_another_full_name_is_another_source(model: LedgerModel) -> None:
    told = [
        *NEWS,
        ("Nina Petrosyan said the pier had burned.", "Nina Petrosyan", "said", "named_person"),
    ]
    found, sources = ledger_of(model, told)
    assert sources[-1].label == "Nina Petrosyan"
    assert found[-1].source_id == "s4"


def test_a_grant_stands_on_its_bearers_line(model: LedgerModel) -> None:
    told: list[Told] = [
        NEWS[0],
        ("An official at the port, who asked not to be named, said the fund was empty.", "An official at the port", "said", "unnamed"),
    ]  # fmt: skip
    _, sources = ledger_of(model, told)
    assert [(s.source_class, s.anonymity) for s in sources] == [
        ("named_person", None),
        ("unnamed", "granted"),
    ]


def test_arrays_give_the_part_of_a_bundle_back(model: LedgerModel) -> None:
    back = LedgerModel.from_arrays(model.to_arrays())
    assert isinstance(back, LedgerModel)
    assert ledger_of(back, NEWS) == ledger_of(model, NEWS)


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_nothing_to_read(model: LedgerModel, text: str) -> None:
    parts = segment(Document(text))
    _, reading, _ = read_by_reader(GoldArticle(Document(text), ()))
    assert resolve_sources(parts, [], model, reading=reading) == ((), ())


def test_truth_finds_the_key_of_a_voice_and_of_a_sentence_without_one() -> None:
    gold = gold_of(NEWS[:3])
    carried = GoldSentence(
        gold.sentences[1].span,
        attributions=(GoldAttribution("named_person", "", "", "laura oduya"),),
    )
    gold = GoldArticle(gold.document, (gold.sentences[0], carried, gold.sentences[2]))
    read = as_read(gold)
    truth = truth_of(read, Findings.of(read.article, read.given, read.reading))
    assert [key for key in truth.keys if key] == ["laura oduya", "paul harrow"]
    assert truth.carried == ((), ("laura oduya",), ())


def proposed(words: str, source: str, cue: str) -> tuple[list[str], list[str]]:
    """Return the proposed sources of a sentence, and the cues there without a source."""
    gold = gold_of([(words, source, cue, "named_person")])
    parts, reading, given = read_by_reader(gold)
    found = Findings.of(index_article(parts), given, reading).proposals
    rumours = [r.attribution.cue[0].of(parts.text) for r in found.rumours]
    return [v.source.of(parts.text) for v in found.voices], rumours


def test_a_dateline_is_no_part_of_a_source() -> None:
    words = "GORTON, Marsh (Echo) — Mayor Ada Finch said that the quay is shut."
    assert proposed(words, "GORTON, Marsh (Echo) — Mayor Ada Finch", "said") == (
        ["Mayor Ada Finch"],
        [],
    )


def test_whom_others_talk_of_is_no_source_and_nobody_says_it() -> None:
    words = "Ada Finch is said to have left the town in May."
    assert proposed(words, "Ada Finch", "is said to") == ([], ["is said to"])


def rumoured(words: str, likeliest: str) -> list[str]:
    """Return the cues of the rumours in a sentence that a reader says has a vague source, by its likeliest cue word."""
    body = segment(Document(words))
    reading = made(body, answers={0: {"vague": 0.9}})
    reading.words[body.tokens.forms.index(likeliest), WORDS.index("cue")] = 0.9
    found = propose(index_article(body), [], reading)
    return [rumour.attribution.cue[0].of(words) for rumour in found.rumours]


@pytest.mark.parametrize(
    ("words", "likeliest", "cues"),
    [
        ("The mayor has been linked to the fraud.", "been", ["been linked"]),
        ("The fraud is widely blamed on the mayor.", "blamed", ["blamed"]),
        ("Two deaths have also been reported in Norr.", "been", []),
        ("No injuries were reported.", "reported", []),
        ("Injuries were allegedly hidden.", "allegedly", ["allegedly"]),
        ("The mayor has been reported missing.", "reported", ["reported"]),
    ],
)
def test_a_rumours_words_are_whole_and_reported_cases_are_none(
    words: str, likeliest: str, cues: list[str]
) -> None:
    assert rumoured(words, likeliest) == cues


def test_the_ledger_is_read_without_scikit_learn() -> None:
    code = "import sys, reportedly.annotation.sources.ledger; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


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


def test_one_name_is_one_line():
    """Sources with the same name and class are the earlier one; people without a name are not."""
    one, same, press, insider, other = (
        Entity(kind, "person", label)
        for kind, label in [
            ("named_person", "Ada Moor"), ("named_person", "Ada Moor"), ("press", "Ada Moor"), ("unnamed", "an insider"), ("unnamed", "an insider"),
        ]
    )  # fmt: skip
    found = by_label([one, same, press, insider, other])
    assert [id(entity) for entity in found] == [id(e) for e in (one, one, press, insider, other)]
