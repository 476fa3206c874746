"""A day's report for people and programs: one schema, whether the day was lived or replayed."""
