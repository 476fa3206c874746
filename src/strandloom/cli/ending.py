"""How a command ends: each expected failure in one sentence on standard error, with a known exit code."""

import errno
import sys
from collections.abc import Callable, Iterator

from strandloom.basics import log
from strandloom.basics.errors import BadInput, CannotStart, StrandloomError

DONE, ANSWER_IS_NO, WRONG_INPUT, CANNOT_START, FAULT, STOPPED = 0, 1, 2, 3, 70, 130

EXIT_CODES = (
    "Exit codes: 0 done · 1 done, and the answer is no · 2 wrong command or input · "
    "3 cannot start: a setting, file, port or database · 70 a fault of Strandloom · 130 stopped by Ctrl-C"
)

_SYSTEM = {
    errno.ENOSPC: "the disk is full; free some space and start again",
    errno.EDQUOT: "the disk quota is used up; free some space and start again",
    errno.EROFS: "the file system is read-only; choose another folder with DATA_DIR",
    errno.EACCES: "permission was denied; choose another place or change its permissions",
    errno.EPERM: "permission was denied; choose another place or change its permissions",
    errno.EADDRINUSE: "stop what holds that port, or choose another",
    errno.ENOENT: "there is no such file or folder",
}


def supervised(run: Callable[[], None]) -> None:
    """Call `run`; the one place that catches whatever was not caught before."""
    try:
        run()
    except KeyboardInterrupt:
        sys.exit(STOPPED)
    except BrokenPipeError:  # `strandloom … | head`
        sys.stdout = None  # nothing is left to flush to
        sys.exit(DONE)
    except Exception as error:  # noqa: BLE001 - the command line's supervisor
        sys.exit(_told(error))


def _told(error: Exception) -> int:
    """Print what there is to say about a failure, and give its exit code."""
    causes = list(_leaves(error))
    sentences = [sentence(cause) for cause in causes]
    if None in sentences:
        log.traceback_to(sys.stderr, error)
        return FAULT
    for text in dict.fromkeys(sentences):
        sys.stderr.write(log.masked(f"{text}\n"))
    return min(_code(cause) for cause in causes)


def sentence(error: BaseException) -> str | None:
    """One sentence for an expected failure, None for a fault of ours."""
    if isinstance(error, StrandloomError):
        return str(error)
    if isinstance(error, OSError) and error.errno in _SYSTEM:
        what = error.filename or (error.strerror if error.errno == errno.EADDRINUSE else None)
        return f"{what}: {_SYSTEM[error.errno]}" if what else _SYSTEM[error.errno]
    return None


def _code(error: BaseException) -> int:
    if isinstance(error, BadInput):
        return WRONG_INPUT
    return CANNOT_START if isinstance(error, CannotStart | OSError) else ANSWER_IS_NO


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error
