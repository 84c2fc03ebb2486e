"""Measures of ledgers, worklists and transferred labels, on invented articles whose figures can be counted by hand."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportedly.cli import main
from reportedly.corpora.gold import (
    NOBODY,
    Carried,
    GoldArticle,
    GoldAttribution,
    GoldHedge,
    GoldSentence,
    carry,
    read_gold,
)
from reportedly.datamodel import Document, Span
from reportedly.evaluation.labels import (
    ArticleLabels,
    HedgeLabel,
    LabelledStatement,
    ListItem,
    SentenceLabels,
    annotated_labels,
    on_sentences,
)
from reportedly.evaluation.ledger import (
    ledger_rates,
    rank_correlation,
    score_rates,
    worklist_rates,
)
from reportedly.evaluation.signals import detail_rates, sentence_figures, support_table

SPANS = [Span(10 * n, 10 * n + 9) for n in range(10)]


def said(*statements, worklist=(), scores=None, **sentences):
    """Return labels on ten sentences; a statement is (sentence, source, class), optionally with the source's words."""
    labels = [SentenceLabels(span) for span in SPANS]
    for place, change in sentences.items():
        labels[int(place[1:])] = replace(labels[int(place[1:])], **change)
    return ArticleLabels(
        tuple(labels),
        tuple(LabelledStatement(SPANS[n].start, SPANS[n].end, *rest) for n, *rest in statements),
        tuple(ListItem(SPANS[n].start, SPANS[n].end) for n in worklist),
        scores or {},
    )


def values(rates):
    """Return each figure's value by name."""
    return {rate.name: rate.value for rate in rates}


ANNA = [(0, "anna", "named_person"), (1, "anna", "named_person"), (2, "anna", "named_person")]
AIDE = [(3, "aide", "unnamed"), (4, "aide", "unnamed")]


def test_an_agreement_whatever_the_keys_is_perfect():
    """The names of keys do not matter, only who says what."""
    ours = [(n, {"anna": "s2", "aide": "s1"}[key], kind) for n, key, kind in ANNA + AIDE]
    found = values(ledger_rates([said(*ANNA, *AIDE)], [said(*ours)]))
    assert found["statement F1"] == found["line F1"] == found["class of paired sources"] == 1
    assert found["ledgers wholly right"] == 1


def test_a_source_split_in_two_costs_its_smaller_half():
    """Two of Anna's three statements are shared; the line with the third is one too many."""
    split = [(0, "s1", "named_person"), (1, "s1", "named_person"), (2, "s2", "named_person")]
    found = values(ledger_rates([said(*ANNA)], [said(*split)]))
    assert found["statement F1"] == pytest.approx(2 * 2 / (3 + 3), abs=1e-4)
    assert found["line F1"] == pytest.approx(
        2 * 1 / (1 + 2), abs=1e-4
    )  # two of three is half or more
    assert found["ledgers wholly right"] == 0


def test_merged_sources_are_one_line_too_few():
    """The merged line has five statements, of which Anna's three are more than half."""
    merged = [(n, "s1", "named_person") for n in range(5)]
    found = values(ledger_rates([said(*ANNA, *AIDE)], [said(*merged)]))
    assert found["statement F1"] == pytest.approx(2 * 3 / (5 + 5), abs=1e-4)
    assert found["line F1"] == pytest.approx(2 * 1 / (2 + 1), abs=1e-4)


def test_a_wrong_class_leaves_statements_right_and_the_line_wrong():
    """Class is judged on paired sources."""
    ours = [(n, key, "named_organisation") for n, key, _ in ANNA]
    found = values(ledger_rates([said(*ANNA)], [said(*ours)]))
    assert found["statement F1"] == 1
    assert (
        found["line F1"] == found["class of paired sources"] == found["ledgers wholly right"] == 0
    )


def test_of_equal_pairs_the_one_of_the_right_class_is_taken():
    """If one sentence has two sources, each is paired with its equal in any order."""
    both = [(0, "a", "press"), (0, "b", "unnamed")]
    turned = [(0, "x", "unnamed"), (0, "y", "press")]
    assert values(ledger_rates([said(*both)], [said(*turned)]))["line F1"] == 1


