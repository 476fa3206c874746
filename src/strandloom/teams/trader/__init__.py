"""The Trader: the execution arm that never doubts twice and never orders twice."""
