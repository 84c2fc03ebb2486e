"""The HTML report: everything is escaped, nothing is loaded, and every word of the article is shown."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from reportedly.assessment.claim_list import claim_list
from reportedly.cli import cli
from reportedly.datamodel import payload
from reportedly.report import html, markup
from reportedly.report.markup import Mark
from tests.browsing import SIZES, cut_off, grave_violations, keep_shot, look_at

ROOT = Path(__file__).parents[2]

HOSTILE = """\
<script>document.title = "owned"</script> said the mayor. </style><style>*{display:none}</style>
<a href="javascript:alert(1)">click</a> {{ 7*7 }} {% raw %} ${7*7} <!-- --> ]]> &lt;b&gt;
<img src=x onerror="document.title='owned'"> </span></p></main></body></html> \u202eright to left\u202c
"""
ENTER = "\ue007"
"""WebDriver's code for the Enter key."""
VOID = {"meta", "br", "img", "link", "hr", "input"}


class Page(HTMLParser):
    """Collects elements, attributes and the article's words; checks that elements nest."""

    def __init__(self, page):
        super().__init__()
        self.open, self.seen, self.words, self.skip = [], [], [], 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1][0] == tag, f"</{tag}> closes {self.open[-1]}"
        self.open.pop()

    def handle_data(self, data):
        classes = " ".join(a.get("class") or "" for _, a in self.open).split()
        inside = any(tag == "article" for tag, _ in self.open)
        if inside and not {"tip", "badge", "flag"} & set(classes):
            self.words.append(data)


def squash(text):
    return "".join(text.split())


def test_every_word_of_the_article_is_shown_once(assessment):
    """Without its notes, the article section holds the text as it was read."""
    page = Page(html.render_html(assessment))
    assert squash("".join(page.words)) == squash(assessment.annotated.text)
    assert page.open == []


def test_the_first_view_names_the_unnamed_source_and_what_rests_on_it(assessment):
    """The source, its claims and the first claims to check come before the article; the risk and its reasons after all evidence."""
    glance, rest = html.render_html(assessment).split('<section class="reading"')
    for words in ("“a person close to the board”", "2 unverified claims", "its sea wall could fail", "The repair would"):  # fmt: skip
        assert words in glance
    assert "nobody else backs it" not in glance
    for words in ("49–76", "claims unverified share", "cannot tell", "sourced and worded"):
        assert words not in glance
    below = rest.split('<h2 id="h-risk">')[1]
    for words in ("63", "49–76", "claims unverified share"):
        assert words in below
    assert not {'id="h-worklist"', 'id="h-ledger"', 'id="h-signals"'} & set(below.split())


def test_the_risk_is_left_out_of_the_page(assessment):
    """With `--no-risk`, neither the page nor the index shows it."""
    without = replace(assessment, tells_risk=False)
    page = html.render_html(without)
    index = html.render_index([html.index_row(without, "a.html")])
    for told in (page, index):
        body = told.split("</head>")[1]
        for words in ("cannot tell", "49–76", "h-risk", "h-reasons", "Highest risk", "the risk"):
            assert words not in body
        assert "The repair would" in body or "The harbour board of Port Arlen" in body
    assert "cannot tell" in html.render_index([html.index_row(assessment, "a.html")])


def test_a_page_of_claims_names_file_and_line(assessment, plain_assessment):
    """The page lists claims of several articles, the most urgent first, and why others have none; everything is escaped."""
    listed = claim_list([assessment, plain_assessment("<b>Quiet.</b>", id="<i>.txt")])
    page = html.render_claims(listed, ["gone.txt: no such file"])
    for told in ("4 claims to check in 2 articles", "harbour.txt:3", "gone.txt: no such file",
                 "&lt;i&gt;.txt</bdi>: no sentence makes a claim that could be checked"):  # fmt: skip
        assert told in page
    places = [page.index(words) for words in ("The harbour board", "The repair", "Two of its")]
    assert places == sorted(places)


