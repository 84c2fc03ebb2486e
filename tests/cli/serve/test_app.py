"""The served page: the same reports and JSON as the command line; limits; only this machine's own page and programs are answered."""

import http.server
import json
import shlex
import socket
import threading
from pathlib import Path

import jsonschema
import pytest

from reportedly import Assessor
from reportedly.cli.serve import HOME
from reportedly.cli.serve.app import ServeLimits
from reportedly.reading.formats import web
from reportedly.report import html
from tests.cli.serve.conftest import serving

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "data" / "examples" / "harbour-pumps.txt").read_text(encoding="utf-8")
SCHEMA = json.loads((ROOT / "model/reportedly/report/schema/assessment-1.json").read_text())
READ = Assessor(reader="student")
SMALL = ServeLimits(bytes=20_000, characters=5_000, body_seconds=0.5, fetch_seconds=2)


@pytest.fixture(scope="module")
def small():
    """Return a server with small limits."""
    with serving(SMALL) as server:
        yield server


def test_the_page_asks_and_stores_nothing(served):
    """The form has labels, is not cached, and cannot be framed."""
    status, headers, body = served.ask("GET", "/")
    assert status == 200
    assert {"no-store", "nosniff", "DENY"} <= set(headers.values())
    assert "server" not in {name.lower() for name in headers}
    assert b'<label for="text">' in body
    assert b"form-action &#39;self&#39;" in body


def test_a_text_gets_its_report(served):
    """The page is the one of `score --format html`, with a link back to the form."""
    status, page = served.report(text=TEXT.replace("\n", "\r\n"), title="Pumps")
    expected = html.render_html(READ.assess(TEXT, "Pumps"), home="/")
    assert status == 200
    assert page == expected
    assert 'id="h-worklist"' in page
    assert "read as" not in page


def test_a_program_gets_what_format_json_prints(served):
    """The JSON is valid by the schema that the server publishes."""
    status, account = served.assess(text=TEXT, title="Pumps")
    assert status == 200
    assert account == json.loads(json.dumps(READ.assess(TEXT, "Pumps").to_dict()))
    jsonschema.validate(account, json.loads(served.ask("GET", "/api/schema")[2]))
    assert json.loads(served.ask("GET", "/api/schema")[2]) == SCHEMA


def test_what_the_page_of_serve_shows_for_programs_is_answered(served):
    """The `curl` command of docs/serve.md works as printed."""
    page = (ROOT / "docs" / "serve.md").read_text(encoding="utf-8")
    words = shlex.split(next(line for line in page.splitlines() if line.startswith("curl ")))
    path = words[1].removeprefix("http://127.0.0.1:8765")
    name, _, value = words[words.index("-H") + 1].partition(": ")
    status, _, body = served.ask("POST", path, words[words.index("-d") + 1], {name: value})
    assert status == 200
    assert json.loads(body)["sources"]


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({}, 422, "either a text or a URL"),
        ({"text": "  "}, 422, "either a text or a URL"),
        ({"text": TEXT, "url": "https://example.org"}, 422, "either a text or a URL"),
        ({"url": "file:///etc/passwd"}, 422, "begins with http:// or https://"),
        ({"url": "http://user:pw@example.org/"}, 422, "user name"),
        ({"text": 7}, 422, "texts under any of"),
        ({"file": "x"}, 422, "texts under any of"),
        ({"text": "x" * 6000}, 413, "got 6,000 characters"),
    ],
)
def test_what_is_no_article_is_refused_in_a_line(small, asked, status, said):
    """Status and message say what was expected."""
    got, answer = small.assess(**asked)
    assert got == status
    assert said in answer["error"]
    assert "\n" not in answer["error"]


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "10.0.0.8", "169.254.169.254", "[::ffff:127.0.0.1]", "0x7f000001", "0"],
)  # fmt: skip
def test_private_addresses_are_refused_however_they_are_written(served, host):
    """The page cannot be used to read this machine or its network, and the message names no command-line option."""
    status, answer = served.assess(url=f"http://{host}:{served.port}/")
    assert status == 422
    assert "expected a public address" in answer["error"] or "no such host" in answer["error"]
    assert "--allow-private" not in answer["error"]


