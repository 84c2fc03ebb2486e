"""Run every stress test and make the table of results: ``python -m tests.torture [PART …] [--minutes N] [--write]``.

`make torture` runs it; ``TORTURE_MINUTES`` scales it (60 by default: about forty of fuzzing). Parts may be run one at a
time: their results are recorded in ``runs/torture.jsonl``, those of fuzzing in ``runs/fuzz/account.jsonl``. With
``--write`` the table of all recorded results goes into docs/reliability.md; the part ``kept`` runs nothing.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.torture.dense import DENSE, MOST_MEGABYTES, MOST_SECONDS, measured
from tests.torture.fuzz import ACCOUNT
from tests.torture.texts import TARGET_NAMES

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "reliability.md"
KEPT = ROOT / "runs" / "torture.jsonl"
TESTS = {
    "full disks, places that take nothing, signals, vanished inputs": "test_faults.py",
    "hostile bundles, archives and tables": "test_hostile_files.py bundle/test_store.py reading/formats/test_tables.py",
    "hostile text, giant texts of one trick": "test_hostile_text.py test_long_texts.py",
    "addresses": "reading/formats/test_web.py",
    "evasion, hard-wrapped lines": "reading/test_disguises.py reading/test_line_wrapping.py",
    "batches killed at any moment, workers lost on a Dask cluster": "assessment/test_workers.py",
    "the wheel in an empty environment; wheel and sdist built twice": "test_wheel.py",
}
"""Line of the table -> test files, with slow tests."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: what was tried, how often, the result, and the commit."""

    tried: str
    often: str
    happened: str
    sound: bool = True
    commit: str = ""


_TURN = 55
"""Seconds after which a target is fuzzed by a new process: atheris itself keeps about a megabyte for each input that is read with a
network, while the objects of the program do not grow."""


def fuzzing(minutes: float) -> Iterator[Line]:
    """Fuzz every target, guided by coverage, for two thirds of the time given; results are recorded in a separate file."""
    if importlib.util.find_spec("atheris") is None:
        yield Line("coverage-guided fuzzing", "not run", "needs `pip install atheris`", sound=False)
        return
    seconds = max(5, round(minutes * 40 / len(TARGET_NAMES)))
    turns = [min(_TURN, seconds - begun) for begun in range(0, seconds, _TURN)]
    for target in TARGET_NAMES:
        gone = any(
            _python("-m", "tests.torture.fuzz", target, "--seconds", str(turn)).returncode
            for turn in turns
        )
        if gone:
            yield Line(
                f"fuzzing: {target}, the last run",
                "once",
                "gave way, hung or ran out of memory",
                sound=False,
            )


def fuzzed(account: Path) -> Iterator[Line]:
    """Yield a line for each target: the inputs and seconds of all runs, and what was found."""
    runs: dict[str, list[dict[str, str | float]]] = {}
    if account.exists():
        for line in account.read_text(encoding="utf-8").splitlines():
            run = json.loads(line)
            runs.setdefault(str(run["target"]), []).append(run)
    for target in (name for name in TARGET_NAMES if name in runs):
        own = runs[target]
        count, seconds = (sum(float(run[key]) for run in own) for key in ("executions", "seconds"))
        failed = [str(run["failed"])[:120] for run in own if run["failed"]]
        told = "; ".join(failed) or "nothing found"
        sound = not own[-1]["failed"]
        if failed and sound:
            told += "; mended since: the last run found nothing"
        often = f"{count:,.0f} inputs, {seconds:,.0f} s"
        yield Line(f"fuzzing: {target}", often, told, sound, str(own[-1]["commit"]))


def patterns() -> Iterator[Line]:
    """Time every regular expression."""
    done = _python("-m", "tests.torture.patterns")
    last = done.stdout.strip().splitlines()[-1]
    yield Line(
        "regular expressions on adversarial repeats",
        "2,000 and 8,000 characters",
        last,
        not done.returncode,
    )


def tests() -> Iterator[Line]:
    """Run the tests of faults and hostile input, slow and quick ones; their output is saved beside the results."""
    KEPT.parent.mkdir(exist_ok=True)
    for what, files in TESTS.items():
        done = _python("-m", "pytest", "-q", *(f"tests/{name}" for name in files.split()))
        log = KEPT.with_name(f"torture-{Path(files.split()[0]).stem}.log")
        log.write_text(done.stdout + done.stderr, encoding="utf-8")
        last = re.sub(r" in .*", "", done.stdout.strip().splitlines()[-1])
        count = re.search(r"(\d+) passed", last)
        yield Line(
            what,
            f"{count[1] if count else 0} tests",
            last if done.returncode else "passed",
            not done.returncode,
        )


