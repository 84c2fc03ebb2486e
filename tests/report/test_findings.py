"""Findings as lines: at most ten per rule, with the count; SARIF rules with their own text."""

import json
from dataclasses import replace

from reportedly.report import sarif
from reportedly.report.baseline import leave_out_known
from reportedly.report.findings import findings_text
from reportedly.report.sarif import Checked
from reportedly.signals.policy import rules


def many(assessment, number):
    """Return the article with `number` findings of one rule."""
    account, text = assessment.to_dict(), assessment.annotated.text
    account["findings"] = [
        account["findings"][0] | {"start": n, "end": n + 1} for n in range(number)
    ]
    return Checked(account, text, tuple(leave_out_known(account, text)))


def test_ten_of_a_rule_are_shown_and_the_others_counted(assessment):
    """The terminal and GitHub annotations both show ten."""
    article = many(assessment, 23)
    rule = article.screened[0].rule
    shown = findings_text(article).splitlines()
    assert len(shown) == 12
    assert shown[-1].endswith(f"{rule}: and 13 more, 23 in all")
    annotations = list(sarif.github([article]))
    assert len(annotations) == 11
    assert annotations[-1].endswith("and 13 more, 23 in all\n")
    assert len(findings_text(many(assessment, 10)).splitlines()) == 11


def test_sarif_tells_of_each_rule_in_its_own_words(assessment, monkeypatch):
    """Each rule has what it finds, what to do, its level, and a link if the package knows where its pages are."""
    monkeypatch.setattr(sarif, "help_page", lambda: "https://example.org/docs")
    log = json.loads(sarif.sarif([many(assessment, 1)], rules()))
    told = {rule["id"]: rule for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert set(told) == set(rules())
    assert len({rule["shortDescription"]["text"] for rule in told.values()}) == len(told)
    bare = told["sourcing.bare"]
    assert "Describe an unnamed source" in bare["help"]["text"]
    assert bare["defaultConfiguration"] == {"level": "warning"}
    assert bare["helpUri"] == "https://example.org/docs/policies.md#sourcingbare"


def test_a_finding_in_markdown_names_the_line_of_the_file(assessment):
    """The line counts front matter, which is not in the text."""
    account, text = assessment.to_dict(), assessment.annotated.text
    account["document"]["encoding"] = "utf-8+markdown"
    lines = tuple(range(5, 5 + len(text.split("\n"))))
    article = Checked(account, text, tuple(leave_out_known(account, text)), lines)
    first = article.screened[0].finding
    line = 5 + text.count("\n", 0, first["start"])
    assert f":{line}: " in findings_text(replace(article, screened=article.screened[:1]))
    region = json.loads(sarif.sarif([article], rules()))["runs"][0]["results"][0]["locations"][0]
    assert region["physicalLocation"]["region"]["startLine"] == line
    assert "startColumn" not in region["physicalLocation"]["region"]
