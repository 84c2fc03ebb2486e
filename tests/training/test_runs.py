"""``train.py`` calls one function a part, and each command has its own."""

import importlib.util
import types
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from reportedly.annotation.sources.linking import learning
from reportedly.training import runs

SCRIPT = Path(__file__).parents[2] / "train.py"


@pytest.fixture(scope="module")
def train():
    """Return train.py as a module."""
    spec = importlib.util.spec_from_file_location("train", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_part_has_a_command(train):
    """Each says what it needs."""
    parts = {"attribution", "sources", "linker", "hedging", "claims", "reader"}
    assert set(train.main.commands) == parts
    for part in parts:
        result = CliRunner().invoke(train.main, [part, "--help"])
        assert result.exit_code == 0
        assert "--data" in result.output


def test_the_linker_is_written_beside_the_parts(train, monkeypatch, tmp_path):
    """Its file is there, whole, and the figure of articles not learnt from is said."""
    learnt = types.SimpleNamespace(
        model=types.SimpleNamespace(to_arrays=lambda: {"weights": np.arange(3)}), unseen=None
    )
    monkeypatch.setattr(runs, "read_gold", lambda _: [])
    monkeypatch.setattr(learning, "lessons", lambda *_: [])
    monkeypatch.setattr(learning, "learn_linker", lambda *_, **__: learnt)
    monkeypatch.setattr(learning, "statement_f1", lambda _: 0.5)
    out = tmp_path / "out"
    result = CliRunner().invoke(train.main, ["linker", "--data", str(tmp_path), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "statement F1 0.500" in result.output
    with np.load(out / "linker.npz") as arrays:
        assert arrays["weights"].tolist() == [0, 1, 2]
    assert not list(out.glob("*.part"))
