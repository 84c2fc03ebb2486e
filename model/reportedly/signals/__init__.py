"""The signals: an explicit tuple, from which reports, commands and the documentation are derived."""

from reportedly.signals.anonymous_sourcing import ANONYMOUS_SOURCING
from reportedly.signals.base import Signal
from reportedly.signals.hedging import HEDGING
from reportedly.signals.unverified_claims import UNVERIFIED_CLAIMS

SIGNALS: tuple[Signal, ...] = (ANONYMOUS_SOURCING, HEDGING, UNVERIFIED_CLAIMS)

__all__ = ["SIGNALS", "Signal"]
