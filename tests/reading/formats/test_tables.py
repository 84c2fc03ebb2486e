"""Tables: good rows are read whole, bad ones become errors, in every format."""

import csv
import json
from itertools import chain

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportedly.errors import InvalidCorpus, InvalidDocument, InvalidRequest
from reportedly.reading.formats import tables
from reportedly.reading.formats.tables import Row, is_table, open_table

ROWS = [
    {"id": "a", "headline": "Ferry", "body": "The ferry sailed.\nIt was late."},
    {"id": "b", "headline": "", "body": "“Nobody” said, so, “naïve”."},
    {"id": "c", "headline": "Sea wall", "body": 'He said "no", twice.'},
]


def rows(path, size=2, **options):
    return list(chain.from_iterable(open_table(path, **options).batches(size)))


def write_csv(path, records, names=("id", "headline", "body")):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(records)
    return path


def write_jsonl(path, records):
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return path


def write_parquet(path, records):
    pq.write_table(pa.Table.from_pylist(records), path)
    return path


WRITERS = {"csv": write_csv, "jsonl": write_jsonl, "parquet": write_parquet}


@pytest.mark.parametrize("form", WRITERS)
def test_every_format_gives_the_same_rows(tmp_path, form):
    """The same table in another format has the same articles; columns are guessed."""
    path = WRITERS[form](tmp_path / f"t.{form}", ROWS)
    assert rows(path) == [Row(i, r["id"], r["body"], r["headline"]) for i, r in enumerate(ROWS)]


@pytest.mark.parametrize("form", WRITERS)
def test_batches_have_the_size_asked_for_and_can_start_later(tmp_path, form):
    """All batches but the last are full; `start` skips rows and keeps their numbers."""
    path = WRITERS[form](tmp_path / f"t.{form}", ROWS)
    table = open_table(path)
    assert [len(batch) for batch in table.batches(2)] == [2, 1]
    assert [row.index for batch in table.batches(2, start=1) for row in batch] == [1, 2]


def test_a_row_becomes_a_document_or_says_why_not():
    """`document` returns the article under the row's id, or raises the row's error."""
    document = Row(4, "x", "The ferry sailed.", "Ferry").document()
    assert (document.id, document.title, document.text) == ("x", "Ferry", "The ferry sailed.")
    with pytest.raises(InvalidDocument, match="no value"):
        Row(5, "y", error="no value").document()


def test_csv_with_bad_records_keeps_every_good_one(tmp_path):
    """A short record, a long one and an unclosed quotation mark cost one row each."""
    path = tmp_path / "t.csv"
    path.write_text(
        'id,text\n1,"Good one."\n2\n3,Good,too many\n4,"never closed\n5,Good five.\n6,"Good six."\n7,"end\n',
        encoding="utf-8",
    )
    found = rows(path)
    assert [row.text for row in found if row.error is None] == [
        "Good one.", "Good five.", "Good six.",
    ]  # fmt: skip
    assert len([row for row in found if row.error]) == 4
    assert [row.index for row in found] == list(range(7))


def test_csv_with_a_quotation_mark_inside_a_field_is_read_leniently(tmp_path):
    """A record that other readers accept in one line is accepted."""
    path = tmp_path / "t.csv"
    path.write_text('id,text\n1,"He" said.\n2,He "said".\n', encoding="utf-8")
    assert [row.text for row in rows(path)] == ["He said.", 'He "said".']


def test_csv_in_another_encoding_or_with_another_delimiter(tmp_path):
    """Windows-1252 cells, UTF-16 files and semicolons are read."""
    (tmp_path / "a.csv").write_bytes("id;text\n1;Olé “said”\n".encode("cp1252"))
    (tmp_path / "b.csv").write_bytes("id,text\n1,Olé\n".encode("utf-16"))
    (tmp_path / "c.tsv").write_text("id\ttext\n1\tOlé, yes\n", encoding="utf-8")
    assert [rows(tmp_path / n)[0].text for n in ("a.csv", "b.csv", "c.tsv")] == [
        "Olé “said”", "Olé", "Olé, yes",
    ]  # fmt: skip


