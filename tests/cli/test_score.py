"""``reportedly score`` and ``claims``: inputs, formats, checks, exit statuses."""

import csv
import io
import json

import pytest
from click import UsageError
from click.testing import CliRunner

from reportedly.cli import cli
from reportedly.errors import InvalidRequest, ReportedlyError
from tests.conftest import ARTICLE

PLAIN = "A quiet day in Port Arlen. Nothing happened."


@pytest.fixture
def run(fake_assessor, tmp_path, monkeypatch):
    """Run a command in an empty folder; return its status, output and messages."""
    monkeypatch.chdir(tmp_path)

    def runner(*arguments, **options):
        result = CliRunner().invoke(
            cli, list(map(str, arguments)), standalone_mode=False, **options
        )
        if result.exception:
            raise result.exception
        return result.return_value, result.stdout, result.stderr

    return runner


@pytest.fixture
def article(tmp_path, assessment):
    path = tmp_path / "harbour.txt"
    path.write_text(assessment.annotated.text, encoding="utf-8")
    return path


def test_files_folders_tables_and_standard_input_are_read(run, article, tmp_path):
    """Every kind of input gives its articles; a folder is read in the order of names, without hidden files."""
    folder = tmp_path / "drafts"
    (folder / "below").mkdir(parents=True)
    for name in ("b.txt", "a.md", "below/c.txt", ".hidden.txt", "notes.doc"):
        (folder / name).write_text(PLAIN)
    (tmp_path / "t.csv").write_text(f"id,text\nx,{PLAIN}\ny,{PLAIN}\n")
    status, out, _ = run(
        "score", "harbour.txt", "drafts", "t.csv", "-", "--format", "jsonl", input=PLAIN
    )
    rows = list(map(json.loads, out.splitlines()))
    names = [row["document"]["id"] for row in rows]
    assert names == [
        "harbour.txt",
        "drafts/a.md",
        "drafts/b.txt",
        "drafts/below/c.txt",
        "t.csv#x",
        "t.csv#y",
        "-",
    ]
    assert rows[4]["document"]["encoding"] == "table"
    assert status == 0


