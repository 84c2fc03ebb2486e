"""Two versions of an article: what was named, hedged and supported, and is so no more."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from reportedly.assessment.comparison import align, compare, likeness
from reportedly.cli import cli
from reportedly.cli.compare import comparison_text
from reportedly.datamodel import Risk
from reportedly.report import changes as comparing


def unhedge(assessment):
    """Return the article as a bolder version: the mayor un-named, a hedge gone, a record lost."""
    annotated = assessment.annotated
    sources = tuple(
        replace(s, label="a town official", source_class="unnamed") if s.id == "s3" else s
        for s in annotated.sources
    )
    attributions = tuple(
        replace(a, source_class="unnamed") if a.source_id == "s3" else a
        for a in annotated.attributions
    )
    hedges = tuple(h for h in annotated.hedges if h.kind != "epistemic")
    claims = tuple(
        replace(c, support="none") if c.support == "record" else c for c in annotated.claims
    )
    annotated = replace(
        annotated, sources=sources, attributions=attributions, hedges=hedges, claims=claims
    )
    return replace(assessment, annotated=annotated, risk=Risk(81.0, "high", (70.0, 90.0)))


@pytest.fixture(scope="module")
def worse(assessment):
    return compare(assessment, unhedge(assessment))


def test_the_same_article_has_not_changed(assessment):
    """No line of change, and a move of zero."""
    found = compare(assessment, assessment)
    assert comparing.changes_in_lines(found) == []
    assert found["risk"]["change"] == 0
    assert found["sentences"] == {"kept": 9, "removed": 0, "added": 0}


def test_a_bolder_version_is_seen_through(worse):
    """The lost name, the dropped hedge, the lost record and the risk are told."""
    assert worse["sources"]["unnamed"] == [
        {"old": "Mayor Tove Lindahl", "new": "a town official", "sentences": [7, 8]}
    ]
    assert worse["sources"]["removed"] == worse["sources"]["added"] == []
    assert worse["hedges"] == [
        {"change": "dropped", "words": "could", "kind": "epistemic", "sentence": 3}
    ]
    (support,) = worse["support"]
    assert (support["change"], support["old"], support["new"]) == ("lost", "record", "none")
    assert worse["risk"] == {"old": 63.4, "new": 81.0, "change": 17.6}
    assert comparing.changes_in_lines(worse) == [
        "1 source un-named",
        "1 claim lost its support",
        "1 hedge dropped",
    ]


def test_the_way_back_is_told_as_such(assessment):
    """Named again, hedged again, supported again."""
    found = compare(unhedge(assessment), assessment)
    assert comparing.changes_in_lines(found) == [
        "1 source named",
        "1 claim gained support",
        "1 hedge added",
    ]


def test_a_word_changed_keeps_its_sentence(assessment, make_assessment):
    """Sentences that are nearly the same are aligned."""
    text = assessment.annotated.text.replace("seen by the Gazette", "seen by us")
    found = compare(assessment, make_assessment(text))
    assert found["sentences"] == {"kept": 9, "removed": 0, "added": 0}
    assert comparing.changes_in_lines(found) == []


def test_claims_in_new_and_deleted_sentences_are_told(assessment, plain_assessment):
    """An unverified claim in a sentence that only one version has is new, or gone."""
    text = assessment.annotated.text.replace(
        "Two of its members sold their houses on the quay in spring.", ""
    )
    shorter = plain_assessment(text)
    found = compare(shorter, assessment)
    assert [(row["support"], row["sentence"]) for row in found["claims"]["added"]] == [("none", 11)]
    assert [row["support"] for row in compare(assessment, shorter)["claims"]["removed"]] == ["none"]


def test_alignment_prefers_the_most_alike():
    """Equal sentences first, then by likeness; a stranger stays alone."""
    old = [(0, ("a", "b", "c")), (1, ("d", "e", "f")), (3, ("x",))]
    new = [(0, ("d", "e", "g")), (2, ("a", "b", "c", "h")), (5, ("x",))]
    assert align(old, new) == [(0, 2), (1, 0), (3, 5)]
    assert align(old, []) == []
    assert likeness((), ("a",)) == 0
    assert likeness(("a", "a"), ("a",)) == pytest.approx(2 / 3)


def test_the_terminal_says_it_in_lines(worse):
    """Signs tell worse from better."""
    text = comparison_text(worse)
    assert "Risk 63 → 81  (+17.6)" in text
    assert "- un-named: Mayor Tove Lindahl → a town official (sentences 7, 8)" in text
    assert "- support lost (a record → nobody): An inspection report" in text
    assert "- dropped: could (epistemic, sentence 3)" in text


def test_the_page_is_escaped_and_whole(assessment):
    """Labels and texts of both versions stay words."""
    new = unhedge(assessment)
    hostile = tuple(replace(s, label=f"<script>{s.label}") for s in new.annotated.sources)
    new = replace(new, annotated=replace(new.annotated, sources=hostile))
    page = comparing.render_changes(compare(assessment, new))
    assert page.count("<script>") == 1
    assert "&lt;script&gt;a town official" in page
    assert "Support lost" in page


def test_the_command_takes_two_files(fake_assessor, tmp_path, assessment):
    """Terminal, JSON and HTML; both from standard input is an error."""
    for name in ("old.txt", "new.txt"):
        (tmp_path / name).write_text(assessment.annotated.text, encoding="utf-8")
    files = [str(tmp_path / "old.txt"), str(tmp_path / "new.txt")]
    run = CliRunner().invoke
    assert "no source, hedge or support changed" in run(cli, ["compare", *files]).stdout
    assert (
        json.loads(run(cli, ["compare", *files, "--format", "json"]).stdout)["risk"]["change"] == 0
    )
    assert "Nothing of substance" in run(cli, ["compare", *files, "--format", "html"]).stdout
    assert run(cli, ["compare", "-", "-"]).exit_code != 0


def test_the_text_command_shows_what_was_taken(tmp_path):
    """The text to standard output, title and encoding to standard error: offsets fit what is printed."""
    page = "<html><head><title>Ferry late</title></head><body><nav>Home</nav><article>"
    page += "<p>The ferry to Skarn was late on Friday, the harbour master said.</p>" * 8
    (tmp_path / "a.html").write_text(page)
    result = CliRunner().invoke(cli, ["text", str(tmp_path / "a.html")])
    assert result.stdout.startswith("The ferry to Skarn")
    assert "Home" not in result.stdout
    assert "Ferry late" in result.stderr
    assert "utf-8+html" in result.stderr
