"""Take the screenshot docs/report.png of the report on the README's example: ``python -m tests.picture``."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from PIL import Image

from reportedly import Assessor
from reportedly.reading import read_file
from reportedly.report import html
from tests.browsing import CHROMIUM
from tests.docs import README_EXAMPLE, ROOT

PICTURE = ROOT / "docs" / "report.png"
SIZE = (1280, 1480)
"""Size in pixels: the first view, and the first sentences of the article."""
_COLOURS = 64
"""Enough for the page, and a quarter of the bytes."""


def take(page: str, picture: Path, size: tuple[int, int] = SIZE) -> None:
    """Write a screenshot of the top of an HTML page."""
    if CHROMIUM is None:
        sys.exit("tests.picture: no Chromium on the path, which takes the picture; install it")
    with tempfile.TemporaryDirectory() as folder:
        place, shot = Path(folder, "page.html"), Path(folder, "shot.png")
        place.write_text(page, encoding="utf-8")
        window = f"--window-size={size[0]},{size[1]}"
        flags = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", window)
        command = [CHROMIUM, *flags, f"--user-data-dir={folder}/profile", f"--screenshot={shot}", place.as_uri()]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True)
        seen = Image.open(shot).convert("RGB").crop((0, 0, *size))
    seen.quantize(_COLOURS, dither=Image.Dither.NONE).save(picture, "PNG", optimize=True)


if __name__ == "__main__":
    example = replace(read_file(ROOT / README_EXAMPLE), id=README_EXAMPLE)
    take(html.render_html(Assessor().assess(example)), PICTURE)
    sys.stdout.write(f"{PICTURE.name}: {PICTURE.stat().st_size // 1000} kB\n")
