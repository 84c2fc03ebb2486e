"""Fetching: a hostile server on loopback causes one line of error and nothing else."""

import contextlib
import gzip
import http.server
import ipaddress
import socket
import threading
import time
from urllib.parse import urlsplit

import pytest

from reportedly.errors import InvalidDocument
from reportedly.reading.formats import web as fetching
from reportedly.reading.formats.web import FetchLimits, fetch, is_public, is_url, read_url

ARTICLE = (
    "<html><body><article>"
    + "<p>The ferry to Skarn was late on Friday, the harbour master said.</p>" * 8
)
LOCAL = FetchLimits(seconds=20, bytes=200_000, redirects=3, allow_private=True)


class Handler(http.server.BaseHTTPRequestHandler):
    """Responds by path, mostly with faults."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def send(self, body=b"", status=200, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.close_connection = True
        self.server.requests.append((self.path, dict(self.headers)))
        name = urlsplit(self.path).path.strip("/").replace("-", "_")
        with contextlib.suppress(OSError):  # the client has gone, as it should
            getattr(self, f"page_{name}", self.page_missing)()

    def page_article(self):
        self.send(ARTICLE.encode(), Content_Type="text/html; charset=utf-8")

    def page_text(self):
        self.send("Olé, he said.".encode("latin-1"), Content_Type="text/plain; charset=iso-8859-1")

    def page_bad_charset(self):
        self.send("Olé, he said.".encode(), Content_Type="text/plain; charset=zlib")

    def page_gzip(self):
        self.send(
            gzip.compress(ARTICLE.encode()), Content_Type="text/html", Content_Encoding="gzip"
        )

    def page_bomb(self):
        self.send(
            gzip.compress(b"x" * 50_000_000), Content_Type="text/html", Content_Encoding="gzip"
        )

    def page_cut_gzip(self):
        self.send(
            gzip.compress(ARTICLE.encode())[:-20], Content_Type="text/html", Content_Encoding="gzip"
        )

    def page_no_gzip(self):
        self.send(b"no gzip at all", Content_Type="text/html", Content_Encoding="gzip")

    def page_brotli(self):
        self.send(b"x", Content_Type="text/html", Content_Encoding="br")

    def page_image(self):
        self.send(b"\x89PNG", Content_Type="image/png")

    def page_missing(self):
        self.send(b"no", status=404)

    def page_busy(self):
        self.send(b"no", status=503, Retry_After="120")

    def page_loop(self):
        self.send(status=302, Location="/loop")

    def page_once(self):
        self.send(status=301, Location="/article")

    def page_nowhere(self):
        self.send(status=302)

    def page_to_file(self):
        self.send(status=302, Location="file:///etc/hostname")

    def page_to_credentials(self):
        self.send(status=302, Location="http://user:word@localhost/")

    def page_endless(self):
        self.send(Content_Type="text/html", Content_Length="99999999999")
        while True:
            self.wfile.write(b"x" * 10_000)

    def page_short(self):
        self.send(b"<p>half", Content_Type="text/html", Content_Length="1000")

    def page_drip(self):
        self.send(Content_Type="text/html", Content_Length="100000")
        while True:
            self.wfile.write(b"x")
            time.sleep(0.05)

    def page_drip_headers(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            self.wfile.write(b"X")
            time.sleep(0.05)

    def page_silence(self):
        time.sleep(5)

    def page_many_headers(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 100_000 + b"\r\n")

    def page_garbage(self):
        self.wfile.write(b"\x00\xff" * 1000 + b"\r\n\r\n")


@pytest.fixture(scope="module")
def server():
    found = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.daemon_threads = True
    found.requests = []
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield found
    found.shutdown()
    thread.join()
    found.server_close()


def address(server, path, host="127.0.0.1"):
    return f"http://{host}:{server.server_address[1]}/{path}"


def test_an_article_is_fetched_politely(server):
    """One request is sent, under this package's name, and the article is extracted from the page."""
    server.requests.clear()
    document = read_url(address(server, "article?a=b c".replace(" ", "%20")), limits=LOCAL)
    assert document.text.startswith("The ferry to Skarn")
    ((path, headers),) = server.requests
    assert path == "/article?a=b%20c"
    assert headers["User-Agent"].startswith("reportedly/")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("text", "Olé, he said."),
        ("bad-charset", "Olé, he said."),
        ("gzip", "The ferry"),
        ("once", "The ferry"),
    ],
)
def test_plain_text_packing_and_redirects_are_served(server, path, words):
    """What ordinary servers do is supported, and slightly wrong responses too."""
    assert read_url(address(server, path), limits=LOCAL).text.startswith(words)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("bomb", "more than 200,000 bytes"), ("cut-gzip", "ends too early"), ("no-gzip", "not a valid HTTP response"),
        ("brotli", "expected none or gzip"), ("image", "got image/png"), ("missing", "answers 404"),
        ("busy", "answers 503; the server asks to wait 120"), ("loop", "more than 3 times"),
        ("nowhere", "without a Location"), ("to-file", "scheme 'file'"), ("to-credentials", "user name"),
        ("endless", "more than 200,000 bytes"), ("short", "ends too early"),
        ("many-headers", "not a valid HTTP response"), ("garbage", "not a valid HTTP response"),
    ],
)  # fmt: skip
def test_what_hostile_servers_send_becomes_one_line(server, path, reason):
    """Bombs, loops, false headers and garbage give an error that names the URL."""
    url = address(server, path)
    with pytest.raises(InvalidDocument, match=reason) as caught:
        read_url(url, limits=LOCAL)
    assert str(caught.value).startswith(url)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("path", ["drip", "drip-headers", "silence"])
