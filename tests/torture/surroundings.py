"""Checks of everything around an article: policies, baselines, URLs, two versions, the command line itself."""

from __future__ import annotations

import contextlib
import io
import json
import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from reportedly import cli
from reportedly.assessment import comparison
from reportedly.cli.compare import comparison_text
from reportedly.cli.score import under_policy
from reportedly.datamodel import Assessment
from reportedly.errors import InvalidDocument, InvalidPolicy, InvalidRequest
from reportedly.reading.formats import web
from reportedly.report import changes, sarif
from reportedly.report.baseline import Baseline, leave_out_known, read_baseline
from reportedly.signals import policy
from tests.torture import checks
from tests.torture.texts import from_bytes

ARTICLE = (
    "The harbour wall may fail, a person close to the board said on Monday. Sources told the Gazette that it would "
    "reportedly cost 40 million crowns.\nMayor Tove Lindahl said the town had seen no such warning. Critics say it was known.\n"
)
LIMITS = web.FetchLimits(seconds=2.0, bytes=50_000, redirects=3, allow_private=True)


def assessed(made: list[Assessment] = []) -> Assessment:  # noqa: B006 - one for the process
    """Return the assessment of a valid article."""
    if not made:
        made.append(checks.assessor().assess(ARTICLE))
    return made[0]


def rules(data: bytes) -> None:
    """Check that bytes as a policy or a baseline are refused in one line, or applied and written in formats that tools read."""
    text = data.decode("utf-8", "replace")
    baseline: Baseline = {}
    found = assessed()
    try:
        if text.lstrip()[:1] in {"{", "["}:
            baseline = read_baseline(text, "baseline.json")
        else:
            found = under_policy(found, policy.parse_policy(text, "policy.toml"))
    except (InvalidPolicy, InvalidRequest) as error:
        checks.one_line(error)
        return
    account = found.to_dict()
    screened = tuple(leave_out_known(account, ARTICLE, baseline))
    checked = sarif.Checked(account, ARTICLE, screened)
    json.loads(sarif.sarif([checked], policy.rules()))
    for line in "".join(sarif.github([checked])).splitlines():
        assert line.startswith("::"), line


