"""Train the models of claims and their support; scoring never imports it."""
