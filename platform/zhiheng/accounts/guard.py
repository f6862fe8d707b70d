"""The question every service asks first: may this user do that?"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from zhiheng.kernel.errors import Code, Problem

if TYPE_CHECKING:
    from zhiheng.accounts.models import User


def require(acting_user: "User | None", permission: str, *, unit: str | Iterable[str] | None = None) -> None:
    """Raise PERMISSION_DENIED unless the user can; None is the platform itself (provisioning, commands) and may.

    ``unit`` as in ``User.can``.  Raises LookupError for a permission that is not in the table.
    """
    if acting_user is not None and not acting_user.can(permission, unit=unit):
        raise Problem(Code.PERMISSION_DENIED)
