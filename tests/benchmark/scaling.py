"""Rates and memory of `reportedly batch`: ``python tests/benchmark/scaling.py [--write]``.

The same articles with one process and with two, in turns, the whole command with its start; then one long run
whose memory is sampled. ``--write`` puts the tables into docs/scaling.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
from articles import ROOT, articles

PAGE = ROOT / "docs" / "scaling.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
_JOBS = (1, 2)
_SECONDS_BETWEEN_SAMPLES = 1.0
_ROWS = re.compile(r"rows-(\d+)-(\d+)-")
_MARKS = (512, 1_024, 2_048, 4_096, 8_192, 12_288, 16_384, 10**9)
"""Memory is reported when so many rows are done; the last mark is the end."""


def write_table(path: Path, count: int) -> Path:
    """Write `count` articles of 4 KB as a Parquet file in row groups of 1,000."""
    ids = [f"a{number}" for number in range(count)]
    pq.write_table(pa.table({"id": ids, "text": articles(count)}), path, row_group_size=1_000)
    return path


def command(source: Path, output: Path, jobs: int) -> list[str]:
    """Return the command of one batch."""
    return [sys.executable, "-m", "reportedly", "batch", str(source), "-o", str(output), "--restart",
            "--quiet", "--jobs", str(jobs)]  # fmt: skip


def seconds(source: Path, output: Path, jobs: int) -> float:
    """Return how long one batch takes, including its start."""
    begun = time.perf_counter()
    subprocess.run(command(source, output, jobs), check=True)
    return time.perf_counter() - begun


def rates(source: Path, folder: Path, count: int, runs: int) -> Iterator[str]:
    """Yield the table of articles per second with one process and with two."""
    took: dict[int, list[float]] = {jobs: [] for jobs in _JOBS}
    for _ in range(runs):
        for jobs in _JOBS:
            took[jobs].append(seconds(source, folder / f"{jobs}.parquet", jobs))
    if len({(folder / f"{jobs}.parquet").read_bytes() for jobs in _JOBS}) > 1:
        raise SystemExit("two processes give another output than one")
    one = statistics.median(took[1])
    yield f"| `reportedly batch` on {count:,} articles | seconds, each run | articles/s | times |"
    yield "|---|---|---:|---:|"
    for jobs, found in took.items():
        each = " / ".join(f"{value:.1f}" for value in found)
        middle = statistics.median(found)
        yield f"| `--jobs {jobs}` | {each} | {count / middle:.0f} | {one / middle:.2f} |"


def memory(source: Path, output: Path) -> Iterator[str]:
    """Yield the table of resident memory over a batch with two processes, and its duration."""
    begun = time.perf_counter()
    process = subprocess.Popen(command(source, output, 2))
    samples: list[tuple[int, float, list[float]]] = []
    while process.poll() is None:
        time.sleep(_SECONDS_BETWEEN_SAMPLES)
        try:
            parent = psutil.Process(process.pid)
            own = parent.memory_info().rss / 1e6
            workers = [
                child.memory_info().rss / 1e6 for child in parent.children(recursive=True)
                if "resource_tracker" not in " ".join(child.cmdline())
            ]  # fmt: skip
        except psutil.Error:  # ended between two looks
            continue
        if own:  # a process that has ended and was not waited for has none
            samples.append((done(output), own, sorted(workers)))
    if process.returncode:
        raise SystemExit(f"the batch ended with status {process.returncode}")
    took = time.perf_counter() - begun
    last = max(samples, key=lambda sample: sample[0])
    yield "| rows done | parent, MB | workers, MB |"
    yield "|---:|---:|---|"
    for mark in _MARKS:
        rows, own, workers = next((s for s in samples if s[0] >= mark), last)
        if mark <= rows or mark == _MARKS[-1]:
            yield f"| {rows:,} | {own:.0f} | {', '.join(f'{value:.0f}' for value in workers)} |"
    highest = max(own for _, own, _ in samples), max(max(w, default=0) for _, _, w in samples)
    yield f"| highest | {highest[0]:.0f} | {highest[1]:.0f} |"
    yield ""
    yield f"{pq.read_metadata(output).num_rows:,} rows in {took:.0f} s; sampled every {_SECONDS_BETWEEN_SAMPLES:.0f} s, {len(samples)} times."


def done(output: Path) -> int:
    """Return how many rows are in the parts of the batch that writes `output`."""
    folder = output.with_name(f"{output.name}.parts")
    matches = (_ROWS.match(p.name) for p in folder.iterdir()) if folder.is_dir() else ()
    return sum(int(match[2]) - int(match[1]) for match in matches if match)


def main() -> None:
    """Measure and print; write if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=3_000, help="for the rates")
    parser.add_argument("--runs", type=int, default=2, help="of each number of processes")
    parser.add_argument("--memory", type=int, default=20_000, help="articles; 0 for none")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/scaling.md")
    options = parser.parse_args()
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    what = "Articles of 4 KB (`tests/benchmark/articles.py`) from Parquet to Parquet"
    lines = [f"{what}; {machine}; load when it began {os.getloadavg()[0]:.1f}.", ""]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.runs:
            source = write_table(folder / "some.parquet", options.articles)
            lines += [*rates(source, folder, options.articles, options.runs), ""]
        if options.memory:
            source = write_table(folder / "many.parquet", options.memory)
            lines += memory(source, folder / "many-out.parquet")
    text = "\n".join(lines)
    print(text)
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        head, tail = page.split(BEGIN)[0], page.split(END)[1]
        PAGE.write_text(f"{head}{BEGIN}\n{text}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
