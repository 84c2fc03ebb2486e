"""A worklist that lists nothing: every format shows the best claims below it, and none of them counts as listed."""

import csv
import io
from dataclasses import replace

import jsonschema
import pytest
from rich.console import Console

from reportedly.assessment.claim_list import claim_list
from reportedly.cli.claims import claims_in_form
from reportedly.report import html, tabular, terminal
from reportedly.report.markup import LOW_CLAIMS
from tests.report.test_report import SCHEMA


def printed(assessment):
    """Return the terminal's report as plain text."""
    console = Console(file=io.StringIO(), width=400, color_system=None, force_jupyter=False)
    terminal.print_report(assessment, console, article=False)
    return console.file.getvalue()


@pytest.fixture
def unlisted(assessment):
    """Return an assessment whose claims a reader judged, none of them worth listing."""
    claims = [
        replace(c, listed=False, priority=0.2 - n / 100, worth=(0.9, 0.3, 0.1), unsupported=0.9)
        if c.checkworthy
        else c
        for n, c in enumerate(assessment.annotated.claims)
    ]
    return replace(assessment, annotated=replace(assessment.annotated, claims=tuple(claims)))


def low_texts(assessment):
    """Return the claims below the worklist as its payload has them."""
    return [" ".join(row["text"].split()) for row in assessment.to_dict()["worklist_low"]]


def test_the_payload_has_them_apart(unlisted):
    """The list itself is empty, and says that this clears nothing; the schema allows both."""
    account = unlisted.to_dict()
    assert account["worklist"] == []
    assert len(account["worklist_low"]) == 2
    assert "does not make them true" in account["worklist_empty"]
    jsonschema.validate(account, SCHEMA)


def test_terminal_and_page_show_them_under_their_own_heading(unlisted):
    """With their words."""
    for shown in (printed(unlisted), html.render_html(unlisted)):
        below = " ".join(shown[shown.rindex(LOW_CLAIMS) :].split())
        assert all(text[:30] in below for text in low_texts(unlisted))


def test_lists_of_many_articles_put_them_last(unlisted, assessment):
    """No count includes them; CSV and JSON mark them, and `--top` cuts them first."""
    listed = claim_list([unlisted, assessment])
    whole = claim_list([assessment])
    assert listed["listed"] == whole["listed"] == len(listed["items"])
    rows = list(csv.DictReader(io.StringIO("".join(tabular.claims_csv(listed)))))
    assert [row["low"] for row in rows] == ["False"] * len(whole["items"]) + ["True"] * 2
    for form in ("terminal", "html"):
        assert LOW_CLAIMS in "".join(claims_in_form(listed, form))
    top = claim_list([unlisted, assessment], top=len(whole["items"]) + 1)
    assert (len(top["items"]), len(top["low"])) == (len(whole["items"]), 1)
    assert claim_list([unlisted], {"nobody"})["low"] == []


def test_a_summary_names_the_first_of_them(unlisted):
    """After the reason why the list is empty."""
    first = tabular.first_claim(unlisted.to_dict())
    assert first.startswith("none: ")
    assert first.endswith(low_texts(unlisted)[0])


def test_square_brackets_of_the_text_stay_on_any_console(assessment):
    """Also on one that reads brackets as its own markup, which is rich's default: "[again]" is an editor's word, no style."""
    body = assessment.annotated.segmented
    text = body.text.replace("two years ago", "[again] years")
    claimed = replace(body, document=replace(body.document, text=text))
    shown = printed(replace(assessment, annotated=replace(assessment.annotated, segmented=claimed)))
    assert "[again] years" in " ".join(shown.split())
