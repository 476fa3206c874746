"""Lessons: statements that are written down first, confirmed later, and can lose their job."""
