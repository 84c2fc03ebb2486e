"""Annotated -> a calibrated risk with its contributions, or the reason why there is none."""
