"""The command, and what takes long: many requests for a minute, large and slow bodies, a real browser."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from reportedly import Assessor
from reportedly.cli import cli
from reportedly.cli.serve import HOME
from reportedly.errors import InvalidRequest
from tests.browsing import SIZES, cut_off, grave_violations, keep_shot, look_at, press
from tests.cli.serve.conftest import Served

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "data" / "examples").glob("*.txt"))
CORPUS = ROOT / "data" / "corpus" / "articles.jsonl"
READ = Assessor(reader="student")
AT_ONCE = 50
SECONDS = float(os.environ.get("REPORTEDLY_LOAD_SECONDS", "60"))


def run(*words):
    """Run the command in this process; exceptions pass through."""
    done = CliRunner().invoke(cli, ["serve", *words], standalone_mode=False)
    if done.exception is not None:
        raise done.exception


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "desk.example"])
def test_any_other_interface_is_refused(host):
    """The message is one line that says why."""
    with pytest.raises(InvalidRequest, match="no password and no encryption"):
        run("--host", host)


def test_a_port_that_is_taken_is_said():
    """The message names the option for another port."""
    with socket.socket() as taken:
        taken.bind((HOME, 0))
        taken.listen()
        with pytest.raises(InvalidRequest, match="give another one with --port"):
            run("--port", str(taken.getsockname()[1]))


def test_without_the_extra_the_command_says_what_to_install(monkeypatch):
    """One line, no traceback."""
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(InvalidRequest, match=r"pip install 'reportedly\[serve\]'"):
        run("--port", "0")


def test_the_command_serves_until_it_is_ended():
    """It prints its URL, serves it, and ends on an interrupt with status 0; its output has no word of the article."""
    command = [sys.executable, "-m", "reportedly", "serve", "--port", "0"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        line = server.stderr.readline().decode()
        port = int(re.search(r"127\.0\.0\.1:(\d+)/", line)[1])
        status, _ = Served(port).assess(text="A quayside secret, a man said.")
        server.send_signal(signal.SIGINT)
        out, rest = server.communicate(timeout=60)
    finally:
        server.kill()
    assert status == 200
    assert server.returncode == 0
    assert b"quayside" not in out + rest


@pytest.mark.slow
def test_fifty_at_once_for_a_minute_all_get_their_own_answer(served, capsys):
    """No response is lost, late or mixed up."""
    rows = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()[:40]]
    texts = [(row["title"], row["text"]) for row in rows]
    expected = [json.loads(json.dumps(READ.assess(text, title).to_dict())) for title, text in texts]
    until, outcome, slowest = time.monotonic() + SECONDS, Counter(), [0.0]

    def keep_asking(first):
        number = first
        while time.monotonic() < until:
            title, text = texts[number % len(texts)]
            begun = time.monotonic()
            try:
                status, answer = served.assess(text=text, title=title, timeout=120)
                right = status == 200 and answer == expected[number % len(texts)]
                outcome["right" if right else f"wrong: {status}"] += 1
            except OSError as error:
                outcome[f"lost: {error!r}"] += 1
            slowest[0] = max(slowest[0], time.monotonic() - begun)
            number += 7

    askers = [threading.Thread(target=keep_asking, args=(n,)) for n in range(AT_ONCE)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    capsys.readouterr()
    with capsys.disabled():
        rate = outcome["right"] / SECONDS
        sys.stdout.write(
            f" {outcome['right']} answers, {rate:.1f} a second, the slowest after {slowest[0]:.1f} s "
        )
    assert set(outcome) == {"right"}
    assert outcome["right"] >= AT_ONCE


@pytest.mark.slow
def test_a_hundred_megabytes_take_no_memory(served):
    """The body is refused, declared or not; the server's memory does not grow, and it keeps serving."""
    before = _memory()
    for declared in (True, False):
        connection = socket.create_connection((HOME, served.port), timeout=30)
        length = "Content-Length: 104857600" if declared else "Transfer-Encoding: chunked"
        head = f"POST /report HTTP/1.1\r\nHost: {HOME}\r\nContent-Type: application/x-www-form-urlencoded\r\n{length}\r\n\r\n"
        sent, piece = 0, b"x" * 65_536
        try:
            connection.sendall(head.encode())
            while sent < 104_857_600:
                connection.sendall(piece if declared else b"10000\r\n" + piece + b"\r\n")
                sent += len(piece)
        except OSError:
            pass  # it hung up
        connection.close()
        assert sent < 104_857_600
    assert _memory() - before < 50_000
    assert served.assess(text="The ferry sailed, a man said.")[0] == 200


