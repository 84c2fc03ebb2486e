"""The page as a Starlette application: a form, a report, a JSON endpoint; for this machine only, with limits, storing nothing.

One article is read at a time, in its own thread; other requests wait, and pages are fetched meanwhile. A page
of another site can neither read an answer (the `Host` is checked) nor ask for one (`Origin` is).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from typing import Any, TypeVar
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from reportedly.assessment.assessor import Assessor
from reportedly.datamodel import Assessment, Document
from reportedly.errors import ReportedlyError
from reportedly.reading import read_text
from reportedly.reading.formats.web import PRIVATE_ALLOWED_BY, FetchLimits, is_url, read_url
from reportedly.report import html

Answer = TypeVar("Answer")

_FIELDS = ("text", "title", "url")
_SAFE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class ServeLimits:
    """What one request may cost.

    `bytes` of its body, which must arrive within `body_seconds`; `characters` of the article; `fetch_seconds` for a page;
    `seconds` for the answer, waiting included; and the number of requests that may wait.
    """

    bytes: int = 2_000_000
    characters: int = 500_000
    body_seconds: float = 10.0
    fetch_seconds: float = 15.0
    seconds: float = 120.0
    waiting: int = 200


class Refused(Exception):
    """A request that is refused: the HTTP status, and the reason in one line."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Desk:
    """Reads articles for requests, one at a time."""

    def __init__(self, assessor: Assessor, limits: ServeLimits) -> None:
        self.assessor, self.limits = assessor, limits
        self.waiting = 0
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="assess")
        self._fetchers = ThreadPoolExecutor(8, thread_name_prefix="fetch")

    async def answer(self, asked: dict[str, str], render: Callable[[Assessment], Answer]) -> Answer:
        """Return the assessment of the requested article, rendered by `render`.

        Raises
        ------
        Refused
            When there is no article, or no answer is ready within the limits.
        """
        if self.waiting >= self.limits.waiting:
            raise Refused(
                503,
                f"{self.waiting} requests are waiting, no more are taken; try again in a moment",
            )
        self.waiting += 1
        try:
            async with asyncio.timeout(self.limits.seconds):
                document = await self._document(asked)
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(
                    self._reader, lambda: render(self.assessor.assess(document))
                )
        except TimeoutError:
            raise Refused(503, f"no answer within {self.limits.seconds:g} seconds") from None
        except ReportedlyError as error:
            raise Refused(422, str(error).replace(PRIVATE_ALLOWED_BY, "")) from None
        finally:
            self.waiting -= 1

    async def _document(self, asked: dict[str, str]) -> Document:
        text, url, title = (asked.get(name, "") for name in ("text", "url", "title"))
        if bool(text.strip()) == bool(url.strip()):
            raise Refused(422, "expected either a text or a URL")
        if text.strip():
            document = read_text(text, title=title)
        elif is_url(url.strip()):
            limits = FetchLimits(seconds=self.limits.fetch_seconds, bytes=self.limits.bytes)
            fetch = partial(read_url, url.strip(), title=title, limits=limits)
            loop = asyncio.get_running_loop()
            document = await loop.run_in_executor(self._fetchers, fetch)
        else:
            raise Refused(422, "expected a URL that begins with http:// or https://")
        if len(document.text) > self.limits.characters:
            got = f"{len(document.text):,} characters"
            raise Refused(
                413, f"got {got}, expected one article of at most {self.limits.characters:,}"
            )
        return document


async def body_of(request: Request, limits: ServeLimits) -> bytes:
    """Return a request's body, reading no more of it than the limit.

    Raises
    ------
    Refused
        When it is too large, or does not arrive in time.
    """
    too_large = Refused(413, f"expected a body of at most {limits.bytes:,} bytes")
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limits.bytes:
        raise too_large
    parts, size = [], 0
    try:
        async with asyncio.timeout(limits.body_seconds):
            async for chunk in request.stream():
                size += len(chunk)
                if size > limits.bytes:
                    raise too_large
                parts.append(chunk)
    except TimeoutError:
        raise Refused(
            408, f"the body did not arrive within {limits.body_seconds:g} seconds"
        ) from None
    return b"".join(parts)


