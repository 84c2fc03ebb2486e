"""Annotated -> a calibrated risk, or why there is none, with what moved it."""