def versions(data: bytes) -> None:
    """Check that two texts, the second of which begins like the first, can be compared in every format."""
    half = 1 + len(data) // 2
    old = checks.assessment(from_bytes(data[:half], 600))
    new = checks.assessment(from_bytes(data[:1] + data[1 : half // 2] + data[half:], 600))
    if old is None or new is None:
        return
    documents = [found.annotated.document for found in (old, new)]
    together = checks.assessor().assess_many(documents)
    for found, alone in zip(together, (old, new), strict=True):
        checks.same(found, alone)
    for before, after in ((old, new), (new, old)):
        found = comparison.compare(before, after)
        json.dumps(found, allow_nan=False).encode()
        assert changes.render_changes(found).encode()
        assert "\x1b" not in comparison_text(found)
        assert all("\n" not in line for line in changes.changes_in_lines(found))


def address(data: bytes) -> None:
    """Check that bytes as a URL, or as a server's whole response, give an article or one line of error."""
    target, answer = "http://gazette.example/a", data[1:]
    if (data or b"\0")[0] % 4 == 0:
        target, _, answer = data[1:].decode("utf-8", "surrogateescape").partition("\n\n")  # type: ignore[assignment]
        answer = str(answer).encode("utf-8", "surrogateescape")
    opened: list[socket.socket] = []

    def connect(*_: object) -> socket.socket:
        here, there = socket.socketpair()
        there.sendall(answer[:20_000])
        there.shutdown(socket.SHUT_WR)
        opened.append(there)
        return here

    with (
        mock.patch.object(web, "_connect", connect),
        mock.patch.object(web, "resolve", return_value=[]),
    ):
        try:
            document = web.read_url(target, limits=LIMITS)
        except InvalidDocument as error:
            checks.one_line(error)
        else:
            checks.clean(document)
            assert target.lower().startswith(("http://", "https://"))
        finally:
            for there in opened:
                there.close()
    assert len(opened) <= LIMITS.redirects + 1


FILES = (
    *("a.txt", "b.html", "c.jsonl", "d.csv", "e.toml", "f.json", "none.txt", "folder", "-", ".", "bundle", "g.parquet"),
    *("no text \udcff.txt", "two\nlines.txt", "\x1b[31m.csv", "-x.txt"),
)  # fmt: skip
COMMANDS = (
    "score",
    "score",
    "claims",
    "compare",
    "text",
    "batch",
    "corpus",
    "signals",
    "model",
    "evaluate",
    "",
)
OPTIONS = (
    "--format", "--output", "--title", "--fail-over", "--fail-on", "--baseline", "--write-baseline", "--policy",
    "--text-column", "--title-column", "--id-column", "--allow-private", "--bundle", "--prior", "--resume", "--restart",
    "--features", "--jobs=1", "--quiet", "--limit", "--help", "--version", "--", "-x", "--group-column",
)  # fmt: skip
OUTPUTS = (
    "out.json",
    "out.html",
    "out.csv",
    "out.jsonl",
    "out.parquet",
    "folder",
    "a.txt",
    "no/such/out.csv",
    "-",
)
VALUES = (
    *(
        "terminal",
        "json",
        "jsonl",
        "html",
        "csv",
        "sarif",
        "github",
        "sourcing",
        "sourcing.bare",
        "all",
        "text",
    ),
    *(
        "title",
        "id",
        "ap-like",
        "reuters-like",
        "0",
        "0.5",
        "100",
        "-1",
        "nan",
        "1e999",
        "",
        " ",
        "a\nb",
        "\udcff",
    ),
    *("\u202ex", "check", "export", "risk", "%s", "\x1b[31m", "é" * 300),
)
_FILLED = (*FILES[:6], *FILES[11:])


def command_line(data: bytes) -> None:
    """Check that bytes as arguments and files give status 0, 1 or 2, this program's own error lines, and no partial output."""
    size = (data or b"\0")[0] % 16
    arguments, content = list(_arguments(data[1 : 2 + size])), data[2 + size :]
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        Path("folder").mkdir()
        Path("bundle").mkdir()
        for file in _FILLED:
            Path(file).write_bytes(content)
        Path("a.txt").write_bytes(from_bytes(content, 400).encode("utf-8", "surrogatepass"))
        Path("bundle/manifest.json").write_bytes(content)
        Path("folder/h.txt").write_bytes(content)
        status, out, err = _run(arguments, content)
        left = [path.name for path in Path().rglob("*") if path.name.startswith(".")]
    assert status in {0, 1, 2}, (arguments, status)
    assert "Traceback" not in err, (arguments, err)
    assert not left, (arguments, left)
    assert all(line.startswith("reportedly: ") for line in err.splitlines()), (arguments, err)
    assert status != 2 or err, arguments
    if "--format" not in arguments:
        assert "\x1b" not in out


def _arguments(data: bytes) -> Iterator[str]:
    """Yield a command, files and options; three of four options that take a value get one."""
    yield COMMANDS[(data or b"\0")[0] % len(COMMANDS)]
    for byte in data[1:]:
        kind, rest = byte % 4, byte // 4
        if kind == 0:
            yield FILES[rest % len(FILES)]
        elif kind == 1:
            yield VALUES[rest % len(VALUES)]
        elif kind == 2:
            yield from ("--output", OUTPUTS[rest % len(OUTPUTS)])
        else:
            yield OPTIONS[rest % len(OPTIONS)]


def _run(arguments: list[str], data: bytes) -> tuple[int, str, str]:
    """Run the command line in this process; return its status, output and standard error."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    stdin = io.TextIOWrapper(io.BytesIO(data), "utf-8")
    argv = ["reportedly", *(a.replace("\0", "") for a in arguments)]
    kept = dict(os.environ)
    with (
        mock.patch.object(sys, "argv", argv),
        mock.patch.object(sys, "stdin", stdin),
        mock.patch.object(sys, "stdout", out),
        mock.patch.object(sys, "stderr", err),
    ):
        try:
            cli.main()
        except SystemExit as end:
            status = int(end.code or 0)
        finally:
            os.environ.update(kept)
            for stream in (out, err):
                stream.flush()
    told = [stream.buffer.getvalue().decode("utf-8") for stream in (out, err)]  # type: ignore[attr-defined]
    return status, told[0], told[1]
