"""Time reportedly and comparable tools on the same articles: ``make bench``.

``rate`` times whole analyses and their stages in one process, round by round, each round
running every contestant once, so that a busy machine slows all of them; ``cold`` times fresh processes;
``length`` measures how cost grows with an article's length, ``count`` with the number of articles; ``memory`` the
peak memory of a process that scores. Figures go to standard output as Markdown, and with ``--json`` to a file.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # one core each: the comparison is of work, not of threads
sys.path.insert(0, str(Path(__file__).parent))

import stages  # noqa: E402
from articles import ROOT, articles, folder_articles  # noqa: E402
from peers import PEERS, installed  # noqa: E402

EXAMPLE = ROOT / "data" / "examples" / "harbour-pumps.txt"
MANY = "reportedly, many articles"
Report = dict[str, Any]
Growth = tuple[str, Iterator[tuple[int, list[str]]], Callable[[Sequence[str]], float], str]
"""What is counted, the sets of articles by size, how many units a set has, and the unit's name."""


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="*", default=["rate", "cold", "memory"],
                        help="rate, cold, memory, length, count (default: the first three)")  # fmt: skip
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="text files to measure on instead")
    parser.add_argument("--before", type=int, default=0,
                        help="articles of them that are read before any is timed by rate: words are known, the others new")  # fmt: skip
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--most", type=int, default=5_000_000,
                        help="greatest length and number of articles for length and count")  # fmt: skip
    parser.add_argument("--plots", type=Path, help="draw length and count into this folder")
    parser.add_argument("--processor-time", action="store_true",
                        help="count this process's work, not the time on the wall: for a busy machine")  # fmt: skip
    options = parser.parse_args()
    if options.processor_time:
        stages.clock = stages.processor_time
    texts = folder_articles(options.folder) if options.folder else articles(options.articles)
    before, texts = texts[: options.before], texts[options.before :]
    measures = MEASURES | {"rate": partial(rate, before=before)}
    report: Report = {
        "machine": machine(),
        "articles": described(texts),
        "clock": stages.clock.__name__,
    }
    print(heading(report))
    for what in options.what:
        if what in GROWTH:
            report[what], table = growth(*GROWTH[what](texts, options.most), options.rounds)
        else:
            report[what], table = measures[what](texts, options.rounds)
        print(table, flush=True)
        if options.json:
            options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        if options.plots and what in GROWTH:
            draw(what, report[what], options.plots / f"{what}.png")


# --- rate ----------------------------------------------------------------------------------------


def rate(texts: Sequence[str], rounds: int, before: Sequence[str] = ()) -> tuple[Report, str]:
    """Time reportedly, its stages and its peers on `texts`, in interleaved rounds.

    The first round is reported separately: in it the words are new to every contestant, as in practice; later
    they are all in its caches (spaCy's vocabulary, reportedly's word forms). If articles `before` are given, they are
    read first, so that the caches are those of a process that has read other news. Ratios are to reportedly's rate on
    many articles read together, as in a batch.
    """
    contestants = {
        MANY: stages.whole(),
        "reportedly, one by one": stages.whole(together=False),
        **peers(texts),
    }
    times: dict[str, list[float]] = {name: [] for name in contestants}
    staged: dict[str, dict[str, list[float]]] = {}
    for run in contestants.values():
        # warm-up: lazy imports and lexicons are loaded; a text this long has a risk
        run(before or articles(16))
    for number in range(rounds + 1):
        for name, run in contestants.items():
            if not number and not before:
                stages.forget()
            times[name].append(seconds(lambda run=run: run(texts)))
        for size in (1, stages.CHUNK) if number else ():
            for name, spent in stages.staged(texts, size).items():
                staged.setdefault(name, {}).setdefault(f"{size}", []).append(spent)
    rows = {name: figures(spent, times[MANY], texts) for name, spent in times.items()}
    parts = {
        name: {n: 1000 * statistics.median(spent) / len(texts) for n, spent in sizes.items()}
        for name, sizes in staged.items()
    }
    report = {"peers": rows, "stages_ms": parts}
    return report, rate_table(rows) + "\n" + stage_table(parts)


def peers(texts: Sequence[str]) -> dict[str, Callable[[Sequence[str]], Any]]:
    """Return the functions of the peers that are installed."""
    return {name: PEERS[name][1](texts) for name in installed()}