def test_hostile_text_is_shown_as_text(plain_assessment):
    """Tags, scripts, ends of style elements and template syntax in text, title and id are shown as text."""
    page = html.render_html(plain_assessment(HOSTILE, title=HOSTILE, id='"><script>x</script>'))
    parsed = Page(page)
    assert [tag for tag, _ in parsed.seen].count("script") == 1
    assert [tag for tag, _ in parsed.seen].count("style") == 1
    assert not any(tag == "img" for tag, _ in parsed.seen)
    assert "{{ 7*7 }}" in page
    assert "‹U+202E›" in page
    assert squash(payload.visible(HOSTILE)) == squash("".join(parsed.words))


def test_hostile_evidence_is_shown_as_text(make_assessment, assessment):
    """Labels, claims, features and signals' summaries are escaped too."""
    text = assessment.annotated.text.replace("on Monday", "<i>on Monday</p>")
    hostile = make_assessment(text)
    annotated = hostile.annotated
    hostile = replace(
        hostile,
        annotated=replace(
            annotated, sources=tuple(replace(s, label=f"<i>{s.label}") for s in annotated.sources)
        ),
        signals=tuple(replace(s, summary="<i>" + s.summary) for s in hostile.signals),
        contributions=tuple(replace(c, feature="<i>x") for c in hostile.contributions),
        model={"<i>": "<i>"},
    )
    page = Page(html.render_html(hostile))
    assert not any(tag == "i" for tag, _ in page.seen)
    assert squash("".join(page.words)) == squash(text)


def test_the_page_needs_nothing_but_itself(assessment):
    """It links only within itself; the content policy allows only the page's own style and script, by their hashes."""
    page = html.render_html(assessment)
    parsed = Page(page)
    for _, attributes in parsed.seen:
        assert not {"src", "srcset", "style", "onclick"} & set(attributes)
        assert (attributes.get("href") or "#").startswith("#")
    assert not re.search(r"url\(|@import|https?:", page)
    policy = next(a["content"] for t, a in parsed.seen if a.get("http-equiv"))
    for name in ("style", "script"):
        inner = re.search(rf"<{name}>(.*?)</{name}>", page, re.DOTALL).group(1)
        digest = base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy


def test_every_link_and_description_leads_somewhere(assessment):
    """Fragments and aria-describedby refer to existing ids, and no id occurs twice."""
    parsed = Page(html.render_html(assessment))
    ids = [a["id"] for _, a in parsed.seen if "id" in a]
    assert len(ids) == len(set(ids))
    for _, attributes in parsed.seen:
        for name in ("href", "aria-describedby", "aria-labelledby"):
            if name in attributes:
                assert attributes[name].removeprefix("#") in ids


def test_a_hedge_inside_a_source_is_explained_in_one_note(assessment):
    """No focusable element is inside another; the outer note explains both."""
    page = html.render_html(assessment)
    parsed = Page(page)
    assert re.search(r'role="tooltip"[^>]*>s2 · nobody[^<]*<br>Hedge · hearsay', page)
    depth = 0
    for piece in re.findall(r"<a |</a>|<span role=\"note\"", page):
        depth += {"<a ": 1, "</a>": -1}.get(piece, 0)
        assert depth in {0, 1}
    assert parsed.open == []


def test_invisible_characters_are_shown_and_emoji_left_whole():
    """A joiner between letters could hide a word and is shown; inside an emoji it is not."""
    assert payload.visible("so\u200burce, per\u200dson") == "so‹U+200B›urce, per‹U+200D›son"
    assert payload.visible("👩\u200d👧") == "👩\u200d👧"
    assert payload.visible("\u200d👧") == "\u200d👧"
    assert payload.visible("a\u00a0b\tc\n") == "a\u00a0b\tc\n"


def test_no_risk_and_no_sources_are_said_in_words(plain_assessment):
    """An abstention and an empty ledger are stated, not left blank."""
    page = html.render_html(plain_assessment("A quiet day in Port Arlen."))
    assert "none given" in page
    assert "too short: a test" in page
    assert "Nobody is quoted or cited." in page


def test_a_giant_article_is_cut_and_the_page_says_so(plain_assessment, monkeypatch):
    """Beyond the limit, the page gives the number of characters left out."""
    monkeypatch.setattr(html, "_LONGEST_ARTICLE", 50)
    page = html.render_html(plain_assessment("The ferry sailed. " * 10))
    assert "130 more characters are not shown" in page


