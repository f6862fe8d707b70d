-- The audit trail is append-only for the role of its tenant.
REVOKE UPDATE, DELETE ON {schema}.kernel_auditentry, {schema}.kernel_auditseal, {schema}.kernel_auditsealitem FROM {role};