def test_jsonl_with_bad_lines_keeps_every_good_one(tmp_path):
    """Invalid JSON, non-objects, wrong types, nulls, deep nesting and bad bytes become errors."""
    path = tmp_path / "t.jsonl"
    good = json.dumps({"text": "Good."}).encode()
    bad = [
        b"{", b"[1]", b'{"text": 3}', b'{"text": null}', b'{"other": "x"}', b'{"text": "\xff"}',
        b"[" * 100_000, b'{"text": ["a"]}', b'{"text": "  "}', b"1" * 10_000,
    ]  # fmt: skip
    path.write_bytes(good + b"\n" + b"\n\n".join(bad) + b"\n" + good)
    found = rows(path)
    assert [row.error is None for row in found] == [True, *[False] * len(bad), True]


def test_parquet_with_odd_columns(tmp_path):
    """Nulls and bytes that are not text are errors, numbers work as ids, a nested text column is refused."""
    table = pa.table(
        {
            "id": [1, 1, None],
            "text": pa.array([b"Good.", None, b"\x00\x01\x02"], pa.binary()),
            "nested": [["a"], ["b"], []],
        }
    )
    path = tmp_path / "t.parquet"
    pq.write_table(table, path)
    found = rows(path)
    assert [row.error is None for row in found] == [True, False, False]
    assert [row.id for row in found] == ["1", "1", "2"]
    with pytest.raises(InvalidRequest, match="no text"):
        open_table(path, text_column="nested")


def test_parquet_data_set_is_read_in_the_order_of_its_files(tmp_path):
    """A folder of Parquet files is one table, dictionary columns included."""
    for number, record in enumerate(ROWS):
        table = pa.Table.from_pylist([record])
        table = table.set_column(2, "body", table.column("body").dictionary_encode())
        pq.write_table(table, tmp_path / f"part-{number}.parquet")
    table = open_table(tmp_path)
    assert table.rows == 3
    assert [row.id for row in rows(tmp_path)] == ["a", "b", "c"]
    assert is_table(tmp_path)


def test_damaged_parquet_loses_only_its_row_group(tmp_path):
    """Rows of other row groups are read, those of the damaged one are errors."""
    path = tmp_path / "t.parquet"
    records = [{"text": f"Article number {i} tells of ferries."} for i in range(30)]
    pq.write_table(
        pa.Table.from_pylist(records), path, row_group_size=10, compression="gzip",
        use_dictionary=False,
    )  # fmt: skip
    column = pq.ParquetFile(path).metadata.row_group(1).column(0)
    data = bytearray(path.read_bytes())
    data[column.data_page_offset + 20 : column.data_page_offset + 60] = b"\xaa" * 40
    path.write_bytes(data)
    found = rows(path, size=7)
    assert [row.error is None for row in found] == [True] * 10 + [False] * 10 + [True] * 10


def test_truncated_and_foreign_files_are_refused_in_one_line(tmp_path):
    """A file that is not a table gives an error with its name."""
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and then nothing")
    (tmp_path / "b.csv").write_bytes(b"")
    (tmp_path / "c.jsonl").write_bytes(b"no json\n")
    (tmp_path / "d.txt").write_text("text")
    (tmp_path / "e.csv").write_text("a,a\n1,2\n")
    for name in ("a.parquet", "b.csv", "c.jsonl", "d.txt", "e.csv", "gone.csv", "gone.parquet"):
        with pytest.raises(InvalidCorpus, match=name) as caught:
            open_table(tmp_path / name)
        assert "\n" not in str(caught.value)
    with pytest.raises(InvalidCorpus, match=r"bb\.csv: no such file; did you mean 'b\.csv'"):
        open_table(tmp_path / "bb.csv")


def test_columns_that_are_missing_or_not_obvious_are_asked_for(tmp_path):
    """The message lists the columns and names the option."""
    path = tmp_path / "t.csv"
    path.write_text("one,two\nx,y\n")
    with pytest.raises(InvalidRequest, match="'one', 'two'; give --text-column"):
        open_table(path)
    with pytest.raises(InvalidRequest, match="no column 'three'"):
        open_table(path, text_column="three")
    assert rows(path, text_column="two")[0] == Row(0, "0", "y")
    (tmp_path / "one.csv").write_text("whatever\nA text.\n")
    assert rows(tmp_path / "one.csv")[0].text == "A text."


