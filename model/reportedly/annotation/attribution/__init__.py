"""Who says what: attributions of source, cue and content."""
