"""The closed list of errors that the product can give (错误代码表).

A service raises ``Problem(Code.X, field=value, ...)``.  Doors (pages, API) render it: status, a Chinese sentence that
says what is wrong and what to do next, and the data for machines.  A new error is a new member here; a test renders
every one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any


@dataclass(frozen=True)
class Entry:
    """Status for the doors, and the sentence with named places for data."""

    status: int
    text: str


class Code(Enum):
    """Codes with HTTP status and Chinese text.  Group by noun; keep the text kind and say the next step."""

    NOT_FOUND = Entry(404, "没有找到您要看的内容。可能已被删除，或不属于本校。")
    PERMISSION_DENIED = Entry(403, "您的角色不能做这一步。如需权限，请联系学校管理员。")
    SIGN_IN_REQUIRED = Entry(401, "请先登录。")
    SIGN_IN_FAILED = Entry(401, "账号或密码不对。再错{left}次，账号会锁{minutes}分钟。")
    TOO_MANY_ATTEMPTS = Entry(429, "账号已锁{minutes}分钟。请稍后再登录，或请管理员重设密码。")
    INVALID_INPUT = Entry(400, "请核对{place}：{reason}。{advice}")
    CONFLICT = Entry(409, "{what}刚被别人改过。请刷新后再改，您填的内容还在。")
    STATE = Entry(409, "{what}现在是“{state}”，不能{action}。{advice}")
    KEY_REUSED = Entry(422, "幂等键“{key}”已用于另一个请求。请为新的请求换一个键。")
    TENANT_REQUIRED = Entry(500, "任务没有写明属于哪所学校，没有执行。")
    TENANT_SWITCH_IN_TRANSACTION = Entry(500, "事务中不能换学校。请先结束当前事务。")
    TENANT_EXISTS = Entry(409, "已有{what}“{name}”。请换一个。")
    IMPORT_REJECTED = Entry(422, "文件里有{count}处要改，什么都没有写入。请按清单改好再传。")
    FILE_UNREADABLE = Entry(422, "打不开文件“{name}”：{reason}。{advice}")
    SCHEME_INVALID = Entry(422, "方案有{count}处要改，不能{action}。请看检查清单。")
    RUN_BLOCKED = Entry(422, "还缺{count}项数据，不能计分。缺项清单在本页。")
    KIND_NOT_INSTALLED = Entry(422, "计分方式“{kind}”没有安装或本校没有启用。请联系平台运营。")
    FORM_EXPIRED = Entry(403, "这张表开得太久或浏览器关了Cookie，没有提交。请回到上一页刷新后再交。")
    UNEXPECTED = Entry(500, "系统出了意外的错，这一步没有完成。之前保存的内容都在。")
    BELOW_FLOOR = Entry(422, "只有{n}所发布，不足{floor}所，为免认出单个学校不显示。换更大的同类组。")


class Problem(Exception):
    """One expected failure: a code and its data.  ``str()`` gives the Chinese text."""

    def __init__(self, code: Code, **data: Any) -> None:
        super().__init__(code.name)
        self.code = code
        self.data = data

    @property
    def status(self) -> int:
        """HTTP status that fits this failure."""
        return self.code.value.status

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The sentence with its data, in the language that ``translate`` gives for the Chinese one."""
        return translate(self.code.value.text).format_map(_Blank(self.data))

    def __str__(self) -> str:
        return self.text()

    def __reduce__(self) -> tuple[Any, ...]:
        """Workers hand failures on as pickles, which forget keyword arguments."""
        return _unpickled, (self.code, self.data)


def _unpickled(code: Code, data: dict[str, Any]) -> Problem:
    return Problem(code, **data)


class _Blank(dict[str, Any]):
    """Missing data shows as an em dash instead of raising in the middle of an error page."""

    def __missing__(self, key: str) -> str:
        return "—"