def test_a_redirect_to_a_private_address_is_refused(served, monkeypatch):
    """A public page that redirects to this machine is not followed there."""
    reached = []

    class Redirect(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            reached.append(self.path)
            self.send_response(302)
            self.send_header("Location", f"http://{HOME}:{served.port}/")
            self.end_headers()

        def log_message(self, *args):
            pass

    public = http.server.HTTPServer(("127.0.0.2", 0), Redirect)
    threading.Thread(target=public.handle_request, daemon=True).start()
    real = web.is_public
    monkeypatch.setattr(web, "is_public", lambda a: str(a) == "127.0.0.2" or real(a))
    status, answer = served.assess(url=f"http://127.0.0.2:{public.server_port}/story")
    public.server_close()
    assert reached == ["/story"]
    assert status == 422
    assert "got 127.0.0.1, expected a public address" in answer["error"]


def test_the_form_says_why_and_keeps_what_was_typed(small):
    """After a refusal the form shows the reason and the text, so nobody has to paste again."""
    status, page = small.report(text="A <b>short</b> text.", url="https://example.org")
    assert status == 422
    assert 'role="alert"' in page
    assert "either a text or a URL" in page
    assert "A &lt;b&gt;short&lt;/b&gt; text." in page


def test_a_large_body_is_refused_before_it_is_read(small):
    """A declared length is refused at once; without one, the body is refused as soon as it is too long."""
    connection = socket.create_connection((HOME, small.port), timeout=10)
    head = f"POST /api/assess HTTP/1.1\r\nHost: {HOME}\r\nContent-Type: application/json\r\n"
    connection.sendall(f"{head}Content-Length: 104857600\r\n\r\n".encode())
    assert connection.recv(200).startswith(b"HTTP/1.1 413")
    connection.close()
    chunks = iter([b"x" * 30_000])
    status, _, body = small.ask("POST", "/api/assess", chunks, {"Content-Type": "application/json"})
    assert status == 413
    assert b"at most 20,000 bytes" in body


def test_a_slow_body_is_refused(small):
    """One byte now and then does not keep a request alive."""
    answer = small.trickle(1000, pause=0.1, most=8)
    assert answer.startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:1"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
    ],
)
def test_pages_of_other_sites_get_nothing(served, headers, status):
    """A form or a script of another site cannot make this machine read or fetch anything."""
    assert served.report(headers, text=TEXT)[0] == status


def test_another_name_for_this_machine_is_refused(served):
    """A site whose name resolves to this machine (DNS rebinding) cannot read the responses."""
    assert served.ask("GET", "/", host="elsewhere.example")[0] == 400
    assert served.ask("GET", "/", host=f"localhost:{served.port}")[0] == 200


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/report", 405), ("GET", "/../etc/passwd", 404)]
)
def test_there_is_nothing_else(served, method, path, status):
    """There are two pages and two endpoints."""
    assert served.ask(method, path)[0] == status


@pytest.mark.parametrize("body", [b"{", b"[" * 9_000, b"\xff\xfe", b"null", b'"x"', b"1e999"])
def test_damaged_json_is_refused_in_a_line(small, body):
    """The server keeps serving."""
    told = {"Content-Type": "application/json"}
    status, _, answer = small.ask("POST", "/api/assess", body, told)
    assert status in {400, 422}
    assert "expected" in json.loads(answer)["error"]


def test_too_many_at_once_are_told_to_come_again():
    """Requests beyond the limit are refused at once; those that wait get their response."""
    with serving(ServeLimits(waiting=0)) as server:
        status, answer = server.assess(text=TEXT)
    assert status == 503
    assert "try again" in answer["error"]
