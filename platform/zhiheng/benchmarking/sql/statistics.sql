-- Statistics over all colleges' releases.  Owned by zh_stats: these functions alone see every row.
-- Floor: 10 institutions.  Complementary suppression: a group that another group exceeds by one or two releasing
-- members is withheld, because the difference would describe those one or two.

CREATE OR REPLACE FUNCTION zh_freeze_members(the_year integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM public.benchmarking_peergroupmember WHERE year = the_year;
    INSERT INTO public.benchmarking_peergroupmember (group_id, year, college)
    SELECT g.id, the_year, p.college
    FROM public.benchmarking_peergroup g
    JOIN public.benchmarking_collegeprofile p ON
        (NOT g.criteria ? 'province_name' OR p.province_name = g.criteria ->> 'province_name')
        AND (NOT g.criteria ? 'ownership' OR p.ownership = g.criteria ->> 'ownership')
        AND (NOT g.criteria ? 'discipline' OR p.discipline = g.criteria ->> 'discipline')
        AND (NOT g.criteria ? 'tier' OR p.tier = g.criteria ->> 'tier')
        AND (NOT g.criteria ? 'students_from' OR p.students >= (g.criteria ->> 'students_from')::integer)
        AND (NOT g.criteria ? 'students_below' OR p.students < (g.criteria ->> 'students_below')::integer);
$$;

CREATE OR REPLACE FUNCTION zh_freeze_statistics(the_year integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE written integer;
BEGIN
    PERFORM public.zh_freeze_members(the_year);
    DELETE FROM public.benchmarking_peerstatistic WHERE year = the_year;
    WITH seen AS (
        SELECT m.group_id, v.indicator, v.college, v.value
        FROM public.benchmarking_peergroupmember m
        JOIN public.benchmarking_releasedvalue v ON v.college = m.college AND v.year = m.year
        WHERE m.year = the_year
    ), counted AS (
        SELECT group_id, indicator, count(*) AS n,
            percentile_cont(ARRAY[0.10, 0.25, 0.50, 0.75, 0.90]) WITHIN GROUP (ORDER BY value) AS q
        FROM seen GROUP BY group_id, indicator
    ), overlap AS (
        SELECT a.group_id AS small, b.group_id AS large, a.indicator
        FROM seen a JOIN seen b ON b.indicator = a.indicator AND b.college = a.college AND b.group_id <> a.group_id
        GROUP BY a.group_id, b.group_id, a.indicator
        HAVING count(*) = (SELECT c.n FROM counted c WHERE c.group_id = a.group_id AND c.indicator = a.indicator)
           AND (SELECT c.n FROM counted c WHERE c.group_id = b.group_id AND c.indicator = a.indicator) - count(*) IN (1, 2)
    ), judged AS (
        SELECT c.*, CASE WHEN c.n < 10 THEN 'floor'
            WHEN EXISTS (SELECT 1 FROM overlap o WHERE o.small = c.group_id AND o.indicator = c.indicator) THEN 'difference'
            ELSE '' END AS withheld
        FROM counted c
    )
    INSERT INTO public.benchmarking_peerstatistic
        (group_id, indicator, year, n, p10, q1, median, q3, p90, withheld, frozen_at)
    SELECT group_id, indicator, the_year, n,
        CASE WHEN withheld = '' THEN round(q[1]::numeric, 6) END, CASE WHEN withheld = '' THEN round(q[2]::numeric, 6) END,
        CASE WHEN withheld = '' THEN round(q[3]::numeric, 6) END, CASE WHEN withheld = '' THEN round(q[4]::numeric, 6) END,
        CASE WHEN withheld = '' THEN round(q[5]::numeric, 6) END, withheld, now()
    FROM judged;
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
END $$;

-- The caller's own place in a group, in per cent (0 lowest value, 100 highest); null below the floor or without own value.
CREATE OR REPLACE FUNCTION zh_percentile_rank(the_group bigint, the_year integer)
RETURNS TABLE (indicator text, rank_percent numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH caller AS (
        SELECT CASE current_setting('role') WHEN 'none' THEN session_user::text ELSE current_setting('role') END AS college
    ), shown AS (
        SELECT s.indicator FROM public.benchmarking_peerstatistic s
        WHERE s.group_id = the_group AND s.year = the_year AND s.withheld = ''
    ), seen AS (
        SELECT v.indicator, v.college, v.value
        FROM public.benchmarking_releasedvalue v
        JOIN public.benchmarking_peergroupmember m ON m.college = v.college AND m.year = v.year AND m.group_id = the_group
        WHERE v.year = the_year AND v.indicator IN (SELECT s.indicator FROM shown s)
    )
    SELECT own.indicator::text, round((count(*) FILTER (WHERE o.value < own.value)
        + 0.5 * count(*) FILTER (WHERE o.value = own.value)) * 100.0 / count(*), 1)
    FROM seen own JOIN caller c ON own.college = c.college JOIN seen o ON o.indicator = own.indicator
    GROUP BY own.indicator;
$$;

REVOKE ALL ON FUNCTION zh_freeze_members(integer), zh_freeze_statistics(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION zh_freeze_statistics(integer) TO zh_public;
GRANT EXECUTE ON FUNCTION zh_percentile_rank(bigint, integer) TO PUBLIC;
