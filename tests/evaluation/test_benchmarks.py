"""The shipped bundle on public benchmarks: what is counted, on invented rows in their formats."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from reportedly.annotation.pipeline import annotate_each
from reportedly.bundle import shipped
from reportedly.datamodel import Annotated, Document
from reportedly.evaluation.benchmarks import benchmark_figures

UNCERTAIN = "The protein may bind the receptor in the outer layer of the cell."
CERTAIN = "The protein binds the receptor in the outer layer of the cell."
CLAIM = "Unemployment rose by 40 percent in the first year of this administration."
GREETING = "Good evening and thank you all for coming tonight."
GAP = "ID\tText\tPronoun\tPronoun-offset\tA\tA-offset\tA-coref\tB\tB-offset\tB-coref\tURL"


def annotate(documents: Iterable[Document]) -> Iterator[Annotated]:
    """Yield documents annotated by the shipped bundle."""
    return annotate_each(documents, shipped().detectors)


def write(folder: Path, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write a benchmark's rows into the file where they are expected."""
    place = folder / "spans" / f"{name}.jsonl.gz"
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(gzip.compress("\n".join(json.dumps(row) for row in rows).encode()))


def test_uncertain_sentences_events_and_claims_are_counted(tmp_path: Path) -> None:
    """Findings are compared with the rows' own labels, and every figure has its number of cases."""
    cue = [UNCERTAIN.index("may"), UNCERTAIN.index("may") + 3, "speculation", "s1"]
    paper = {"split": "full_papers", "doc": "p1", "scopes": []}
    scope = [cue[0], len(UNCERTAIN) - 1, "s1"]  # all but the stop
    write(tmp_path, "bioscope", [
        {**paper, "text": UNCERTAIN, "cues": [cue], "scopes": [scope]}, {**paper, "text": CERTAIN, "cues": []},
        {**paper, "split": "abstracts", "text": UNCERTAIN, "cues": []},
    ])  # fmt: skip
    at = [text.index("bind") for text in (UNCERTAIN, CERTAIN)]
    write(tmp_path, "uw_factuality", [
        {"split": "dev", "doc": 1, "text": UNCERTAIN, "events": [[at[0], at[0] + 4, 1.0]]},
        {"split": "dev", "doc": 2, "text": CERTAIN, "events": [[at[1], at[1] + 5, 3.0]]},
    ])  # fmt: skip
    write(tmp_path, "claimbuster", [
        {"split": "groundtruth", "doc": "d", "text": CLAIM, "label": 1},
        {"split": "groundtruth", "doc": "d", "text": GREETING, "label": -1},
    ])  # fmt: skip
    write(tmp_path, "ct19_t1", [
        {"doc": "one", "text": GREETING, "label": 0}, {"doc": "one", "text": CLAIM, "label": 1},
    ])  # fmt: skip
    found = {
        (f.benchmark.split(",")[0], f.name): (f.value, f.of)
        for f in benchmark_figures(tmp_path, annotate)
    }
    assert found["BioScope", "uncertain sentence, F1"] == (1.0, 2)
    assert found["BioScope", "scope of a cue, F1 of its words"] == (1.0, 1)
    assert found["BioScope", "scope of a cue, F1 of the words to the end"][0] < 1
    assert found["UW factuality", "weakened event, F1"] == (1.0, 2)
    assert found["ClaimBuster", "check-worthy sentence, F1"] == (1.0, 2)
    assert found["ClaimBuster", "average precision"] == (1.0, 2)
    assert found["CheckThat! 2019", "mean average precision"] == (1.0, 1)


@pytest.mark.parametrize(("meant", "told"), [("TRUE", "right"), ("FALSE", "wrong")])
def test_a_pronoun_that_is_a_source_is_judged_by_the_name_it_means(
    tmp_path: Path, meant: str, told: str
) -> None:
    """What "she" says is right if its ledger line has the name that "she" means."""
    text = "Mayor Marit Oduya opened the bridge on Monday. The bridge is safe, she said."
    row = ["t-1", text, "she", str(text.index("she")), "Marit Oduya", str(text.index("Marit")), meant,
           "Monday", str(text.index("Monday")), "FALSE", "none"]  # fmt: skip
    place = tmp_path / "coref" / "gap-test.tsv.gz"
    place.parent.mkdir()
    place.write_bytes(gzip.compress("\n".join([GAP, "\t".join(row)]).encode()))
    found = {f.name: f.value for f in benchmark_figures(tmp_path, annotate)}
    assert found["pronoun taken for a source"] == 1.0
    assert found[f"pronoun that is a source: {told}"] == 1.0


def test_a_folder_without_benchmarks_gives_no_figures(tmp_path: Path) -> None:
    """Without files nothing is measured."""
    assert benchmark_figures(tmp_path, annotate) == []
