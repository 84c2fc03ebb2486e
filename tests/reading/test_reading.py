"""Reading is frozen: changing a sentence, furniture or a headline needs a new reading version and new training."""

import hashlib
import json
from pathlib import Path

import pytest

from reportedly.assessment.assessor import Assessor
from reportedly.bundle import store as bundles
from reportedly.datamodel import Document
from reportedly.errors import InvalidBundle
from reportedly.reading import READING_VERSION
from reportedly.reading.furniture import find_furniture
from reportedly.reading.segmentation import segment

ROOT = Path(__file__).resolve().parents[2]
FROZEN = ROOT / "tests" / "data" / "reading.json"


def documents():
    """Yield the project's own corpus and the examples, as articles with and without a title."""
    lines = (ROOT / "data" / "corpus" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    for line in lines:
        row = json.loads(line)
        yield Document(row["text"], title=row.get("title") or "", id=row["id"])
    for path in sorted((ROOT / "data" / "examples").glob("*.txt")):
        yield Document(path.read_text(encoding="utf-8"), id=path.name)


def digest():
    """Return a digest of the bounds of each sentence and of which sentences are furniture."""
    found = hashlib.sha256()
    for document in documents():
        parts = segment(document, find_furniture)
        cuts = [(s.start, s.end, s.furniture) for s in parts.sentences]
        found.update(json.dumps([document.id, cuts]).encode())
    return found.hexdigest()


def test_what_reading_gives_changes_only_with_its_version(request):
    """The trained parts learnt from exactly these sentences."""
    now = {"version": READING_VERSION, "digest": digest()}
    if request.config.getoption("--update-golden"):
        FROZEN.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
    frozen = json.loads(FROZEN.read_text(encoding="utf-8"))
    assert now == frozen, (
        "sentences, furniture or headlines changed: raise READING_VERSION, train the bundle anew, "
        "then run this test with --update-golden"
    )


def test_the_bundle_that_ships_learnt_from_this_reading():
    """Every part records the reading version that it was trained with."""
    trained = bundles.shipped().manifest["trained"]
    assert {how.get("reading") for how in trained.values()} == {READING_VERSION}


@pytest.mark.parametrize("version", ["0", "1"])
def test_a_bundle_of_another_reading_is_refused_in_one_line(version):
    """Its parts were trained on other sentences."""
    shipped = bundles.shipped()
    trained = {part: dict(how) for part, how in shipped.manifest["trained"].items()}
    trained["claims"]["reading"] = version
    other = bundles.Bundle(
        {**shipped.manifest, "trained": trained}, shipped.detectors, shipped.risk
    )
    with pytest.raises(InvalidBundle, match="claims with") as caught:
        Assessor(other)
    assert "\n" not in str(caught.value)
    assert "train.py" in str(caught.value)
