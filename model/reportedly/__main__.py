"""``python -m reportedly``."""

from reportedly.cli import main

main()
