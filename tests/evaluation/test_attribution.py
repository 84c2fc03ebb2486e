"""The measures of attribution: spans, whole attributions, matches, agreement, and the loader."""

import gzip
import json

import pytest

from reportedly.corpora import polnear
from reportedly.datamodel import Attribution, Document, Span
from reportedly.errors import InvalidCorpus
from reportedly.evaluation import attribution as measure

S, C, K = (Span(0, 3),), (Span(4, 8),), (Span(9, 20), Span(30, 40))
WORDS = [Span(i, i + 3) for i in range(0, 40, 4)]


def test_a_perfect_answer_scores_one():
    """Every figure is 1 if gold and prediction are the same."""
    figures = measure.compare_attributions([Attribution(S, C, K)], [Attribution(S, C, K)], WORDS)
    assert {counts.f1 for counts in figures.values()} == {1.0}


def test_half_a_content_counts_as_a_span_not_as_a_whole():
    """If one of two parts is found, a span and the match are right, the whole content and the triple are not."""
    figures = measure.compare_attributions(
        [Attribution(S, C, K)], [Attribution(S, C, K[:1])], WORDS
    )
    assert figures["content"] == measure.Counts(1, 1, 2)
    assert figures["whole content"].f1 == figures["triple"].f1 == 0
    assert figures["match"].f1 == 1


def test_a_match_needs_source_or_cue():
    """Overlap of the content alone is not a match."""
    far = (Span(50, 55),)
    assert not polnear.matches(Attribution(S, C, K), Attribution(far, far, K))
    assert polnear.matches(Attribution(S, C, K), Attribution(far, C, K))


def test_two_findings_for_one_do_not_count_twice():
    """Splitting one attribution into two lowers precision."""
    halves = [Attribution(S, C, K[:1]), Attribution(S, C, K[1:])]
    assert measure.matched([Attribution(S, C, K)], halves) == measure.Counts(1, 2, 1)


def test_a_shared_source_is_one_span():
    """A source shared by two attributions counts once."""
    both = [Attribution(S, C, K[:1]), Attribution(S, (Span(22, 26),), K[1:])]
    assert measure.compare_attributions(both, both, WORDS)["source"].there == 1


def write(path, records):
    lines = "\n".join(json.dumps(r) for r in records).encode()
    path.write_bytes(gzip.compress(lines) if path.suffix == ".gz" else lines)
    return path


RECORD = {
    "id": "a_1", "filename": "a", "split": "dev", "annotator": "1", "source": "paper", "primary": True,
    "text": "She said it rained.",
    "annotations": [{"source": [[0, 3]], "cue": [[4, 8]], "content": [[9, 18]]}],
}  # fmt: skip


@pytest.mark.parametrize("name", ["spans.jsonl", "spans.jsonl.gz"])
def test_loading(tmp_path, name):
    """A file of spans is read, compressed or not."""
    (article,) = polnear.load_polnear(write(tmp_path / name, [RECORD]))
    assert article.publisher == "paper"
    assert article.attributions[0].content[0].of(article.document.text) == "it rained"


@pytest.mark.parametrize(
    "broken",
    [
        {"text": "no annotations"},
        {**RECORD, "annotations": [{"source": [[0, 99]], "cue": [], "content": []}]},
        {**RECORD, "annotations": [{"source": "?"}]},
    ],
)
def test_a_broken_file_is_named(tmp_path, broken):
    """An error says which line of which file is wrong."""
    path = write(tmp_path / "spans.jsonl", [RECORD, broken])
    with pytest.raises(InvalidCorpus, match=r"spans\.jsonl, line 2"):
        polnear.load_polnear(path)


def test_agreement_compares_each_annotator_with_each():
    """Two annotators, one with an additional attribution: recall one way is precision the other way."""
    one = polnear.AttributionArticle(Document("x" * 60), (Attribution(S, C, K),), "a")
    two = polnear.AttributionArticle(
        one.document, (*one.attributions, Attribution((), (Span(45, 48),), (Span(50, 55),))), "a"
    )
    alone = polnear.AttributionArticle(one.document, (), "b")
    figures = measure.human_agreement([one, two, alone], lambda _: WORDS)
    assert figures["triple"] == measure.Counts(2, 3, 3)


def test_evaluate_sums_by_publisher_and_form():
    """Scores are summed over articles, by publisher, and recall by form."""
    gold = [
        polnear.AttributionArticle(Document("x" * 60), (Attribution(S, C, K),), publisher=name)
        for name in ("one", "two")
    ]
    scores = measure.evaluate(gold, lambda _: ([Attribution(S, C, K)], WORDS), lambda _, a: a.form)
    assert scores.figures["match"] == measure.Counts(2, 2, 2)
    assert set(scores.by_publisher) == {"one", "two"}
    assert scores.recall_by_form["indirect"].recall == 1
    assert json.dumps(scores.as_dict())
