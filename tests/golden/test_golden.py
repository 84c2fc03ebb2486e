"""The whole output for a dozen articles, word for word; ``make golden`` rewrites it and a person reads the diff."""

import json
from pathlib import Path

import pytest

import reportedly
from reportedly.cli.score import terminal

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
EXAMPLES = sorted((ROOT / "data" / "examples").glob("*.txt"))
CORPUS_IDS = ("p05a", "p05b", "p21a", "p21b", "p40a", "p40b", "s003", "s020", "s077")


def articles():
    """Return (name, text, title) of the golden articles: the examples and nine of the corpus."""
    chosen = [(path.stem, path.read_text(encoding="utf-8"), "") for path in EXAMPLES]
    lines = (ROOT / "data" / "corpus" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    for line in lines:
        record = json.loads(line)
        if record["id"] in CORPUS_IDS:
            chosen.append((record["id"], record["text"], record["title"]))
    return chosen


@pytest.mark.parametrize(
    ("name", "text", "title"), articles(), ids=lambda v: v if len(v) < 20 else ""
)
@pytest.mark.parametrize("form", ["json", "txt"])
def test_the_answer_is_as_it_was(name, text, title, form, request, monkeypatch):
    """JSON and terminal report of each article equal the committed ones, which are 80 columns wide."""
    monkeypatch.setenv("COLUMNS", "80")
    assessment = reportedly.assess(text, title)
    if form == "json":
        found = json.dumps(assessment.to_dict(), ensure_ascii=False, indent=1) + "\n"
    else:
        found = terminal(assessment)
    path = HERE / f"{name}.{form}"
    if request.config.getoption("--update-golden"):
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")
