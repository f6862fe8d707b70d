"""What can go wrong with an embedded server, in words an administrator can act on (服务故障)."""

import shutil
from pathlib import Path


class ServerError(Exception):
    """A server did not do what was asked: what is wrong, and how to mend it (both Chinese)."""

    def __init__(self, what: str, advice: str, *, detail: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.advice = advice
        self.detail = detail

    def __str__(self) -> str:
        text = f"{self.what}\n怎么办：{self.advice}"
        return f"{text}\n原文：{self.detail}" if self.detail else text


DISK_FULL = ("磁盘已满，写不进数据。已保存的数据没有丢。", "请清出至少 1 GB 空间，再运行 zhiheng up。")
LEAST_BYTES = 1024 * 1024


def disk_is_full(folder: Path, output: str = "") -> bool:
    """Whether a server failed for want of space; on a full disk even its log may be empty."""
    return "No space left on device" in output or shutil.disk_usage(folder).free < LEAST_BYTES
