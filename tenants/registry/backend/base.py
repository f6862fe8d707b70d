"""The engine (数据库后端): every tenant connects as its own PostgreSQL login role.

Switching tenants changes the connection, not the session: nothing that SQL can say brings a tenant's connection into
another schema.  See docs/decisions/0002-login-role-per-tenant.md.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from django.conf import settings
from django.utils.asyncio import async_unsafe
from django_tenants.postgresql_backend import base
from django_tenants.postgresql_backend.base import FakeTenant

from tenants.registry import roles
from tenants.registry.backend.features import DatabaseFeatures
from tenants.registry.backend.introspection import DatabaseIntrospection
from tenants.registry.backend.lanes import Lane, ParkingLot
from zhiheng.kernel.errors import Code, Problem


def _fresh_state() -> dict[str, Any]:
    """What Django keeps about a connection and its transaction, as in a wrapper that never connected."""
    return {
        "connection": None,
        "autocommit": False,
        "in_atomic_block": False,
        "savepoint_state": 0,
        "savepoint_ids": [],
        "atomic_blocks": [],
        "commit_on_exit": True,
        "needs_rollback": False,
        "rollback_exc": None,
        "close_at": None,
        "closed_in_transaction": False,
        "errors_occurred": False,
        "health_check_enabled": False,
        "health_check_done": False,
        "run_on_commit": [],
        "run_commit_hooks_on_set_autocommit_on": False,
    }


class DatabaseWrapper(base.DatabaseWrapper):
    """django-tenants' wrapper with lanes: ``set_tenant`` parks one role's connection and takes another's."""

    features_class = DatabaseFeatures

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.lane = Lane.of_tenant("public")
        self.parking = ParkingLot(settings.TENANT_LANES, settings.TENANT_LANE_IDLE_SECONDS)
        self.on_enter_lane: Callable[[DatabaseWrapper], None] | None = None
        super().__init__(*args, **kwargs)
        self.introspection = DatabaseIntrospection(self)

    # Switching ------------------------------------------------------------------------------------------------------

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        """Act for the tenant from now on.  Raises ``Problem`` when a transaction is open and the role would change."""
        self._enter(Lane.of_tenant(tenant.schema_name), tenant)
        self.include_public_schema = include_public

    @contextmanager
    def as_owner(self, schema: str, kind: str) -> Iterator[None]:
        """Act as the owner of all tables, inside one schema: for migrations and provisioning only."""
        tenant, lane = self.tenant, Lane.of_owner(schema)
        self._enter(lane, FakeTenant(schema_name=schema, tenant_type=kind))
        try:
            yield
        finally:
            self.set_tenant(tenant)
            self.parking.discard(lane)

    def forget_role(self, schema: str) -> None:
        """Close this thread's parked connection of a tenant that is going away."""
        self.parking.discard(Lane.of_tenant(schema))

    def _enter(self, lane: Lane, tenant: Any) -> None:
        if lane != self.lane:
            self._refuse_open_transaction()
            self.parking.put(self.lane, {name: getattr(self, name) for name in _fresh_state()})
            for name, value in (self.parking.take(lane) or _fresh_state()).items():
                setattr(self, name, value)
            self.lane = lane
        self.tenant = tenant
        self.schema_name = tenant.schema_name
        if self.on_enter_lane is not None:
            self.on_enter_lane(self)

    def _refuse_open_transaction(self) -> None:
        """The outer transaction of a test case does not count: it belongs to the lane and waits there."""
        if self.in_atomic_block:
            own = [block for block in self.atomic_blocks if not getattr(block, "_from_testcase", False)]
            is_open = bool(own)
        else:
            is_open = self.connection is not None and not self.autocommit
        if is_open:
            raise Problem(Code.TENANT_SWITCH_IN_TRANSACTION)

    def set_settings_schema(self, schema_name: str) -> None:
        """Nothing: ``settings_dict`` is shared by all threads."""

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Nothing: the path comes with the connection."""

    # Connecting -----------------------------------------------------------------------------------------------------

    def get_connection_params(self) -> dict[str, Any]:
        """Parameters of the present lane; user and password of DATABASES are never used."""
        timeout = settings.TENANT_STATEMENT_TIMEOUT_MS
        return {
            **super().get_connection_params(),
            "user": self.lane.login,
            "password": roles.password(self.lane.login),
            "options": self.lane.startup_options(timeout),
            "application_name": "zhiheng",
        }

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; when the server has no connection left, give back the parked ones and try once more."""
        try:
            return super().get_new_connection(conn_params)
        except psycopg2.OperationalError:
            if not self.parking.release():
                raise
            return super().get_new_connection(conn_params)

    def close(self) -> None:
        """Close the present lane and every parked one."""
        super().close()
        self.parking.close_all()

    def close_if_unusable_or_obsolete(self) -> None:
        """Called at both ends of a request: the same judgement for the present lane and, apart, for parked ones."""
        self.parking.sweep()
        parking, self.parking = self.parking, ParkingLot(0, 0)
        try:
            super().close_if_unusable_or_obsolete()
        finally:
            self.parking = parking
