"""The teams' only shared language: every kind of strand, one family per file, and the values they share."""