def test_giant_cells_and_lines_are_errors(tmp_path, monkeypatch):
    """A cell beyond the limit, or an endless line, is one bad row."""
    monkeypatch.setattr(tables, "_LONGEST_LINE", 12_500_000)
    giant = "x " * 5_000_000
    write_csv(tmp_path / "t.csv", [{"id": "1", "body": giant}, {"id": "2", "body": "Good."}])
    write_jsonl(tmp_path / "t.jsonl", [{"body": giant}, {"body": "Good."}])
    for name in ("t.csv", "t.jsonl"):
        found = rows(tmp_path / name)
        assert [row.error is None for row in found] == [False, True]
        assert "6,000,000" in (found[0].error or "")
    (tmp_path / "u.csv").write_text("id,text\n1," + "y" * 26_000_000 + "\n2,Good.\n")
    assert [row.error is None for row in rows(tmp_path / "u.csv")] == [False, True]


def test_a_file_of_stray_quotation_marks_takes_linear_time(tmp_path):
    """Recovery from broken records is bounded."""
    path = tmp_path / "t.csv"
    path.write_text("text,b\n" + 'a,"\nb,c\n' * 20_000 + 'x,"\n')
    assert len(rows(path, size=1000)) > 10_000


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.binary(max_size=300), form=st.sampled_from(["csv", "jsonl", "parquet"]))
def test_any_bytes_give_rows_or_our_own_error(tmp_path, data, form):
    """Any file gives rows or one of this package's own errors."""
    path = tmp_path / f"any.{form}"
    path.write_bytes(b"id,text\n" + data if form == "csv" else data)
    try:
        found = rows(path, size=3)
    except (InvalidCorpus, InvalidRequest):
        return
    assert all(row.error or row.text.strip() for row in found)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip), max_size=8),
       form=st.sampled_from(["csv", "jsonl", "parquet"]))  # fmt: skip
def test_any_texts_come_back(tmp_path, texts, form):
    """Texts written by the standard writers are read back unchanged, except for line ends."""
    path = tmp_path / f"back.{form}"
    records = [{"id": f"r{i}", "headline": "h", "body": t} for i, t in enumerate(texts)]
    if not records:
        return
    WRITERS[form](path, records)
    expected = [t.replace("\r\n", "\n").replace("\r", "\n") for t in texts]
    assert [row.text for row in rows(path)] == expected


def test_half_a_character_of_utf16_loses_no_row(tmp_path):
    """A UTF-16 table that ends in the middle of a character, or has half of a pair, keeps its good rows."""
    path = tmp_path / "t.csv"
    good = "id,text\na,The ferry was late.\nb,"
    path.write_bytes(good.encode("utf-16") + b"\x00\xd8" + "x\n".encode("utf-16-le") + b"c")
    found = rows(path)
    assert [(row.id, row.text) for row in found[:2]] == [
        ("a", "The ferry was late."),
        ("b", "\ufffdx"),
    ]
    assert [bool(row.error) for row in found] == [False, False, True]


@pytest.mark.parametrize("shape", ["array", "wrapped", "single"])
def test_json_arrays_are_tables(tmp_path, shape):
    """An array of objects, one inside an object, and a single object are tables; an item that is not an object is a bad row."""
    row = {"id": "x", "headline": "Ferry sold", "text": "The ferry was sold."}
    value = {"array": [row, 3], "wrapped": {"count": 1, "articles": [row, 3]}, "single": row}[shape]
    (tmp_path / "a.json").write_text(json.dumps(value))
    found = list(chain.from_iterable(open_table(tmp_path / "a.json").batches(7)))
    assert (found[0].id, found[0].title, found[0].text) == (
        "x",
        "Ferry sold",
        "The ferry was sold.",
    )
    assert [r.error for r in found[1:]] == (
        [] if shape == "single" else ["expected a JSON object, got int"]
    )


@pytest.mark.parametrize("text", ["[1, 2]", "{}", "[]", "3", '{"a": [', "[" * 100_000])
def test_json_that_is_no_table_is_refused_in_a_line(tmp_path, text):
    """Numbers, empty files, truncated files and deep nesting are refused."""
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(InvalidCorpus) as caught:
        open_table(tmp_path / "a.json")
    assert "\n" not in str(caught.value)
