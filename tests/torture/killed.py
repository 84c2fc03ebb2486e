"""A batch over thousands of articles with bad rows, killed several times: ``python -m tests.torture.killed``.

Every good row must come out once with scores, every bad one once with an error.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq

from reportedly.assessment.checkpoints import checkpoints_folder
from tests.torture.evasion import articles

BAD = (
    '{"id": "ID", "text": null}', '{"id": "ID", "text": ""}', '{"id": "ID", "text": " \\n "}', '{"id": "ID"}',
    '{"id": "ID", "text": 7}', '{"id": "ID", "text": ["a"]}', '{"id": "ID", "text": "cut off', "[1, 2]", "no JSON",
    '{"id": "ID", "text": "\xff"}',
)  # fmt: skip
"""Lines without an article; the last one is in Windows-1252."""


def write(path: Path, rows: int, share: float = 0.05) -> set[int]:
    """Write a table of `rows` variations of the project's own articles; return the numbers of the bad rows."""
    chance = random.Random(11)
    documents = list(articles())
    bad = set(chance.sample(range(rows), round(share * rows)))
    with path.open("wb") as file:
        for number in range(rows):
            if number in bad:
                line = BAD[number % len(BAD)].replace("ID", f"r{number}").encode("cp1252")
            else:
                document = documents[number % len(documents)]
                lines = document.text.split("\n")
                text = "\n".join(lines[: max(3, chance.randint(3, len(lines) + 3))])
                line = json.dumps(
                    {"id": f"r{number}", "title": document.title, "text": text}
                ).encode()
            file.write(line + b"\n")
    return bad


def killed(rows: int, kills: int, jobs: int) -> dict[str, float | int]:
    """Assess such a table, killing the run `kills` times; return counts and seconds, or raise AssertionError."""
    chance = random.Random(3)
    with tempfile.TemporaryDirectory() as name:
        source, output = Path(name) / "in.jsonl", Path(name) / "out.parquet"
        bad = write(source, rows)
        command = [
            *(sys.executable, "-m", "reportedly", "batch", str(source), "-o", str(output)),
            *("--jobs", str(jobs), "--quiet", "--resume"),
        ]
        begun, done = time.monotonic(), 0
        goals = sorted(chance.uniform(0.1, 0.9) * rows for _ in range(kills))
        for goal in goals:
            process = subprocess.Popen(command, stderr=subprocess.PIPE)
            while process.poll() is None and _rows(output) < goal:
                time.sleep(0.05)
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                done += 1
            process.wait()
        subprocess.run(command, check=True, stderr=subprocess.PIPE)
        seconds = time.monotonic() - begun
        table = pq.read_table(output, columns=["row", "risk", "hedging", "error"]).to_pylist()
    assert [row["row"] for row in table] == list(range(rows)), (
        "rows are lost, doubled or out of order"
    )
    reported = {row["row"] for row in table if row["error"] is not None}
    assert reported == bad, (
        f"{len(bad - reported)} bad rows unreported, {len(reported - bad)} good ones refused"
    )
    assert all((row["hedging"] is None) == (row["row"] in bad) for row in table)
    assert done == kills, f"killed {done} times, expected {kills}"
    return {"rows": rows, "bad": len(bad), "kills": done, "seconds": round(seconds, 1)}


def _rows(output: Path) -> int:
    """Return how many rows the parts hold, from their file names."""
    folder = checkpoints_folder(output)
    parts = [p.name.split("-") for p in folder.glob("rows-*.arrow")] if folder.exists() else []
    return sum(int(part[2]) - int(part[1]) for part in parts)


def main() -> int:
    """Run it once and print one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture.killed", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    counted = killed(options.rows, options.kills, options.jobs)
    sys.stdout.write(json.dumps(counted) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
