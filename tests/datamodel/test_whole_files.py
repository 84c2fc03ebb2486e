"""A file is written completely or not at all."""

import stat

import pytest

from reportedly.datamodel.whole_files import whole_file, write_whole


def test_a_file_takes_the_place_of_the_one_before(tmp_path):
    """Nothing else is left, and the file has default permissions."""
    path, plain = tmp_path / "a.csv", tmp_path / "plain"
    plain.write_bytes(b"")
    write_whole(path, b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "plain"]
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_what_is_broken_off_leaves_the_file_before(tmp_path, error):
    """After a full disk or Ctrl-C the old file is intact, and no temporary file remains."""
    path, within = tmp_path / "a.csv", tmp_path / "parts"
    within.mkdir()
    write_whole(path, b"old")

    def broken_off():
        with whole_file(path, within=within) as part:
            assert part.parent == within
            part.write_bytes(b"half")
            raise error

    with pytest.raises(error):
        broken_off()
    assert path.read_bytes() == b"old"
    assert not list(within.iterdir())
