"""Batches: every row once, in order, and the same with any number of processes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from reportedly.assessment.checkpoints import checkpoints_folder, open_checkpoints
from reportedly.assessment.scoring import Chunk, score_chunk
from reportedly.assessment.tables import (
    Progress,
    TableColumns,
    assess_table,
    count_rows,
    row_chunks,
)
from reportedly.cli import batch as batch_command
from reportedly.cli import cli
from reportedly.errors import InvalidRequest
from reportedly.reading.formats.tables import Row

sys.path.append(str(Path(__file__).parents[1]))  # worker processes must find the fakes too

import batch_fakes
from batch_fakes import FakeScorer


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Write a table of 230 invented articles, two of them empty."""
    return batch_fakes.write_table(tmp_path / "in.jsonl", 230)


def run(source: Path, output: Path, **options):
    options = {"scorer": FakeScorer(), "jobs": 1, "chunk_rows": 20, **options}
    return assess_table(source, output, **options)


def test_every_row_comes_out_once_and_in_order(table, tmp_path):
    """Row numbers and ids are those of the input; empty rows have an error."""
    outcome = run(table, tmp_path / "out.parquet")
    frame = pd.read_parquet(tmp_path / "out.parquet")
    assert frame["row"].tolist() == list(range(230))
    assert frame["id"].tolist() == [f"a{n}" for n in range(230)]
    assert frame.index[frame["error"].notna()].tolist() == [50, 150]
    assert frame.loc[50, "risk"] != frame.loc[50, "risk"]
    assert (outcome.rows, outcome.errors, outcome.resumed) == (230, 2, 0)


def test_two_processes_give_the_same_bytes_as_one(table, tmp_path):
    """The output does not depend on the number of processes."""
    run(table, tmp_path / "one.parquet")
    run(table, tmp_path / "two.parquet", jobs=2)
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


def test_the_three_formats_hold_the_same_values(table, tmp_path):
    """Parquet, CSV and JSON lines have the same values."""
    for suffix in ("parquet", "csv", "jsonl"):
        run(table, tmp_path / f"out.{suffix}")
    parquet = pq.read_table(tmp_path / "out.parquet").to_pylist()
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == parquet
    csv = pd.read_csv(tmp_path / "out.csv")
    assert csv["risk"].tolist()[:50] == [row["risk"] for row in parquet[:50]]
    assert list(csv.columns) == list(parquet[0])


def test_features_are_columns_before_the_error(table, tmp_path):
    """With ``--features`` each feature is a column under its own name."""
    run(table, tmp_path / "out.parquet", scorer=FakeScorer(with_features=True))
    frame = pd.read_parquet(tmp_path / "out.parquet")
    assert list(frame.columns[-2:]) == ["feature_characters", "error"]
    assert frame["feature_characters"].isna().sum() == 2


def test_no_parts_are_left_behind(table, tmp_path):
    """After success only the output and the hidden record of its inputs remain."""
    run(table, tmp_path / "out.csv")
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        ".out.csv.run.json",
        "in.jsonl",
        "out.csv",
    ]


def test_a_row_that_crashes_the_scorer_costs_no_other_row(tmp_path):
    """Expected and unexpected exceptions both become the row's error."""
    texts = ["refuse", "crash", "A whole sentence."]
    source = tmp_path / "in.csv"
    pd.DataFrame({"text": texts}).to_csv(source, index=False)
    assert run(source, tmp_path / "out.jsonl").errors == 2
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert rows[0]["error"] == "refused"
    assert "ZeroDivisionError" in rows[1]["error"]
    assert rows[2]["error"] is None


def test_a_folder_of_parquet_files_is_one_table(tmp_path):
    """The files of a data set are read in the order of their names."""
    folder = tmp_path / "set"
    folder.mkdir()
    for number, text in enumerate(["One sentence.", "Two. Sentences."]):
        pd.DataFrame({"text": [text]}).to_parquet(folder / f"{number}.parquet")
    run(folder, tmp_path / "out.jsonl")
    lines = (tmp_path / "out.jsonl").read_text().splitlines()
    assert [json.loads(line)["sentences"] for line in lines] == [1, 2]
    with pytest.raises(InvalidRequest, match="is inside the input"):
        run(folder, folder / "out.parquet")


