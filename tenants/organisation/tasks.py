"""Work of the organisation that runs without anybody asking."""

from celery import shared_task

from tenants.organisation.services.units import units_refresh
from zhiheng.kernel.tasks import TenantTask


@shared_task(base=TenantTask, name="organisation.refresh_units")
def refresh_units() -> None:
    """Every night: changes decided for today become visible in the units' rows."""
    units_refresh()
