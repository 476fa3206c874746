"""Bars in files: what a person has as parquet or CSV, checked on the way in, written on the way out."""