def test_slow_servers_are_left_at_the_deadline(server, path):
    """One byte now and then does not extend the deadline."""
    begun = time.monotonic()
    with pytest.raises(InvalidDocument, match=r"within 0\.5 seconds"):
        read_url(address(server, path), limits=FetchLimits(seconds=0.5, allow_private=True))
    assert time.monotonic() - begun < 4


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0", "2130706433", "0x7f.1"]
)
def test_private_hosts_are_refused_however_they_are_written(server, host):
    """Nothing is sent to them."""
    server.requests.clear()
    with pytest.raises(InvalidDocument, match=r"expected a public address|no such host"):
        read_url(address(server, "article", host))
    assert server.requests == []


def test_a_redirect_to_a_private_host_is_refused(server, monkeypatch):
    """Every redirect is checked: here the first host counts as public, the second does not."""
    real = fetching.is_public
    asked = []

    def lenient(found):
        asked.append(found)
        return len(asked) == 1 or real(found)

    monkeypatch.setattr(fetching, "is_public", lenient)
    with pytest.raises(InvalidDocument, match="expected a public address"):
        fetch(address(server, "once"), FetchLimits(seconds=3))
    assert len(asked) == 2


def test_the_address_that_was_checked_is_the_one_that_is_asked(server, monkeypatch):
    """The host is resolved only once, so a second answer of a name server does not matter."""
    answers = []

    def rebinding(host, port, **_):
        answers.append(host)
        place = "127.0.0.1" if len(answers) == 1 else "203.0.113.9"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, port))]

    real = socket.create_connection
    reached = []
    monkeypatch.setattr(fetching.socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(
        fetching.socket,
        "create_connection",
        lambda place, **more: (reached.append(place[0]), connect_to(real, place, more))[1],
    )
    assert fetch(address(server, "article", "rebind.test"), LOCAL).data
    assert answers == ["rebind.test"]
    assert reached == ["127.0.0.1"]


def connect_to(_, place, more):
    sock = socket.socket()
    sock.settimeout(more["timeout"])
    sock.connect(place)
    return sock


@pytest.mark.parametrize(
    "url",
    ["ftp://x.test/", "file:///etc/passwd", "http://", "http:///x", "http://a b/", "http://x.test:99999/",
     "http://[::1", "http://user@x.test/", "javascript:alert(1)", "http://x.test/\r\nHost: y", ""],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url):
    """It is refused before any look-up."""
    with pytest.raises(InvalidDocument):
        fetch(url, LOCAL)


def test_a_plain_server_is_no_secure_one(server):
    """HTTPS to a server that speaks HTTP fails in one line."""
    url = address(server, "article").replace("http:", "https:")
    with pytest.raises(
        InvalidDocument, match=r"no secure connection|no complete answer|cannot be reached"
    ):
        fetch(url, FetchLimits(seconds=1, allow_private=True))


def test_nobody_listening_is_said_so():
    """A refused connection and an unknown host are named."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(InvalidDocument, match="cannot be reached"):
        fetch(f"http://127.0.0.1:{port}/", LOCAL)
    with pytest.raises(InvalidDocument, match="no such host"):
        fetch(f"http://{'x' * 70}.invalid/", LOCAL)


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True), ("10.0.0.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("224.0.0.1", False), ("0.0.0.0", False),
        ("::1", False), ("fe80::1", False), ("fc00::1", False), ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True), ("64:ff9b::a00:1", False), ("2002:a00:1::", False),
        ("::10.0.0.1", False), ("::", False), ("240.0.0.1", False),
    ],
)  # fmt: skip
def test_public_addresses_are_told_from_others(text, public):
    """IPv4 addresses inside IPv6 ones are recognised too."""
    assert is_public(ipaddress.ip_address(text)) is public


def test_web_addresses_are_told_from_files():
    """URLs are recognised by their scheme."""
    assert is_url("HTTPS://x.test")
    assert not is_url("http.txt")
