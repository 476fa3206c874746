"""Measurements: one file per part, with a `run()` that gives one flat object of numbers."""
