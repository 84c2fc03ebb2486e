"""How the attribution model is learnt; scoring imports nothing of it."""
