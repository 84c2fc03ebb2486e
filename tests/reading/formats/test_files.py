"""Files of every kind: which are read, with which title, and which are refused in a line that says what to do."""

import csv
import gzip
import io
import json

import pandas as pd
import pytest
from click.testing import CliRunner

from reportedly.cli import cli
from reportedly.cli.inputs import InputOptions, documents, tell_left_out
from reportedly.errors import InvalidDocument, ReportedlyError
from reportedly.reading import read_file
from reportedly.reading.formats.files import MAX_FILE_BYTES, read_any
from tests.office import docx, lines, paragraph, pdf, run

TITLE = "Ferry may be sold, harbour board says"
BODY = (
    "The ferry to Skarn may be sold before winter, the harbour board said on Friday.",
    "“Nobody has told the crew,” said Ines Halloran, who has sailed on it for nine years.",
)
ROW = {"id": "r1", "headline": TITLE, "text": "\n".join(BODY)}


def a_folder_of_every_format(folder):
    """Write one article in each supported format, and files of other kinds."""
    page = f"<html><title>{TITLE}</title><body><article><h1>{TITLE}</h1>"
    plain = [words.replace("“", '"').replace("”", '"') for words in BODY]
    files = {
        "a.txt": "\n\n".join((TITLE, *BODY)),
        "b.md": f'---\ntitle: "{TITLE}"\nauthor: Ada Quill\n---\n\n' + "\n\n".join(BODY),
        "c.docx": docx(paragraph(TITLE, "Title") + "".join(map(paragraph, BODY))),
        "d.pdf": pdf(lines(TITLE, size=20) + lines(*plain, top=650)),
        "e.html": page + "".join(f"<p>{words}</p>" for words in BODY * 4),
        "f.json": json.dumps([ROW]),
        "g.jsonl": json.dumps(ROW),
        "h.csv": f'id,headline,text\nr1,"{TITLE}","{BODY[0]}"\n',
        "i.csv.gz": gzip.compress(f'id,headline,text\nr1,"{TITLE}","{BODY[0]}"\n'.encode()),
        "j/k.tsv": f"id\theadline\ttext\nr1\t{TITLE}\t{BODY[0]}\n",
        "j/l.ndjson": json.dumps(ROW),
        "j/m.jsonl.gz": gzip.compress(json.dumps(ROW).encode()),
        "j/n.text": "\n\n".join((TITLE, *BODY)),
        "j/o.markdown": f"# {TITLE}\n\n" + "\n\n".join(BODY),
        "j/p.htm": page + "".join(f"<p>{words}</p>" for words in BODY * 4),
        "j/q.xhtml": page + "".join(f"<p>{words}</p>" for words in BODY * 4),
        "x.rtf": "{\\rtf1 " + BODY[0] + "}",
        "y.eml": f"From: a@example.org\nMIME-Version: 1.0\n\n{BODY[0]}",
        "z.png": b"\x89PNG\r\n\x1a\n\0\0",
    }
    (folder / "j").mkdir()
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)
    pd.DataFrame([ROW]).to_parquet(folder / "i.parquet")


def test_a_folder_of_any_mixture_is_read_whole_with_its_titles(tmp_path, capsys):
    """Each supported format gives one article; skipped files that may hold an article are reported."""
    a_folder_of_every_format(tmp_path)
    found = list(documents((str(tmp_path),), InputOptions()))
    assert not [error for error in found if isinstance(error, ReportedlyError)]
    assert [document.id.removeprefix(f"{tmp_path}/") for document in found] == [
        "a.txt", "b.md", "c.docx", "d.pdf", "e.html", "f.json#r1", "g.jsonl#r1", "h.csv#r1", "i.csv.gz#r1", "i.parquet#r1", "j/k.tsv#r1",
        "j/l.ndjson#r1", "j/m.jsonl.gz#r1", "j/n.text", "j/o.markdown", "j/p.htm", "j/q.xhtml",
    ]  # fmt: skip
    untitled = [d for d in found if d.title != TITLE]
    assert [d.id.removeprefix(f"{tmp_path}/") for d in untitled] == ["a.txt", "j/n.text"]
    assert all("ferry to Skarn may be sold" in document.text for document in found)
    told = capsys.readouterr().err
    assert "2 files skipped" in told
    assert "x.rtf (a rich-text file (RTF): open it in a word processor" in told
    assert "z.png" not in told


