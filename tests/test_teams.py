"""The GitHub action's scripts and the pre-commit hook do what docs/teams.md says."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs" / "teams.md").read_text(encoding="utf-8")
WORKFLOW, PRE_COMMIT = (yaml.safe_load(b) for b in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))  # fmt: skip
GIVEN = re.compile(r"\$\{\{ inputs\.([\w-]+) \}\}")


@pytest.fixture
def drafts(tmp_path):
    """Return a folder with two drafts, in which the scripts run."""
    (tmp_path / "drafts").mkdir()
    for name in ("miracle-root.txt", "sleep-study.txt"):
        shutil.copy(ROOT / "data" / "examples" / name, tmp_path / "drafts" / name)
    return tmp_path


def run(command, folder, **environment):
    """Run a command in a folder, with this environment's `reportedly`."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": path, **environment},
    )  # fmt: skip


def act(folder, **given):
    """Run the action's script with inputs, as GitHub does."""
    inputs = {name: spec.get("default", "") for name, spec in ACTION["inputs"].items()}
    inputs |= {name.replace("_", "-"): value for name, value in given.items()}
    step = ACTION["runs"]["steps"][-1]
    environment = {
        name: GIVEN.sub(lambda m: inputs[m[1]], value) for name, value in step["env"].items()
    }
    assert "${{" not in step["run"]
    return run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], folder, **environment)  # fmt: skip


def test_the_example_workflow_gates_drafts(drafts):
    """Every finding is annotated, SARIF is written in any case, and a broken rule of the policy fails."""
    (step,) = (s for s in WORKFLOW["jobs"]["drafts"]["steps"] if s.get("id") == "reportedly")
    given = {name.replace("-", "_"): value for name, value in step["with"].items()}
    assert set(step["with"]) <= set(ACTION["inputs"])
    (drafts / given["baseline"]).write_text(
        run(["reportedly", "score", "drafts/sleep-study.txt", "--baseline", "b.json", "--write-baseline"], drafts).stdout and (drafts / "b.json").read_text()
    )  # fmt: skip
    done = act(drafts, **given)
    assert done.returncode == 1, done.stderr
    assert "::error file=drafts/miracle-root.txt" in done.stdout
    assert "sleep-study.txt: sourcing" not in done.stderr
    found = json.loads((drafts / "reportedly.sarif").read_text())["runs"][0]["results"]
    assert {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in found} >= {"drafts/miracle-root.txt"}  # fmt: skip


def test_without_rules_the_action_only_tells(drafts):
    """Nothing fails; a file name that looks like an option or a pattern is still a file."""
    shutil.copy(drafts / "drafts" / "sleep-study.txt", drafts / "--help.txt")
    done = act(drafts, files="--help.txt drafts/*.txt")
    assert done.returncode == 0, done.stderr
    assert "::" in done.stdout
    assert (drafts / "reportedly.sarif").is_file()


def test_what_cannot_be_read_fails_the_check(drafts):
    """A wrong file name does not pass the check."""
    done = act(drafts, files="nothing.txt")
    assert done.returncode == 2
    assert "nothing.txt: no such file" in done.stderr


def test_the_hook_fails_on_what_its_arguments_name(drafts):
    """It runs as pre-commit runs it: the entry, the arguments, and the files that match its pattern."""
    (repo,) = PRE_COMMIT["repos"]
    (used,) = repo["hooks"]
    assert used["id"] == HOOK["id"]
    arguments = used.get("args", HOOK["args"])
    command = [*shlex.split(HOOK["entry"]), *arguments]
    failed = run([*command, "drafts/miracle-root.txt"], drafts)
    assert failed.returncode == 1
    assert "drafts/miracle-root.txt:5:96: error: sourcing.bare: “One insider”" in failed.stderr
    assert len(failed.stdout.splitlines()) == 2
    assert run([*command, "drafts/sleep-study.txt"], drafts).returncode == 0
    read = ["a.txt", "a.text", "a.md", "a.markdown", "a.docx", "a.htm", "a.html", "a.xhtml"]
    assert [n for n in (*read, "a.py", "a.csv", "a.xml") if re.search(HOOK["files"], n)] == read