def test_nobody_is_a_source_of_its_own_in_each_sentence():
    """Hearsay in two sentences is two lines; missing one costs one."""
    both = said((0, NOBODY, "vague"), (5, NOBODY, "vague"))
    found = values(ledger_rates([both], [said((0, NOBODY, "vague"))]))
    assert found["line F1"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["class of paired sources"] == 1


def test_unclear_is_missed_and_never_false():
    """Unclear statements lower recall but not precision; their share is reported."""
    ours = [ANNA[0], ANNA[1], (2, None, "named_person")]
    found = values(ledger_rates([said(*ANNA)], [said(*ours)]))
    assert found["statement precision"] == 1
    assert found["statement recall"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["unclear statements"] == pytest.approx(1 / 3, abs=1e-4)


def test_he_and_she_are_right_unclear_wrong_or_missed():
    """Of four pronouns each has one of these outcomes; the missed one is counted separately."""
    he = [(n, "anna", "named_person", "She") for n in (1, 2, 6, 7)]
    gold = said((0, "anna", "named_person", "Anna Holm"), (3, "bo", "named_person", "Bo"), *he)
    ours = said(
        (0, "s1", "named_person"), (1, "s1", "named_person"), (2, None, "named_person"),
        (3, "s2", "named_person"), (6, "s2", "named_person"),
    )  # fmt: skip
    found = values(ledger_rates([gold], [ours]))
    assert found["he/she right"] == found["he/she unclear"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["he/she right or unclear"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["he/she missed"] == 0.25


def test_an_article_without_sources_is_no_ledger_wholly_right():
    """Articles without sources on either side are counted separately."""
    found = values(ledger_rates([said(), said(*ANNA)], [said(), said(*ANNA)]))
    assert found["ledgers wholly right"] == found["no source on either side"] == 0.5


keys = st.sampled_from(["a", "b", "c", NOBODY])
statements = st.lists(
    st.tuples(st.integers(0, 9), keys, st.sampled_from(["press", "vague"])), max_size=12
)


@given(gold=statements, ours=statements)
@settings(max_examples=30, deadline=None)
def test_figures_are_shares_and_do_not_care_who_is_called_gold(gold, ours):
    """F1 is symmetric, lies in 0–1, and is 1 for anything compared with itself."""
    there = values(ledger_rates([said(*gold)], [said(*ours)]))
    back = values(ledger_rates([said(*ours)], [said(*gold)]))
    assert there["statement F1"] == back["statement F1"]
    assert there["statement F1"] is None or 0 <= there["statement F1"] <= 1
    itself = values(ledger_rates([said(*gold)], [said(*gold)]))
    assert itself["line F1"] in {None, 1.0}


CLAIM = {"checkworthy": True, "support": "none", "nine_kinds": True, "worth": 2}


def test_the_worklist_is_judged_by_its_first_items_and_by_all():
    """Two of five claims are worth checking; the list of four has one of them first and one last."""
    gold = said(
        s0=CLAIM, s1=CLAIM | {"worth": 1}, s2=CLAIM | {"worth": 3},
        s3=CLAIM | {"support": "record", "worth": 3}, s4=CLAIM | {"support": "common"},
    )  # fmt: skip
    found = values(worklist_rates([gold], [said(worklist=[0, 3, 1, 2])]))
    assert found["first min(3, g) worth checking"] == 0.5
    assert found["items worth checking"] == 0.5
    assert found["worth 3 among the first five"] == 1
    short = values(worklist_rates([gold], [said(worklist=[0])]))
    assert (
        short["first min(3, g) worth checking"] == 0.5
    )  # an item that is not there counts as none
    assert short["worth 3 among the first five"] == 0


def test_a_source_that_is_interested_is_listable_and_a_named_one_placed_to_know_too():
    """Only claims supported by records, the reporter's own account or common knowledge cannot be listed."""
    kinds = [
        "record",
        "reporter",
        "named",
        "interested",
        "press",
        "unnamed",
        "vague",
        "none",
        "common",
    ]
    gold = said(**{f"s{n}": CLAIM | {"support": kind} for n, kind in enumerate(kinds)})
    (_, every, _) = worklist_rates([gold], [said(worklist=range(9))])
    assert (every.hits, every.of) == (6, 9)


def test_details_are_judged_where_both_sides_answer():
    """Voice is judged on exactly found cues, support and pointer on shared claims; missing figures are None."""
    gold = said(
        s0=CLAIM | {"support": "interested", "pointer": (SPANS[1],), "hedges": (HedgeLabel("may", "source"),)},
        s1=CLAIM | {"pointer": (), "hedges": (HedgeLabel("May ", "reporter"), HedgeLabel("about", "reporter"))},
        s2=CLAIM,
    )  # fmt: skip
    ours = said(
        s0=CLAIM | {"support": "named", "pointer": (SPANS[1],), "hedges": (HedgeLabel("may", "reporter"),)},
        s1=CLAIM | {"support": "none", "pointer": (SPANS[0],), "hedges": (HedgeLabel("may", "reporter"),)},
    )  # fmt: skip
    found = values(detail_rates([gold], [ours]))
    assert found["hedge voice"] == 0.5
    assert found["support, seven kinds"] == 1
    assert found["support, nine kinds"] == 0.5
    assert found["support pointer"] == 0.5
    assert support_table([gold], [ours]) == {
        "interested": {"named": 1},
        "none": {"-": 1, "none": 1},
    }
    seven = said(s0={"checkworthy": True, "support": "named"})
    assert values(detail_rates([gold], [seven]))["support, nine kinds"] is None


def test_a_reader_with_other_sentences_is_measured_on_the_annotated_ones():
    """A sentence that spans two annotated ones counts for both; its hedge counts where it starts."""
    wide = SentenceLabels(
        Span(0, 19), classes=frozenset({"press"}), hedges=(HedgeLabel("may", None, 12),),
        checkworthy=True, support="none",
    )  # fmt: skip
    rows = on_sentences(ArticleLabels((wide,)), SPANS[:3]).sentences
    assert [bool(row.classes) for row in rows] == [True, True, False]
    assert [row.unverified for row in rows] == [True, True, False]
    assert [len(row.hedges) for row in rows] == [0, 1, 0]
    label = SentenceLabels(Span(3, 5), furniture=True)
    (both,) = on_sentences(ArticleLabels((label, wide)), SPANS[:1]).sentences
    assert (both.furniture, both.classes) == (
        True,
        frozenset({"press"}),
    )  # a label takes nothing away
    (alone,) = on_sentences(ArticleLabels((label,)), SPANS[:1]).sentences
    assert (alone.furniture, alone.classes) == (True, frozenset())
    gold = ArticleLabels(tuple(SentenceLabels(s, classes=frozenset({"press"})) for s in SPANS[:3]))
    press = next(
        f for f in sentence_figures([gold], [ArticleLabels((wide,))]) if f.name == "class press"
    )
    assert (press.gold, press.found, press.precision) == (3, 2, 1.0)


def test_rank_correlation_is_spearmans():
    """Ties share a rank, and a constant score has no correlation; both scores are compared."""
    up = np.array([1.0, 2.0, 3.0, 3.0])
    assert rank_correlation(up, up**3) == pytest.approx(1)
    assert rank_correlation(up, -up) == pytest.approx(-1)
    assert rank_correlation(up, np.zeros(4)) == 0
    scored = [said(scores={"unverified_claims": float(n)}) for n in range(5)]
    found = score_rates(scored, scored)
    assert {rate.name: rate.value for rate in found} == {
        "rank correlation, anonymous_sourcing": None, "rank correlation, unverified_claims": 1.0,
    }  # fmt: skip


def test_intervals_hold_the_value_and_depend_on_the_seed_alone():
    """The same seed gives the same interval, another seed another one."""
    gold = [said(*ANNA[: 1 + n % 3], *AIDE[: n % 2]) for n in range(12)]
    ours = [said(*ANNA[: 1 + n % 2]) for n in range(12)]
    first, again, other = (ledger_rates(gold, ours, seed=seed)[0] for seed in (1, 1, 2))
    assert first == again
    assert first.interval[0] <= first.value <= first.interval[1]
    assert first.interval[0] < first.interval[1]
    assert first.interval != other.interval


TEXT = "Anna Holm said the ferry may sail. She said it was sold. The sale was filed in March. Share this."
CUTS = [(0, 34), (35, 56), (57, 85), (86, 97)]


def annotation():
    """Return part-two labels of four sentences."""
    anna = {"class": "named_person", "entity": "anna"}
    return [
        {"s": 0, "furniture": False, "attribution": [anna | {"source": "Anna Holm", "cue": "said"}], "anonymity": None,
         "anonymous_entities": [], "hedges": [{"cue": "may", "kind": "epistemic", "voice": "source"}], "checkworthy": True,
         "support": "named", "support_fine": "interested", "worth": 1, "support_at": [0]},
        {"s": 1, "furniture": False, "attribution": [anna | {"source": "She", "cue": "said"}], "anonymity": None,
         "anonymous_entities": [], "hedges": [], "checkworthy": True, "support": "record", "support_fine": "record",
         "worth": 3, "support_at": [2]},
        {"s": 2, "furniture": False, "attribution": [], "anonymity": None, "anonymous_entities": [], "hedges": [],
         "checkworthy": False, "support": None, "support_fine": None, "worth": None, "support_at": None},
        {"s": 3, "furniture": True, "attribution": []},
    ]  # fmt: skip


def write(folder, *, entities=True, names=("a1", "b2")):
    """Write articles and labels as two files."""
    labels = annotation()
    if not entities:
        for record in labels:
            for a in record["attribution"]:
                del a["entity"]
    rows = [{"gid": n, "id": f"x:{n}", "title": "", "text": TEXT, "sentences": CUTS} for n in names]
    (folder / "articles.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    lines = [json.dumps({"gid": name, "labels": labels}) + "\n" for name in names]
    (folder / "labels.jsonl").write_text("".join(lines))
    return folder


def test_part_two_is_read(tmp_path):
    """Entities, nine kinds of support with their places, and check-worthiness are read with the article."""
    article = read_gold(write(tmp_path))[0]
    first, second = article.sentences[:2]
    assert article.has_entities
    assert (first.attributions[0].entity, first.support_fine, first.support_at) == (
        "anna",
        "interested",
        (0,),
    )
    assert (second.worth, second.support_at) == (3, (2,))
    labels = annotated_labels(article)
    assert [s.words for s in labels.statements] == ["Anna Holm", "She"]
    assert labels.sentences[1].pointer == (Span(57, 84),)
    assert labels.scores == {"anonymous_sourcing": 0.0, "unverified_claims": 0.0}


def test_labels_are_carried_to_other_sentences(tmp_path):
    """Half a sentence gets the whole record; one across two gets the union and the best support, and pointers follow."""
    article = read_gold(write(tmp_path))[0]
    spans = [Span(0, 10), Span(10, 56), Span(57, 97), Span(200, 210)]
    brought, how = carry(article, spans)
    assert how == Carried(inside=1, across=2, outside=1)
    half, union, mixed, beyond = brought.sentences
    assert half.attributions == (GoldAttribution("named_person", "Anna Holm", "said", "anna"),)
    assert half.support_at == (0, 1)  # both new sentences stand where the first one stood
    assert [a.source for a in union.attributions] == ["Anna Holm", "She"]
    assert union.hedges == (GoldHedge("may", "epistemic", "source"),)
    assert (union.support_fine, union.worth, union.support_at) == ("record", 3, (2,))
    assert not mixed.furniture  # a sentence that mixes furniture with content is content
    assert beyond == GoldSentence(Span(200, 210))


def test_carrying_to_the_same_sentences_changes_nothing(tmp_path):
    """Labels are unchanged if the sentences are the same."""
    article = read_gold(write(tmp_path))[0]
    brought, how = carry(article, [sentence.span for sentence in article.sentences])
    assert how == Carried(inside=4)
    assert brought.sentences == article.sentences


def test_a_quotation_mark_alone_makes_no_overlap():
    """A boundary that differs only by a closing mark does not make sentences overlap."""
    text = "“It sank.” He left."
    gold = GoldArticle(
        Document(text),
        (
            GoldSentence(Span(0, 9), attributions=(GoldAttribution("unnamed", entity="he"),)),
            GoldSentence(Span(9, 19), checkworthy=True, support="none"),
        ),
    )
    brought, how = carry(gold, [Span(0, 10), Span(11, 19)])
    assert how == Carried(inside=2)
    assert [bool(s.attributions) for s in brought.sentences] == [True, False]
    ours = ArticleLabels((SentenceLabels(Span(0, 10), classes=frozenset({"unnamed"})),))
    (figure, *_) = sentence_figures([annotated_labels(gold)], [ours])
    assert (figure.gold, figure.found, figure.f1) == (1, 1, 1.0)


def test_the_most_explicit_grant_survives_a_union():
    """A grant with a reason counts more than one without."""
    sentences = tuple(
        GoldSentence(span, anonymity=grant)
        for span, grant in zip(SPANS, ["granted", "granted_with_reason", None], strict=False)
    )
    article = GoldArticle(Document("x" * 100), sentences)
    assert carry(article, [Span(0, 100)])[0].sentences[0].anonymity == "granted_with_reason"


@pytest.fixture
def run(monkeypatch):
    """Return a function that runs the command line in this process and returns its exit status."""

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["reportedly", *map(str, arguments)])
        with pytest.raises(SystemExit) as done:
            main()
        return done.value.code

    return run


def test_evaluate_ledger_reports_on_the_articles_chosen(run, tmp_path, capsys):
    """`--only` and `--without` choose articles by id; the JSON has every figure and how sentences relate."""
    (tmp_path / "list.txt").write_text("a1\n")
    for option in ("--only", "--without"):
        assert (
            run(
                "evaluate",
                "ledger",
                write(tmp_path),
                option,
                tmp_path / "list.txt",
                "--format",
                "json",
            )
            == 0
        )
        account = json.loads(capsys.readouterr().out)
        assert (account["articles"], account["sentences"]) == (1, 4)
        assert account["inside"] + account["across"] + account["outside"] > 0
        assert {"statement F1", "line F1", "ledgers wholly right"} <= {
            r["name"] for r in account["rates"]
        }
    assert run("evaluate", "ledger", tmp_path, "--sentences", "own") == 0
    assert "statement F1" in capsys.readouterr().out


def test_evaluate_signals_says_what_is_not_given(run, tmp_path, capsys):
    """If no article is annotated with check-worthiness, the worklist's figure is "not given"."""
    assert run("evaluate", "signals", write(tmp_path)) == 0
    lines = capsys.readouterr().out.splitlines()
    told = [line for line in lines if line.startswith("first min(3, g)")]
    assert told
    assert all(line.endswith("not given") for line in told)
    assert any(line.startswith("any attribution") for line in lines)
    assert "2 articles, 8 sentences" in lines[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--only", "missing.txt"], "cannot be read as a list of ids"),
        (["--only", "other.txt"], "none of 2 articles is left"),
        ([], "do not say which source"),
    ],
)
def test_evaluate_ledger_refuses_in_a_line(run, tmp_path, capsys, monkeypatch, arguments, words):
    """A missing list, an empty list, and articles without entities each give one line and exit status 2."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.txt").write_text("zz\n")
    assert run("evaluate", "ledger", write(tmp_path, entities=False), *arguments) == 2
    err = capsys.readouterr().err
    assert words in err
    assert err.count("\n") == 1
