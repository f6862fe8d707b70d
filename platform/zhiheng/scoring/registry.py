"""Kinds by name: found through entry points, switched per college by the caller."""

from collections.abc import Collection
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from zhiheng.scoring.contract import STAGES, Kind
from zhiheng.scoring.errors import ScoringError

GROUP = "zhiheng.scoring_kinds"


@cache
def installed() -> dict[str, EntryPoint]:
    """Entry points of all installed kinds by name. Two packages that claim one name are an error."""
    found: dict[str, EntryPoint] = {}
    for point in entry_points(group=GROUP):
        other = found.get(point.name)
        if other is not None and other.value != point.value:
            reason = f"计分方式“{point.name}”由两个软件包同时提供。"
            raise ScoringError("kind.doubled", point.name, reason, "请卸载其中一个。")
        found[point.name] = point
    return found


def kind(name: str, allowed: Collection[str] | None = None) -> Kind:
    """The kind of this name. Raises ScoringError when it is not installed or not switched on for the college."""
    if allowed is not None and name not in allowed:
        raise ScoringError(
            "kind.disabled", name, f"本校没有启用计分方式“{name}”。", "请由学校管理员启用，或改用其他方式。"
        )
    return _loaded(name)


@cache
def _loaded(name: str) -> Kind:
    point = installed().get(name)
    if point is None:
        known = "、".join(sorted(installed()))
        raise ScoringError("kind.unknown", name, f"没有安装计分方式“{name}”。", f"可用：{known}。")
    found: Kind = point.load()()
    if found.stage not in STAGES:
        raise ScoringError(
            "kind.broken", name, f"计分方式“{name}”的环节“{found.stage}”无效。", "请与提供者联系。"
        )
    return found


def distribution(name: str) -> str:
    """Package and version that provide a kind, as recorded in fingerprints."""
    point = installed().get(name)
    package = point.dist if point is not None else None
    return f"{package.name}" if package is not None else ""
