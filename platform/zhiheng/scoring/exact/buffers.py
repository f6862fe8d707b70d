"""Reuse of the memory of long vectors.

A formula makes and drops a vector per operation. Asking the system for fresh memory each time costs several times
more than the arithmetic, so a long vector's memory is kept when nobody can see it any more. From Python 3.14 on
reference counts leave out borrowed references; there nothing is kept.
"""

from sys import getrefcount, version_info
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
LONG: Final = 4096
"""Cells from which on memory is reused; below, the allocator does so itself."""
_KEPT: Final = 8
_SEEN_HERE: Final = 3
"""References while `release` runs: the owner's, the parameter's, and getrefcount's own."""
_COUNTED: Final = version_info < (3, 14)
_free: list[Floats] = []


def spare(*operands: npt.NDArray[Any]) -> Floats | None:
    """Memory for the result of an operation on these operands, or None to let NumPy ask for it."""
    size = max([operand.size for operand in operands])
    if size < LONG or not _free:
        return None
    try:
        buffer = _free.pop()
    except IndexError:  # another thread was faster
        return None
    return buffer if buffer.size == size else None


def release(buffer: Floats) -> None:
    """Keeps memory that only the caller's one name or attribute (and this call) refers to."""
    if (
        _COUNTED
        and buffer.size >= LONG
        and len(_free) < _KEPT
        and getrefcount(buffer) == _SEEN_HERE
        and buffer.flags.owndata
    ):
        _free.append(buffer)
