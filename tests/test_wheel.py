"""The wheel holds everything: it installs into an empty environment and scores from any folder."""

import json
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
def test_the_wheel_scores_from_an_empty_environment(tmp_path):
    """Build, look inside, install into a new environment, score an article from another folder."""
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "lexicons/hedges.toml",
        "pretrained/manifest.json",
        "report/templates/",
        "py.typed",
    ):
        assert any(wanted in name for name in names), wanted
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", str(wheel)], check=True)
    article = tmp_path / "article.txt"
    article.write_bytes((ROOT / "data" / "examples" / "harbour-pumps.txt").read_bytes())
    done = subprocess.run(
        [tmp_path / "env" / "bin" / "reportedly", "score", "article.txt", "--format", "json"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["document"]["words"] > 200
