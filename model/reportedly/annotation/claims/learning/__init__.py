"""Learning which sentences are claims and what supports them; scoring never imports it."""
