"""Everything that reads labelled data: tables of articles, annotated articles, sentences, and how they are split."""