def test_the_index_lists_articles_by_risk(assessment, plain_assessment):
    """The highest risk comes first, then articles without a risk, then errors."""
    rows = [
        html.index_row(plain_assessment("Nothing.", title="<b>Plain</b>"), "2.html"),
        html.index_row(assessment, "1.html"),
    ]
    page = html.render_index(rows, ["x.txt: <i>no</i> such file"])
    assert page.index("1.html") < page.index("2.html")
    assert "&lt;b&gt;Plain" in page
    assert "&lt;i&gt;no" in page
    assert Page(page).open == []


def test_a_notebook_gets_a_frame_that_runs_no_script(assessment):
    """The page is escaped in the srcdoc of a sandboxed frame."""
    frame = assessment._repr_html_()
    parser = Page(frame.replace("</iframe>", "") + "</iframe>")
    (tag, attributes), *rest = parser.seen
    assert tag == "iframe"
    assert attributes["sandbox"] is None
    assert attributes["srcdoc"] == html.render_html(assessment)
    assert rest == []


@settings(max_examples=60, deadline=None)
@given(
    # Without the controls that Python counts as white space: what is stripped is not shown.
    text=st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\x0b\x0c\x1c\x1d\x1e\x1f\x85"),
        min_size=1,
    ),
    title=st.text(),
)
def test_any_text_gives_a_page_with_all_its_words(plain_assessment, text, title):
    """With control characters, markup or bidirectional marks, elements nest and every word is shown."""
    text = text.replace("\r", "\n") + " x"
    page = Page(html.render_html(plain_assessment(text, title=title)))
    assert page.open == []
    assert squash("".join(page.words)) == squash(payload.visible(text))


