"""The built-in exchange: a pure matching engine for perpetuals and the server in front of it.

Inside this room money is an int of micro-dollars, a price an int of ticks, a size an int of lots.  Ticks and
lots are chosen per asset so that price × size is micro-dollars exactly: nothing is ever rounded away.
"""
