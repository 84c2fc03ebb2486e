"""Run the behavioural cases and write docs/behaviour.md: ``python -m tests.behaviour --write``.

Cases that fail must be known with a reason. A new one is listed and refused, unless ``--reason`` gives the
reason for all new ones whose id begins with ``--only``. Known cases that hold again are forgotten.
"""

from __future__ import annotations

import argparse
import sys

from reportedly import Assessor
from reportedly.bundle import load_bundle
from tests.behaviour import page


def main() -> int:
    """Run everything; write the results and the page where that is asked for and allowed."""
    parser = argparse.ArgumentParser(prog="python -m tests.behaviour", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write results.json and the page")
    parser.add_argument("--reason", help="accept new failures, for this reason")
    parser.add_argument("--only", default="", help="accept only those whose id begins like this")
    parser.add_argument("--bundle", help="try another bundle than the one that ships")
    options = parser.parse_args()
    assessor = Assessor(load_bundle(options.bundle) if options.bundle else None)
    known = page.read_results()["known"]
    results, said = page.measure(page.remembering(assessor), known)
    new = [name for name, reason in results["known"].items() if not reason]
    for name in new:
        if options.reason and name.startswith(options.only):
            results["known"][name] = options.reason
        sys.stdout.write(f"{results['known'][name] or 'FAILS'}: {name}: {said[name]}\n")
    for name in known.keys() - results["known"].keys():
        sys.stdout.write(f"holds again: {name}\n")
    sys.stdout.write("\n" + page.render(results))
    if not options.write:
        return 0
    if not all(results["known"].values()):
        sys.stdout.write("\nnot written: give a --reason for what fails, or mend it\n")
        return 1
    page.write(results)
    return 0


sys.exit(main())
