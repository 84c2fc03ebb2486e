"""The served page for tests: a real server in a thread, on a free port of this machine."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest

from reportedly import Assessor
from reportedly.cli.serve import HOME, _listen, server_of


class Served:
    """A running server, and functions that send requests to it."""

    def __init__(self, port):
        self.port = port

    def trickle(self, length, *, pause, most):
        """Return the response to a body of `length` bytes sent one byte every `pause` seconds, for `most` seconds at most."""
        connection = socket.create_connection((HOME, self.port), timeout=30)
        head = f"POST /api/assess HTTP/1.1\r\nHost: {HOME}\r\nContent-Type: application/json\r\n"
        connection.sendall(f"{head}Content-Length: {length}\r\n\r\n".encode())
        begun, answer = time.monotonic(), b""
        connection.settimeout(pause)
        while not answer and time.monotonic() - begun < most:
            connection.sendall(b" ")
            try:
                answer = connection.recv(200)
            except TimeoutError:
                continue
        connection.close()
        return answer

    def ask(self, method, path, body=None, headers=None, *, host=None, timeout=60):
        """Return status, headers and body of a response."""
        connection = http.client.HTTPConnection(HOME, self.port, timeout=timeout)
        try:
            given = {"Host": host or f"{HOME}:{self.port}", **(headers or {})}
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            return answer.status, dict(answer.headers), answer.read()
        finally:
            connection.close()

    def assess(self, timeout=60, **asked):
        """Return status and JSON of the endpoint's response."""
        sent = json.dumps(asked)
        told = {"Content-Type": "application/json"}
        status, _, body = self.ask("POST", "/api/assess", sent, told, timeout=timeout)
        return status, json.loads(body)

    def report(self, headers=None, **asked):
        """Return status and page of the form's response."""
        told = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        status, _, body = self.ask("POST", "/report", urlencode(asked), told)
        return status, body.decode()


@contextmanager
def serving(limits=None):
    """Yield a running server."""
    listening = _listen(0)
    server = server_of(Assessor(reader="student"), limits)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield Served(listening.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(20)
        listening.close()


@pytest.fixture(scope="package")
def served():
    """Return a running server with the limits that ship."""
    with serving() as server:
        yield server
