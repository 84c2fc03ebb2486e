"""Train the hedge detector; scoring imports nothing from here."""
