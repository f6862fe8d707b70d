"""Brings the import job to the worker (后台导入)."""

from integrations.services.catalogue import import_waiting

__all__ = ["import_waiting"]
