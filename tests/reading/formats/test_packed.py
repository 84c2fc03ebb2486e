"""Tables compressed by gzip: read like uncompressed ones, refused if they are bombs or damaged."""

import gzip
import json
from itertools import chain

import pytest

from reportedly.errors import InvalidCorpus
from reportedly.reading.formats import packed
from reportedly.reading.formats.tables import open_table

GOOD = "The ferry was late again on Friday, the harbour master said."


def rows(path):
    return list(chain.from_iterable(open_table(path).batches(7)))


def test_packed_tables_are_read(tmp_path):
    """CSV and JSON lines are both read."""
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(f'id,text\nx,"{GOOD}"\n'.encode()))
    (tmp_path / "a.jsonl.gz").write_bytes(
        gzip.compress(json.dumps({"id": "x", "text": GOOD}).encode())
    )
    for name in ("a.csv.gz", "a.jsonl.gz"):
        assert [(row.id, row.text) for row in rows(tmp_path / name)] == [("x", GOOD)]


def test_a_bomb_is_refused_in_a_line(tmp_path, monkeypatch):
    """A file that unpacks to a thousand times its size is not text."""
    monkeypatch.setattr(packed, "MAX_UNPACKED", 100_000)
    line = b"a" * 999 + b"\n"
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"text\n" + line * 20_000, mtime=0))
    with pytest.raises(InvalidCorpus, match="unpacks to more than 100 times its size"):
        rows(tmp_path / "a.csv.gz")


@pytest.mark.parametrize(
    "data", [b"text\nplain\n", gzip.compress(b"text\n" + b"x" * 9999, mtime=0)[:-20]]
)
def test_what_is_not_packed_or_cut_off_is_told(tmp_path, data):
    """The error is one line with the file's name."""
    (tmp_path / "a.csv.gz").write_bytes(data)
    with pytest.raises(InvalidCorpus, match=r"a\.csv\.gz: cannot be unpacked"):
        rows(tmp_path / "a.csv.gz")