def seconds(run: Callable[[], Any]) -> float:
    """Return how long `run` takes, after collecting garbage."""
    gc.collect()
    begun = stages.clock()
    run()
    return stages.clock() - begun


def figures(spent: Sequence[float], base: Sequence[float], texts: Sequence[str]) -> Report:
    """Return rates, spread and ratios of one contestant; the first round is reported separately.

    A ratio is of the two times in one round, so that it does not depend on what slows the machine for minutes.
    """
    rates = [len(texts) / one for one in spent]
    ratios = [other / own for own, other in zip(base, spent, strict=True)]
    median = statistics.median(rates[1:])
    size = sum(len(text.encode()) for text in texts) / len(texts)
    return {
        "first_round": round(rates[0], 1),
        "articles_per_second": round(median, 1),
        "slowest": round(min(rates[1:]), 1),
        "fastest": round(max(rates[1:]), 1),
        "MB_per_second": round(median * size / 1e6, 3),
        "reportedly_times_its_rate_first_round": round(ratios[0], 3),
        "reportedly_times_its_rate": round(statistics.median(ratios[1:]), 3),
    }


def rate_table(rows: dict[str, Report]) -> str:
    """Return the rates as a Markdown table."""
    lines = [
        "| | first round | later rounds, median | slowest–fastest | MB/s | ratio, first | ratio, later |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, row in rows.items():
        lines.append(
            f"| {name} | {row['first_round']:.0f} | {row['articles_per_second']:.0f} "
            f"| {row['slowest']:.0f}–{row['fastest']:.0f} | {row['MB_per_second']:.2f} "
            f"| {row['reportedly_times_its_rate_first_round']:.2f} "
            f"| {row['reportedly_times_its_rate']:.2f} |"
        )
    return "\n".join(lines) + "\n"


def stage_table(parts: dict[str, dict[str, float]]) -> str:
    """Return the stages' medians as a Markdown table: one article at a time, and many read together."""
    sums = [sum(each) for each in zip(*(sizes.values() for sizes in parts.values()), strict=True)]
    lines = [
        f"| stage | one by one, ms per article | {stages.CHUNK} together | share of that |",
        "|---|---:|---:|---:|",
    ]
    for name, (alone, together) in ((n, tuple(sizes.values())) for n, sizes in parts.items()):
        lines.append(
            f"| {name} | {alone:.2f} | {together:.2f} | {100 * together / sums[1]:.0f} % |"
        )
    lines.append(f"| sum | {sums[0]:.2f} | {sums[1]:.2f} | |")
    return "\n".join(lines) + "\n"


# --- cold start, memory --------------------------------------------------------------------------


def cold(texts: Sequence[str], rounds: int) -> tuple[Report, str]:
    """Time fresh processes from start to end, round by round."""
    del texts
    reportedly = [sys.executable, "-m", "reportedly"]
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "import sklearn": [sys.executable, "-c", "import sklearn"],
        "import sklearn, pandas": [sys.executable, "-c", "import sklearn, pandas"],
        "reportedly --help": [*reportedly, "--help"],
        "reportedly score ARTICLE": [*reportedly, "score", str(EXAMPLE)],
    }
    spent: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(max(rounds, 10) + 1):
        for name, command in commands.items():
            taken = seconds(
                lambda command=command: subprocess.run(command, check=True, capture_output=True)
            )
            if number:  # the first round fills the disk cache
                spent[name].append(taken)
    rows = {name: spread(one) for name, one in spent.items()}
    lines = ["| fresh process | median s | fastest–slowest |", "|---|---:|---:|"]
    for name, row in rows.items():
        lines.append(f"| {name} | {row['median']:.3f} | {row['least']:.3f}–{row['most']:.3f} |")
    return rows, "\n".join(lines) + "\n"


def spread(spent: Sequence[float]) -> Report:
    """Return median, least and most."""
    return {
        "median": round(statistics.median(spent), 4),
        "least": round(min(spent), 4),
        "most": round(max(spent), 4),
    }


