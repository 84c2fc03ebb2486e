"""How the risk is learnt; scoring imports nothing of it."""
