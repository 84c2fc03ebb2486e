"""Time and memory for texts that consist only of what detectors look for, a megabyte of each kind.

``python -m tests.torture.dense KIND CHARACTERS`` assesses one text and prints seconds of the processor and the greatest memory of the
process as JSON. ``python -m tests.torture dense`` runs all of them, each in a process of its own.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PARAGRAPH = (
    "The harbour wall may fail this winter, a person close to the board said on Monday. Mayor Tove Lindahl "
    "said the town had seen no such warning. “They had the figures,” officials said, according to the Gazette. "
    "Critics say the repair would reportedly cost about 40 million crowns.\n\n"
)
DENSE = {
    "a cue and a hedge": "said that he may ",
    "cues in sentences": "He said that he may. ",
    "names": "Tove Lindahl Ida Okonkwo ",
    "names in sentences": "Tove Lindahl said so. Ida Okonkwo did. ",
    "quotation marks": "“ ” ",
    "quoted words": "“wall” ",
    "quotations that stay open": "“wall ",
    "straight marks": '" ',
    "hedges": "reportedly perhaps may ",
    "hedges in sentences": "It may perhaps fail. ",
    "brackets": "( ) [ ] ",
    "brackets that stay open": "( ",
    "officials": "officials ",
    "officials in sentences": "Officials said so. ",
    "officials and quotations": "“We knew,” officials said. ",
    "anonymity": "A person who asked not to be named said so. ",
    "pronouns": "he she they it ",
    "figures": "40 million 12% 2019 ",
    "full stops": ". ",
    "lines": "said\n",
    "one paragraph": PARAGRAPH,
}
"""Kind -> what is repeated."""

MOST_SECONDS, MOST_MEGABYTES = 10.0, 400.0
"""The limits for a megabyte of text; five megabytes may take five times as much."""


def text_of(kind: str, characters: int) -> str:
    """Return a text of one kind with so many characters."""
    unit = DENSE[kind]
    return (unit * (characters // len(unit) + 1))[:characters]


def measured(kind: str, characters: int) -> tuple[float, float]:
    """Return the processor seconds and peak megabytes of a new process that assesses the text."""
    command = [sys.executable, "-m", "tests.torture.dense", kind, str(characters)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    return told["seconds"], told["megabytes"]


def main() -> None:
    """Assess one text, after a short one that loads the reader of long texts."""
    from reportedly import Assessor  # noqa: PLC0415 - the list above is read without it
    from reportedly.assessment.assessor import ENCODER_MOST  # noqa: PLC0415
    from reportedly.datamodel import Document  # noqa: PLC0415

    kind, characters = sys.argv[1], int(sys.argv[2])
    assessor = Assessor()
    assessor.assess(Document("It rained. " * (ENCODER_MOST // 10)))
    document = Document(text_of(kind, characters))
    begun = time.process_time()
    assessor.assess(document)
    seconds = time.process_time() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"seconds": round(seconds, 2), "megabytes": round(memory)}) + "\n")


if __name__ == "__main__":
    main()