def interrupt_after(rows: int):
    """Return a progress function that interrupts the run, as Ctrl-C does."""

    def on_progress(progress: Progress) -> None:
        if progress.done >= rows:
            raise KeyboardInterrupt

    return on_progress


def test_an_interrupted_run_carries_on(table, tmp_path):
    """Finished parts are kept; the output appears only at the end and equals that of an undisturbed run."""
    output = tmp_path / "out.parquet"
    with pytest.raises(KeyboardInterrupt):
        run(table, output, on_progress=interrupt_after(100))
    assert not output.exists()
    with pytest.raises(InvalidRequest, match="--resume"):
        run(table, output)
    outcome = run(table, output, resume=True)
    assert (outcome.rows, outcome.resumed, outcome.errors) == (230, 100, 2)
    run(table, tmp_path / "whole.parquet")
    assert output.read_bytes() == (tmp_path / "whole.parquet").read_bytes()


def test_parts_of_another_run_are_refused(table, tmp_path):
    """A changed input, option or model is named; ``--restart`` begins again."""
    output = tmp_path / "out.parquet"
    with pytest.raises(KeyboardInterrupt):
        run(table, output, on_progress=interrupt_after(100))
    with pytest.raises(InvalidRequest, match=r"scorer\.fake differs"):
        run(table, output, resume=True, scorer=FakeScorer(version="2"))
    with table.open("a", encoding="utf-8") as file:
        file.write('{"id": "new", "text": "One more sentence."}\n')
    with pytest.raises(InvalidRequest, match="the input's files differ"):
        run(table, output, resume=True)
    assert run(table, output, restart=True).resumed == 0


def test_a_damaged_part_is_done_again(table, tmp_path):
    """A truncated part and a temporary file are computed again and cost only time."""
    output = tmp_path / "out.parquet"
    with pytest.raises(KeyboardInterrupt):
        run(table, output, on_progress=interrupt_after(100))
    part = sorted(checkpoints_folder(output).glob("rows-*"))[1]
    part.write_bytes(part.read_bytes()[:-40])
    (checkpoints_folder(output) / "rows-5.arrow.tmp").write_bytes(b"half")
    outcome = run(table, output, resume=True)
    assert (outcome.rows, outcome.resumed) == (230, 80)
    assert pd.read_parquet(output)["row"].tolist() == list(range(230))


def test_a_dead_worker_leaves_what_can_be_resumed(tmp_path):
    """If the system kills a worker, one line says so and how to continue."""
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps({"text": t}) + "\n" for t in ("A b.", "kill worker")))
    with pytest.raises(InvalidRequest, match="worker process died"):
        run(source, tmp_path / "out.csv", jobs=2)
    assert checkpoints_folder(tmp_path / "out.csv").is_dir()


@pytest.mark.parametrize(
    ("name", "message"), [("out.txt", "ends in"), ("no/out.csv", "no such directory")]
)
def test_an_output_that_cannot_be_is_refused_at_once(table, tmp_path, name, message):
    """Wrong suffixes and missing folders are refused before any work."""
    with pytest.raises(InvalidRequest, match=message):
        run(table, tmp_path / name)


def test_a_table_without_rows_gives_the_columns_alone(tmp_path):
    """An empty table gives a readable output without rows."""
    source = tmp_path / "in.csv"
    source.write_text("id,text\n")
    assert run(source, tmp_path / "out.parquet").rows == 0
    assert "risk" in pd.read_parquet(tmp_path / "out.parquet").columns


def test_chunks_do_not_depend_on_batches():
    """Chunks depend only on the rows, and a very long article ends a chunk early."""
    rows = [Row(n, str(n), "x" * 5_000_000 if n in {3, 4} else "x") for n in range(10)]
    cuts = [(c.start, c.stop) for c in row_chunks([rows], 4)]
    assert cuts == [(0, 4), (4, 8), (8, 10)]
    assert cuts == [(c.start, c.stop) for c in row_chunks([[row] for row in rows], 4)]
    assert [c.stop for c in row_chunks([rows], 8)] == [5, 10]


