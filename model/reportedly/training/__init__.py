"""Labelled data -> the parts of a bundle: what ``train.py`` runs."""
