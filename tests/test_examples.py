"""The shipped examples, checked by a person by ANNOTATION's definitions: every ledger line, the summary, the worklist."""

from pathlib import Path

import pytest

import reportedly

EXAMPLES = Path(__file__).parents[1] / "data" / "examples"

OFFICIAL = "a senior official in the harbour authority"
NOBODY = "(no source given)"

LEDGERS = {
    "harbour-pumps": [
        (NOBODY, "vague", [2]),
        (OFFICIAL, "unnamed", [4, 5, 6, 7]),
        ("the handover log", "document", [9]),
        ("Marit Oduya", "named_person", [10, 12, 13, 14]),
        ("Critics", "vague", [16]),
        ("rumours", "vague", [16]),
        ("Harbour Mercury", "press", [18]),
    ],
    "miracle-root": [
        ("Experts", "vague", [2]),
        ("Studies", "vague", [3]),  # no study that one could look up
        ("One insider", "unnamed", [4]),
        (NOBODY, "vague", [5, 6]),
        ("sources", "unnamed", [6]),
        ("a grateful reader", "unnamed", [10]),
    ],
    "sleep-study": [
        ("a study of 94 nurses in two hospitals", "document", [3, 11]),
        ("Ruta Velic", "named_person", [6, 7]),
        ("Imre Castell", "named_person", [8, 9, 10]),
        ("a review of eleven of them in 2022", "document", [12]),
    ],
}
"""The sources, their classes, and their sentences (from 1).

"Residents are not convinced" (sentence 15 of the pumps) states nothing that they say or think, so they have no line.
"""

SUMMARIES = {
    "harbour-pumps": f"4 of 13 statements from 1 unnamed source (“{OFFICIAL}”, a reason given); 3 from nobody in particular.",
    "miracle-root": "3 of 7 statements from 3 unnamed sources (1 of them from “One insider”, no reason given); 4 from nobody in particular.",
    "sleep-study": "All 8 statements come from named people or bodies (5) and documents (3).",
}

WORKLISTS = {
    "harbour-pumps": {
        2: ("vague", [NOBODY]), 4: ("unnamed", [OFFICIAL]), 5: ("unnamed", [OFFICIAL]), 6: ("unnamed", [OFFICIAL]),
        7: ("unnamed", [OFFICIAL]), 10: ("named", ["Marit Oduya"]), 16: ("vague", ["Critics", "rumours"]),
        18: ("press", ["Harbour Mercury"]),
    },
    "miracle-root": {
        2: ("vague", ["Experts"]), 3: ("vague", ["Studies"]), 4: ("unnamed", ["One insider"]), 5: ("vague", [NOBODY]),
        6: ("vague", [NOBODY]), 9: ("none", []),
    },
    "sleep-study": {},
}  # fmt: skip
"""The support of each listed claim, and the sources named for it, by sentence."""


@pytest.fixture(scope="module", params=sorted(LEDGERS))
def example(request):
    """Return the name of an example and its payload."""
    text = (EXAMPLES / f"{request.param}.txt").read_text(encoding="utf-8")
    return request.param, reportedly.assess(text).to_dict()


def test_every_line_of_the_ledger_is_right(example):
    """No source is missing, superfluous, of a wrong class or with another's words, and nothing is unclear."""
    name, account = example
    found = [(s["label"], s["class"], [n + 1 for n in s["sentences"]]) for s in account["sources"]]
    assert found == LEDGERS[name]
    assert account["unclear"] == []


def test_the_summary_of_the_anonymity_signal_follows_from_the_ledger(example):
    """Its numbers are the ledger's; no source is corroborated here."""
    name, account = example
    assert account["signals"]["anonymous_sourcing"]["summary"].startswith(SUMMARIES[name])
    assert not any(source["corroborated"] for source in account["sources"])


def test_the_worklist_names_who_the_ledger_has(example):
    """Each listed claim has its support and its ledger lines, whose class fits the support."""
    name, account = example
    rows = {row["sentence"] + 1: row for row in account["worklist"]}
    assert {n: (row["support"], row["behind"]) for n, row in rows.items()} == WORKLISTS[name]
    assert not any(row["relayed"] for row in rows.values())


def test_all_examples_are_read():
    """A new example must be added to the answers here."""
    assert {path.stem for path in EXAMPLES.glob("*.txt")} == set(LEDGERS)
