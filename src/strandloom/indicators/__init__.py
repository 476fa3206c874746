"""Pure functions over arrays [symbol × bar]: each value is a function of exactly its look-back of bars."""
