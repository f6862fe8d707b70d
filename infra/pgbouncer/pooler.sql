-- Once per database, as superuser, before PgBouncer is put in front:
--   psql "$DATABASE_ADMIN_URL" -v password="'…'" -f infra/pgbouncer/pooler.sql
-- A login for the pooler alone: it reads the verifiers of tenants and of the public pages, never those of the superuser or
-- the provisioner (zh_admin keeps a role and locks over several statements, so it has to connect directly).
CREATE ROLE zh_pooler LOGIN PASSWORD :password CONNECTION LIMIT 20;
CREATE SCHEMA pooler;
REVOKE ALL ON SCHEMA pooler FROM PUBLIC;
GRANT USAGE ON SCHEMA pooler TO zh_pooler;
CREATE FUNCTION pooler.verifier(name text, OUT usename name, OUT passwd text) RETURNS record
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ SELECT usename, passwd FROM pg_catalog.pg_shadow
          WHERE usename = $1 AND usename ~ '^(t_[0-9]{6,9}|zh_public)$' $$;
REVOKE ALL ON FUNCTION pooler.verifier(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pooler.verifier(text) TO zh_pooler;
