"""Layouts of news pages: boxes around the article are removed, the article is kept."""

from __future__ import annotations

import contextlib
import json

import pytest

import reportedly
from reportedly.errors import InvalidDocument
from reportedly.reading.formats.pages import read_html
from tests.cli.test_cli import run
from tests.timing import grows_at_most

ARTICLE = (
    "The dam at Maribel has leaked for nine years, its director said on Monday, and nobody in the lower town was told.",
    "“We found the first crack in 2015,” said Vera Lome, who has led the dam since 2009. “The council asked us to keep quiet.”",
    "Two council officials, who asked not to be named because they fear for their jobs, confirmed that account to the Gazette.",
    "The mayor, Hugo Aske, denied it. In a statement he said that the council had never seen a report about cracks.",
    "About 4,000 people live below the dam. It holds 40 million litres, according to figures from the Weir Authority.",
    "A hearing is set for 12 June. The ministry may close the road before then.",
)
OTHER = (
    "The ferry to Orrin will cost twice as much from July, the operator said on Tuesday.",
    "“Fuel costs have doubled,” said Beth Craddock, who runs the line.",
    "Passengers said they would take the bus.",
)
HEAD = "<h1>Maribel dam leaked for nine years</h1><div class='byline'>By <a href='/ana'>Ana Roe</a></div><time>3 May 2024</time>"
NAVIGATION = "<header><nav><ul><li><a href='/'>Home</a></li><li><a href='/login'>Sign in</a></li></ul></nav></header>"
FOOTER = "<footer><p>© 2024 Merrin Gazette Ltd. All rights reserved.</p></footer>"
CONSENT = (
    "<p>We and our 843 partners store and access information on a device, such as cookies, and process personal data, "
    "such as unique identifiers, for personalised ads and content, ad and content measurement, and audience insights.</p>"
    "<p>With your permission we and our partners may use precise geolocation data and identification through device "
    "scanning. You may click to consent to our processing as described above.</p>"
    "<p>Your preferences will apply to this website only. You can change your mind by visiting our privacy policy.</p>"
)
PROMPT = (
    "<h2>Continue reading with a subscription</h2><p>You’ve reached your limit of free articles. Subscribe now for "
    "1 crown a week.</p><p>Already a member? Log in.</p>"
)
COMMENT = "<p>My cousin says the mayor took money for this, everybody in town knows it and nobody dares to say it.</p>"
TEASER = "<h3><a href='/1'>Nine wells fail</a></h3><p>Wells in the upper town ran dry this week, officials said.</p>"
CAPTION = "Divers at the foot of the leaking dam early on Sunday morning."
FOREIGN = (
    "partners", "limit of free", "Already a member", "Subscribe", "cousin", "Wells in", "briefing", "Divers",
    "covered water", "We value", "ferry", "All rights", "Sign in",
)  # fmt: skip


def paragraphs(first=0, last=6):
    return "".join(f"<p>{p}</p>\n" for p in ARTICLE[first:last])


def page(body, head=""):
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Maribel dam leaked for nine years | Merrin "
        f"Gazette</title>{head}</head><body>{NAVIGATION}<main>{body}</main>{FOOTER}</body></html>"
    )


def article(inner):
    return f"<article><header>{HEAD}</header><div class='article-body'>{inner}</div></article>"


def linked(data):
    """Return data, or a malformed string, as a page's JSON-LD."""
    source = data if isinstance(data, str) else json.dumps(data)
    return f"<script type='application/ld+json'>{source}</script>"


def news(body):
    return {"@context": "https://schema.org", "@type": "NewsArticle", "articleBody": body}


WHOLE = " ".join(ARTICLE)
WRITTEN = json.dumps(WHOLE, ensure_ascii=False)
GATED = article(paragraphs(0, 2) + f"<div class='piano-offer'>{PROMPT}</div>")

