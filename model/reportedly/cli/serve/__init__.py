"""``reportedly serve``: one page, only for this machine; needs the extra ``serve``."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import click

from reportedly.assessment import assessor as assessing
from reportedly.bundle import load_bundle
from reportedly.bundle.store import ReaderName
from reportedly.cli.output import PRIOR, tell
from reportedly.errors import InvalidRequest

if TYPE_CHECKING:
    import uvicorn

    from reportedly.cli.serve.app import ServeLimits

HOME = "127.0.0.1"
_CONNECTIONS = 256
_HEADERS = 16_384
"""The most bytes of a request's headers."""


@click.command("serve")
@click.option("--port", type=click.IntRange(0, 65_535), default=8765, show_default=True, help="Port; 0 takes a free one.")  # fmt: skip
@click.option("--host", default=HOME, show_default=True, metavar="ADDRESS", help="The address to serve; only this machine's own is accepted.")  # fmt: skip
@click.option("--bundle", metavar="FOLDER", help="Use this trained bundle instead of the one that ships.")  # fmt: skip
@click.option(
    "--reader",
    type=click.Choice(["student", "encoder"]),
    default="student",
    show_default=True,
    help="Which network reads: student as in batches; encoder is more accurate and takes ten times as long, while other requests wait.",
)
@PRIOR
def serve_command(
    port: int, host: str, bundle: str | None, prior: float, reader: ReaderName
) -> int:
    """Serve one page on this machine: paste a text or give a URL, get the report and the worklist.

    POST /api/assess takes JSON and returns what --format json prints. Nothing is stored. Needs the extra `serve`.
    """
    if host not in {HOME, "localhost"}:
        raise InvalidRequest(
            f"--host: got {host!r}, expected {HOME}: the page has no password and no encryption, so it is served to this machine alone"
        )
    server = server_of(
        assessing.Assessor(load_bundle(bundle) if bundle else None, prior=prior, reader=reader)
    )
    listening = _listen(port)
    tell(f"http://{HOME}:{listening.getsockname()[1]}/ serves this machine only; Ctrl-C stops it")
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        tell("ended")
    finally:
        listening.close()
    return 0


def _listen(port: int) -> socket.socket:
    """Return a socket that listens on a port of this machine."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOME, port))
        listening.listen(_CONNECTIONS)
    except OSError as error:
        listening.close()
        raise InvalidRequest(
            f"port {port}: cannot be served ({error.strerror}); give another one with --port"
        ) from None
    return listening


def server_of(assessor: assessing.Assessor, limits: ServeLimits | None = None) -> uvicorn.Server:
    """Return the server of the page; it does not log requests.

    Raises
    ------
    InvalidRequest
        When the extra `serve` is not installed.
    """
    try:
        import uvicorn  # noqa: PLC0415 - an extra

        from reportedly.cli.serve.app import application  # noqa: PLC0415 - same
    except ImportError:
        raise InvalidRequest(
            "serve needs its extra: install it with pip install 'reportedly[serve]'"
        ) from None
    config = uvicorn.Config(
        application(assessor, limits),
        http="h11", ws="none", lifespan="off", log_config=None, access_log=False, proxy_headers=False,
        server_header=False, timeout_keep_alive=5, timeout_graceful_shutdown=5,
        limit_concurrency=_CONNECTIONS, h11_max_incomplete_event_size=_HEADERS,
    )  # fmt: skip
    return uvicorn.Server(config)
