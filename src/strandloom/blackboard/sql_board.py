"""The board over SQL functions: writing, past and keeping behind one port."""

from random import Random

from strandloom.basics.clock import Clock
from strandloom.blackboard.functions import Functions
from strandloom.blackboard.sql_keeping import SqlKeeping
from strandloom.blackboard.sql_past import SqlPast
from strandloom.blackboard.sql_writing import SqlWriting


class SqlBoard(SqlWriting, SqlPast, SqlKeeping):
    """A board whose table, routing and deliveries live in a database; `functions` says how to reach it."""

    def __init__(self, functions: Functions, clock: Clock, rng: Random | None = None) -> None:
        SqlWriting.__init__(self, functions, clock, rng or Random())  # noqa: S311 - jitter, not secrets
