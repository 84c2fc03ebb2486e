"""To whom a name, a nominal or a pronoun refers, by rule."""
