"""`python -m tests.acceptance.faults` prints docs/faults.md."""

from tests.acceptance.faults.table import page

print(page(), end="")
