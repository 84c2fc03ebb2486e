"""Train the attribution model; scoring imports nothing from here."""
