"""Two versions of an article compared: as plain values, as lines and as a page."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

import reportedly.report
from reportedly.assessment.comparison import compare
from reportedly.cli import cli
from reportedly.cli.compare import comparison_text
from reportedly.report import changes as comparing

SCHEMA = json.loads(
    (Path(reportedly.report.__file__).parent / "schema" / "comparison-2.json").read_text("utf-8")
)


@pytest.fixture(scope="module")
def worse(assessment, make_assessment):
    """Return the comparison with a version that has another day."""
    return compare(
        assessment, make_assessment(assessment.annotated.text.replace("Monday", "Friday"))
    )


def test_the_same_article_has_not_changed(assessment):
    """An article compared with itself has no changes, and the scores do not move."""
    found = compare(assessment, assessment)
    assert found["changes"] == comparing.changes_in_lines(found) == []
    assert found["verdict"] == "neutral"
    assert found["risk"]["change"] == 0
    assert found["sentences"] == {"kept": 9, "same": 9, "removed": 0, "added": 0}


def test_detectors_that_read_the_same_words_otherwise_change_nothing(assessment):
    """If detectors find other hedges, sources or records in the same words, the writer changed nothing."""
    annotated = assessment.annotated
    blind = replace(annotated, hedges=(), attributions=(), sources=())
    found = compare(assessment, replace(assessment, annotated=blind))
    assert found["changes"] == []
    assert found["ledger"]["new"] == 0


def test_the_first_keys_are_what_must_be_told_first(worse):
    """In the JSON, the summary line and the verdict come first."""
    assert list(worse)[:2] == ["first", "verdict"]
    assert worse["first"].split(":")[0] == "Worse"
    assert worse["verdict"] == "worse"


@pytest.mark.parametrize("risk", [True, False])
def test_the_schema_describes_it(assessment, make_assessment, risk):
    """The output is valid by the schema, with and without the risk."""
    text = assessment.annotated.text.replace("Monday", "Friday") + "The board hid it.\n"
    found = compare(assessment, make_assessment(text), risk=risk)
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    assert ("risk" in found) is risk


def test_a_word_changed_keeps_its_sentence(assessment, make_assessment):
    """Nearly equal sentences are aligned, and a change of words alone is a note."""
    text = assessment.annotated.text.replace("seen by the Gazette", "read by the Gazette")
    found = compare(assessment, make_assessment(text))
    assert found["sentences"] == {"kept": 9, "same": 8, "removed": 0, "added": 0}
    assert found["first"] == "Nothing to report: 1 sentence is reworded"
    assert comparing.changes_in_lines(found) == []


def test_claims_in_new_and_deleted_sentences_are_told(assessment, plain_assessment):
    """An unverified claim in a sentence of only one version is reported as new or gone."""
    text = assessment.annotated.text.replace(
        "Two of its members sold their houses on the quay in spring.", ""
    )
    shorter = plain_assessment(text)
    found = compare(shorter, assessment)
    (claim,) = [row for row in found["changes"] if row["kind"] == "claim_added"]
    assert "Two of its members sold" in claim["message"]
    assert claim["sentences"] == [11]
    assert ("none", 11) in [(r["support"], r["sentence"]) for r in found["worklist"]["added"]]
    assert "none" in [r["support"] for r in compare(assessment, shorter)["worklist"]["removed"]]


def test_the_terminal_says_it_in_lines(worse):
    """The summary comes first, the risk last; signs mark changes for the worse and for the better."""
    text = comparison_text(worse)
    assert text.splitlines()[0] == worse["first"]
    assert "\n  - a figure changed" in text
    assert text.splitlines()[-1].startswith("Risk 63 → 63 (+0.0)")
    assert "Risk" not in comparison_text({k: v for k, v in worse.items() if k != "risk"})


def test_where_nothing_was_kept_no_share_is_told():
    """Two articles without a common sentence have kept none, not 0 of 0."""
    counts = {"same": 0, "kept": 0, "removed": 3, "added": 4}
    told = comparing.sentences_kept(counts)
    assert told == "no sentence kept as it was, 3 removed, 4 added"
    told = comparing.sentences_kept(counts | {"same": 1, "kept": 2})
    assert told == "1 of 2 sentences kept as they were, 3 removed, 4 added"


def test_the_page_is_escaped_and_whole(assessment, make_assessment):
    """Labels and texts of both versions are shown as text."""
    text = assessment.annotated.text.replace("seen by the", "seen by <script>the")
    page = comparing.render_changes(compare(assessment, make_assessment(text)))
    assert page.count("<script>") == 1
    assert (
        page.index('class="told')
        < page.index("<h1")
        < page.index(">Evidence<")
        < page.index(">Risk<")
    )


def test_what_a_change_means_decides_its_colour(assessment, make_assessment):
    """A higher score is orange; fewer voices and less that a record shows are orange too, more are blue."""
    found = compare(assessment, make_assessment(assessment.annotated.text))
    found["signals"]["hedging"]["change"] = 4.0
    for name, change in {"voices": -1.0, "shown": 2.0, "urgency": 3.0}.items():
        found["figures"][name] |= {"old": 1.0, "new": 1.0 + change, "change": change}
    page = comparing.render_changes(found)
    colours = [
        page[: page.index(f" {told}</span>")].rpartition('class="effect ')[2].split('"')[0]
        for told in ("+4.0", "−1.0", "+2.0", "+3.0")
    ]
    assert colours == ["up", "up", "down", "up"]


def test_the_command_takes_two_files(fake_assessor, tmp_path, assessment):
    """The formats are terminal, JSON and HTML; both versions on standard input is an error."""
    for name in ("old.txt", "new.txt"):
        (tmp_path / name).write_text(assessment.annotated.text, encoding="utf-8")
    files = [str(tmp_path / "old.txt"), str(tmp_path / "new.txt")]
    run = CliRunner().invoke
    assert run(cli, ["compare", *files]).stdout.startswith("Nothing to report: ")
    assert "\nRisk" not in run(cli, ["compare", *files, "--no-risk"]).stdout
    assert (
        json.loads(run(cli, ["compare", *files, "--format", "json"]).stdout)["risk"]["change"] == 0
    )
    assert "Nothing of substance" in run(cli, ["compare", *files, "--format", "html"]).stdout
    assert run(cli, ["compare", "-", "-"]).exit_code != 0


def test_the_text_command_shows_what_was_taken(tmp_path):
    """The text goes to standard output, title and encoding to standard error, so that offsets fit the output."""
    page = "<html><head><title>Ferry late</title></head><body><nav>Home</nav><article>"
    page += "<p>The ferry to Skarn was late on Friday, the harbour master said.</p>" * 8
    (tmp_path / "a.html").write_text(page)
    result = CliRunner().invoke(cli, ["text", str(tmp_path / "a.html")])
    assert result.stdout.startswith("The ferry to Skarn")
    assert "Home" not in result.stdout
    assert "Ferry late" in result.stderr
    assert "utf-8+html" in result.stderr
