"""Learning the reader: articles packed for it, the teacher, and how it is trained."""