BOXES = {
    "consent dialog, the article in an aside": (f"<div id='cookie' role='dialog' class='consent'><h2>We value your privacy</h2>{CONSENT}</div><aside class='layout'>{article(paragraphs(0, 3))}</aside>", 3),
    "consent manager on a page without article": (f"<div id='onetrust-consent-sdk'><div>{CONSENT}</div></div><div>{HEAD}{paragraphs(0, 3)}</div>", 3),
    "consent without a name": (f"<div class='x81'><div><h2>We value your privacy</h2>{CONSENT}</div></div><div>{HEAD}{paragraphs(0, 3)}</div>", 3),
    "consent with a headline of its own": (f"<div class='fc-consent-root' role='dialog'><h1>We value your privacy</h1>{CONSENT}</div>{article(paragraphs(0, 3))}", 3),
    "consent by its label": (f"<section aria-label='Cookie consent banner'>{CONSENT}</section><div>{HEAD}{paragraphs(0, 3)}</div>", 3),
    "consent inside a wrapper called overlay": (f"<div class='site overlay-wrapper'><div role='dialog'>{CONSENT}</div><article>{HEAD}{paragraphs(0, 3)}</article></div>", 3),
    "article in a dialog": (f"<div role='dialog' class='story-modal'><article>{HEAD}{paragraphs()}</article></div>", 6),
    "newsletter in a dialog": (f"<dialog open><h2>Never miss a story</h2><p>Get our morning briefing in your inbox every day, from our editors.</p></dialog>{article(paragraphs(0, 3))}", 3),
    "paywall prompt between paragraphs": (article(paragraphs(0, 3) + f"<div id='paywall-box'>{PROMPT}</div>" + paragraphs(3)), 6),
    "paywall as the name of what lies behind it": (article(paragraphs(0, 2) + f"<div class='paywall'>{paragraphs(2)}</div>"), 6),
    "comments longer than the article": (article(paragraphs(0, 4)) + f"<section id='comments'>{COMMENT * 12}</section>", 4),
    "comments that are articles": (article(paragraphs(0, 3)) + "<div class='comments-area'>" + f"<article class='comment-body'>{COMMENT}</article>" * 9 + "</div>", 3),
    "comments inside the article": (article(paragraphs(0, 3) + "<ol class='commentlist'>" + f"<li>{COMMENT}</li>" * 9 + "</ol>"), 3),
    "a body that says comments are open": (f"<article>{HEAD}<div class='article__body article__body--comments-open'>{paragraphs()}</div></article>", 6),
    "an opinion section called comment": (f"{HEAD}<div class='page-comment'>{paragraphs()}</div>", 6),
    "related teasers between paragraphs": (article(paragraphs(0, 3) + f"<div class='teasers'><div>{TEASER}</div></div>" + paragraphs(3)), 6),
    "related stories that are articles": (article(paragraphs(0, 3)) + "<section class='more-stories'>" + f"<article>{TEASER}</article>" * 9 + "</section>", 3),
    "newsletter box by its test id": (article(paragraphs(0, 3) + "<div data-testid='newsletter-block'><p>Get our morning briefing. It is free and never late.</p></div>" + paragraphs(3)), 6),
    "an article of a newsletter": (f"<div class='newsletter'>{paragraphs()}</div>", 6),
    "author box": (article(paragraphs() + "<div class='author-card'><p>Ana Roe has covered water for the Gazette since 2015.</p></div>"), 6),
    "an article about cookies": (f"<article class='post tag-cookies'>{HEAD}<div class='cookie-story'>{paragraphs()}</div></article>", 6),
    "a page inside a form": (f"<form id='aspnetForm'><div class='content'>{HEAD}{paragraphs()}</div></form>", 6),
    "line breaks for paragraphs": (f"<article>{HEAD}<div class='article-body'>{'<br><br>'.join(ARTICLE)}</div></article>", 6),
    "a second article below": (article(paragraphs(0, 4)) + "<article><h1>Ferry fares to double</h1>" + "".join(f"<p>{p}</p>" for p in OTHER * 2) + "</article>", 4),
}  # fmt: skip
LEADS = {
    "paragraph in the header": f"<article><header>{HEAD}<p class='standfirst'>{ARTICLE[0]}</p></header><div class='article-body'>{paragraphs(1)}</div></article>",
    "without a telling name": f"<article><header>{HEAD}<p>{ARTICLE[0]}</p></header><div class='article-body'>{paragraphs(1)}</div></article>",
    "heading of second order": f"<article>{HEAD}<h2 class='subheadline'>{ARTICLE[0]}</h2><div class='article-body'>{paragraphs(1)}</div></article>",
    "list": f"<article>{HEAD}<ul class='key-points standfirst'><li>{ARTICLE[0]}</li></ul><div class='article-body'>{paragraphs(1)}</div></article>",
    "outside the article": f"<div class='head'>{HEAD}<p class='intro'>{ARTICLE[0]}</p></div><article><div class='article-body'>{paragraphs(1)}</div></article>",
    "above a picture": f"<article>{HEAD}<p class='lead'><span>{ARTICLE[0]}</span></p><figure><img src='a'><figcaption>{CAPTION}</figcaption></figure><div itemprop='articleBody'>{paragraphs(1)}</div></article>",
    "above text with line breaks": f"{HEAD}<div class='standfirst'>{ARTICLE[0]}</div><div class='text'>{'<br><br>'.join(ARTICLE[1:])}</div>",
    "none, and a picture's caption in its place": f"<article>{HEAD}<div class='lead-image'><img src='a'><p>{CAPTION}</p></div><div class='article-body'>{paragraphs()}</div></article>",
    "none, and a prompt in its place": f"<article><header>{HEAD}<p>Subscribe to our free briefing to get the best of the Gazette.</p></header><div class='article-body'>{paragraphs()}</div></article>",
}  # fmt: skip
LINKED = {
    "teaser and prompt": (GATED, linked(news(WHOLE))),
    "prompt without a name": (GATED.replace("piano-offer", "x-c"), linked(news(WHOLE))),
    "teaser of one paragraph": (article(paragraphs(0, 1) + f"<div class='gate'>{PROMPT}</div>"), linked(news(WHOLE))),
    "teaser that is cut": (article(f"{paragraphs(0, 1)}<p>{ARTICLE[1][:40]}…</p><div class='subscribe-cta'>{PROMPT}</div>"), linked(news(WHOLE))),
    "registration wall, comments and consent": (f"<div role='dialog'>{CONSENT}</div>{GATED}<div class='comments'>{COMMENT * 5}</div>", linked(news(WHOLE))),
    "a page drawn by a script": ("<div id='root'></div>", linked(news(WHOLE))),
    "graph": (GATED, linked({"@graph": [{"@type": "WebSite"}, news("\n\n".join(ARTICLE)) | {"@type": ["Article", "NewsArticle"]}]})),
    "list": (GATED, linked([{"@type": "BreadcrumbList"}, news(WHOLE)])),
    "main entity of a page": (GATED, linked({"@type": "WebPage", "mainEntity": news(WHOLE)})),
    "body of tags": (GATED, linked(json.dumps(news(paragraphs())).replace("</", "<\\/"))),
    "body of tags and entities, twice": (GATED, linked(news("".join(f"&lt;p&gt;{p.replace('“', '&ldquo;')}&lt;/p&gt;" for p in ARTICLE)))),
    "paragraphs glued": (GATED, linked(news("".join(ARTICLE)))),
    "line ends in a string": (GATED, linked('{"@type":"NewsArticle","articleBody":"' + "\n".join(ARTICLE) + '"}')),
    "a comma too many": (GATED, linked('{"articleBody":' + WRITTEN + ",}")),
    "cut off": (GATED, linked('{"author":{"name":"A" "b"},"articleBody":' + WRITTEN[:-1])),
    "an escape that is none": (GATED, linked('{"url":"a\\x","articleBody":' + WRITTEN + "}")),
    "in a comment": (GATED, linked('<!-- {"articleBody":' + WRITTEN + "} -->")),
    "in CDATA": (GATED, linked('//<![CDATA[\n{"articleBody":' + WRITTEN + "};\n//]]>")),
}  # fmt: skip


