"""Measuring the detectors and the risk: splits, figures with intervals, leakage."""
