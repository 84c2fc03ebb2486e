"""Who corroborates an unnamed source: structure first, then shared words."""