def test_bad_inputs_are_told_and_counted_and_cost_no_good_one(run, article, tmp_path):
    """The exit status is 2, each bad input has one line, and the rest is scored."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "t.jsonl").write_text('{"text": "Good."}\n{"text": 3}\n')
    status, out, err = run(
        "score", "gone.txt", "harbour.txt", "empty", "t.jsonl", "--format", "jsonl"
    )
    assert status == 2
    assert len(out.splitlines()) == 2
    assert "gone.txt: no such file" in err
    assert "row 2 (1): expected the article's text, got int" in err
    assert "3 of 5 inputs failed" in err


def test_a_page_is_read_as_a_page(run, tmp_path):
    """A web page is recognised in a file by its name, on standard input by its first bytes."""
    page = (
        "<html><body><article>"
        + "<p>The ferry to Skarn was late on Friday, the harbour master said.</p>" * 8
    )
    (tmp_path / "a.html").write_text(page)
    for arguments, options in ((["a.html"], {}), (["-"], {"input": page})):
        _, out, _ = run("score", *arguments, "--format", "json", **options)
        assert json.loads(out)["document"]["encoding"] == "utf-8+html"


def test_private_addresses_need_to_be_allowed(run):
    """Without the option no connection is tried."""
    status, _, err = run("score", "http://127.0.0.1:9/x")
    assert status == 2
    assert "--allow-private" in err


@pytest.mark.parametrize("form", ["terminal", "json", "jsonl", "html", "csv", "sarif", "github"])
def test_every_format_is_written_whole(run, article, form, tmp_path):
    """Standard output and a file get the same."""
    status, out, _ = run("score", "harbour.txt", "--format", form)
    assert status == 0
    run("score", "harbour.txt", "--format", form, "-o", "out.x")
    assert (tmp_path / "out.x").read_text("utf-8") == out
    if form in {"json", "jsonl", "sarif"}:
        assert json.loads(out)


def test_many_pages_become_a_folder_with_an_index(run, article, tmp_path):
    """Each article has a page, linked from the index, which also lists what failed."""
    (tmp_path / "b.txt").write_text(PLAIN)
    status, _, _ = run(
        "score", "harbour.txt", "b.txt", "gone.txt", "--format", "html", "-o", "site"
    )
    assert status == 2
    assert sorted(p.name for p in (tmp_path / "site").iterdir()) == [
        "0001-harbour-board-was-warned-about-the-sea-w.html", "0002-b.html", "index.html",
    ] or sorted(p.name for p in (tmp_path / "site").iterdir()) == ["0001-harbour.html", "0002-b.html", "index.html"]  # fmt: skip
    index = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert "0002-b.html" in index
    assert "gone.txt: no such file" in index
    with pytest.raises(Exception, match="need a folder"):
        run("score", "harbour.txt", "b.txt", "--format", "html")


def test_fail_over_is_met_by_the_risk(run, article):
    """A risk of 63.4 is over 60 and not over 70."""
    assert run("score", "harbour.txt", "--fail-over", 60)[0] == 1
    assert run("score", "harbour.txt", "--fail-over", 70)[0] == 0


def test_fail_on_names_the_place_and_the_words(run, article):
    """The status is 1 with one line per finding; other rules do not matter."""
    status, _, err = run(
        "score", "harbour.txt", "--fail-on", "claims.none", "--fail-on", "sourcing.vague"
    )
    assert status == 1
    assert "harbour.txt:8:" in err
    assert "claims.none: a check-worthy claim with nobody behind it: “Two of its members" in err
    assert "sourcing.vague" in err
    assert run("score", "harbour.txt", "--fail-on", "claims.press")[0] == 0
    with pytest.raises(InvalidRequest, match="no rule 'sourcin'"):
        run("score", "harbour.txt", "--fail-on", "sourcin")


def test_an_inline_comment_lets_a_check_pass(run, article):
    """An `ignore` comment before a paragraph silences the rule there."""
    text = article.read_text("utf-8").replace(
        "Critics say", "<!-- reportedly: ignore claims.none -->\nCritics say"
    )
    article.write_text(text, encoding="utf-8")
    assert run("score", "harbour.txt", "--fail-on", "claims.none")[0] == 0


def test_a_baseline_makes_what_is_known_pass(run, article, tmp_path):
    """Once written, old findings pass and new ones fail; entries of other articles are kept."""
    options = ("--fail-on", "all", "--baseline", "known.json")
    with pytest.raises(InvalidRequest, match=r"known\.json: cannot be read as a baseline"):
        run("score", "harbour.txt", *options)
    assert run("score", "harbour.txt", *options, "--write-baseline")[0] == 0
    assert run("score", "harbour.txt", *options)[0] == 0
    (tmp_path / "b.txt").write_text(PLAIN)
    assert run("score", "b.txt", "--baseline", "known.json", "--write-baseline")[0] == 0
    assert run("score", "harbour.txt", *options)[0] == 0
    known = json.loads((tmp_path / "known.json").read_text("utf-8"))
    known["documents"]["harbour.txt"].popitem()
    (tmp_path / "known.json").write_text(json.dumps(known))
    status, _, err = run("score", "harbour.txt", *options)
    assert status == 1
    assert len(err.splitlines()) == 1
    with pytest.raises(Exception, match="needs --baseline"):
        run("score", "harbour.txt", "--write-baseline")


def test_a_policy_weighs_findings_and_adds_its_limits(run, article, tmp_path):
    """Levels change, rules that are off are dropped, and a broken limit is a finding that can fail."""
    (tmp_path / "house.toml").write_text(
        'schema = "reportedly/policy/1"\nname = "House"\n[levels]\n"sourcing.unnamed" = "off"\n'
        '"sourcing.vague" = "error"\n[limits]\nanonymous_share = 0.1\n'
    )
    status, out, err = run(
        "score", "harbour.txt", "--policy", "house.toml", "--format", "sarif", "--fail-on", "policy"
    )
    assert status == 1
    assert "policy.anonymous-share" in err
    results = json.loads(out)["runs"][0]["results"]
    levels = {result["ruleId"]: result["level"] for result in results}
    assert levels["sourcing.vague"] == "error"
    assert "sourcing.unnamed" not in levels
    with pytest.raises(ReportedlyError, match="no policy 'nowhere'"):
        run("score", "harbour.txt", "--policy", "nowhere")


def test_errors_of_a_policy_fail_unless_said_otherwise(run, article, tmp_path):
    """Errors fail by default; warnings, a rule, or nothing on request; silenced findings do not fail."""
    (tmp_path / "house.toml").write_text(
        'schema = "reportedly/policy/1"\nname = "House"\n[levels]\nall = "off"\n"sourcing.vague" = "warning"\n'
        '"claims.none" = "error"\n[guidance]\n"claims.none" = "ring somebody"\n'
    )
    options = ("score", "harbour.txt", "--policy", "house.toml")
    status, out, err = run(*options)
    assert status == 1
    section = out[out.index("── Findings: ") :]
    assert "error: claims.none: a check-worthy claim" in section
    assert "(House: ring somebody)" in section
    assert "warning: sourcing.vague" in section
    assert "the check (error)" in err
    _, _, err = run(*options, "--format", "json")
    assert "error: claims.none: a check-worthy claim" in err
    assert "sourcing.vague" not in err
    assert run(*options, "--fail-on", "never")[0] == 0
    assert "warning: sourcing.vague" in run(*options, "--fail-on", "warning", "--format", "json")[2]
    assert run(*options, "--fail-on", "sourcing.bare")[0] == 0
    article.write_text(
        f"<!-- reportedly: ignore-file claims.none -->\n{article.read_text('utf-8')}", "utf-8"
    )
    assert run(*options)[0] == 0


def test_findings_are_chosen_by_level_and_rule(run, article):
    """The choice holds in every format; for an unknown rule the nearest one is suggested."""

    def found(*options):
        _, out, _ = run("score", "harbour.txt", "--format", "json", *options)
        return {(f["rule"], f["level"]) for f in json.loads(out)["findings"]}

    assert {level for _, level in found("--min-level", "warning")} <= {"warning", "error"}
    assert {rule.partition(".")[0] for rule, _ in found("--select", "sourcing")} == {"sourcing"}
    assert {rule.partition(".")[0] for rule, _ in found("--ignore", "sourcing")} == {
        "hedging",
        "claims",
    }
    with pytest.raises(
        InvalidRequest, match=r"no rule 'sourcing.bear'.*did you mean 'sourcing.bare'\?"
    ):
        run("score", "harbour.txt", "--ignore", "sourcing.bear")


def test_claims_prints_the_worklist(run, article):
    """Text, JSON lines and CSV have the same order."""
    status, out, _ = run("claims", "harbour.txt")
    assert status == 0
    assert "0.93  The harbour board of Port Arlen" in out
    assert "nobody identifiable (an unnamed source): a person close to the board" in out
    _, lines, _ = run("claims", "harbour.txt", "--format", "jsonl")
    _, table, _ = run("claims", "harbour.txt", "--format", "csv")
    rows = list(map(json.loads, lines.splitlines()))
    assert [r["text"] for r in rows] == [r["text"] for r in csv.DictReader(io.StringIO(table))]
    assert len(rows) == 4
    assert {row["standing"] for row in rows} == {"nobody"}


def test_claims_of_whom_one_asks_for(run, article):
    """Claims that somebody vouches for are listed on request; an unknown word is refused in one line."""
    status, out, _ = run("claims", "harbour.txt", "--support", "vouched,shown", "--format", "jsonl")
    rows = list(map(json.loads, out.splitlines()))
    assert status == 0
    assert rows
    assert {row["standing"] for row in rows} <= {"vouched", "shown"}
    with pytest.raises(InvalidRequest, match="--support: got 'everybody', expected any of shown"):
        run("claims", "harbour.txt", "--support", "everybody")


def test_claims_of_a_folder_are_one_list(run, article, tmp_path):
    """Claims are ranked over all articles with file and line; one made by several articles is listed once with every place."""
    folder = tmp_path / "drafts"
    folder.mkdir()
    text = article.read_text("utf-8")
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "c.txt").write_text(PLAIN)
    _, lines, _ = run("claims", "drafts", "--format", "jsonl")
    rows = list(map(json.loads, lines.splitlines()))
    assert [row["id"] for row in rows] == ["drafts/a.txt"] * 4
    assert [row["priority"] or row["checkworthiness"] for row in rows] == [0.93, 0.88, 0.86, 0.71]
    assert [row["line"] for row in rows] == [3, 5, 8, 4]
    assert [row["also"] for row in rows] == [f"drafts/b.txt:{n}" for n in (3, 5, 8, 4)]
    for row in rows:
        words = text.splitlines()[row["line"] - 1]
        assert row["text"].splitlines()[0] in words
    _, out, _ = run("claims", "drafts")
    assert "4 claims to check in 3 articles" in out
    assert "drafts/a.txt:3, sentence 3; nobody identifiable" in out
    assert "also in drafts/b.txt:3" in out
    assert "drafts/c.txt: no claims to check: no sentence makes a claim" in out
    _, table, _ = run("claims", "drafts", "--format", "csv")
    assert [r["text"] for r in csv.DictReader(io.StringIO(table))] == [r["text"] for r in rows]
    assert "drafts/a.txt:3" in run("claims", "drafts", "--format", "html")[1]


def test_a_list_of_claims_is_cut_and_sorted(run, article):
    """``--top``, ``--min`` and ``--sort`` work; what is left out is reported."""
    _, out, _ = run("claims", "harbour.txt", "--top", "1")
    assert "0.93" in out
    assert "0.88" not in out
    assert "and 3 more" in out
    _, lines, _ = run("claims", "harbour.txt", "--min", "0.87", "--format", "jsonl")
    assert len(lines.splitlines()) == 2
    _, lines, _ = run("claims", "harbour.txt", "--sort", "place", "--format", "jsonl")
    places = [json.loads(row)["start"] for row in lines.splitlines()]
    assert places == sorted(places)
    assert "4, all of a priority below 0.99" in run("claims", "harbour.txt", "--min", "0.99")[1]


def test_a_table_has_no_lines(run, tmp_path):
    """A row of a table has sentence numbers but no line numbers; its claims are found all the same."""
    (tmp_path / "t.jsonl").write_text(json.dumps({"id": "x", "text": ARTICLE}) + "\n")
    _, lines, _ = run("claims", "t.jsonl", "--format", "jsonl")
    assert [json.loads(row)["line"] for row in lines.splitlines()] == [None] * 4
    assert "t.jsonl#x (sentence 3); nobody" in run("claims", "t.jsonl")[1]


def test_a_summary_has_a_line_an_article(run, article, tmp_path):
    """Each line has risk, signals, claims and the first claim, riskiest article first; an empty worklist says why; `--no-risk` leaves the risk out."""
    (tmp_path / "b.txt").write_text(PLAIN)
    header, *lines = run("score", "b.txt", "harbour.txt", "--summary")[1].splitlines()
    assert header.split()[:5] == ["risk", "anon", "hedg", "unver", "list"]
    assert lines[0].split()[:7] == ["63", "49", "22", "67", "4", "harbour.txt", "The"]
    assert lines[1].endswith("b.txt        none: no sentence makes a claim that could be checked")
    header, *lines = run("score", "b.txt", "harbour.txt", "--summary", "--no-risk")[1].splitlines()
    assert "risk" not in header
    assert lines[0].split()[:5] == ["49", "22", "67", "4", "harbour.txt"]
    with pytest.raises(UsageError, match="--summary: got --format json, expected terminal"):
        run("score", "harbour.txt", "--summary", "--format", "json")


def test_a_summary_leaves_out_no_finding_that_fails(tmp_path, monkeypatch):
    """Each is printed on standard error with its place, because no report shows it."""
    (tmp_path / "bare.txt").write_text(
        "The quay at Skarn will be sold before the winter, sources said on Monday.\n"
    )
    monkeypatch.chdir(tmp_path)
    words = ["score", "bare.txt", "--summary", "--policy", "ap-like", "--fail-on", "sourcing.bare"]
    done = CliRunner().invoke(cli, words, standalone_mode=False)
    assert done.return_value == 1
    assert done.stderr.startswith("reportedly: bare.txt:1:51: error: sourcing.bare: “sources”")


@pytest.mark.parametrize("form", ["terminal", "json", "jsonl", "html", "csv"])
def test_the_risk_is_left_out(run, article, form):
    """It is left out of every format that has it, and nothing else is."""
    _, told, _ = run("score", "harbour.txt", "--format", form)
    status, out, _ = run("score", "harbour.txt", "--format", form, "--no-risk")
    assert status == 0
    body = out.split("</head>")[-1]
    assert "cannot tell" in told
    assert "cannot tell" not in body
    assert "Harbour board was warned" in body
    with pytest.raises(UsageError, match="--no-risk and --fail-over exclude each other"):
        run("score", "harbour.txt", "--no-risk", "--fail-over", "50")


def test_the_evidence_goes_before_the_risk(run, article):
    """On the terminal, signals, ledger and worklist come before it."""
    out = run("score", "harbour.txt")[1]
    places = [out.index(words) for words in ("── Signals", "── Ledger", "── Worklist", "── Risk")]
    assert places == sorted(places)


def test_claims_of_a_quiet_article_and_of_none(run, tmp_path):
    """An article without claims is reported as such; a missing file gives status 2."""
    (tmp_path / "b.txt").write_text(PLAIN)
    assert "no claims to check" in run("claims", "b.txt")[1]
    assert run("claims", "gone.txt")[0] == 2


def test_brackets_of_an_article_are_no_markup_of_ours():
    """Square brackets and names between colons appear unchanged in the terminal report; fuzzing found a crash here."""
    text = (
        '"It [/bold] is over," an official of the :warning: harbour [/dim] said on condition of anonymity. '
        "The cost rose to 40 million [/red] crowns. "
    )
    done = CliRunner().invoke(cli, ["score", "-", "--title", "[/bold] tide"], input=text * 8)
    assert done.exit_code == 0
    assert "[/bold]" in done.output
    assert "warning: harbour [/dim]" in " ".join(done.output.split())


@pytest.mark.parametrize("form", ["terminal", "json", "jsonl", "html", "csv", "sarif", "github"])
def test_a_file_whose_name_is_no_text_is_scored(run, article, tmp_path, form):
    """A file name may be any bytes on some systems; bytes that are not UTF-8 are replaced when shown."""
    try:
        article.rename(tmp_path / "no text \udcff.txt")
    except OSError:
        pytest.skip("no such names here")
    assert run("score", "no text \udcff.txt", "--format", form, "-o", "out")[0] == 0
    assert (tmp_path / "out").read_bytes().decode("utf-8")


def test_a_table_whose_name_is_no_text_is_scored(run, tmp_path):
    """Its rows are named after it."""
    try:
        (tmp_path / "\udcff.csv").write_text(f"id,text\nx,{PLAIN}\n")
    except OSError:
        pytest.skip("no such names here")
    assert run("score", "\udcff.csv", "--format", "jsonl", "-o", "out")[0] == 0
    account = json.loads((tmp_path / "out").read_text(encoding="utf-8"))
    assert account["document"]["id"] == "?.csv#x"
