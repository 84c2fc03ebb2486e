"""The wheel is complete: it installs into an empty environment and scores from any folder."""

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
def test_the_wheel_scores_from_an_empty_environment(tmp_path):
    """Build it, inspect it, install it into a new environment, and score an article from another folder."""
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


@pytest.mark.slow
def test_wheel_and_sdist_are_the_same_bytes_when_they_are_built_again(tmp_path):
    """With the same SOURCE_DATE_EPOCH, another folder, other file times and another moment give the same bytes."""
    ignored = shutil.ignore_patterns(".*", "runs", "dist", "build", "__pycache__", "*.egg-info")
    digests = []
    for number, moment in enumerate((1_000_000_000, 1_600_000_000)):
        source, built = tmp_path / f"source-{number}", tmp_path / f"built-{number}"
        shutil.copytree(ROOT, source, ignore=ignored)
        for path in source.rglob("*"):
            os.utime(path, (moment, moment))
        subprocess.run(
            [sys.executable, "-m", "build", "--outdir", str(built), str(source)],
            check=True, capture_output=True, env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"},
        )  # fmt: skip
        digests.append(
            {path.name: sha256(path.read_bytes()).hexdigest() for path in built.iterdir()}
        )
    assert len(digests[0]) == 2
    assert digests[0] == digests[1]
