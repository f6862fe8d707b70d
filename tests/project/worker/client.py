"""Asks the installation about jobs from outside: ``client.py enqueue STEPS PAUSE | look ID | reap``; prints JSON."""

import json
import sys
from importlib import import_module


def main(action: str, *arguments: str) -> object:
    """Do one thing inside the only college."""
    import_module("slow_jobs")
    from tenants.registry.context import public_context, tenant_context
    from tenants.registry.models import Tenant
    from zhiheng.kernel import jobs, tasks
    from zhiheng.kernel.models import Job

    with public_context():
        tenant = Tenant.objects.get(code="jzvc")
        if action == "reap":
            tasks.each_tenant.delay("kernel.reap_jobs")
            return None
    with tenant_context(tenant):
        if action == "enqueue":
            params = {"steps": int(arguments[0]), "pause": float(arguments[1])}
            return str(jobs.enqueue(kind="test.count", title="数数", params=params, acting_user=None).pk)
        job = Job.objects.get(pk=arguments[0])
        return {"state": job.state, "done": job.done, "result": job.result, "attempt": job.attempt}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])))
