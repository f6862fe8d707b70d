-- The audit trail only grows: a tenant's role adds and reads, nothing else.
REVOKE UPDATE, DELETE ON {schema}.kernel_auditentry, {schema}.kernel_auditseal, {schema}.kernel_auditsealitem FROM {role}