def _check_origin(request: Request) -> None:
    """Refuse a request sent by a page of another site: browsers mark it with Sec-Fetch-Site, older ones with Origin."""
    site = request.headers.get("sec-fetch-site")
    own = f"http://{request.headers.get('host', '')}"
    foreign = request.headers.get("origin", own) != own
    if site not in {"same-origin", "none"} if site else foreign:
        raise Refused(403, "this page answers only its own form and programs on this machine")


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _asked_by_form(request: Request, limits: ServeLimits) -> dict[str, str]:
    if _kind(request) != "application/x-www-form-urlencoded":
        raise Refused(415, "expected the page's own form")
    try:
        body = (await body_of(request, limits)).decode("ascii")
        fields = parse_qs(body, max_num_fields=8, errors="strict")
    except ValueError as error:
        raise Refused(400, f"not a form ({error})") from None
    return {name: fields[name][0] for name in _FIELDS if name in fields}


async def _asked_by_json(request: Request, limits: ServeLimits) -> dict[str, str]:
    if _kind(request) != "application/json":
        raise Refused(415, "expected Content-Type: application/json")
    try:
        asked = json.loads(await body_of(request, limits))
    except (ValueError, RecursionError):
        raise Refused(400, 'not JSON; expected {"text": "…"} or {"url": "https://…"}') from None
    known = isinstance(asked, dict) and asked.keys() <= set(_FIELDS)
    if not known or not all(isinstance(value, str) for value in asked.values()):
        raise Refused(422, f"expected an object with texts under any of {', '.join(_FIELDS)}")
    return dict(asked)


def application(assessor: Assessor, limits: ServeLimits | None = None) -> Starlette:
    """Return the page as an ASGI application."""
    most = limits or ServeLimits()
    desk = Desk(assessor, most)

    async def form(_: Request) -> Response:
        return HTMLResponse(html.render_form())

    async def report(request: Request) -> Response:
        asked: dict[str, str] = {}
        try:
            _check_origin(request)
            asked = await _asked_by_form(request, most)
            page = await desk.answer(asked, partial(html.render_html, home="/"))
        except Refused as refused:
            page = html.render_form(asked, str(refused))
            return HTMLResponse(page, refused.status, {"Connection": "close"})
        return HTMLResponse(page)

    async def assess(request: Request) -> Response:
        try:
            _check_origin(request)
            asked = await _asked_by_json(request, most)
            account = await desk.answer(asked, Assessment.to_dict)
        except Refused as refused:
            said = {"error": str(refused)}
            return JSONResponse(said, refused.status, {"Connection": "close"})
        return JSONResponse(account)

    async def schema(_: Request) -> Response:
        place = files("reportedly.report") / "schema" / "assessment-1.json"
        return Response(place.read_bytes(), media_type="application/schema+json")

    routes = [
        Route("/", form),
        Route("/report", _safely(report), methods=["POST"]),
        Route("/api/assess", _safely(assess), methods=["POST"]),
        Route("/api/schema", schema),
    ]
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"], www_redirect=False)  # fmt: skip
    return Starlette(routes=[_with_headers(route) for route in routes], middleware=[hosts])


Handler = Callable[[Request], Awaitable[Response]]


def _safely(handler: Handler) -> Handler:
    """Return a handler that sends no answer to a client that has disconnected."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except ClientDisconnect:
            return Response(status_code=400)

    return answer


def _with_headers(route: Route) -> Route:
    """Return a route whose answers must not be cached or framed."""
    handler: Any = route.endpoint

    async def handle(request: Request) -> Response:
        response: Response = await handler(request)
        response.headers.update(_SAFE)
        return response

    return Route(route.path, handle, methods=sorted(route.methods or ()))
