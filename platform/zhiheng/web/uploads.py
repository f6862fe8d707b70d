"""Files between uploading and accepting (待入库的文件): kept under the tenant's own prefix, known to one session only."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpRequest

from tenants.registry.context import current_schema
from zhiheng.kernel.errors import Code, Problem

SESSION_KEY = "uploads"
MOST = 10
"""Files a session keeps waiting; the oldest goes first."""


@dataclass(frozen=True)
class Waiting:
    """One waiting file: its key in the storage, the name it had, and what the form said besides."""

    key: str
    name: str
    extra: dict[str, Any]

    def read(self) -> bytes:
        """The content.  NOT_FOUND when the storage lost it."""
        if not default_storage.exists(self.key):
            raise Problem(Code.NOT_FOUND)
        with default_storage.open(self.key) as stream:
            return bytes(stream.read())


def keep(request: HttpRequest, upload: Any, **extra: Any) -> UUID:
    """Store an uploaded file for this session; returns the token for its address."""
    token = uuid4()
    ending = upload.name.rpartition(".")[2].lower()
    key = default_storage.save(f"{current_schema()}/uploads/{token}.{ending}", ContentFile(upload.read()))
    waiting = dict(request.session.get(SESSION_KEY, {}))
    while len(waiting) >= MOST:
        _delete(waiting.pop(next(iter(waiting))))
    waiting[str(token)] = asdict(Waiting(key, upload.name, extra))
    request.session[SESSION_KEY] = waiting
    return token


def waiting_for(request: HttpRequest, token: UUID) -> Waiting:
    """The waiting file of this session, or NOT_FOUND."""
    found = request.session.get(SESSION_KEY, {}).get(str(token))
    if found is None:
        raise Problem(Code.NOT_FOUND)
    return Waiting(**found)


def forget(request: HttpRequest, token: UUID) -> None:
    """Remove a file after it was accepted or given up."""
    waiting = dict(request.session.get(SESSION_KEY, {}))
    found = waiting.pop(str(token), None)
    request.session[SESSION_KEY] = waiting
    if found is not None:
        _delete(found)


def _delete(found: dict[str, Any]) -> None:
    default_storage.delete(found["key"])
