"""A trained bundle: a folder of plain files that runs no code when it is loaded."""

from reportedly.bundle.store import (
    Bundle,
    chosen,
    load_bundle,
    save_bundle,
    shipped,
    shipped_folder,
)

__all__ = ["Bundle", "chosen", "load_bundle", "save_bundle", "shipped", "shipped_folder"]
