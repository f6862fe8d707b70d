-- Once per database, as superuser; may be repeated, and must be after a major upgrade of PostgreSQL.
-- What a tenant's role could see or do beside its own schema is taken from PUBLIC.  zh_catalog, the group of the roles
-- that migrate and find tenants, keeps it.  Why each line: docs/decisions/0002-login-role-per-tenant.md.

-- Database, schemas, languages ---------------------------------------------------------------------------------------
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO PUBLIC', current_database());
    EXECUTE format('GRANT CREATE ON DATABASE %I TO zh_owner', current_database());
    EXECUTE format('ALTER DATABASE %I SET timezone = ''UTC''', current_database());
END
$$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO PUBLIC;
GRANT ALL ON SCHEMA public TO zh_owner;
GRANT CREATE ON SCHEMA public TO zh_stats;
REVOKE ALL ON SCHEMA information_schema FROM PUBLIC;
GRANT USAGE ON SCHEMA information_schema TO zh_catalog;
REVOKE ALL ON LANGUAGE plpgsql FROM PUBLIC;
GRANT USAGE ON LANGUAGE plpgsql TO zh_owner, zh_stats;

-- Memberships: the provisioner may become the owner, the owner may hand functions to the statistician ------------------
GRANT zh_owner TO zh_admin WITH INHERIT FALSE, SET TRUE;
GRANT zh_stats TO zh_owner WITH INHERIT FALSE, SET TRUE;
GRANT zh_catalog TO zh_owner, zh_admin, zh_stats, zh_public WITH INHERIT TRUE, SET FALSE;

-- New tables of the public schema belong to the platform alone until an app's grants.sql says otherwise ----------------
ALTER DEFAULT PRIVILEGES FOR ROLE zh_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO zh_public;
ALTER DEFAULT PRIVILEGES FOR ROLE zh_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO zh_public;
ALTER DEFAULT PRIVILEGES FOR ROLE zh_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE zh_stats REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE zh_owner REVOKE USAGE ON TYPES FROM PUBLIC;

-- Catalogs: names of schemas, roles and tables, statistics, settings (writable pg_settings could change the role) ------
DO $$
DECLARE
    relation regclass;
BEGIN
    FOR relation IN
        SELECT c.oid FROM pg_class c
        WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind IN ('r', 'v')
          AND (EXISTS (SELECT 1 FROM aclexplode(c.relacl) a WHERE a.grantee = 0)
               OR EXISTS (SELECT 1 FROM pg_attribute t, aclexplode(t.attacl) a
                          WHERE t.attrelid = c.oid AND a.grantee = 0))
    LOOP
        EXECUTE format('GRANT SELECT ON %s TO zh_catalog', relation);
        EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', relation);
    END LOOP;
END
$$;

-- Functions that run SQL text, change settings, reach large objects, other sessions, sizes or definitions --------------
DO $$
DECLARE
    routine regprocedure;
BEGIN
    FOR routine IN
        SELECT p.oid FROM pg_proc p
        WHERE p.pronamespace = 'pg_catalog'::regnamespace
          AND (p.proacl IS NULL OR EXISTS (SELECT 1 FROM aclexplode(p.proacl) a WHERE a.grantee = 0))
          AND (p.proname = ANY (ARRAY[
                   'set_config', 'ts_stat', 'loread', 'lowrite', 'pg_notify', 'pg_cancel_backend',
                   'pg_terminate_backend', 'pg_get_functiondef', 'pg_get_viewdef', 'pg_get_ruledef',
                   'pg_get_triggerdef', 'pg_export_snapshot', 'pg_show_all_settings', 'pg_lock_status',
                   'pg_blocking_pids', 'pg_safe_snapshot_blocking_pids', 'pg_prepared_xact',
                   'pg_logical_emit_message', 'pg_describe_object', 'pg_identify_object',
                   'pg_identify_object_as_address', 'pg_relation_filenode', 'pg_relation_filepath',
                   'pg_filenode_relation', 'pg_tablespace_databases'])
               OR p.proname ~ '^(query|table|cursor|schema|database)_to_xml'
               OR p.proname ~ '^(lo_|pg_sleep|pg_stat_get|pg_advisory|pg_try_advisory)'
               OR p.proname ~ '^pg_.*_size$'
               OR p.oid = 'ts_rewrite(tsquery, text)'::regprocedure)
    LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO zh_catalog', routine);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', routine);
    END LOOP;
END
$$;

-- Who calls a SECURITY DEFINER function: inside one, current_user is its owner ------------------------------------------
CREATE OR REPLACE FUNCTION public.zh_tenant() RETURNS name
    STABLE LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$ SELECT CASE current_setting('role') WHEN 'none' THEN session_user ELSE current_setting('role')::name END $$;
CREATE OR REPLACE FUNCTION public.zh_tenant_id() RETURNS integer
    STABLE LANGUAGE sql SET search_path = pg_catalog, pg_temp
    AS $$ SELECT CASE WHEN public.zh_tenant() ~ '^t_[0-9]{6,9}$' THEN substr(public.zh_tenant(), 3)::integer END $$;
GRANT EXECUTE ON FUNCTION public.zh_tenant(), public.zh_tenant_id() TO PUBLIC;
