"""An article has one headline, wherever it is given; a title without content is not one."""

import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import reportedly
from reportedly.assessment.tables import assess_table
from reportedly.corpora.tables import load_table
from reportedly.datamodel import Document
from reportedly.errors import InvalidCorpus
from reportedly.lexicons.loader import load
from reportedly.reading.furniture import find_furniture
from reportedly.reading.headlines import headline_of, looks_like_headline, title_column
from reportedly.reading.segmentation import segment

DATA = Path(__file__).parents[2] / "data"
ARTICLES = [
    json.loads(line)
    for line in (DATA / "corpus" / "articles.jsonl").read_text(encoding="utf-8").splitlines()[::25]
]
PLACEHOLDERS = [
    "nan", "None", "NULL", "untitled", "-", "n/a", "News", "Politics", "Opinion", "Letters to the Editor",
    "Ferry sold", "Opinion | Letters", "—",
]  # fmt: skip
GERMAN = (
    "Der Gemeinderat von Saltmere hat am Dienstag beschlossen, die alte Brücke über den Fluss abzureißen. Die "
    "Bürgermeisterin sagte, der Bau sei seit Jahren nicht mehr sicher, und die Kosten einer Sanierung lägen bei etwa "
    "vierzig Millionen Kronen. Ein Sprecher der Werft erklärte, man habe davon nichts gewusst."
)


def said(assessment):
    """Return the content of an assessment without offsets and sentence numbers."""

    def placeless(value):
        if isinstance(value, dict):
            return {
                k: placeless(v)
                for k, v in value.items()
                if k not in {"start", "end", "sentence", "sentences", "support_at"}
            }
        return [placeless(v) for v in value] if isinstance(value, list) else value

    parts = (
        "risk",
        "signals",
        "sources",
        "attributions",
        "hedges",
        "findings",
        "contributions",
        "worklist",
    )
    account = assessment.to_dict()
    return {part: placeless(account[part]) for part in parts}


@pytest.mark.parametrize("article", ARTICLES, ids=lambda a: a["id"])
def test_a_headline_counts_the_same_however_it_is_given(article):
    """It may be the title, the text's first line, or both."""
    text, title = article["text"], article["title"]
    given = reportedly.assess(text, title)
    if not headline_of(Document(f"{title}\n\n{text}")):
        pytest.skip("a question to the reader: may be the article's first sentence")
    first, both = (
        reportedly.assess(f"{title}\n\n{text}"),
        reportedly.assess(f"{title}\n\n{text}", title),
    )
    assert said(given) == said(first) == said(both)
    assert first.to_dict()["document"]["headline"]["given"] is False
    assert both.annotated.segmented.headline.span.of(both.annotated.text) == title


@pytest.mark.parametrize("title", PLACEHOLDERS)
def test_a_title_that_says_nothing_moves_nothing(title):
    """Placeholders, names of sections, and one or two words change no score."""
    text = ARTICLES[0]["text"]
    found = reportedly.assess(text, title)
    assert said(found) == said(reportedly.assess(text))
    assert found.to_dict()["document"]["headline"] is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Mayor quits over pier report\n\nThe mayor quit on Monday.", "Mayor quits over pier report"),
        ("Mayor quits over pier report\nThe mayor quit on Monday.", "Mayor quits over pier report"),
        ("NEWS\n\nBy Ines Halloran\n\nMayor quits over pier\n\nShe quit.", "Mayor quits over pier"),
        ("Will the Pier Ever Open?\n\nThe pier is shut.", "Will the Pier Ever Open?"),
        ("Mayor calls pier 'a waste'\n\nThe pier is shut.", "Mayor calls pier 'a waste'"),
        ("The mayor quit on Monday.\n\nShe gave no reason.", None),
        ("The mayor said three things:\n\nShe is tired.", None),
        ("“We paid for it all,” she said.\n\nThe court heard her.", None),
        ("What do you do when your boat sinks?\n\nMany swim.", None),
        ("Photo by Ines Halloran of the pier\n\nThe pier is shut.", None),
        ("Mayor quits over pier report", None),
        ("Pier shut\n\nThe pier is shut.", None),
    ],
)  # fmt: skip
def test_the_first_line_is_a_headline_where_it_looks_like_one(text, wanted):
    """It is not one if it ends like a sentence, is page furniture, or is the only line."""
    found = headline_of(Document(text))
    assert (found.text if found else None) == wanted


