-- Shared tables of benchmarking.  Runs after the public migrations, as the owner of the tables; may run again.
-- A college is its database role: it writes and reads its own rows; a province reads official rows of its colleges.

GRANT SELECT ON benchmarking_collegeprofile, benchmarking_peergroup, benchmarking_peergroupmember,
    benchmarking_peerstatistic TO PUBLIC;
GRANT INSERT, UPDATE ON benchmarking_collegeprofile TO zh_public;

ALTER TABLE benchmarking_release ENABLE ROW LEVEL SECURITY;
ALTER TABLE benchmarking_release FORCE ROW LEVEL SECURITY;
ALTER TABLE benchmarking_releasedvalue ENABLE ROW LEVEL SECURITY;
ALTER TABLE benchmarking_releasedvalue FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS own ON benchmarking_release;
CREATE POLICY own ON benchmarking_release TO PUBLIC
    USING (college = current_user::text) WITH CHECK (college = current_user::text);
DROP POLICY IF EXISTS own ON benchmarking_releasedvalue;
CREATE POLICY own ON benchmarking_releasedvalue TO PUBLIC
    USING (college = current_user::text) WITH CHECK (college = current_user::text);

DROP POLICY IF EXISTS province ON benchmarking_release;
CREATE POLICY province ON benchmarking_release FOR SELECT TO PUBLIC
    USING (level = 'official' AND EXISTS (SELECT 1 FROM benchmarking_collegeprofile p
        WHERE p.college = benchmarking_release.college AND p.province = current_user::text));
DROP POLICY IF EXISTS province ON benchmarking_releasedvalue;
CREATE POLICY province ON benchmarking_releasedvalue FOR SELECT TO PUBLIC
    USING (level = 'official' AND EXISTS (SELECT 1 FROM benchmarking_collegeprofile p
        WHERE p.college = benchmarking_releasedvalue.college AND p.province = current_user::text));

-- A province may hand in official figures of colleges that are not on the platform.
DROP POLICY IF EXISTS upload ON benchmarking_release;
CREATE POLICY upload ON benchmarking_release TO PUBLIC
    USING (level = 'official' AND EXISTS (SELECT 1 FROM benchmarking_collegeprofile p
        WHERE p.college = benchmarking_release.college AND p.province = current_user::text AND NOT p.on_platform))
    WITH CHECK (level = 'official' AND EXISTS (SELECT 1 FROM benchmarking_collegeprofile p
        WHERE p.college = benchmarking_release.college AND p.province = current_user::text AND NOT p.on_platform));
DROP POLICY IF EXISTS upload ON benchmarking_releasedvalue;
CREATE POLICY upload ON benchmarking_releasedvalue TO PUBLIC
    USING (level = 'official' AND EXISTS (SELECT 1 FROM benchmarking_collegeprofile p
        WHERE p.college = benchmarking_releasedvalue.college AND p.province = current_user::text AND NOT p.on_platform))
    WITH CHECK (level = 'official' AND EXISTS (SELECT 1 FROM benchmarking_collegeprofile p
        WHERE p.college = benchmarking_releasedvalue.college AND p.province = current_user::text AND NOT p.on_platform));

DROP POLICY IF EXISTS stats ON benchmarking_release;
CREATE POLICY stats ON benchmarking_release FOR SELECT TO zh_stats USING (true);
DROP POLICY IF EXISTS stats ON benchmarking_releasedvalue;
CREATE POLICY stats ON benchmarking_releasedvalue FOR SELECT TO zh_stats USING (true);

GRANT SELECT, INSERT ON benchmarking_release TO PUBLIC;
GRANT SELECT, INSERT, DELETE ON benchmarking_releasedvalue TO PUBLIC;
GRANT INSERT, DELETE ON benchmarking_peerstatistic, benchmarking_peergroupmember TO zh_stats;
GRANT INSERT, UPDATE, DELETE ON benchmarking_peergroup TO zh_public;
