"""Import a catalogue file: read it, store the reading as a draft version with what is to be looked at."""

import hashlib
from typing import Any

from catalog.models import CatalogueVersion
from catalog.services.catalogue import catalogue_store
from integrations.importers.errors import ReaderError
from integrations.reading import read_catalogue
from zhiheng.kernel.errors import Code, Problem


def catalogue_read(*, content: bytes, name: str) -> dict[str, Any]:
    """The reading of a file.  Raises FILE_UNREADABLE with reason and advice."""
    try:
        return read_catalogue(content, name)
    except ReaderError as error:
        raise Problem(Code.FILE_UNREADABLE, name=name, reason=error.reason, advice=error.advice) from error


def catalogue_import(*, content: bytes, name: str, title: str, acting_user: Any) -> CatalogueVersion:
    """Read and store in one go; all warnings of the reading become findings of the version."""
    reading = catalogue_read(content=content, name=name)
    digest = hashlib.sha256(content).hexdigest()
    return catalogue_store(
        reading=reading, title=title, source_name=name, source_digest=digest, acting_user=acting_user
    )