def test_the_headline_in_the_text_is_furniture_and_no_offset_moves():
    """It is a separate sentence, and everything after it keeps its place."""
    text = "Mayor quits over pier report\n\nThe mayor quit. “I am tired,” she said."
    parts = segment(Document(text), find_furniture)
    assert [(s.span.of(text), s.furniture) for s in parts.sentences] == [
        ("Mayor quits over pier report", True),
        ("The mayor quit.", False),
        ("“I am tired,” she said.", False),
    ]
    places = zip(parts.tokens.forms, parts.tokens.starts, parts.tokens.ends, strict=True)
    assert all(text[start:end] == form for form, start, end in places)


def test_columns_of_titles_are_found_by_their_usual_names():
    """Case and spelling do not matter; the most common name counts first."""
    assert title_column(["id", "Article_Headline", "text"]) == "Article_Headline"
    assert title_column(["hed", "TITLE", "text"]) == "TITLE"
    assert title_column(["id", "ahead", "text"]) is None


@pytest.mark.parametrize("name", ["title", "Headline", "hed"])
def test_batches_and_training_find_the_same_title_column(name, tmp_path):
    """Batches and training read the same headlines from a table."""
    rows = [
        {
            name: f"Mayor quits over pier report {n}",
            "text": f"{n} boats sank. " * 20,
            "label": n % 2,
        }
        for n in range(24)
    ]
    table = tmp_path / "rows.jsonl"
    table.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assess_table(table, tmp_path / "out.parquet", jobs=1)
    found = pq.read_table(tmp_path / "out.parquet").to_pydict()
    assert found["headline"] == [row[name] for row in rows] == list(load_table(table)["title"])


def test_training_refuses_a_title_column_that_is_not_there(tmp_path):
    """It does not train without headlines instead."""
    table = tmp_path / "rows.csv"
    table.write_text("text,label\nOne.,1\nTwo.,0\n", encoding="utf-8")
    with pytest.raises(InvalidCorpus, match="no column 'hed'"):
        load_table(table, title_column="hed")


@pytest.mark.parametrize("names", [("a.txt", "b.txt"), (".",)])
def test_a_title_for_several_articles_is_refused(names, tmp_path):
    """In one line that says what to do; nothing is scored."""
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("The pier is shut.", encoding="utf-8")
    files = [str(tmp_path / name) for name in names]
    command = [
        sys.executable,
        "-m",
        "reportedly",
        "score",
        *files,
        "--title",
        "Mayor quits over pier",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "--title: got" in done.stderr


def test_rows_that_are_not_english_have_no_signals(tmp_path):
    """They are NaN in the table and null in JSON, with the reason in both."""
    table = tmp_path / "rows.jsonl"
    rows = [{"text": text} for text in (GERMAN, ARTICLES[0]["text"])]
    table.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assess_table(table, tmp_path / "out.parquet", jobs=1)
    found = pq.read_table(tmp_path / "out.parquet").to_pandas()
    assert found["hedging"].isna().tolist() == [True, False]
    assert found["abstained"][0].startswith("not English")
    account = reportedly.assess(GERMAN).to_dict()
    assert {signal["score"] for signal in account["signals"].values()} == {None}
    assert all("not English" in signal["summary"] for signal in account["signals"].values())
    json.dumps(account, allow_nan=False)


def test_lines_of_the_page_look_like_no_headlines():
    """No example of a section's name or a placeholder is taken for a headline."""
    terms = [
        t for e in load("headlines").entries if e.attributes["kind"] != "column" for t in e.terms
    ]
    assert not [term for term in terms if looks_like_headline(term.capitalize())]
