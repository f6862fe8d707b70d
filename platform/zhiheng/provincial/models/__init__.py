"""Reports of a provincial body (省级报告)."""

from zhiheng.provincial.models.reports import ProvincialReport

__all__ = ["ProvincialReport"]
