"""The command line as a user meets it: exit status, one clear line, no partial output."""

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import reportedly
from reportedly.cli import COMMANDS

ROOT = Path(__file__).parents[2]
PUMPS = ROOT / "data" / "examples" / "harbour-pumps.txt"
ROOT_ROTTEN = ROOT / "data" / "examples" / "miracle-root.txt"


def run(*arguments, data=b"", **environment):
    """Run the command line in a separate process."""
    return subprocess.run(
        [sys.executable, "-m", "reportedly", *map(str, arguments)],
        input=data,
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
        timeout=120,
    )


def test_help_lists_every_command():
    """`--help` names each command and is fast."""
    done = run("--help")
    assert done.returncode == 0
    assert all(name in done.stdout.decode() for name in COMMANDS)


@pytest.mark.slow
def test_a_line_of_five_megabytes_is_assessed(tmp_path):
    """A very long line takes time in proportion to its length, and is assessed."""
    path = tmp_path / "in.txt"
    path.write_text("The harbour was closed on Monday, a man said. " * 110_000)
    done = subprocess.run(
        [sys.executable, "-m", "reportedly", "score", str(path), "--format", "json"],
        capture_output=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_an_article_is_reported_with_its_unnamed_source():
    """The terminal report shows the official, the anonymity, and the worklist."""
    done = run("score", PUMPS)
    report = done.stdout.decode()
    assert done.returncode == 0, done.stderr
    assert "a senior official in the harbour authority" in " ".join(report.split())
    assert {"anonymity", "granted,"} <= set(report.split())
    assert "‹may›" in report
    assert "Worklist" in report


def test_json_on_the_command_line_is_the_python_answer():
    """What `--format json` prints is `Assessment.to_dict()`."""
    done = run("score", PUMPS, "--format", "json")
    printed = json.loads(done.stdout)
    document = reportedly.read_file(PUMPS)
    assert printed == json.loads(json.dumps(reportedly.Assessor().assess(document).to_dict()))


def test_spans_of_the_answer_check_themselves():
    """Every {start, end, text} in the JSON matches the article."""
    text = PUMPS.read_text(encoding="utf-8")

    def spans(value):
        if isinstance(value, dict):
            if {"start", "end", "text"} <= value.keys():
                yield value
            for inner in value.values():
                yield from spans(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from spans(inner)

    found = list(spans(reportedly.assess(text).to_dict()))
    assert len(found) > 20
    assert all(text[s["start"] : s["end"]] == s["text"] for s in found)


def test_several_files_go_on_past_a_bad_one(tmp_path):
    """The good ones are scored, the bad one is named, and the status is 2."""
    done = run("score", PUMPS, tmp_path / "none.txt", ROOT_ROTTEN, "--format", "jsonl")
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 2
    assert b"none.txt: no such file" in done.stderr
    assert b"1 of 3 inputs failed" in done.stderr


def test_fail_over_sets_the_status():
    """Exit 1 when a risk exceeds the limit, 0 when none does."""
    assert run("score", ROOT_ROTTEN, "--fail-over", "0", "--format", "jsonl").returncode == 1
    assert run("score", ROOT_ROTTEN, "--fail-over", "100", "--format", "jsonl").returncode == 0


def test_standard_input_and_titles_are_read():
    """`-` or no file at all reads standard input."""
    for arguments in (("score", "-"), ("score",)):
        done = run(*arguments, "--format", "json", "--title", "Pumps", data=PUMPS.read_bytes())
        assert json.loads(done.stdout)["document"]["title"] == "Pumps"


BAD = {
    "empty": b"",
    "blank": b"  \n\t",
    "binary": bytes(range(256)) * 20,
    "20 MB": b"The harbour was closed on Monday, a man said.\n" * 450_000,
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD.keys())
def test_bad_input_gets_one_clear_line(data, tmp_path):
    """No traceback, status 2, nothing written to the output file."""
    path, output = tmp_path / "in.txt", tmp_path / "out.json"
    path.write_bytes(data)
    done = run("score", path, "--format", "json", "-o", output)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not output.exists() or not output.read_text()


ODD = {
    "one long line": "The harbour was closed on Monday, a man said. " * 5_000,
    "quotation marks": '“"' * 50_000,
    "right to left": "أعلن المتحدث الرسمي يوم الاثنين أن الميناء مغلق. " * 20,
    "German": "Der Hafen wurde am Montag geschlossen, sagte ein Sprecher der Stadt. " * 20,
    "short": "He said no.",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_odd_text_is_assessed_or_abstained_on(text, tmp_path):
    """Odd text gets a risk or the reason why it has none, never a traceback."""
    path = tmp_path / "in.txt"
    path.write_text(text, encoding="utf-8")
    done = run("score", path, "--format", "json")
    assert done.returncode == 0, done.stderr
    risk = json.loads(done.stdout)["risk"]
    if "harbour was closed" not in text:
        assert risk["score"] is None
        assert risk["abstained"]


def test_a_terminal_that_lacks_the_characters_gets_escapes():
    """An ASCII terminal does not make the command fail."""
    done = run("score", PUMPS, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("score", "--format", "xml", "x"),
        ("score", "--fail-over", "x", "y"),
        ("signals", "nonsense"),
    ],
)
def test_bad_usage_gets_one_line_and_status_2(arguments):
    """Click's message is reduced to one line."""
    done = run(*arguments)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(b"reportedly: ")


def test_output_that_cannot_be_written_is_said(tmp_path):
    """A folder as output, and a missing folder, are reported."""
    for target in (tmp_path, tmp_path / "none" / "x.json"):
        done = run("score", PUMPS, "--format", "json", "-o", target)
        assert done.returncode == 2
        assert str(target).encode() in done.stderr


def test_signals_and_model_explain_themselves():
    """Each signal shows its formula; the model shows its card."""
    assert b"100" in run("signals").stdout
    assert json.loads(run("signals", "--format", "json").stdout)[0]["formula"]
    assert b"Model card" in run("model").stdout
    assert json.loads(run("model", "--format", "json").stdout)["schema"] == "reportedly/bundle/1"


def test_a_bad_value_of_a_settings_file_names_the_file(tmp_path):
    """The message names the settings file, since the value is not from the command line."""
    (tmp_path / "reportedly.toml").write_text("prior = 7\n")
    done = run("--config", tmp_path / "reportedly.toml", "score", PUMPS)
    assert done.returncode == 2
    assert done.stderr.startswith(f"reportedly: {tmp_path / 'reportedly.toml'}: ".encode())
    assert b"--prior" in done.stderr


WITHOUT_TABLES = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"pandas", "pyarrow"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name.split(".")[0])

sys.meta_path.insert(0, Missing())
sys.argv[0] = "reportedly"
from reportedly.cli import main
main()
"""


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("score", PUMPS, "--format", "json"), 0, b"a senior official"),
        (("score", PUMPS, "--format", "html"), 0, b"<html"),
        (("claims", PUMPS), 0, b"nobody identifiable"),
        (("compare", PUMPS, ROOT_ROTTEN), 0, b"Evidence"),
        (("score", "TABLE"), 2, b"pip install 'reportedly[tables]'"),
        (("batch", "TABLE", "-o", "out.csv"), 2, b"pip install 'reportedly[tables]'"),
        (("evaluate", "ledger", "data/corpus"), 2, b"pip install 'reportedly[tables]'"),
    ],
)
def test_one_article_needs_neither_pandas_nor_pyarrow(tmp_path, words, status, said):
    """Without the extra `tables`, articles are assessed; commands for tables say in one line what to install."""
    table = tmp_path / "table.csv"
    table.write_text("id,text\n1,The ferry sailed.\n")
    given = [str(table) if word == "TABLE" else str(word) for word in words]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TABLES, *given], capture_output=True, check=False, cwd=ROOT
    )
    assert done.returncode == status, done.stderr
    assert said in done.stdout + done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [(), ("evaluate",), ("policy",)])
def test_without_a_command_the_help_is_laid_out(arguments):
    """The help has the layout of `--help`, with line breaks."""
    done = run(*arguments)
    assert done.returncode == 0
    assert done.stdout == run(*arguments, "--help").stdout
    assert not done.stderr


def test_what_was_meant_is_asked(tmp_path):
    """Suggestions are printed for commands, files, options and signals; a file given as a command suggests `score`."""
    (tmp_path / "draft.txt").write_text("The ferry may sail.")
    asked = {
        ("scor", "x"): "did you mean 'score'?",
        (tmp_path / "draft.txt",): f"did you mean 'reportedly score {tmp_path / 'draft.txt'}'?",
        ("text", tmp_path / "drat.txt"): "did you mean 'draft.txt'?",
        ("score", "--fromat", "json"): "--format",
        ("signals", "hedgin"): "did you mean 'hedging'?",
    }
    for arguments, question in asked.items():
        done = run(*arguments)
        assert done.returncode == 2
        assert question in done.stderr.decode()
        assert len(done.stderr.splitlines()) == 1


def test_a_report_is_as_wide_as_columns_says_and_no_line_ends_in_blanks():
    """Wherever the report is written to, COLUMNS sets its width."""
    wide, narrow = (run("score", PUMPS, COLUMNS=str(n)).stdout.decode() for n in (110, 64))
    for report, width in ((wide, 110), (narrow, 64)):
        assert max(map(len, report.splitlines())) <= width
        assert [line for line in report.splitlines() if line != line.rstrip()] == []
    assert len(narrow.splitlines()) > len(wide.splitlines())


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX's")
def test_on_a_terminal_a_summary_shows_progress_and_a_coloured_report_ends_no_line_in_blanks(
    tmp_path,
):
    """The lines come at the end, so a bar tells how far the run is; colours hide no blanks."""
    (tmp_path / "a.txt").write_text("The ferry may sail, a source said.\n")
    (tmp_path / "b.txt").write_text("The ferry sailed.\n")
    shown = on_a_terminal("score", "a.txt", "b.txt", "--summary", folder=tmp_path)
    assert shown.index("100%") < shown.rindex("first claim")
    report = on_a_terminal("score", "a.txt", folder=tmp_path)
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in report.split("\r\n")]
    assert "\x1b[1m" in report
    assert "  7 words, 1 sentence, utf-8" in [f"  {line}" for line in lines]
    assert [line for line in lines if line != line.rstrip()] == []


def on_a_terminal(*arguments, folder):
    """Run the command on a pseudo-terminal of 80 columns and return what it shows."""
    import pty  # noqa: PLC0415 - POSIX alone

    mine, its = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80"}
    environment.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "reportedly", *arguments]
    running = subprocess.Popen(
        command, stdin=its, stdout=its, stderr=its, cwd=folder, env=environment
    )
    os.close(its)
    shown = b""
    with contextlib.suppress(OSError):  # Linux: the other end is closed
        while part := os.read(mine, 1 << 16):
            shown += part
    os.close(mine)
    assert running.wait(60) == 0
    return shown.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX's")
def test_who_sits_at_the_keyboard_is_told_what_is_waited_for():
    """At a terminal the command says that it waits for input; with a pipe it does not."""
    import pty  # noqa: PLC0415 - POSIX alone

    mine, its = pty.openpty()
    try:
        os.write(mine, b"The ferry may sail.\n\x04")
        done = subprocess.run(
            [sys.executable, "-m", "reportedly", "text", "-"], stdin=its, capture_output=True, check=False, timeout=60
        )  # fmt: skip
    finally:
        os.close(mine)
        os.close(its)
    assert b"press Ctrl-D" in done.stderr
    assert done.stdout == b"The ferry may sail.\n"
    assert b"Ctrl-D" not in run("text", "-", data=b"The ferry may sail.").stderr
