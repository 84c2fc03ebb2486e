"""Fetch one page from the web, within limits, and only from public addresses.

Only http and https; limits on bytes, seconds and redirects; and only public addresses,
unless allowed. Every redirect is checked again. The host is resolved once and the connection goes to
the address that was checked, so a name server that answers differently the second time (DNS
rebinding) gains nothing. Proxies from the environment are not used, since they would resolve the host themselves.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from importlib.metadata import version
from threading import Timer
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from reportedly.datamodel import Document
from reportedly.errors import InvalidDocument
from reportedly.reading.documents import read_bytes, read_text
from reportedly.reading.formats.pages import MAX_BYTES, read_html

_REDIRECTS = {301, 302, 303, 307, 308}
_PAGES = {"text/html", "application/xhtml+xml", ""}
_TEXTS = {"text/plain", "text/markdown"}
_CHUNK = 65_536

PRIVATE_ALLOWED_BY = "; --allow-private fetches it all the same"
"""The end of the message about a private address: what to do on the command line."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """The limits of one fetch.

    `seconds` bounds the whole fetch, including redirects, however slowly the server sends.
    """

    seconds: float = 20.0
    bytes: int = MAX_BYTES
    redirects: int = 5
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """A response: its final URL and its content."""

    url: str
    data: bytes
    content_type: str
    charset: str | None


def is_url(name: str) -> bool:
    """Tell whether an input's name is a URL."""
    return name.lower().startswith(("http://", "https://"))


def read_url(url: str, *, title: str = "", limits: FetchLimits | None = None) -> Document:
    """Return the article at `url`; its id is the given URL.

    Raises
    ------
    InvalidDocument
        When it cannot be fetched within the limits, or holds no article.
    """
    fetched = fetch(url, limits or FetchLimits())
    try:
        if fetched.content_type in _TEXTS:
            if fetched.charset:
                return _read_plain(fetched, fetched.charset, title=title, id=url)
            return read_bytes(fetched.data, title=title, id=url)
        return read_html(fetched.data, title=title, id=url, charset=fetched.charset)
    except InvalidDocument as error:
        raise InvalidDocument(f"{url}: {error}") from None


def _read_plain(fetched: Fetched, charset: str, *, title: str, id: str) -> Document:  # noqa: A002
    """Return plain text, decoded by the encoding that the server gives, or by its bytes."""
    try:
        text = fetched.data.decode(charset)
    except (LookupError, ValueError):
        return read_bytes(fetched.data, title=title, id=id)
    return read_text(text.removeprefix("\ufeff"), title=title, id=id, encoding=charset)


def fetch(url: str, limits: FetchLimits) -> Fetched:
    """Return the response of `url`.

    Raises
    ------
    InvalidDocument
        When the URL is not valid or not public, or the server cannot be reached, is
        too slow, sends too much, redirects too often, or does not send a page.
    """
    deadline = time.monotonic() + limits.seconds
    current = url
    for _ in range(limits.redirects + 1):
        try:
            answer = _get(current, limits, deadline)
        except InvalidDocument as error:
            raise InvalidDocument(f"{url}: {error}") from None
        except (OSError, http.client.HTTPException, ssl.SSLError, zlib.error) as error:
            raise InvalidDocument(f"{url}: {_reason(error, limits, deadline)}") from None
        if isinstance(answer, Fetched):
            return answer
        current = answer
    raise InvalidDocument(f"{url}: redirects more than {limits.redirects} times")


def _reason(error: Exception, limits: FetchLimits, deadline: float) -> str:
    """Return the reason why a fetch failed, in a few words."""
    if isinstance(error, TimeoutError) or time.monotonic() >= deadline:
        return f"no complete answer within {limits.seconds:g} seconds"
    if isinstance(error, ssl.SSLError):
        return f"no secure connection ({error.reason or error})"
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be reached ({error.strerror})"
    return f"not a valid HTTP response ({type(error).__name__})"


def _get(url: str, limits: FetchLimits, deadline: float) -> Fetched | str:
    """Return one response, or the URL that it redirects to."""
    parts = _checked(url)
    with _connected(parts, limits, deadline) as connection:
        connection.request("GET", _target(parts), headers=_headers())
        response = connection.getresponse()
        if response.status in _REDIRECTS:
            location = response.headers.get("Location")
            if not location:
                raise InvalidDocument(
                    f"the server redirects ({response.status}) without a Location"
                )
            return urljoin(url, location.strip())
        if response.status != http.client.OK:
            wait = response.headers.get("Retry-After")
            again = f"; the server asks to wait {wait[:40]}" if wait else ""
            raise InvalidDocument(f"the server answers {response.status}{again}")
        kind, charset = _content_type(response.headers)
        if kind not in _PAGES | _TEXTS:
            raise InvalidDocument(f"got {kind[:80]}, expected a web page or plain text")
        return Fetched(url, _body(response, limits, deadline), kind, charset)


