"""A wish to end that an error has swallowed, passed on."""

import asyncio


def pass_on() -> None:
    """Raise CancelledError where this task was asked to end.

    A TaskGroup whose body failed while it was cancelled tells of the failure only; who handles that and
    goes on would never end.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