def test_a_folder_of_any_mixture_is_scored_whole_with_its_headlines(tmp_path):
    """Each article is a row with the same headline, including the plain text's first line, which does not count as a sentence."""
    a_folder_of_every_format(tmp_path)
    words = ["score", str(tmp_path), "--format", "csv", "--reader", "student"]
    done = CliRunner().invoke(cli, words, standalone_mode=False)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert done.return_value == 0
    assert len(rows) == 17
    assert {row["headline"] for row in rows} == {TITLE}
    assert all(int(row["statements"]) >= 1 for row in rows)


def test_a_batch_of_a_folder_names_the_files_that_it_leaves_out(tmp_path, capsys):
    """Beside articles it leaves out the tables, beside Parquet files all others; a folder of one kind alone is read whole."""
    words = {"a.txt": "The ferry sailed.", "b.csv": "text\nThe quay closed.\n"}
    for name, content in words.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    tell_left_out(str(tmp_path))
    assert (
        f"only its articles are read; left out: 1 file ({tmp_path}/b.csv)"
        in capsys.readouterr().err
    )
    pd.DataFrame([ROW]).to_parquet(tmp_path / "c.parquet")
    tell_left_out(str(tmp_path))
    told = capsys.readouterr().err
    assert (
        f"only its Parquet files are read; left out: 2 files ({tmp_path}/a.txt, {tmp_path}/b.csv)"
        in told
    )
    for name in words:
        (tmp_path / name).unlink()
    tell_left_out(str(tmp_path))
    tell_left_out(str(tmp_path / "c.parquet"))
    assert not capsys.readouterr().err
    assert [document.id for document in documents((str(tmp_path),), InputOptions())] == [
        f"{tmp_path}#r1"
    ]


REFUSED = {
    "a.rtf": (b"{\\rtf1 Hello.}", "save it as .docx or plain text"),
    "a.txt": (b"{\\rtf1 Hello.}", "save it as .docx or plain text"),
    "a.odt": (b"PK\x03\x04mimetype", "save it as .docx or plain text"),
    "a.doc": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(99), "save it as .docx or plain text"),
    "a.eml": (b"Subject: Hello\n\nThe ferry.", "save the article's text as .txt"),
    "b.txt": (b"Received: x\nMIME-Version: 1.0\n\nThe ferry.", "save the article's text as .txt"),
    "a.epub": (b"PK\x03\x04", "save the article's text as .txt"),
    "a.xlsx": (b"PK\x03\x04", "save the sheet as CSV"),
    "a.xml": (b"<?xml version='1.0'?><nitf/>", "save the article as HTML"),
    "c.txt": (b"<?xml version='1.0'?><nitf/>", "save the article as HTML"),
    "a.jpg": (b"\xff\xd8\xff\xe0", "have its text recognised"),
    "d.txt": (b"\xff\xd8\xff\xe0" + bytes(range(256)), "have its text recognised"),
    "a.zip": (b"PK\x03\x04", "unpack it"),
    "a.docx": (b"A plain text, and no Word file.", "has another format"),
    "e.txt": (bytes(range(256)) * 9, "save the article as .txt"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_other_files_are_refused_in_a_line_that_says_what_to_do(tmp_path, name):
    """Unsupported files are recognised by name or, if that is wrong, by their bytes; none is scored as raw bytes or called “binary data”."""
    data, advice = REFUSED[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InvalidDocument) as caught:
        read_file(tmp_path / name)
    assert advice in str(caught.value)
    assert str(tmp_path / name) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "binary" not in str(caught.value)


def test_what_bytes_are_outranks_what_they_are_called():
    """A Word file without its suffix or from standard input is read, and so is a web page with any name."""
    word = docx(paragraph(TITLE, "Title") + paragraph(BODY[0]))
    for name in ("-", "story", "story.doc"):
        assert read_any(word, name=name).title == TITLE
    page = f"<html><body><article>{''.join(f'<p>{words}</p>' for words in BODY * 4)}"
    assert read_any(page.encode(), name="page.php").encoding == "utf-8+html"
    assert read_any(b"RIFFRAFF, a play, opens on Friday.", name="a.md").text


def test_a_huge_file_is_refused_by_its_size():
    """It is refused before anything is parsed."""
    with pytest.raises(InvalidDocument, match="more than 32,000,000 bytes"):
        read_any(b"%PDF-1.4\n" + bytes(MAX_FILE_BYTES))


def test_offsets_lead_back_into_the_text_that_is_printed():
    """`reportedly text` prints `Document.text`, without markup, for Word and Markdown."""
    word = read_any(
        docx(f"<w:p>{run('The ')}{run('ferry')}{run(' may sail.')}</w:p>"), name="a.docx"
    )
    marked = read_any(b"The *ferry* may [sail](https://example.org).", name="a.md")
    assert word.text == marked.text == "The ferry may sail."
