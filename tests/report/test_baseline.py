"""Inline ignore comments and baselines: which findings a check reports."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportedly.errors import InvalidRequest
from reportedly.report.baseline import (
    baseline_entry,
    check_rules,
    failing,
    find_ignores,
    fingerprint,
    leave_out_known,
    read_baseline,
    rule_matches,
    write_baseline,
)


def states(assessment, baseline=None):
    account = assessment.to_dict()
    return {s.rule: s.state for s in leave_out_known(account, assessment.annotated.text, baseline)}


def with_comment(assessment, before, comment):
    return assessment.annotated.text.replace(before, f"{comment}\n\n{before}")


def test_a_comment_silences_its_rules_for_the_next_line(assessment, make_assessment):
    """It covers only the next line that is not blank, for rules of any depth."""
    text = with_comment(
        assessment, "The repair", "  <!-- reportedly: ignore hedging.hearsay, claims -->"
    )
    found = states(make_assessment(text))
    assert {rule for rule, state in found.items() if state == "ignored"} == {
        "hedging.hearsay",
        "claims.vague",
    }


def test_a_comment_can_silence_a_whole_article(assessment, make_assessment):
    """`ignore-file` works before and after its line."""
    text = with_comment(assessment, "Critics", "<!-- reportedly: ignore-file sourcing hedging -->")
    found = states(make_assessment(text))
    assert {rule for rule, state in found.items() if state == "new"} == {
        "claims.vague",
        "claims.none",
    }


@pytest.mark.parametrize("comment", [
    "<!-- reportedly: ignore -->", "See <!-- reportedly: ignore all -->", "<!-- reportedly ignore all -->",
    "<!-- reportedly: ignore ALL -->", "<!-- reportedly: ignore " + "a " * 80 + "-->",
])  # fmt: skip
def test_what_is_no_comment_of_ours_silences_nothing(assessment, make_assessment, comment):
    """Only a separate line in the exact form counts."""
    found = states(make_assessment(with_comment(assessment, "Critics", comment)))
    assert set(found.values()) == {"new"}


def test_a_baseline_outlives_edits_elsewhere(assessment, make_assessment):
    """Findings keep their fingerprints when text is inserted before them; changed words make a new finding."""
    screened = leave_out_known(assessment.to_dict(), assessment.annotated.text)
    baseline = {"harbour.txt": baseline_entry(screened)}
    longer = "A line that was put in front.\n" + assessment.annotated.text
    assert set(states(make_assessment(longer), baseline).values()) == {"known"}
    assert set(states(make_assessment(longer, id="other.txt"), baseline).values()) == {"new"}


def test_a_baseline_survives_its_file(assessment):
    """A baseline that is written and read again is the same."""
    screened = leave_out_known(assessment.to_dict(), assessment.annotated.text)
    baseline = {"harbour.txt": baseline_entry(screened)}
    assert read_baseline(write_baseline(baseline), "b") == baseline


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "reportedly/baseline/1"}', "[" * 100_000,
                                  '{"schema": "reportedly/baseline/1", "documents": {"a": 1}}'])  # fmt: skip
def test_what_is_no_baseline_is_refused(text):
    """The error names the file and says what to do."""
    with pytest.raises(InvalidRequest, match=r"b\.json: not a baseline of reportedly"):
        read_baseline(text, "b.json")


def test_the_same_words_twice_have_two_fingerprints():
    """A baseline entry for the first occurrence does not hide a second one."""
    seen = Counter()
    finding = {"rule": "hedging.epistemic", "text": "May  be"}
    first = fingerprint(finding, seen)
    second = fingerprint({"rule": "hedging.epistemic", "text": "may be"}, seen)
    assert first != second
    assert first == fingerprint(finding, Counter())


def test_rules_match_by_their_beginnings_at_dots(assessment):
    """`sourcing` covers all rules below it, `sourc` none."""
    assert rule_matches("sourcing.bare", ["sourcing"])
    assert rule_matches("sourcing.bare", ["x", "sourcing.bare"])
    assert not rule_matches("sourcing.bare", ["sourc", "sourcing.bar"])
    screened = leave_out_known(assessment.to_dict(), assessment.annotated.text)
    assert [s.rule for s in failing(screened, ["claims"])] == ["claims.vague", "claims.none"]


def test_a_rule_that_does_not_exist_is_an_error():
    """A misspelt rule would let every check pass."""
    check_rules(["sourcing", "all"], ["sourcing.bare"])
    with pytest.raises(InvalidRequest, match=r"no rule 'sorcing'; there are sourcing\.bare"):
        check_rules(["sorcing"], ["sourcing.bare"])


@given(text=st.text())
def test_any_text_has_ignores_within_it(text):
    """On any text, ignored ranges lie inside it."""
    for ignore in find_ignores(text + "\n<!-- reportedly: ignore all -->\nx" + text):
        assert 0 <= ignore.start < ignore.end <= 2 * len(text) + 40
