"""Which reader a file is for (识别): each reader looks at the common grid; two claims are an error, none is a message."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from integrations.importers.duties import reader as duties
from integrations.importers.errors import ReaderError
from integrations.importers.grid import Document
from integrations.importers.procedures import reader as procedures
from integrations.importers.sources.opening import open_document
from integrations.importers.tables.plain_lists import STEPS, WORKS


@dataclass(frozen=True)
class Reader:
    """A family of documents: its code, Chinese name, recognition and reading."""

    family: str
    name: str
    claims: Callable[[Document], bool]
    read: Callable[[Document], dict[str, Any]]


READERS: tuple[Reader, ...] = (
    Reader(duties.FAMILY, "职责—工作—岗位—标准表", duties.claims, duties.read),
    Reader(procedures.FAMILY, "工作流程表", procedures.claims, procedures.read),
)
PLAIN: tuple[Reader, ...] = (
    Reader(procedures.FAMILY, "步骤表", STEPS.claims, STEPS.read),
    Reader(duties.FAMILY, "工作一览表", WORKS.claims, WORKS.read),
)
"""Asked only when none of the others knows the file."""


def identify(data: bytes, name: str, *, family: str | None = None) -> tuple[Reader, Document]:
    """The one reader for this file, and the file in the common grid.

    ``family`` chooses when a file looks like two.  ReaderError ``no_reader`` or ``several_readers`` otherwise.
    """
    document = open_document(data, name)
    for readers in (READERS, PLAIN):
        chosen = [reader for reader in readers if family in (None, reader.family) and reader.claims(document)]
        if len(chosen) == 1:
            return chosen[0], document
        if chosen:
            raise ReaderError("several_readers", detail="、".join(reader.name for reader in chosen))
    forced = [reader for reader in READERS if reader.family == family]
    if not forced:
        raise ReaderError("no_reader")
    return forced[0], document