def memory(texts: Sequence[str], rounds: int) -> tuple[Report, str]:
    """Return the peak memory of a process that only scores `texts`, as a batch does."""
    del rounds
    code = (
        f"import sys, json; sys.path.insert(0, {str(Path(__file__).parent)!r}); import stages\n"
        "texts = json.load(sys.stdin); stages.whole()(texts); print(stages.peak_memory())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(texts),
        check=True,
        capture_output=True,
        text=True,
    )
    peak = int(done.stdout)
    return {"peak_bytes": peak}, f"Peak memory of a process that scores them: {peak / 1e6:.0f} MB\n"


# --- growth --------------------------------------------------------------------------------------


def length(texts: Sequence[str], most: int) -> Growth:
    """Return articles from 1 KB to 5 MB; a linear cost is a constant time per KB."""
    del texts
    sizes = (1_000, 4_000, 16_000, 64_000, 250_000, 1_000_000, 5_000_000)
    sets = ((n, articles(max(1, 100_000 // n), n)) for n in sizes if n <= most)
    return "characters", sets, lambda texts: sum(map(len, texts)) / 1000, "ms per KB"


def count(texts: Sequence[str], most: int) -> Growth:
    """Return 100 to 100,000 articles; a constant cost is a constant time per article."""
    stock = list(texts)
    numbers = (100, 1_000, 10_000, 100_000)
    sets = ((n, [stock[i % len(stock)] for i in range(n)]) for n in numbers if n <= most)
    return "articles", sets, len, "ms per article"


def growth(
    what: str,
    sets: Iterator[tuple[int, list[str]]],
    units: Callable[[Sequence[str]], float],
    unit: str,
    rounds: int,
) -> tuple[Report, str]:
    """Time each of `sets` and return the time per unit."""
    run = stages.whole()
    run(articles(50))
    rows = {}
    lines = [f"| {what} | s | {unit} |", "|---:|---:|---:|"]
    for size, texts in sets:
        times = 1 if sum(map(len, texts)) > 1_000_000 else rounds
        spent = statistics.median(seconds(lambda texts=texts: run(texts)) for _ in range(times))
        one = spent / len(texts) if what == "characters" else spent
        rows[size] = {"seconds": round(one, 4), unit: round(1000 * spent / units(texts), 4)}
        lines.append(f"| {size:,} | {one:.3f} | {rows[size][unit]:.3f} |")
        print(lines[-1], file=sys.stderr, flush=True)  # the great ones take minutes
    return rows, "\n".join(lines) + "\n"


def draw(what: str, rows: Report, path: Path) -> None:
    """Draw the time per size on logarithmic axes, with a line of constant cost, into `path`."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - nothing else needs it

    sizes, spent = list(rows), [row["seconds"] for row in rows.values()]
    figure = Figure(figsize=(6.4, 4.4), layout="constrained")
    axes = figure.subplots()
    straight = [spent[-1] * size / sizes[-1] for size in sizes]
    axes.loglog(sizes, straight, color="#999999", linestyle=":", label="linear")
    axes.loglog(sizes, spent, color="#0072B2", marker="o", label="measured")
    unit = "characters of one article" if what == "length" else "articles"
    axes.set(xlabel=unit, ylabel="seconds")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    figure.savefig(path, dpi=110, metadata={"Software": None})


# --- the circumstances ---------------------------------------------------------------------------


def machine() -> Report:
    """Return what the figures depend on besides the code."""
    packages = ("reportedly", "numpy", "scikit-learn", "sentencex")
    return {
        "python": platform.python_version(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "versions": {name: version(name) for name in packages} | dict(
            found.rsplit(" ", 1) for found in installed().values()
        ),
    }  # fmt: skip


def processor() -> str:
    """Return the processor's name."""
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def described(texts: Sequence[str]) -> Report:
    """Return the number and length of the articles."""
    return {"count": len(texts), "median_characters": int(statistics.median(map(len, texts)))}


def heading(report: Report) -> str:
    """Return the machine and versions as a line of Markdown."""
    about, texts = report["machine"], report["articles"]
    versions = ", ".join(f"{name} {number}" for name, number in about["versions"].items())
    return (
        f"{texts['count']} articles, median {texts['median_characters']:,} characters; Python {about['python']}, "
        f"{about['processor']}, {about['cores']} cores, load {about['load']} at the start; {report['clock']}; {versions}\n"
    )


MEASURES = {"rate": rate, "cold": cold, "memory": memory}
GROWTH = {"length": length, "count": count}


if __name__ == "__main__":
    main()
