"""One rule per file: `check(ask, account, market, limits)` answers approved or refused, in numbers."""
