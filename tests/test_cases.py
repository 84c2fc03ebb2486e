"""Invented texts modelled on real trouble reports, style guides and odd phenomena, each with what must hold.

``tests/data/cases.jsonl`` holds them, ``cases_like.jsonl`` more of the same kinds: id, kind, what it is about, text, and
checks, each a name of a function here and its arguments. Those that fail for a known reason are in ``tests/data/cases_open.json``.
"""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import reportedly
from reportedly.cli import cli
from reportedly.reading import read_file

HERE = Path(__file__).parent / "data"
CASES = [
    json.loads(line)
    for name in ("cases.jsonl", "cases_like.jsonl")
    for line in (HERE / name).read_text("utf-8").splitlines()
]
OPEN = json.loads((HERE / "cases_open.json").read_text("utf-8"))


class Answer:
    """The JSON of one text, with look-ups for the checks."""

    def __init__(self, found, text):
        self.found, self.text = found, text
        self.sentences = found["sentences"]
        self.ledger = {source["id"]: source for source in found["sources"]}

    def words(self, number):
        """Return the text of a sentence."""
        sentence = self.sentences[number]
        return self.text[sentence["start"] : sentence["end"]]

    def number_at(self, words):
        """Return the number of the sentence in which `words` begin."""
        at = self.text.index(words)
        within = [i for i, s in enumerate(self.sentences) if s["start"] <= at < s["end"]]
        assert within, f"in no sentence: {words}"
        return within[0]

    def at(self, words):
        """Return the sentence in which `words` begin."""
        return self.sentences[self.number_at(words)]

    def attributions(self, words):
        """Return the attributions that overlap the sentence of `words`."""
        sentence = self.at(words)
        return [
            a
            for a in self.found["attributions"]
            if any(
                span["start"] < sentence["end"] and sentence["start"] < span["end"]
                for role in ("source", "cue", "content")
                for span in a[role]
            )
        ]

    def names(self, words):
        """Return the names of a sentence's sources."""
        found = []
        for attribution in self.attributions(words):
            line = self.ledger.get(attribution["source_id"])
            if line:
                found += [line["label"], *(m["text"] for m in line["mentions"])]
            found += [span["text"] for span in attribution["source"]]
        return found

    def lines(self, label):
        """Return the ledger lines whose label contains `label`."""
        return [
            line
            for line in self.found["sources"]
            if label.lower()
            in " | ".join([line["label"], *(m["text"] for m in line["mentions"])]).lower()
        ]

    def hedges(self, words, place=None):
        """Return the hedges with `words`, only those in the sentence of `place` if it is given."""
        near = self.at(place) if place else None
        return [
            h
            for h in self.found["hedges"]
            if words.lower() in h["text"].lower()
            and (near is None or near["start"] <= h["start"] < near["end"])
        ]


def _hedged(a, words, kind, voice, place):
    return any(
        kind in {None, h["kind"]} and voice in {None, h["voice"]} for h in a.hedges(words, place)
    )


def _furniture(a, words):
    return words not in a.text or a.at(words)["furniture"]


CHECKS = {
    "C": lambda a, words, *classes: set(classes) <= set(a.at(words)["attribution_classes"]),
    "CO": lambda a, words, *classes: set(classes) == set(a.at(words)["attribution_classes"]),
    "NA": lambda a, words: not a.at(words)["attribution_classes"],
    "NC": lambda a, words, one: one not in a.at(words)["attribution_classes"],
    "SRC": lambda a, words, name: any(name.lower() in n.lower() for n in a.names(words)),
    "NSRC": lambda a, words, name: not any(name.lower() in n.lower() for n in a.names(words)),
    "CUE": lambda a, words, cue: any(
        cue.lower() in span["text"].lower() for x in a.attributions(words) for span in x["cue"]
    ),
    "H": _hedged,
    "NH": lambda a, words, place: not a.hedges(words, place),
    "NOH": lambda a: not a.found["hedges"],
    "F": _furniture,
    "OUT": _furniture,
    "NF": lambda a, words: not a.at(words)["furniture"],
    "IN": lambda a, words: words in a.text and not a.at(words)["furniture"],
    "AN": lambda a, label, value: any(line["anonymity"] == value for line in a.lines(label)),
    "ANY_AN": lambda a, value: any(line["anonymity"] == value for line in a.found["sources"]),
    "NO_AN": lambda a: not any(line["anonymity"] for line in a.found["sources"]),
    "UV": lambda a, words, value: a.at(words)["unverified"] == value,
    "CW": lambda a, words, value: (a.at(words)["support"] is not None) == value,
    "SUP": lambda a, words, *kinds: a.at(words)["support"] in kinds,
    "ONE": lambda a, words: any(a.words(i).strip() == words for i in range(len(a.sentences))),
    "N": lambda a, count: len(a.sentences) == count,
    "NOT_A_SENTENCE": lambda a, *words: (
        not any(
            a.words(i).strip() in words and not s["furniture"] for i, s in enumerate(a.sentences)
        )
    ),
    "NOT_IN_TEXT": lambda a, words: words not in a.text,
    "TITLE": lambda a, title: title in (a.found["document"]["title"] or ""),
    "NOSC": lambda a: a.found["risk"]["score"] is None,
    "NRULE": lambda a, rule: all(f["rule"] != rule for f in a.found["findings"]),
    "RULE_OF": lambda a, *rules: any(f["rule"] in rules for f in a.found["findings"]),
    "SAME": lambda a, one, two: any(line in a.lines(two) for line in a.lines(one)),
    "DIFF": lambda a, one, two: (
        bool(a.lines(one))
        and bool(a.lines(two))
        and not any(line in a.lines(two) for line in a.lines(one))
    ),
    "ONE_LINE": lambda a, label: len(a.lines(label)) == 1,
    "NO_LABEL": lambda a, *labels: all(
        s["label"].strip() not in labels for s in a.found["sources"]
    ),
}


def answer(case, folder):
    """Return the result for a case: a text by the library, a page or file by the command line."""
    if "file" not in case:
        return Answer(reportedly.assess(case["text"], case["title"]).to_dict(), case["text"])
    path = folder / case["file"]
    path.write_bytes(case["text"].encode(case.get("encoding", "utf-8")))
    result = CliRunner().invoke(cli, ["score", str(path), "--format", "json"])
    assert result.exit_code in {0, 1}, result.stderr
    return Answer(json.loads(result.stdout), read_file(str(path)).text)


def cases():
    """Yield the cases; known failures are strict xfails with their reason."""
    for case in CASES:
        reason = OPEN.get(case["id"])
        marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
        yield pytest.param(case, id=f"{case['id']} {case['what']}"[:60], marks=marks)


@pytest.mark.parametrize("case", list(cases()))
def test_case(case, tmp_path):
    """Every check of the case passes."""
    found = answer(case, tmp_path)
    broken = [[name, *args] for name, *args in case["checks"] if not CHECKS[name](found, *args)]
    assert not broken
