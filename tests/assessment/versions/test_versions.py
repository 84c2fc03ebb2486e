"""Two versions of an article as an editor reads them: pairs written for this test, and edits of the same kinds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import reportedly
from reportedly.assessment.comparison import compare
from reportedly.datamodel import Document

DATA = Path(__file__).parents[2] / "data"
RIGHT = 38
"""The least of the 40 pairs whose verdict and first line must be right."""
RIGHT_EDITS = 51
"""The least of the 56 edits whose verdict must be right."""

TOLD = {
    "v01": ("backing_cut", "Maja Kroll", "Stefan Uller"),
    "v02": ("hedge_earned", "Walter Pickersby", "Jenny Cobb"),
    "v03": ("record_added", "draft of its inspection report"),
    "v04": ("headline_softened", "CRIME WAVE ENGULFS ESTATE"),
    "v06": ("figures_cut", "Nitrate rose from 6"),
    "v07": ("sentence_cut",),
    "v10": ("hedge_earned", "believed", "filing"),
    "v11": ("allegation_moved", "Alan Stourby", "Ruth Callender"),
    "v12": ("attribution_removed", "Imran Delph", "red light"),
    "v15": ("record_cut", "Emails released"),
    "v16": ("headline_softened", "halts dementia", "mice"),
    "v17": ("reason_cut", "consultant", "disciplinary matter"),
    "v18": ("backing_cut", "largest shareholder", "a person close to the buyer"),
    "v20": ("backing_added", "Lesley Crake"),
    "v21": ("backing_added", "Petra Lindqvist-Amar"),
    "v23": ("reason_added", "barred by law"),
    "v24": ("reworded", "3 sentences have moved"),
    "v25": ("figure_changed", "£38,260 became £83,260"),
    "v26": ("record_added", "214,000 departures"),
    "v28": ("attribution_removed", "Campaign group Sweet Sense"),
    "v29": ("source_unnamed", "Ilko Brandesh", "a government official"),
    "v30": ("source_named", "Coral Dench", "insider"),
    "v32": ("quotation_altered", "We were never in danger", "We were in danger"),
    "v33": ("response_added", "Hask denied"),
    "v34": ("second_hand_replaced", "Valley Sentinel", "court papers"),
    "v35": ("reworded", "split"),
    "v38": ("correction_added", "900,000", "90,000"),
    "v39": ("reworded", "have moved"),
    "v40": ("quotation_altered", "may have to look again", "will have to look again"),
    "v41": ("hedge_dropped", "nothing new behind it", "may"),
    "v42": ("reworded",),
    "v44": ("reworded",),
    "v46": ("source_named", "Imke Sorrel", "Critics"),
    "v48": ("headline_hardened", "axes bungling"),
    "v49": ("reworded", "split"),
    "v53": ("record_added", "internal memo dated 11 February"),
    "v54": ("source_unnamed", "Marian Tofte", "an official"),
    "v55": ("reason_cut", "two people briefed on the decision", "works council"),
    "v58": ("split",),
    "v59": ("response_added", "Kolding rejects"),
}  # fmt: skip
"""The kind of the first change of each pair, and words that the first line must contain, as its author requires."""


def read(name: str) -> list[dict]:
    """Return the pairs in a file of invented versions."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def told():
    """Return the function that compares two texts with the bundle that ships."""
    assessor = reportedly.Assessor()

    def compared(row: dict) -> dict:
        return compare(*(assessor.assess(Document(row[side])) for side in ("old", "new")))

    return compared


def test_an_editor_is_told_first_what_the_author_wants_told(told):
    """Verdict and first line are right in 38 of 40 pairs; the message names the others."""
    wrong = []
    for row in read("versions.jsonl"):
        found = told(row)
        kind, *words = TOLD[row["id"]]
        right = found["verdict"] == row["verdict"] and found["changes"][0]["kind"] == kind
        if not right or not all(word in found["first"] for word in words):
            wrong.append((row["id"], row["verdict"], found["first"]))
    assert len(TOLD) == 40
    assert len(wrong) <= len(TOLD) - RIGHT, wrong


def test_edits_of_the_same_kinds_are_judged_alike(told):
    """Over 56 edits of two articles, the verdict is right in nine of ten."""
    rows = read("version_edits.jsonl")
    found = [(row["id"], row["verdict"], told(row)) for row in rows]
    wrong = [(name, c["first"]) for name, verdict, c in found if c["verdict"] != verdict]
    assert len(rows) == 56
    assert len(wrong) <= len(rows) - RIGHT_EDITS, wrong


def test_hedges_dropped_are_counted_and_never_a_gain(told):
    """Two hedges dropped without support are one warning with their number."""
    row = next(r for r in read("version_edits.jsonl") if r["id"] == "hedges dropped 2")
    found = told(row)
    assert found["first"].startswith(
        "Worse: 2 hedges dropped, nothing new behind them: “may”, “reportedly”"
    )
    assert {r["effect"] for r in found["changes"] if r["kind"] == "hedge_dropped"} == {"worse"}


def test_an_article_against_itself_has_nothing_to_report(told):
    """Nothing changes, and no score moves."""
    for row in read("versions.jsonl")[:5]:
        found = told({"old": row["new"], "new": row["new"]})
        assert found["changes"] == []
        assert found["first"] == "Nothing to report: the words are the same"
        assert found["risk"]["change"] == 0
