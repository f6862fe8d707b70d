"""Lanes (连接道): one open connection per database role, with the whole transaction state of Django around it."""

import os
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from django_tenants.postgresql_backend.base import FakeTenant

from tenants.registry import roles

PUBLIC_SCHEMA = "public"


@dataclass(frozen=True)
class Lane:
    """Who logs in, where unqualified names are looked up, and which role the login assumes (only the owner's lane)."""

    login: str
    schema: str
    assumes: str = ""

    @classmethod
    def of_tenant(cls, schema: str) -> "Lane":
        """The lane of requests and jobs: role and schema share one name."""
        return cls(roles.PUBLIC if schema == PUBLIC_SCHEMA else schema, schema)

    @classmethod
    def of_owner(cls, schema: str) -> "Lane":
        """The lane of migrations: log in as the provisioner, act as the owner of all tables."""
        return cls(roles.ADMIN, schema, roles.OWNER)

    def as_tenant(self) -> FakeTenant:
        """Stand-in for the tenant of this lane, where only the name counts."""
        return FakeTenant(schema_name=self.schema)

    def startup_options(self, statement_timeout_ms: int) -> str:
        """Settings sent with the connection request; they win over whatever a role has stored for itself."""
        path = self.schema if self.schema == PUBLIC_SCHEMA else f"{self.schema},{PUBLIC_SCHEMA}"
        settings = {"search_path": path, "timezone": "UTC"}
        if self.assumes:
            settings["role"] = self.assumes
        else:
            settings["statement_timeout"] = str(statement_timeout_ms)
        return " ".join(f"-c {name}={value}" for name, value in settings.items())


@dataclass
class Parked:
    """A lane that is not in use: Django's attributes, and since when (monotonic seconds)."""

    state: dict[str, Any]
    since: float = field(default_factory=time.monotonic)
    pid: int = field(default_factory=os.getpid)

    @property
    def is_busy(self) -> bool:
        """A transaction is open on it (only tests park such a lane)."""
        return bool(self.state["in_atomic_block"])

    def is_stale(self, idle_seconds: float) -> bool:
        """Broken, too old or idle for too long."""
        now = time.monotonic()
        close_at = self.state["close_at"]
        too_old = close_at is not None and now >= close_at
        return bool(self.state["errors_occurred"]) or too_old or now - self.since >= idle_seconds

    def close(self) -> None:
        """Close the connection; one inherited from a parent process is left to the parent."""
        connection = self.state["connection"]
        if connection is not None and self.pid == os.getpid():
            connection.close()


class ParkingLot:
    """Parked lanes of one thread, least recently used first (停放的连接)."""

    def __init__(self, size: int, idle_seconds: float) -> None:
        self.size = size
        self.idle_seconds = idle_seconds
        self._parked: OrderedDict[Lane, Parked] = OrderedDict()

    def __len__(self) -> int:
        return len(self._parked)

    def put(self, lane: Lane, state: dict[str, Any]) -> None:
        """Park a lane and close the least recently used ones beyond the size."""
        if state["connection"] is None:
            return
        self._parked[lane] = Parked(state)
        spare = len(self._parked) - self.size
        for old in [lane for lane, parked in self._parked.items() if not parked.is_busy][: max(spare, 0)]:
            self.discard(old)

    def take(self, lane: Lane) -> dict[str, Any] | None:
        """State of the lane if it is parked and still good."""
        parked = self._parked.pop(lane, None)
        if parked is None or parked.pid != os.getpid():
            return None
        if not parked.is_busy and parked.is_stale(self.idle_seconds):
            parked.close()
            return None
        return parked.state

    def discard(self, lane: Lane) -> None:
        """Close a lane if it is parked."""
        parked = self._parked.pop(lane, None)
        if parked is not None:
            parked.close()

    def sweep(self) -> None:
        """Close what is stale; the rest is to prove its health on next use."""
        for lane, parked in list(self._parked.items()):
            if not parked.is_busy and parked.is_stale(self.idle_seconds):
                self.discard(lane)
            parked.state["health_check_done"] = False

    def release(self) -> int:
        """Close every lane without a transaction; returns how many."""
        idle = [lane for lane, parked in self._parked.items() if not parked.is_busy]
        for lane in idle:
            self.discard(lane)
        return len(idle)

    def close_all(self) -> None:
        """Close every parked lane."""
        for lane in list(self._parked):
            self.discard(lane)
