"""Training the risk on a user's own table: what no fold splits, and a card about that table and no other."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from reportedly import Assessor
from reportedly.bundle import load_bundle
from reportedly.errors import InvalidRequest
from reportedly.training.runs import config_for, run_risk

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def train():
    """Return train.py as a module."""
    spec = importlib.util.spec_from_file_location("train", ROOT / "train.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """Return 48 articles of the project's own corpus, each with a desk, as a user's table."""
    lines = (ROOT / "data" / "corpus" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    articles = [json.loads(line) for line in lines[:48]]
    table = pd.DataFrame(
        {"body": [a["text"] for a in articles], "shaky": [int(a["risk"]) for a in articles]}
    )
    return table.assign(desk=[f"desk {number % 9}" for number in range(len(table))])


@pytest.fixture(scope="module")
def trained(train, rows, tmp_path_factory) -> Path:
    """Return the bundle that train.py makes of the table, with groups."""
    folder = tmp_path_factory.mktemp("mine")
    rows.to_csv(folder / "mine.csv", index=False)
    options = [
        "--data",
        str(folder / "mine.csv"),
        "--text-column",
        "body",
        "--label-column",
        "shaky",
    ]
    options += ["--group-column", "desk", "--cache", str(folder / "cache"), "--jobs", "1"]
    options += ["--seed", "3", "--out", str(folder / "bundle")]
    result = CliRunner().invoke(train.main, options, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return folder / "bundle"


def test_the_card_tells_of_this_table(trained):
    """It has the command with its arguments, the table, what was held out and random folds for comparison, and no other labels."""
    card = (trained / "MODEL_CARD.md").read_text(encoding="utf-8")
    command = "python train.py --data mine.csv --text-column body --label-column shaky --group-column desk --seed 3"
    assert command in card
    assert "the labels of `mine` call unreliable" in card
    assert "| mine | " in card
    assert "9 publishers or groups are known" in card
    assert "no publisher (or group of `--group-column`) is on both sides" in card
    assert "Beside random folds" in card
    for foreign in ("fact-check", "United States", "2004", str(trained.parent)):
        assert foreign not in card, foreign
    metrics = json.loads((trained / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["folds_by"] == "publisher"
    assert set(metrics["random"]) == set(metrics["mean"])


def test_what_was_fitted_is_what_scores(trained, rows):
    """The bundle's pipeline and `assess` agree on articles of the table."""
    assessor = Assessor(load_bundle(trained))
    texts = rows["body"][:6].tolist()
    found = assessor.pipeline.predict_proba(texts)[:, 1]
    stated = [assessor.assess(text).risk.probability for text in texts]
    known = [n for n, value in enumerate(stated) if value is not None]
    assert known
    assert np.allclose(found[known], [stated[n] for n in known], atol=1e-9)


def test_groups_that_cannot_be_kept_whole_are_refused(rows, tmp_path):
    """The line names the option, the reason and what to do; no untrained bundle is left."""
    desks = np.where(rows["shaky"] == 1, "Harbour Post", rows["desk"])
    rows.assign(desk=desks).to_csv(tmp_path / "mine.csv", index=False)
    config = config_for(
        tmp_path / "mine.csv", own=None, cache=tmp_path, jobs=1, text_column="body",
        label_column="shaky", group_column="desk",
    )  # fmt: skip
    with pytest.raises(
        InvalidRequest, match=r"--group-column desk: .*'Harbour Post'; expected two"
    ):
        run_risk(config, out=tmp_path / "bundle", name="mine", command="")
    assert not (tmp_path / "bundle").exists()