def _checked(url: str) -> SplitResult:
    """Return the parts of a URL if it may be fetched at all."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
        if host and not host.isascii():
            host.encode("idna")  # the form used in the look-up
    except ValueError as error:
        raise InvalidDocument(f"not a valid URL ({error})") from None
    if parts.scheme not in {"http", "https"}:
        raise InvalidDocument(f"scheme {parts.scheme[:20]!r}; only http and https are fetched")
    if not host or any(c.isspace() or not c.isprintable() for c in url):
        raise InvalidDocument("not the URL of a page (no host, or white space in it)")
    if parts.username is not None or parts.password is not None:
        raise InvalidDocument("a URL with a user name in it is not fetched; leave the name out")
    return parts


def _target(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/?%:@!$&'()*+,;=~-._")
    return f"{path}?{query}" if query else path


def _headers() -> dict[str, str]:
    return {
        "User-Agent": f"reportedly/{version('reportedly')} (reads one article at a person's request)",
        "Accept": "text/html, application/xhtml+xml, text/plain;q=0.9",
        "Accept-Encoding": "gzip, identity",
        "Connection": "close",
    }


@contextlib.contextmanager
def _connected(
    parts: SplitResult, limits: FetchLimits, deadline: float
) -> Iterator[http.client.HTTPConnection]:
    """Yield a connection to a checked address of the host; it is closed at the deadline.

    A timer closes it, since a socket's own timeout starts again with every byte.
    """
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    plain = _connect(resolve(host, port, allow_private=limits.allow_private), port, deadline)
    connection = http.client.HTTPConnection(host, port)
    connection.sock = plain
    timer = Timer(max(0.01, deadline - time.monotonic()), _cut, [connection])
    timer.daemon = True
    timer.start()
    try:
        if parts.scheme == "https":
            connection.default_port = 443
            secure = ssl.create_default_context().wrap_socket(
                plain, server_hostname=host, do_handshake_on_connect=False
            )
            connection.sock = secure  # before the handshake, so that the timer can stop it
            secure.do_handshake()
        yield connection
    finally:
        timer.cancel()
        connection.close()
        plain.close()


def _cut(connection: http.client.HTTPConnection) -> None:
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)


def _connect(addresses: list[Address], port: int, deadline: float) -> socket.socket:
    """Return a connection to the first address that answers."""
    failure: OSError = TimeoutError()
    for address in addresses:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        try:
            return socket.create_connection((str(address), port), timeout=left)
        except OSError as error:
            failure = error
    raise failure


def resolve(host: str, port: int, *, allow_private: bool) -> list[Address]:
    """Return the addresses of `host`.

    Raises
    ------
    InvalidDocument
        When it has none, or one of them is not public and private ones are not allowed.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise InvalidDocument(f"no such host: {host[:200]!r}") from None
    addresses: list[Address] = []
    for *_, place in found:
        address = ipaddress.ip_address(str(place[0]).partition("%")[0])
        if address not in addresses:
            addresses.append(address)
    private = [address for address in addresses if not is_public(address)]
    if private and not allow_private:
        named = "" if host.strip("[]") == str(private[0]) else f"{host[:200]} is "
        raise InvalidDocument(
            f"got {named}{private[0]}, expected a public address{PRIVATE_ALLOWED_BY}"
        )
    return addresses


def is_public(address: Address) -> bool:
    """Tell whether an address, and any IPv4 address that it carries inside, is on the public internet."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in ipaddress.ip_network("64:ff9b::/96") or address.packed[:12] == bytes(12):
            inner.append(ipaddress.IPv4Address(address.packed[12:]))
        if any(carried is not None and not is_public(carried) for carried in inner):
            return False
        if address.ipv4_mapped is not None:
            return True
    return address.is_global and not address.is_multicast and not address.is_reserved


def _content_type(headers: Message) -> tuple[str, str | None]:
    """Return the media type, in lower case, and the encoding given with it."""
    if "Content-Type" not in headers:
        return "", None
    charset = headers.get_param("charset")
    return headers.get_content_type().lower(), charset if isinstance(charset, str) else None


def _body(response: http.client.HTTPResponse, limits: FetchLimits, deadline: float) -> bytes:
    """Return the unpacked body, never reading more than the limit."""
    packing = response.headers.get("Content-Encoding", "identity").strip().lower()
    if packing not in {"identity", "", "gzip", "x-gzip"}:
        raise InvalidDocument(f"got content encoding {packing[:40]!r}, expected none or gzip")
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16) if "gzip" in packing else None
    parts, size = [], 0
    while chunk := response.read(_CHUNK):
        if unpacker is not None:
            chunk = unpacker.decompress(chunk, limits.bytes + 1 - size)
        parts.append(chunk)
        size += len(chunk)
        if size > limits.bytes:
            raise InvalidDocument(f"sends more than {limits.bytes:,} bytes")
        if time.monotonic() >= deadline:
            raise TimeoutError
    if time.monotonic() >= deadline:
        raise TimeoutError
    if response.length or (unpacker is not None and not unpacker.eof):
        raise InvalidDocument("the response ends too early")
    return b"".join(parts)
