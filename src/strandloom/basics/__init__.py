"""What every room may use and what needs nothing itself: clock, ids, errors, log, money, paths."""
