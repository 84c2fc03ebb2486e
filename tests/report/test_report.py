"""Formats for other programs: the JSON Schema, SARIF, GitHub annotations, CSV."""

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest

import reportedly.report
from reportedly.assessment.claim_list import claim_list
from reportedly.datamodel.columns import article_columns
from reportedly.report import sarif, tabular
from reportedly.report.baseline import Positions, leave_out_known
from reportedly.report.markup import standing_words
from reportedly.report.sarif import Checked
from reportedly.signals.policy import rules

SCHEMA = json.loads(
    (Path(reportedly.report.__file__).parent / "schema" / "assessment-1.json").read_text("utf-8")
)
RULES = {name: rules()[name] for name in ("sourcing.unnamed", "claims.none")}


def checked(assessment, baseline=None):
    account = assessment.to_dict()
    text = assessment.annotated.text
    return Checked(account, text, tuple(leave_out_known(account, text, baseline)))


def test_the_schema_is_a_schema():
    """The published file is valid JSON Schema 2020-12."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("text", [None, "A quiet day. Nothing happened."])
def test_an_assessment_is_valid_by_the_schema(assessment, plain_assessment, text):
    """The output of `to_dict` is valid after a round trip through JSON."""
    value = (plain_assessment(text) if text else assessment).to_dict()
    jsonschema.validate(json.loads(json.dumps(value)), SCHEMA)


def test_the_schema_refuses_what_is_not_in_it(assessment):
    """An additional or a missing field is an error."""
    for change in ({"extra": 1}, {"risk": {}}, {"schema": "other"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(assessment.to_dict() | change, SCHEMA)


def test_sarif_places_each_finding_at_its_words(assessment):
    """Lines and columns count from 1, in code points, and match the snippet."""
    log = json.loads(sarif.sarif([checked(assessment)], RULES))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert len(run["results"]) == len(assessment.to_dict()["findings"])
    lines = assessment.annotated.text.split("\n")
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "harbour.txt"
        region = place["region"]
        assert region["startLine"] == region["endLine"]
        line = lines[region["startLine"] - 1]
        assert (
            line[region["startColumn"] - 1 : region["endColumn"] - 1] == region["snippet"]["text"]
        )
        if "ruleIndex" in result:
            assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_sarif_tells_known_and_ignored_findings(make_assessment, assessment):
    """A finding in the baseline is unchanged; an ignore comment suppresses it."""
    text = assessment.annotated.text.replace(
        "Critics say", "<!-- reportedly: ignore claims -->\nCritics say"
    )
    article = checked(make_assessment(text))
    first = article.screened[0]
    article = checked(make_assessment(text), {"harbour.txt": {first.fingerprint: first.rule}})
    results = json.loads(sarif.sarif([article], RULES))["runs"][0]["results"]
    assert results[0]["baselineState"] == "unchanged"
    suppressed = [r["ruleId"] for r in results if "suppressions" in r]
    assert suppressed == ["claims.none"]


def test_text_out_of_a_page_has_no_places_in_the_file(assessment):
    """Findings in text extracted from a page name only the page."""
    article = checked(assessment)
    article.account["document"]["encoding"] = "utf-8+html"
    log = json.loads(sarif.sarif([article], RULES))
    places = [r["locations"][0]["physicalLocation"] for r in log["runs"][0]["results"]]
    assert all("region" not in place for place in places)
    assert all("line=" not in line for line in sarif.github([article]))


def test_a_row_of_a_table_is_placed_in_the_table(assessment):
    """The row's id is not part of the file's name."""
    article = checked(assessment)
    article.account["document"] |= {"encoding": "table", "id": "drafts.csv#7"}
    assert article.file == "drafts.csv"
    assert next(sarif.github([article])).startswith("::notice file=drafts.csv,title=")


def test_github_commands_are_one_line_each_and_escaped(assessment):
    """Line ends, per cent signs, commas and colons cannot break out of a command."""
    article = checked(assessment)
    article.account["document"]["id"] = "a,b:c.txt"
    article.screened[0].finding["message"] = "100 %\n::error::owned"
    lines = list(sarif.github([article]))
    assert len(lines) == len(article.screened)
    assert lines[0].startswith("::notice file=a%2Cb%3Ac.txt,line=3,endLine=3,col=")
    assert "100 %25%0A::error" in lines[0]
    assert all(line.count("\n") == 1 for line in lines)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a b/c.txt", "a%20b/c.txt"), ("/x/ü.txt", "file:///x/%C3%BC.txt"), ("-", "stdin"),
     ("C:\\x.txt", "file:///C:/x.txt"), ("https://x.test/a?b=1", "https://x.test/a?b=1")],
)  # fmt: skip
def test_names_become_uris(name, expected):
    """Relative paths stay relative and are escaped."""
    assert sarif.uri(name) == expected


def test_positions_count_lines_and_columns_from_one():
    """An offset at a line end belongs to that line."""
    positions = Positions("ab\n\ncd")
    assert [positions.of(i) for i in range(7)] == [
        (1, 1), (1, 2), (1, 3), (2, 1), (3, 1), (3, 2), (3, 3),
    ]  # fmt: skip


def test_csv_has_one_row_an_article(assessment, plain_assessment):
    """All rows have the header's columns; a formula in a title is escaped."""
    found = map(article_columns, (assessment, plain_assessment("Quiet.", title="=1+1")))
    rows = list(csv.DictReader(io.StringIO("".join(tabular.articles_csv(found)))))
    assert [row["risk"] for row in rows] == ["63.4", ""]
    assert rows[0]["sources_unnamed"] == "1"
    assert rows[1]["title"] == "'=1+1"
    assert rows[1]["abstained"] == "too short: a test"


def test_csv_of_claims_has_one_row_a_claim(assessment):
    """The rows have the worklist's order and words."""
    listed = claim_list([assessment])
    rows = list(csv.DictReader(io.StringIO("".join(tabular.claims_csv(listed)))))
    assert [row["support"] for row in rows] == ["unnamed", "vague", "none", "unnamed"]
    assert rows[0]["behind"] == "a person close to the board"
    text = assessment.annotated.text
    assert all(text[int(r["start"]) : int(r["end"])] == r["text"] for r in rows)


def test_whoever_only_tells_a_claim_is_not_shown_as_its_support():
    """An outlet that cites unnamed people is shown as "an unnamed source, told by" the outlet."""
    row = {
        "unclear": False, "standing": "nobody", "support": "unnamed", "unsupported": 0.9, "behind": ["Harbour Mercury"],
        "support_words": [], "support_at": [2], "sentence": 2, "relayed": True,
    }  # fmt: skip
    assert standing_words(row) == (
        "nobody identifiable, sure (an unnamed source), told by Harbour Mercury"
    )
    row = row | {"relayed": False, "behind": ["a clerk"]}
    assert standing_words(row) == "nobody identifiable, sure (an unnamed source): a clerk"
