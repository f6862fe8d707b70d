"""Which reader a file is for (识别): each reader looks at the common grid; two claims are an error, none is a message."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from integrations.importers.duties import reader as duties
from integrations.importers.errors import ReaderError
from integrations.importers.grid import Document
from integrations.importers.procedures import reader as procedures
from integrations.importers.sources.opening import open_document
from integrations.importers.tables.plain_lists import STEPS, WORKS, PlainList


@dataclass(frozen=True)
class Reader:
    """A family of documents: its code, Chinese name, recognition and reading."""

    family: str
    name: str
    claims: Callable[[Document], bool]
    read: Callable[[Document], dict[str, Any]]


def _unless(family: Callable[[Document], bool], plain: PlainList) -> Callable[[Document], bool]:
    """A plain list is what the family's own reader does not know."""
    return lambda document: not family(document) and plain.claims(document)


READERS: tuple[Reader, ...] = (
    Reader(duties.FAMILY, "职责—工作—岗位—标准表", duties.claims, duties.read),
    Reader(procedures.FAMILY, "工作流程表", procedures.claims, procedures.read),
    Reader(procedures.FAMILY, "步骤表", _unless(procedures.claims, STEPS), STEPS.read),
    Reader(duties.FAMILY, "工作一览表", _unless(duties.claims, WORKS), WORKS.read),
)


def identify(data: bytes, name: str, *, family: str | None = None) -> tuple[Reader, Document]:
    """The one reader for this file, and the file in the common grid.

    ``family`` chooses when a file looks like two.  ReaderError ``no_reader`` or ``several_readers`` otherwise.
    """
    document = open_document(data, name)
    chosen = [reader for reader in READERS if reader.claims(document)]
    if family is not None:
        wanted = [reader for reader in READERS if reader.family == family]
        chosen = [reader for reader in chosen if reader in wanted][:1] or wanted[:1]
    if len(chosen) != 1:
        names = "、".join(reader.name for reader in chosen)
        raise ReaderError("several_readers", detail=names) if chosen else ReaderError("no_reader")
    return chosen[0], document