def check(text, count=6):
    """Check that a text has the first paragraphs of the article in order, once, and nothing else of the page."""
    places = [text.find(p[:45]) for p in ARTICLE]
    assert all(place >= 0 for place in places[:count]), text
    assert all(place < 0 for place in places[count:]), text
    assert places[:count] == sorted(places[:count])
    assert all(text.count(p[:45]) == 1 for p in ARTICLE[:count])
    assert not [words for words in FOREIGN if words in text]


@pytest.mark.parametrize(("body", "count"), BOXES.values(), ids=BOXES)
def test_boxes_go_and_the_article_stays(body, count):
    """The names of the box and of the article's element do not matter."""
    check(read_html(page(body).encode()).text, count)


@pytest.mark.parametrize("body", LEADS.values(), ids=LEADS)
def test_a_standfirst_is_kept_in_its_place(body):
    """It comes first; captions and prompts in its place are not taken for one."""
    check(read_html(page(body).encode()).text)


@pytest.mark.parametrize(("body", "head"), LINKED.values(), ids=LINKED)
def test_a_longer_body_in_json_ld_is_taken(body, head):
    """It is taken if it agrees with the page, even from malformed JSON; the encoding names its origin."""
    document = read_html(page(body, head).encode())
    check(document.text)
    assert document.encoding == "utf-8+json-ld+html"
    assert document.title == "Maribel dam leaked for nine years"


def test_paragraphs_of_the_page_are_those_of_its_json_ld():
    """If the JSON-LD copy has no line ends, it gets those of the page's paragraphs."""
    text = read_html(page(GATED, linked(news(WHOLE))).encode()).text
    assert text.split("\n")[:2] == list(ARTICLE[:2])


