"""Progress: lines if there is no terminal, and the number of articles in the inputs."""

from reportedly.cli import output
from reportedly.cli.inputs import count_articles


def test_progress_of_many_articles_is_told_now_and_then(monkeypatch, capsys):
    """Lines of progress have the total if it is known; every item is passed on."""
    monkeypatch.setattr(output, "SECONDS_BETWEEN_LINES", 0.0)
    assert list(output.watched(iter("abc"), 3, shown=True)) == ["a", "b", "c"]
    assert "2 of 3 articles" in capsys.readouterr().err
    assert list(output.watched(iter("abc"), None, shown=False)) == ["a", "b", "c"]
    assert not capsys.readouterr().err


def test_a_rate_below_one_a_second_is_told_by_the_minute():
    """A slow run does not say that it does nothing."""
    assert output.pace(300, 2.0) == "150 a second"
    assert output.pace(3, 60.0) == "3 a minute"


def test_articles_are_counted_where_no_table_is_among_them(tmp_path):
    """Readable files in folders and files named on the command line are counted, unless one is a table."""
    for name in ("a.txt", "b.md", "c.png"):
        (tmp_path / name).write_text("x")
    assert count_articles((str(tmp_path), "-", "https://example.org/a")) == 4
    (tmp_path / "d.csv").write_text("text\nx\n")
    assert count_articles((str(tmp_path),)) is None
