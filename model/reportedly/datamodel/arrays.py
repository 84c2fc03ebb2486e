"""Names for the arrays that pass between rooms; imported apart from the other values, for it needs NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]
Bools = NDArray[np.bool_]
Arrays = dict[str, NDArray[Any]]
"""The trained numbers of a model, by name."""
