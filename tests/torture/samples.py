"""Valid inputs for each fuzzing target, from which a fuzzer makes invalid ones."""

from __future__ import annotations

import gzip
import io
import json
import random
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from reportedly.bundle import store
from reportedly.signals.policy import PRESETS
from tests.torture.texts import FRAGMENTS

_PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>Ferry late</title></head><body>
<nav><a href="/">Home</a></nav><article><h1>Ferry late again</h1><p>The ferry to Skarn was late again on Friday,
the harbour master said. It is the third time this month.</p><p>“We were told nothing,” said a passenger who did
not want to be named.</p></article><footer>Sign up</footer></body></html>"""
_ROWS = [
    {"id": "a", "title": "Ferry", "text": "The ferry was late, the harbour master said."},
    {"id": "b", "title": "", "text": "“Nobody” told us, so, “naïve”."},
    {"id": "a", "title": "Wall", "text": None},
]


def of(target: str) -> list[bytes]:
    """Return the inputs for `target`."""
    if target in {"segment", "assess", "reports", "compare"}:
        return texts()
    return _OTHERS[target]()


def texts(count: int = 24) -> list[bytes]:
    """Return bytes that encode texts of fragments, plain ones first."""
    chance = random.Random(5)
    words = [
        bytes([1]) + bytes(chance.choices(range(110), k=chance.randint(5, 120)))
        for _ in range(count)
    ]
    mixed = [bytes([1]) + chance.randbytes(chance.randint(5, 200)) for _ in range(count)]
    every = [bytes([1, 0, n, 1]) for n in range(min(250, len(FRAGMENTS)))]
    plain = [b"\x00" + " ".join(r["text"] for r in _ROWS if r["text"]).encode()]
    return [*words, *mixed, *every, *plain]


def _reading() -> list[bytes]:
    text = "“Café”, she said — it’s 5 €.\r\nThe ferry was late."
    codecs = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252")
    return [text.encode(codec) for codec in codecs]


def _pages() -> list[bytes]:
    plain = _PAGE.encode()
    odd = [
        b"<article>" * 50 + b"The ferry was late.", b"<p>" + b"<b><i>" * 40 + b"x", plain[:300],
        b"<html><body><p>a<!--" + b"-" * 90, plain.replace(b"</p>", b""), plain.replace(b"utf-8", b"utf-16"),
        b"<html><script>" + plain, b"<svg><![CDATA[" + plain, plain.replace(b"<p>", b"<table><tr><td>"),
    ]  # fmt: skip
    chance = random.Random(6)
    built = [bytes([64 + n]) + chance.randbytes(chance.randint(5, 200)) for n in range(60)]
    return [*built, *(bytes([number % 4]) + data for number, data in enumerate((plain, *odd)))]


def _tables() -> list[bytes]:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(_ROWS), sink)
    lines = "".join(json.dumps(row) + "\n" for row in _ROWS).encode()
    csv = (
        b'id,title,text\r\na,Ferry,"The ferry, late."\r\nb,,"He said ""no""."\r\nc,d\r\ne,f,"open\n'
    )
    return [b"\0" + csv, b"\1" + lines, b"\2" + sink.getvalue()]


def _bundles() -> list[bytes]:
    small = store.pack({"weights": np.arange(3.0), "names": np.array(["a", "b"])})
    listed = {
        "schema": store.BUNDLE_SCHEMA,
        "name": "x",
        "version": "1",
        "files": {"risk.npz": {"bytes": 1}},
    }
    parts = [bytes([n]) + small for n in range(len(store.PARTS))]
    return [*parts, json.dumps(listed).encode(), json.dumps({**listed, "files": {}}).encode()]


def _policies() -> list[bytes]:
    folder = files("reportedly.signals") / "policies"
    presets = [(folder / f"{name}.toml").read_bytes() for name in PRESETS]
    own = (
        'schema = "reportedly/policy/1"\nname = "G"\n[levels]\n"sourcing.bare" = "off"\n[guidance]\n"sourcing.bare" = "no\\n::x"\n'
        '[limits]\nanonymous_share = 0\nunnamed_sources = 0\nsingle_unnamed_source = "error"\n'
    )
    baseline = (
        '{"schema": "reportedly/baseline/1", "documents": {"": {"0123456789abcdef": "hedging"}}}'
    )
    return [*presets, own.encode(), baseline.encode(), b"a = [[[[", b"[[", b'{"schema":']


def _answers() -> list[bytes]:
    body = b"<html><body><article>" + b"<p>The ferry to Skarn was late on Friday.</p>" * 4
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
    packed = gzip.compress(body)
    answers = [
        head + b"Content-Length: %d\r\n\r\n" % len(body) + body, head + b"\r\n" + body,
        head + b"Content-Encoding: gzip\r\n\r\n" + packed, head + b"Content-Encoding: gzip\r\n\r\n" + packed[:-9],
        head + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<p>Th\r\n0\r\n\r\n", head + b"Content-Length: 99\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-7\r\n\r\nIt was late, he said.",
        b"HTTP/1.1 302 Found\r\nLocation: //b.example/\r\n\r\n", b"HTTP/1.1 301 M\r\nLocation: file:///etc/x\r\n\r\n",
        b"HTTP/1.1 503 B\r\nRetry-After: 9\r\n\r\n", b"HTTP/0.9 200\r\n\r\n", b"ICY 200 OK\r\n\r\n", b"", b"\x00\xff\r\n",
    ]  # fmt: skip
    addresses = (
        "http://a.example/b c?d#e",
        "https://[::1]:99999/",
        "HTTP://user:word@a/",
        "http://\u202e.example",
        "ftp://a/",
    )
    asked = [b"\0" + one.encode() + b"\n\n" + answers[0] for one in addresses]
    return [*(b"\1" + one for one in answers), *asked]


def _command_lines() -> list[bytes]:
    chance = random.Random(8)
    contents = [
        _PAGE.encode(), *_tables(), *_policies()[:5], b"\1" + bytes(range(60)),
        b'{"id": "a", "title": "Ferry", "text": "The ferry was late, the harbour master said."}\n' * 3,
    ]  # fmt: skip
    lines = []
    for number in range(90):
        size = chance.randint(1, 7)
        arguments = bytes([number % 11]) + bytes(
            4 * chance.randrange(12) for _ in range(1 + number % 2)
        )
        arguments += chance.randbytes(size)
        lines.append(bytes([len(arguments) - 1]) + arguments + contents[number % len(contents)])
    return lines


_OTHERS = {
    "reading": _reading, "html": _pages, "tables": _tables, "bundle": _bundles,
    "policy": _policies, "url": _answers, "cli": _command_lines,
}  # fmt: skip
