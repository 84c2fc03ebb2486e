"""Everything that reads labelled data: tables of articles, annotated articles, sentences, and their splits."""