def test_a_chunk_is_scored_the_same_every_time():
    """The bytes of a part depend only on its rows."""
    chunk = Chunk(0, (Row(0, "a", "One sentence."),))
    assert score_chunk(chunk, FakeScorer()()) == score_chunk(chunk, FakeScorer()())


def test_rows_are_counted(table):
    """The progress bar's total is the number of rows."""
    assert count_rows(table) == 230


def test_gaps_between_parts_are_never_papered_over(tmp_path):
    """If rows are missing between parts, assembling fails and writes nothing."""
    output = tmp_path / "out.csv"
    parts = open_checkpoints(output, {})
    chunk = Chunk(5, (Row(5, "a", "One sentence."),))
    parts.write(chunk.start, chunk.stop, score_chunk(chunk, FakeScorer()()))
    with pytest.raises(AssertionError, match="rows 0 to 5"):
        parts.assemble(output, None)
    assert not output.exists()


@pytest.fixture
def fake_bundle(monkeypatch):
    """Replace the command's scorer with one that needs no bundle."""
    monkeypatch.setattr(batch_command, "BundleScorer", lambda *_: FakeScorer())


@pytest.mark.usefixtures("fake_bundle")
def test_the_command_counts_bad_rows_and_succeeds(table, tmp_path):
    """Bad rows alone do not fail a batch: the status is 0, and a line gives their number."""
    output = tmp_path / "out.parquet"
    result = CliRunner().invoke(
        cli, ["batch", str(table), "-o", str(output), "--jobs", "1"], standalone_mode=False
    )
    assert result.return_value == 0, result.output
    assert "2 of 230 rows could not be assessed" in result.stderr
    assert output.is_file()


@pytest.mark.usefixtures("fake_bundle")
def test_the_command_tells_how_to_carry_on(table, tmp_path, monkeypatch):
    """Ctrl-C ends with status 130 and says how to continue."""

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(batch_command, "assess_table", interrupted)
    result = CliRunner().invoke(
        cli, ["batch", str(table), "-o", str(tmp_path / "o.csv")], standalone_mode=False
    )
    assert result.return_value == 130
    assert "--resume" in result.stderr


