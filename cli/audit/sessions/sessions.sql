-- What a session is: all records of one tunnel. A record without a tunnel is a session of its own.
--
-- Reads `records` (cli/audit/store/records.ts). Times are milliseconds since 1970. Two variables are set: `now`, and `until`, the
-- end of the time range that was read, or null where it has none.
WITH
  told AS (
    SELECT
      *,
      lower(trim(message, ' .')) AS words,
      -- The earliest record counts; of several at one moment, always the same one.
      "time"::HUGEINT * 18446744073709551616 + spelling AS place
    FROM records
  ),
  ranked AS (
    SELECT
      *,
      -- The first two are documented (azure-docs, "Monitor Azure Bastion"); the third is reported from Azure, for sessions that end and
      -- for some logins that fail (MicrosoftDocs/azure-docs #79028), so it tells an end and no outcome.
      -- Of several messages, the one that tells the outcome is shown; that a session has ended is told by its state as well.
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
      count(DISTINCT identity) AS records,
      arg_min("tunnelId", place) AS "tunnelId",
      arg_min(person, place) AS person,
      arg_min(account, place) AS account,
      arg_min("clientIp", place) AS "clientIp",
      arg_min("clientPort", place) AS "clientPort",
      arg_min("userAgent", place) AS "userAgent",
      arg_min(protocol, place) AS protocol,
      arg_min("targetResourceId", place) AS vm,
      arg_min("targetIp", place) AS "vmIp",
      arg_min("bastionId", place) AS bastion,
      arg_min(region, place) AS region,
      arg_min(message, "messagePlace") AS message
    FROM ranked
    GROUP BY session
  ),
  began AS (
    SELECT
      *,
      -- Where nothing is known but the end, the session began its duration before.
      coalesce(
        "sessionStart",
        CASE WHEN "firstRecord" = disconnected THEN "firstRecord" - coalesce("durationMs", 0) ELSE "firstRecord" END
      ) AS "startTold",
      CASE lower(trim(message, ' .'))
        WHEN 'successfully connected' THEN 'connected'
        WHEN 'login failed' THEN 'failed'
        ELSE 'unknown'
      END AS outcome
    FROM folded
  ),
  ended AS (
    SELECT
      *,
      coalesce(
        "sessionEnd",
        disconnected,
        -- No later than 9999-12-31T23:59:59.999Z, the last moment that ISO 8601 can say.
        CASE WHEN "durationMs" IS NOT NULL THEN least("startTold" + "durationMs", 253402300799999) END
      ) AS "end"
    FROM began
  ),
  timed AS (
    -- A session never ends before it starts. `least` passes over nulls.
    SELECT *, least("startTold", "end") AS start
    FROM ended
  )
SELECT
  session,
  "tunnelId",
  start,
  "end",
  -- Not known of a session of which only the end is known.
  coalesce("durationMs", CASE WHEN "end" > start OR "sessionEnd" IS NOT NULL THEN "end" - start END) AS "durationMs",
  CASE
    WHEN "end" IS NOT NULL OR outcome = 'failed' THEN 'closed'
    -- No document says how long a session may last, and the record of its end may be lost or lie behind the range.
    WHEN "lastRecord" >= getvariable('now') - getvariable('openFor')
      AND (getvariable('until') IS NULL OR getvariable('until') >= getvariable('now')) THEN 'open'
    ELSE 'unknown'
  END AS state,
  vm,
  -- An instance of a scale set has a number for a name; Azure calls it by both (`web_3`).
  CASE
    WHEN contains(lower(vm), '/virtualmachinescalesets/') THEN concat(split_part(vm, '/', 9), '_', split_part(vm, '/', -1))
    ELSE split_part(vm, '/', -1)
  END AS "vmName",
  "vmIp",
  protocol,
  "clientIp",
  "clientPort",
  person,
  account,
  "userAgent",
  outcome,
  message,
  bastion,
  region,
  records,
  "lastRecord"
FROM timed
