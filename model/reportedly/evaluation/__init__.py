"""Measure the detectors and the risk: splits, scores with intervals, leakage."""
