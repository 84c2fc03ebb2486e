"""How the hedge detector is learnt; scoring imports nothing of it."""
