"""Whoever is said to vouch for a claim is named."""

import json
from pathlib import Path

from tests.golden.test_golden import articles

HERE = Path(__file__).parent


def test_a_claim_that_a_named_source_stands_behind_names_it() -> None:
    """Of every listed claim "vouched for" or "says so" the voucher is named, or it is unclear who says so."""
    named = 0
    for name, *_ in articles():
        told = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
        lines = {source["id"]: source["label"] for source in told["sources"]}
        for claim in told["worklist"]:
            if claim["support"] in ("named", "interested") and not claim["unclear"]:
                named += 1
                assert claim["behind"] == [lines[i] for i in claim["source_ids"]]
                assert claim["behind"], (name, claim["text"])
    assert named > 5