def kills(minutes: float) -> Iterator[Line]:
    """Kill a batch three times."""
    rows = max(600, min(10_000, round(minutes / 60 * 10_000)))
    done = _python("-m", "tests.torture.killed", "--rows", str(rows))
    if done.returncode:
        yield Line(
            f"a table of {rows:,} rows",
            "3 kills -9",
            done.stderr.strip().splitlines()[-1][:200],
            False,
        )
        return
    told = json.loads(done.stdout)
    often = f"{told['kills']} kills -9 in {told['seconds']:.0f} s"
    happened = f"every good row once, all {told['bad']:,} bad rows reported"
    yield Line(f"a table of {rows:,} rows, 5 % of them bad, two processes", often, happened)


def dense() -> Iterator[Line]:
    """Assess texts that repeat one kind of cue, of one megabyte and of five, each in a separate process."""
    for kind in DENSE:
        told, sound = [], True
        for megabytes in (1, 5):
            seconds, memory = measured(kind, megabytes * 1_000_000)
            told.append(f"{megabytes} MB: {seconds:.1f} s, {memory:.0f} MB of memory")
            sound &= seconds <= megabytes * MOST_SECONDS
            sound &= memory <= megabytes * MOST_MEGABYTES
        yield Line(f"nothing but {kind}", "1 and 5 MB", "; ".join(told), sound)


def licences() -> Iterator[Line]:
    """Check the licence of every package that an installation needs."""
    done = _python("-m", "tests.torture.licences")
    yield Line(
        "licences", "once", "; ".join(done.stdout.split("\n")).rstrip("; "), not done.returncode
    )


def _python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python on the repository and capture its output."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def table(lines: list[Line]) -> str:
    """Return the table in Markdown."""
    rows = [f"| {one.tried} | {one.often} | {one.happened.replace('|', '/')} |" for one in lines]
    return "\n".join(["| tried | how often | what happened |", "|---|---|---|", *rows])


def write(name: str, text: str) -> None:
    """Write `text` between the markers called `name` in the page."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    head, rest = PAGE.read_text(encoding="utf-8").split(begin)
    PAGE.write_text(f"{head}{begin}\n\n{text}\n\n{end}{rest.split(end)[1]}", encoding="utf-8")


def keep(line: Line) -> None:
    """Append a line to the recorded results."""
    KEPT.parent.mkdir(exist_ok=True)
    with KEPT.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(line)) + "\n")


def kept() -> list[Line]:
    """Return the latest line of each test."""
    if not KEPT.exists():
        return []
    lines = (Line(**json.loads(text)) for text in KEPT.read_text(encoding="utf-8").splitlines())
    return list({line.tried: line for line in lines}.values())


def commit() -> str:
    """Return the short hash of the current commit."""
    command = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()


def main() -> int:
    """Run the requested parts; return 1 if any failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    given = float(os.environ.get("TORTURE_MINUTES", "60"))
    parser.add_argument("--minutes", type=float, default=given)
    steps: dict[str, Callable[[], Iterator[Line]]] = {
        "licences": licences,
        "patterns": patterns,
        "dense": dense,
        "tests": tests,
        "kills": lambda: kills(options.minutes),
        "fuzzing": lambda: fuzzing(options.minutes),
        "kept": lambda: iter(()),
    }
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(steps)}; all where none is named")
    parser.add_argument("--account", type=Path, default=ACCOUNT, help="what fuzzing has kept")
    parser.add_argument("--write", action="store_true", help="write the table into the page")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(steps):
        parser.error(f"expected some of {', '.join(steps)}, got {', '.join(sorted(unknown))}")
    begun, sound = time.monotonic(), True
    for part in options.parts or steps:
        for line in steps[part]():
            keep(Line(line.tried, line.often, line.happened, line.sound, commit()))
            sys.stdout.write(f"{line.tried}: {line.often}: {line.happened}\n")
            sys.stdout.flush()
            sound &= line.sound
    lines = [*kept(), *fuzzed(options.account)]
    shown = table(lines)
    sys.stdout.write(f"\n{shown}\n\n{(time.monotonic() - begun) / 60:.0f} minutes\n")
    if options.write:
        write("torture", shown)
    return not (sound and all(line.sound for line in lines))


if __name__ == "__main__":
    sys.exit(main())
