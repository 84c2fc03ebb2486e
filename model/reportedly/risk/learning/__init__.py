"""Train the risk; scoring imports nothing from here."""
