"""What is refused before a file is opened (文件检查): size, packed bombs, passwords, macros, foreign formats."""

import io
import zipfile

from integrations.importers.errors import ReaderError

MAX_BYTES = 40 * 1024 * 1024
MAX_UNPACKED_BYTES = 400 * 1024 * 1024
MAX_PACK_RATIO = 400
OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
MACRO_PARTS = ("vbaProject.bin", "macrosheets/")
BINARY_MAGIC = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"MZ",
    b"\x7fELF",
    b"{\\rtf",
)


def kind_of(data: bytes) -> str:
    """``docx``, ``xlsx``, ``pdf`` or ``text``, by content and not by name; ReaderError for anything else."""
    if not data.strip():
        raise ReaderError("empty")
    if len(data) > MAX_BYTES:
        raise ReaderError(
            "huge", detail=f"{len(data) // 1024 // 1024} MB，上限 {MAX_BYTES // 1024 // 1024} MB"
        )
    if data.startswith(OLE_MAGIC):
        raise ReaderError("encrypted" if ENCRYPTED_STREAM in data else "old_format")
    if data[:1024].lstrip().startswith(b"%PDF"):
        return "pdf"
    if data.startswith(b"PK"):
        return _packed_kind(data)
    if data.startswith(BINARY_MAGIC):
        raise ReaderError("wrong_format")
    return "text"


def _packed_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ReaderError("damaged") from error
    if any(entry.flag_bits & 1 for entry in entries):
        raise ReaderError("encrypted")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED_BYTES or unpacked > MAX_PACK_RATIO * max(len(data), 100_000):
        raise ReaderError("bomb")
    if any(part in name for name in names for part in MACRO_PARTS):
        raise ReaderError("macros")
    if "word/document.xml" in names:
        return "docx"
    if "xl/workbook.xml" in names:
        return "xlsx"
    raise ReaderError("damaged" if "[Content_Types].xml" in names else "wrong_format")