@pytest.mark.slow
def test_a_slow_body_is_cut_off_within_the_limit(served):
    """With the limits that ship it is cut off after ten seconds, even if bytes keep coming."""
    begun = time.monotonic()
    answer = served.trickle(9999, pause=0.5, most=25)
    assert answer.startswith(b"HTTP/1.1 408")
    assert 9 < time.monotonic() - begun < 20


def _memory():
    """Return the memory of this process, which is the server's, in kilobytes."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1])


@pytest.mark.slow
def test_the_keyboard_is_enough(browser, served):
    """The form works with typing, Tab and Enter; from the report a key leads back."""
    from selenium.webdriver.common.by import By  # noqa: PLC0415 - an extra
    from selenium.webdriver.common.keys import Keys  # noqa: PLC0415

    look_at(browser, 1280)
    browser.get(f"http://{HOME}:{served.port}/")
    active = browser.switch_to.active_element
    assert active.get_attribute("id") == "text"
    press(browser, "The ferry may be sold, a person close to the firm said on Monday.")
    press(browser, Keys.TAB)
    assert browser.switch_to.active_element.get_attribute("id") == "url"
    press(browser, Keys.TAB)
    assert browser.switch_to.active_element.text == "Report"
    outline = browser.switch_to.active_element.value_of_css_property("outline-style")
    assert outline != "none"
    press(browser, Keys.TAB)
    assert browser.switch_to.active_element.text == "Worklist"
    press(browser, Keys.ENTER)
    assert browser.current_url.endswith("/report#h-worklist")
    assert "a person close to the firm" in browser.find_element(By.TAG_NAME, "main").text
    browser.find_element(By.LINK_TEXT, "read another article".upper()).send_keys(Keys.ENTER)
    assert browser.current_url == f"http://{HOME}:{served.port}/"


def _pages(browser, served):
    """Yield the served pages one after another: the form, a refusal, a report."""
    from selenium.webdriver.common.by import By  # noqa: PLC0415 - an extra

    browser.get(f"http://{HOME}:{served.port}/")
    yield "form"
    browser.find_element(By.ID, "url").send_keys(f"http://{HOME}/")
    browser.find_element(By.TAG_NAME, "button").click()
    assert "expected a public address" in browser.find_element(By.CSS_SELECTOR, "[role=alert]").text
    yield "refused"
    browser.get(f"http://{HOME}:{served.port}/")
    browser.execute_script(
        "document.getElementById('text').value = arguments[0]",
        EXAMPLES[0].read_text(encoding="utf-8"),
    )
    browser.find_element(By.TAG_NAME, "button").click()
    assert browser.find_element(By.ID, "h-worklist")
    yield "report"


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_nothing_is_cut_off_and_everything_can_be_read(browser, served, width, scheme):
    """No page scrolls sideways; colours follow the colour scheme; the console has no messages."""
    look_at(browser, width, scheme)
    browser.get_log("browser")
    for name in _pages(browser, served):
        assert cut_off(browser) == [], name
        back = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
        red = int(re.search(r"\d+", back)[0])
        assert (red < 60) == (scheme == "dark"), back
        keep_shot(browser, f"serve-{name}-{width}-{scheme}")
    complaints = [row["message"] for row in browser.get_log("browser") if row["level"] == "SEVERE"]
    assert [line for line in complaints if "422" not in line] == []


@pytest.mark.slow
@pytest.mark.skipif("REPORTEDLY_AXE" not in os.environ, reason="REPORTEDLY_AXE names no axe.min.js")
@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_axe_finds_nothing_serious(browser, served, width, scheme):
    """axe-core, run within each served page, reports no serious or critical violation."""
    axe = Path(os.environ["REPORTEDLY_AXE"]).read_text(encoding="utf-8")
    look_at(browser, width, scheme)
    for name in _pages(browser, served):
        assert grave_violations(browser, axe) == [], name