@pytest.mark.usefixtures("fake_bundle")
def test_a_bar_shows_on_a_terminal(table, tmp_path, capsys, monkeypatch):
    """On a terminal, progress shows a total."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with batch_command._progress(str(table), batch_command.TableColumns(), quiet=False) as show:
        show(Progress(230, 0))
    assert "230/230" in capsys.readouterr().err
    del tmp_path


def test_kept_columns_stand_in_the_output_as_text(tmp_path):
    """Kept columns are in every format, for bad rows too; a name that the output already has is refused."""
    rows = [
        {"id": "a", "text": "The ferry sailed.", "label": 1, "tags": ["x"]},
        {"id": "b", "text": None, "label": 2},
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    pd.DataFrame([{"id": "a", "text": "The ferry sailed.", "label": 1}]).to_parquet(
        tmp_path / "in.parquet"
    )
    run(tmp_path / "in.jsonl", tmp_path / "out.jsonl", columns=TableColumns(keep=("label", "tags")))
    found = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [(row["label"], row["tags"]) for row in found] == [("1", '["x"]'), ("2", None)]
    run(tmp_path / "in.parquet", tmp_path / "out.csv", columns=TableColumns(keep=("label",)))
    assert pd.read_csv(tmp_path / "out.csv")["label"].tolist() == [1]
    with pytest.raises(InvalidRequest, match="no column 'labels'"):
        run(tmp_path / "in.jsonl", tmp_path / "o.csv", columns=TableColumns(keep=("labels",)))
    with pytest.raises(InvalidRequest, match="rename it in the input"):
        run(tmp_path / "in.jsonl", tmp_path / "o.csv", columns=TableColumns(keep=("id",)))


def test_no_cell_of_a_csv_file_runs_as_a_formula(tmp_path):
    """Titles, ids and kept columns get an apostrophe where a spreadsheet would run them; numbers, and other formats, are as they were."""
    rows = [
        {"id": "-5", "title": "=1+1", "text": "The ferry sailed.", "score": "-2.5e3", "note": None},
        {"id": "@b", "title": "-", "text": "The quay closed.", "score": "-2+3", "note": "a\n=b"},
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    columns = TableColumns(keep=("score", "note"))
    names = ["id", "title", "score", "note"]
    for suffix in ("csv", "jsonl"):
        run(tmp_path / "in.jsonl", tmp_path / f"out.{suffix}", columns=columns)
    found = pd.read_csv(tmp_path / "out.csv", dtype=str, keep_default_na=False)[names]
    assert found.to_numpy().tolist() == [
        ["-5", "'=1+1", "-2.5e3", ""],
        ["'@b", "-", "'-2+3", "a\n=b"],
    ]
    lines = (tmp_path / "out.jsonl").read_text().splitlines()
    assert [json.loads(line)["title"] for line in lines] == ["=1+1", "-"]


def test_a_text_that_comes_again_is_flagged_whatever_the_chunk(tmp_path):
    """A repeated text has the id of its first row; repeats are counted, in a resumed run too."""
    texts = (
        ["The ferry sailed."] * 2
        + [f"Ferry {n} sailed." for n in range(30)]
        + ["the  ferry sailed."]
    )
    (tmp_path / "in.jsonl").write_text(
        "".join(json.dumps({"id": f"a{n}", "text": t}) + "\n" for n, t in enumerate(texts))
    )
    outcome = run(tmp_path / "in.jsonl", tmp_path / "out.jsonl")
    found = [
        json.loads(line)["duplicate_of"]
        for line in (tmp_path / "out.jsonl").read_text().splitlines()
    ]
    assert found == [None, "a0", *[None] * 30, "a0"]
    assert outcome.duplicates == 2


def test_resume_names_what_changed_and_knows_a_finished_run(table, tmp_path):
    """The changed option is named with its values; a finished run is not repeated unless its output is missing."""
    output = tmp_path / "out.jsonl"
    run(table, output)
    again = run(table, output, resume=True)
    assert (again.finished, again.rows, again.errors) == (True, 230, 2)
    with pytest.raises(InvalidRequest, match="--id-column was not given, is id"):
        run(table, output, resume=True, columns=TableColumns(id="id"))
    with pytest.raises(InvalidRequest, match="--features was not given, is given"):
        run(table, output, resume=True, scorer=FakeScorer(with_features=True))
    output.unlink()
    assert not run(table, output, resume=True).finished


def test_a_folder_of_articles_is_a_table_of_files(tmp_path):
    """Each file is a row named by its path; an unreadable file is a row with an error."""
    folder = tmp_path / "in"
    (folder / "below").mkdir(parents=True)
    (folder / "a.md").write_text("# Ferry sold at last\n\nThe *ferry* sailed.\n")
    (folder / "b.txt").write_bytes(b"")
    (folder / "below" / "c.txt").write_text("The ferry sailed again.")
    (folder / "x.png").write_bytes(b"\x89PNG")
    outcome = run(folder, tmp_path / "out.jsonl")
    found = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [(row["id"], row["title"]) for row in found] == [
        ("a.md", "Ferry sold at last"),
        ("b.txt", ""),
        ("below/c.txt", ""),
    ]
    assert "0 bytes" in found[1]["error"]
    assert (outcome.rows, outcome.errors) == (3, 1)


def test_the_columns_that_were_guessed_are_said(tmp_path, monkeypatch):
    """Guessed columns, or a missing headline column, are printed before the work begins."""
    monkeypatch.setattr(batch_command, "BundleScorer", lambda *_: FakeScorer())
    (tmp_path / "in.csv").write_text(
        "uid,headline,body\n1,Ferry sold,The ferry sailed.\n2,Again,The ferry sailed.\n"
    )
    (tmp_path / "bare.csv").write_text("uid,body\n1,The ferry sailed.\n")
    said = [
        CliRunner()
        .invoke(cli, ["batch", str(tmp_path / name), "-o", str(tmp_path / "o.csv"), "-j", "1"])
        .stderr
        for name in ("in.csv", "bare.csv")
    ]
    assert "text from column 'body', headline from 'headline'" in said[0]
    assert "1 of 2 rows repeats an earlier one's text" in said[0]
    assert "headline from none (--title-column)" in said[1]
