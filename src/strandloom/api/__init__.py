"""What a running process tells programs: whether it lives, whether it is ready, and its figures."""
