"""Braids: summaries of outcomes that belong together, in clusters and levels."""
