"""Train the parts of a bundle from labelled data: what ``train.py`` runs."""
