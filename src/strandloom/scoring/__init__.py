"""The mathematics of truth: pure functions from arrays of outcomes to bounded numbers."""
