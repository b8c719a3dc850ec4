-- Defines what a session is: all records of one tunnel. A record without a tunnel is a session of its own.
-- `npm run fields` writes the lines between the tags.
--
-- Reads the view `records` (sessionRelation.ts) and the table `repeats` (repeats.ts). Times are milliseconds since the Unix
-- epoch. Requires the variables `now`, `openFor`, and `until`, the end of the time range that was read, or null if unbounded.
WITH
  told AS (
    SELECT
      *,
      lower(trim(message, ' .')) AS words,
      -- The earliest record wins; of several at the same time, always the same one.
      "time"::HUGEINT * 18446744073709551616 + spelling AS place
    FROM records
  ),
  ranked AS (
    SELECT
      *,
      -- The first two are documented (azure-docs, "Monitor Azure Bastion"). The third is reported from Azure, for sessions that
      -- end and for some failed logins (MicrosoftDocs/azure-docs #79028), so it marks an end but no outcome. Of several
      -- messages, the one with the outcome is shown; the end is already visible in the session's state.
      CASE words
        WHEN 'successfully connected' THEN 0
        WHEN 'login failed' THEN 1
        WHEN 'successfully disconnected' THEN 3
        ELSE 2
      END::HUGEINT * 1329227995784915872903807060280344576 + place AS "messagePlace"
    FROM told
  ),
  folded AS (
    SELECT
      session,
      min("time") AS "firstRecord",
      max("time") AS "lastRecord",
      max("time") FILTER (words = 'successfully disconnected') AS disconnected,
      min("sessionStart") AS "sessionStart",
      max("sessionEnd") AS "sessionEnd",
      max("durationMs") AS "durationMs",
      count(*) AS records,
      -- <facts>
      arg_min(person, place) AS person,
      arg_min(account, place) AS account,
      arg_min("targetResourceId", place) AS vm,
      arg_min("clientIp", place) AS "clientIp",
      arg_min("tunnelId", place) AS "tunnelId",
      arg_min(protocol, place) AS protocol,
      arg_min("targetIp", place) AS "vmIp",
      arg_min("clientPort", place) AS "clientPort",
      arg_min("userAgent", place) AS "userAgent",
      arg_min("bastionId", place) AS bastion,
      arg_min(region, place) AS region,
      -- </facts>
      arg_min(message, "messagePlace") AS message
    FROM ranked
    GROUP BY session
  ),
  repeated AS (
    SELECT session, sum(repeats)::BIGINT AS repeats
    FROM repeats
    GROUP BY session
  ),
  -- With `count(DISTINCT identity)` in `folded`, DuckDB would take twice as long.
  counted AS (
    SELECT * REPLACE (records - coalesce(repeats, 0) AS records)
    FROM folded LEFT JOIN repeated USING (session)
  ),
  began AS (
    SELECT
      *,
      -- If only the end is known, the session began its duration earlier.
      coalesce(
        "sessionStart",
        CASE WHEN "firstRecord" = disconnected THEN "firstRecord" - coalesce("durationMs", 0) ELSE "firstRecord" END
      ) AS "startTold",
      CASE lower(trim(message, ' .'))
        WHEN 'successfully connected' THEN 'connected'
        WHEN 'login failed' THEN 'failed'
        ELSE 'unknown'
      END AS outcome
    FROM counted
  ),
  ended AS (
    SELECT
      *,
      coalesce(
        "sessionEnd",
        disconnected,
        -- At most 9999-12-31T23:59:59.999Z, the last time that ISO 8601 can express with a four-digit year.
        CASE WHEN "durationMs" IS NOT NULL THEN least("startTold" + "durationMs", 253402300799999) END
      ) AS "end"
    FROM began
  ),
  timed AS (
    -- A session never ends before it starts. `least` ignores nulls.
    SELECT *, least("startTold", "end") AS start
    FROM ended
  ),
  known AS (
    -- A record of the end alone does not tell when the session started.
    SELECT *,
      (lower(trim(message, ' .')) = 'successfully disconnected' AND "durationMs" IS NULL AND start = "firstRecord") IS NOT TRUE
        AS "hasStart"
    FROM timed
  )
SELECT
  session,
  start,
  "end",
  -- Null if only the end of the session is known.
  coalesce("durationMs", CASE WHEN "end" > start OR "sessionEnd" IS NOT NULL THEN "end" - start END) AS "durationMs",
  CASE
    WHEN "end" IS NOT NULL OR outcome = 'failed' THEN 'closed'
    -- The maximum length of a session is not documented, and the record of its end may be lost or outside the range.
    WHEN "lastRecord" >= getvariable('now') - getvariable('openFor')
      AND (getvariable('until') IS NULL OR getvariable('until') >= getvariable('now')) THEN 'open'
    ELSE 'unknown'
  END AS state,
  -- An instance of a scale set has a number as its name; Azure refers to it by both (`web_3`).
  CASE
    WHEN contains(lower(vm), '/virtualmachinescalesets/') THEN concat(split_part(vm, '/', 9), '_', split_part(vm, '/', -1))
    ELSE split_part(vm, '/', -1)
  END AS "vmName",
  -- <columns>
  person,
  account,
  vm,
  "clientIp",
  "tunnelId",
  protocol,
  "vmIp",
  "clientPort",
  "userAgent",
  bastion,
  region,
  -- </columns>
  outcome,
  message,
  records,
  "lastRecord",
  "hasStart"
FROM known
