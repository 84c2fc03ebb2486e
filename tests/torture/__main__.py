"""Every torture, and the table of what was tried: ``python -m tests.torture [--minutes N] [--write]``.

`make torture` runs it; ``TORTURE_MINUTES`` scales it (60 by default: about forty of fuzzing). With ``--write``
the table in docs/reliability.md is written again.
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
from dataclasses import dataclass
from pathlib import Path

from tests.torture import evasion
from tests.torture.texts import TARGET_NAMES

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- torture: begin -->", "<!-- torture: end -->"
_SLOW = "tests/test_faults.py tests/test_hostile_files.py tests/test_hostile_text.py tests/test_batch_killed.py"
_QUICK = "tests/test_url.py tests/test_bundle.py tests/test_tables.py tests/test_evasion.py"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: what was tried, how often, and what happened."""

    tried: str
    often: str
    happened: str
    sound: bool = True


def fuzzing(minutes: float) -> Iterator[Line]:
    """Fuzz every target, guided by coverage, for two thirds of the time that is given."""
    if importlib.util.find_spec("atheris") is None:
        yield Line("coverage-guided fuzzing", "not run", "needs `pip install atheris`")
        return
    seconds = max(5, round(minutes * 40 / len(TARGET_NAMES)))
    for target in TARGET_NAMES:
        told = _python("-m", "tests.torture.fuzz", target, "--seconds", str(seconds)).stdout
        found = [json.loads(line) for line in told.splitlines() if line.startswith('{"target"')]
        last = found[-1] if found else {"executions": 0, "seconds": 0, "done": False, "failed": ""}
        often = f"{last['executions']:,} inputs, {last['seconds']:.0f} s"
        failed = last["failed"][:120]
        if not last["done"]:
            failed = "ended without its last account: a hang or too much memory"
        yield Line(f"fuzzing: {target}", often, failed or "nothing found", not failed)


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
    """Run the slow tests of faults and hostile input, and the quick ones of bundles, addresses and tables."""
    for what, files in (
        ("faults and giant inputs (slow tests)", _SLOW),
        ("bundles, addresses, tables, evasion", _QUICK),
    ):
        done = _python("-m", "pytest", "-q", *files.split())
        last = done.stdout.strip().splitlines()[-1]
        yield Line(what, "once", re.sub(r" in .*", "", last), not done.returncode)


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


def licences() -> Iterator[Line]:
    """Look at the licence of everything that an installation brings."""
    done = _python("-m", "tests.torture.licences")
    yield Line(
        "licences", "once", "; ".join(done.stdout.split("\n")).rstrip("; "), not done.returncode
    )


def _python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python on the repository, its output kept."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def table(lines: list[Line]) -> str:
    """Return the table in Markdown."""
    rows = [f"| {one.tried} | {one.often} | {one.happened.replace('|', '/')} |" for one in lines]
    return "\n".join(["| tried | how often | what happened |", "|---|---|---|", *rows])


def main() -> int:
    """Run every torture; return 1 where something gave way."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    given = float(os.environ.get("TORTURE_MINUTES", "60"))
    parser.add_argument("--minutes", type=float, default=given)
    parser.add_argument("--write", action="store_true", help="write the table into the page")
    options = parser.parse_args()
    lines: list[Line] = []
    steps: tuple[Callable[[], Iterator[Line]], ...] = (
        licences, patterns, tests, lambda: kills(options.minutes), lambda: fuzzing(options.minutes),
    )  # fmt: skip
    begun = time.monotonic()
    for step in steps:
        for line in step():
            lines.append(line)
            sys.stdout.write(f"{line.tried}: {line.often}: {line.happened}\n")
            sys.stdout.flush()
    every = max(1, round(60 / max(1.0, options.minutes)))
    shown = f"{table(lines)}\n\n## Evasion\n\n{evasion.table(every)}"
    sys.stdout.write(f"\n{shown}\n\n{(time.monotonic() - begun) / 60:.0f} minutes\n")
    if options.write:
        head, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
        PAGE.write_text(f"{head}{BEGIN}\n\n{shown}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")
    return not all(line.sound for line in lines)


if __name__ == "__main__":
    sys.exit(main())
