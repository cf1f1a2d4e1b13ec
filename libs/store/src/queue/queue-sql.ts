/** What the queries of the queue share. */

/** Nothing is heard of a worker, which tells every two seconds that it lives. */
export const IS_SILENT = `seen_at <= clock_timestamp() - interval '10 seconds'`;

/** Workers that may be given builds. */
export const READY_WORKERS = `state = 'ready' AND NOT ${IS_SILENT}`;

/** Jumps from app to app along the index: its cost is the number of apps, not of builds. */
export const QUEUED_APPS = `
  queued_apps (app) AS (
    (SELECT app FROM builds WHERE state = 'queued' ORDER BY app LIMIT 1)
    UNION ALL
    SELECT (SELECT app FROM builds WHERE state = 'queued' AND app > queued_apps.app ORDER BY app LIMIT 1)
    FROM queued_apps WHERE app IS NOT NULL
  )`;
