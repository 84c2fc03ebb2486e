"""Rules for whom a name, a noun phrase or a pronoun refers to."""