MARKS = st.lists(
    st.builds(
        lambda a, b, layer: Mark(min(a, b), max(a, b) + 1, layer, layer, "note", "#x", "", layer != "content"),
        st.integers(0, 30), st.integers(0, 30), st.sampled_from(["content", "source", "cue", "hedge"]),
    ),
    max_size=8,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(marks=MARKS)
def test_pieces_cover_the_text_once_and_know_their_marks(marks):
    """However marks overlap, the pieces join to the whole text, each with exactly the marks that cover it."""
    marks.sort(key=lambda m: (m.start, -m.end))
    found = list(markup.pieces(0, 32, marks))
    assert [low for low, _, _ in found] + [32] == [0] + [high for _, high, _ in found]
    for low, high, covering in found:
        expected = [m for m in marks if m.start <= low and high <= m.end]
        assert sorted(map(repr, covering)) == sorted(map(repr, expected))


@settings(max_examples=100, deadline=None)
@given(
    marks=MARKS, text=st.text(st.characters(exclude_categories=["Cs"]), min_size=32, max_size=32)
)
def test_elements_nest_however_marks_overlap(marks, text):
    """Crossing marks become nested elements, and no text is lost."""
    marks.sort(key=lambda m: (m.start, -m.end))
    writer = markup._Writer()
    for low, high, covering in markup.pieces(0, 32, marks):
        writer.to(covering)
        writer.text(text[low:high])
    writer.to(())
    page = Page("<article>" + "".join(writer.out) + "</article>")
    assert page.open == []
    expected = payload.visible(text).replace("\r", "")
    assert squash("".join(page.words)) == squash(expected)


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync")  # fmt: skip


def browse(path: Path, profile: Path) -> str:
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", "--virtual-time-budget=8000",
               "--dump-dom", path.as_uri()]  # fmt: skip
    return subprocess.run(command, capture_output=True, timeout=120, check=True).stdout.decode()


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_a_browser_runs_nothing_of_a_hostile_article(tmp_path, plain_assessment):
    """In Chromium, the page's title is unchanged and the article's tags are text."""
    path = tmp_path / "page.html"
    path.write_text(html.render_html(plain_assessment(HOSTILE, title="Mine")), encoding="utf-8")
    dom = browse(path, tmp_path / "profile")
    assert "<title>Mine · reportedly</title>" in dom
    assert "&lt;script&gt;document.title" in dom


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
@pytest.mark.skipif("REPORTEDLY_AXE" not in os.environ, reason="REPORTEDLY_AXE names no axe.min.js")
def test_axe_finds_nothing_serious(tmp_path, assessment):
    """axe-core, run within the page, reports no serious or critical violation."""
    axe = Path(os.environ["REPORTEDLY_AXE"]).read_text(encoding="utf-8")
    run = (
        "axe.run().then(r => document.title = 'AXE:' + r.violations"
        ".filter(v => ['serious', 'critical'].includes(v.impact)).map(v => v.id).join() + ':' + r.passes.length)"
    )
    page = re.sub(r"<meta http-equiv[^>]*>", "", html.render_html(assessment))
    path = tmp_path / "page.html"
    path.write_text(page + f"<script>{axe}</script><script>{run}</script>", encoding="utf-8")
    found = re.search(r"<title>AXE:([^:]*):(\d+)</title>", browse(path, tmp_path / "profile"))
    assert found
    assert found.group(1) == ""
    assert int(found.group(2)) > 10


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Return the URLs of a report, an index of fourteen articles, their claims and a comparison, as the command line writes them."""
    folder = tmp_path_factory.mktemp("pages")
    lines = (ROOT / "data/corpus/articles.jsonl").read_text(encoding="utf-8").splitlines()[:14]
    (folder / "many").mkdir()
    for row in map(json.loads, lines):
        text = f"{row['title']}\n\n{row['text']}"
        (folder / "many" / f"{row['id']}.txt").write_text(text, encoding="utf-8")
    old, new = sorted((folder / "many").iterdir())[:2]
    pumps = ROOT / "data/examples/harbour-pumps.txt"
    for words in (
        ["score", pumps, "--format", "html", "-o", folder / "report.html"],
        ["score", folder / "many", "--format", "html", "-o", folder / "out"],
        ["claims", folder / "many", "--format", "html", "-o", folder / "claims.html"],
        ["compare", old, new, "--format", "html", "-o", folder / "compare.html"],
    ):
        done = CliRunner().invoke(cli, list(map(str, words)), standalone_mode=False)
        assert done.exception is None, done.exception
    places = {name: folder / f"{name}.html" for name in ("report", "compare", "claims")}
    places["index"] = folder / "out" / "index.html"
    return {name: place.as_uri() for name, place in places.items()}


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), SIZES)
@pytest.mark.parametrize("name", ["report", "compare", "index", "claims"])
def test_nothing_is_cut_off(browser, pages, name, width, scheme):
    """On a screen and on a phone, light and dark, nothing scrolls sideways, and axe-core finds nothing."""
    look_at(browser, width, scheme)
    browser.get(pages[name])
    assert cut_off(browser) == []
    keep_shot(browser, f"{name}-{width}-{scheme}")
    if axe := os.environ.get("REPORTEDLY_AXE"):
        assert grave_violations(browser, Path(axe).read_text(encoding="utf-8")) == []


@pytest.mark.slow
def test_the_points_come_first_on_a_phone(browser, pages):
    """Unidentified sources and claims to check come before the article, the risk after all evidence."""
    look_at(browser, 390)
    browser.get(pages["report"])
    tops = [
        browser.find_element("css selector", place).location["y"]
        for place in (".who", ".todo", "#h-article", "#h-risk")
    ]
    assert tops == sorted(tops)


@pytest.mark.slow
def test_the_index_is_sorted_by_any_column(browser, pages):
    """Each heading is a button, usable by keyboard: first descending, then ascending, and announced; empty cells are last."""

    def column(label):
        cells = browser.find_elements("css selector", f"td[data-label='{label}']")
        return [cell.get_attribute("data-key") for cell in cells]

    def head(name):
        return browser.find_element("xpath", f"//th[@data-sort][button[contains(., '{name}')]]")

    look_at(browser, 1280)
    browser.get(pages["index"])
    assert column("Risk") == sorted(column("Risk"), key=float, reverse=True)
    for order, reverse in (("descending", True), ("ascending", False)):
        head("Words").find_element("tag name", "button").send_keys(ENTER)
        assert column("Words") == sorted(column("Words"), key=int, reverse=reverse)
        assert head("Words").get_attribute("aria-sort") == order
        assert head("Risk").get_attribute("aria-sort") is None
    head("Main source").find_element("tag name", "button").send_keys(" ")
    names = column("Main source")
    assert names == [*sorted(filter(None, names), key=str.casefold), *(n for n in names if not n)]
    assert len({*names}) > 2