def test_a_standfirst_stays_above_a_body_from_json_ld():
    """The standfirst is kept although the copy does not have it."""
    lead = "Officials hid for nine years that the dam leaks, and still do not say what it costs."
    body = GATED.replace("</header>", f"<p class='standfirst'>{lead}</p></header>")
    assert read_html(page(body, linked(news(WHOLE))).encode()).text.startswith(f"{lead}\n")


@pytest.mark.parametrize(
    "head",
    [
        linked(news(" ".join(OTHER * 6))),
        linked(news(ARTICLE[0])),
        linked(news(" ".join(ARTICLE[:4]))) + linked(news(" ".join(OTHER * 6))),
        linked([{"@type": "Comment", "articleBody": " ".join(OTHER * 6)}]),
        linked("{"), linked("[" * 100_000), linked('"articleBody":"' * 1_000), linked("null"),
    ],
)  # fmt: skip
def test_json_ld_that_is_another_text_shorter_or_none_changes_nothing(head):
    """The page is read as if it had none."""
    document = read_html(page(article(paragraphs(0, 4)), head).encode())
    check(document.text, 4)
    assert document.encoding == "utf-8+html"


def test_a_page_of_nothing_but_consent_holds_no_article():
    """The text of a consent dialog is not taken for the article."""
    with pytest.raises(InvalidDocument, match="no article"):
        read_html(f"<html><body><div role='dialog'>{CONSENT}</div></body></html>".encode())


def test_utf_8_under_another_name_and_entities_in_a_title_are_read():
    """Valid UTF-8 declared as Latin-1 is read as UTF-8; a title that was encoded twice is decoded."""
    data = page(article(paragraphs())).replace("'utf-8'", "'iso-8859-1'")
    document = read_html(data.replace("Maribel dam", "Maribel&amp;rsquo;s dam").encode())
    assert document.encoding == "utf-8+html"
    assert document.title.startswith("Maribel’s dam")
    check(document.text)


HOSTILE = {
    "names": lambda n: "".join(f"<div class='a{i}-b c-{i} d e{i}'>x</div>" for i in range(n)),
    "boxes side by side": lambda n: "<div class='related'>x y</div>" * n,
    "boxes in boxes": lambda n: f"<div class='related'>{paragraphs(0, 1)}" * (n // 2),
    "kept boxes in boxes": lambda n: f"<div class='comments'><h1>x</h1>{paragraphs(0, 1)}" * (n // 2),
    "dialogs with articles": lambda n: "<div role='dialog'><article>x</article>" * n,
    "prompts": lambda n: "<div class='paywall'>" * 30 + "<p>we and our 8, 8 subscri</p>" * n,
    "leads": lambda n: "<h1>x</h1>" + f"<p class='lead'>{ARTICLE[0]}</p>" * (n // 2),
    "scripts": lambda n: linked(news("a b")) * (n // 2),
    "an open string": lambda n: linked('"articleBody":"x' * n),
    "commas": lambda n: linked('{"articleBody":' + "," * n + " " * n),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_take_time_in_proportion_to_their_length(name):
    """A page four times as long takes far less than sixteen times as long."""

    def reading(count):
        data = page(HOSTILE[name](count) + article(paragraphs())).encode()

        def read():
            with contextlib.suppress(InvalidDocument):
                read_html(data)

        return read

    assert grows_at_most(9, reading(500), reading(2_000))


def test_offsets_in_json_fit_what_text_prints(tmp_path):
    """Every span of ``score --format json`` is at its offset in the output of ``text``; the title is printed elsewhere."""
    path = tmp_path / "page.html"
    path.write_text(page(article(paragraphs())), encoding="utf-8")
    printed = run("text", str(path))
    account = json.loads(run("score", str(path), "--format", "json").stdout)
    text = printed.stdout.decode()
    spans = [s for a in account["attributions"] for s in (*a["source"], *a["cue"], *a["content"])]
    assert len(spans) > 5
    assert all(text[s["start"] : s["end"]] == s["text"] for s in spans)
    assert b"the title is Maribel dam leaked" in printed.stderr


def test_an_unnamed_source_behind_a_prompt_is_in_the_ledger():
    """Text from the JSON-LD copy is assessed like any other."""
    document = read_html(page(GATED, linked(news(WHOLE))).encode())
    account = reportedly.Assessor().assess(document).to_dict()
    assert any(source["class"] == "unnamed" for source in account["sources"])
