"""``train.py`` calls one function per part, and each command has its own."""

import importlib.util
from pathlib import Path

import pytest
from click.testing import CliRunner

SCRIPT = Path(__file__).parents[2] / "train.py"


@pytest.fixture(scope="module")
def train():
    """Return train.py as a module."""
    spec = importlib.util.spec_from_file_location("train", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_part_has_a_command(train):
    """Each command's help says what it needs."""
    parts = {"reader", "evidence"}
    assert set(train.main.commands) == parts
    for part in parts:
        result = CliRunner().invoke(train.main, [part, "--help"])
        assert result.exit_code == 0
        assert "--data" in result.output
