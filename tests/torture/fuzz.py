"""Coverage-guided fuzzing with atheris: ``python -m tests.torture.fuzz TARGET --seconds N``.

Needs ``pip install atheris`` (Linux, macOS); not among the development extras, because there are no
wheels of it for every Python. The corpus that the fuzzer gathers is kept in ``runs/fuzz/TARGET`` and tried
again by the next run. Seconds are processor time, from the first input on. It prints a line of JSON now and then, so
that a run which is killed has reported its work, and one at the end: target, executions, seconds, and the input that
failed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ACCOUNT = ROOT / "runs" / "fuzz" / "account.jsonl"
"""The results of every run, one line each."""
_EVERY = 20.0
"""Processor seconds between two interim results of a run."""


def main() -> int:
    """Fuzz one target for some seconds; return 1 if a fault was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture.fuzz", description=__doc__)
    parser.add_argument("target")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--corpus", type=Path, default=ROOT / "runs" / "fuzz")
    options = parser.parse_args()
    import atheris  # noqa: PLC0415 - says by itself what is missing

    with atheris.instrument_imports(
        include=["reportedly", "trafilatura"], enable_loader_override=False
    ):
        import trafilatura  # noqa: F401, PLC0415 - imported under the instruments

        from reportedly.cli import batch, claims, corpus, evaluate, model, signals, text  # noqa: F401, PLC0415
        from reportedly.report import html, sarif, tabular, terminal  # noqa: F401, PLC0415
        from tests.torture.targets import TARGETS  # noqa: PLC0415

    if options.target not in TARGETS:
        parser.error(f"expected one of {', '.join(TARGETS)}, got {options.target!r}")
    check, begun, count, told = TARGETS[options.target], time.process_time(), 0, 0.0

    command = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()

    def spent() -> float:
        return time.process_time() - begun

    def tell(failed: str = "", *, done: bool = True) -> None:
        line = {"target": options.target, "executions": count, "seconds": round(spent(), 1)}
        line |= {"done": done, "failed": failed, "commit": commit}
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
        if done:
            with (options.corpus / ACCOUNT.name).open("a", encoding="utf-8") as account:
                account.write(json.dumps(line) + "\n")

    def one(data: bytes) -> None:
        nonlocal count, told
        count += 1
        try:
            check(data)
        except BaseException as error:
            tell(f"{type(error).__name__}: {error}"[:300] + f" on {data.hex()}")
            raise
        if spent() > options.seconds:
            tell()
            os._exit(0)  # libFuzzer would end with a status of its own
        if spent() > told + _EVERY:
            told = spent()
            tell(done=False)

    corpus = options.corpus / options.target
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(options.target)):
        (corpus / f"seed-{number}").write_bytes(seed)
    arguments = [
        *("-max_len=4096", "-len_control=20", "-timeout=60", "-rss_limit_mb=3000"),
        f"-artifact_prefix={options.corpus}/{options.target}-",
    ]
    atheris.Setup([sys.argv[0], str(corpus), *arguments], one)
    atheris.Fuzz()
    return 0


def seeds(target: str) -> list[bytes]:
    """Return valid inputs from which the fuzzer starts, so that it gets past the first checks."""
    from tests.torture import samples  # noqa: PLC0415 - heavy

    return samples.of(target)


if __name__ == "__main__":
    sys.exit(main())
