"""Import a catalogue file: read it, store the reading as a draft version with what is to be looked at."""

import hashlib
from typing import Any

from django.core.files.storage import default_storage

from catalog.models import CatalogueVersion
from catalog.services.catalogue import catalogue_store
from integrations.importers.errors import ReaderError
from integrations.reading import read_catalogue
from zhiheng.accounts.models import User
from zhiheng.kernel import jobs
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.models import Job

JOB = "catalogue.import"


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


def import_start(*, key: str, name: str, title: str, href: str, acting_user: Any) -> Job:
    """Import a file that waits in the storage under ``key`` as a job; asking twice for one file gives the first job.

    ``href`` is where the job page leads when the work is done.
    """
    params = {"key": key, "name": name, "title": title, "href": href, "user": acting_user.pk}
    return jobs.enqueue(
        kind=JOB,
        title=f"导入“{name}”",
        params=params,
        acting_user=acting_user,
        idempotency_key=f"{JOB}:{key}"[:120],
    )


@jobs.handler(JOB)
def import_waiting(progress: jobs.Progress, params: dict[str, Any]) -> dict[str, Any]:
    """Read and store; a repeated attempt finds what the first one stored by the file's digest and title."""
    progress.report(0, 2, "正在读取")
    user = User.objects.filter(pk=params["user"]).first()
    with default_storage.open(params["key"]) as stream:
        content = bytes(stream.read())
    digest = hashlib.sha256(content).hexdigest()
    version = CatalogueVersion.objects.filter(source_digest=digest, title=params["title"]).first()
    if version is None:
        reading = catalogue_read(content=content, name=params["name"])
        progress.report(1, 2, "正在入库")
        version = catalogue_store(
            reading=reading,
            title=params["title"],
            source_name=params["name"],
            source_digest=digest,
            acting_user=user,
        )
    return {"href": params["href"], "version": version.number, "text": f"已存为草稿：{version}"}
