-- The access trail for DuckDB: one row for each session, with its request and the rule that let it in. trail.kql is the same join
-- for Log Analytics; relations.ts says what the relations hold, docs/trail.md what each link and verdict rests on.
--
-- Parameter: $skew, milliseconds by which clocks may differ.
WITH
session AS MATERIALIZED (
  SELECT Id, Start, Seen, VmAddress,
    CASE WHEN Vm <> '' THEN lower(Vm) WHEN VmIp <> '' THEN concat('ip:', lower(VmIp)) ELSE '' END AS VmKey,
    lower(VmIp) AS VmIp, lower(Subscription) AS Subscription, lower(Person) AS Person, lower(Bastion) AS Bastion,
    CASE lower(Protocol) WHEN 'ssh' THEN 22 WHEN 'rdp' THEN 3389 ELSE 0 END AS UsualPort
  FROM sessions
),
-- Where each Bastion host comes from.
host AS MATERIALIZED (
  SELECT b.Bastion, h.Lo, h.Hi
  FROM (SELECT DISTINCT Bastion FROM session) b
  JOIN hosts h ON lower(h.Bastion) = b.Bastion AND h.Bastion <> ''
  UNION ALL
  SELECT b.Bastion, h.Lo, h.Hi
  FROM (SELECT DISTINCT Bastion FROM session) b
  JOIN hosts h ON h.Bastion = ''
  WHERE b.Bastion = '' OR b.Bastion NOT IN (SELECT lower(Bastion) FROM hosts)
),

-- The flow log: connections from the host to the VM that began when the session did.
hit AS MATERIALIZED (
  SELECT DISTINCT s.Id, f.FlowId, f.Port, f.Rule, f.Refused, f.Finish, f.Bytes,
    CASE WHEN s.UsualPort = 0 OR f.Port = s.UsualPort THEN 0 ELSE 1 END AS Unusual
  FROM (
    SELECT *, unnest(range((Start - $skew::BIGINT - Slack) // 3600000, (Start + $skew::BIGINT + Slack) // 3600000 + 1)) AS Hour
    FROM session, (SELECT coalesce(max("Interval"), 0) AS Slack FROM flows)
  ) s
  JOIN (SELECT *, lower(VmIp) AS Ip, Start // 3600000 AS Hour FROM flows) f ON f.Ip = s.VmIp AND f.Hour = s.Hour
  JOIN host h ON h.Bastion = s.Bastion
  WHERE f.Start >= s.Start - $skew - f."Interval" AND f.Start <= s.Start + $skew + f."Interval"
    AND (f.Source = -1 OR (f.Source >= h.Lo AND f.Source <= h.Hi))
    AND (s.UsualPort = 0 OR f.Port = s.UsualPort OR f.Port NOT IN (22, 3389))
),
denied AS (SELECT DISTINCT Id FROM hit WHERE Refused),
through AS (
  SELECT a.*
  FROM hit a
  JOIN (SELECT Id, min(Unusual) AS Unusual FROM hit WHERE NOT Refused GROUP BY Id) b ON a.Id = b.Id AND a.Unusual = b.Unusual
  WHERE NOT a.Refused
),
shared AS (SELECT FlowId, count(*) AS Sessions FROM through GROUP BY FlowId),
flowing AS (
  SELECT t.Id, min(lower(t.Rule)) AS FirstRule, max(lower(t.Rule)) AS LastRule, max(t.Rule) AS RuleName, min(t.Port) AS FirstPort,
    max(t.Port) AS LastPort, count(*) AS Flows, max(n.Sessions) AS Sessions, min(t.FlowId) AS FlowId, min(t.Finish) AS FlowFinish,
    min(t.Bytes) AS Bytes
  FROM through t JOIN shared n ON n.FlowId = t.FlowId GROUP BY t.Id
),
probe AS MATERIALIZED (
  SELECT s.*,
    CASE WHEN f.FirstPort = f.LastPort THEN f.FirstPort ELSE s.UsualPort END AS Port,
    coalesce(f.FirstPort = f.LastPort, false) AS PortTold,
    CASE WHEN f.FirstRule = f.LastRule THEN f.FirstRule ELSE '' END AS FlowRule,
    CASE WHEN f.FirstRule = f.LastRule THEN f.RuleName ELSE '' END AS FlowRuleName,
    coalesce(f.FirstRule <> f.LastRule, false) AS SeveralFlowRules,
    CASE WHEN f.Flows = 1 AND f.Sessions = 1 THEN f.FlowId ELSE '' END AS FlowId,
    CASE WHEN f.Flows = 1 AND f.Sessions = 1 THEN f.FlowFinish ELSE 0 END AS FlowFinish,
    CASE WHEN f.Flows = 1 AND f.Sessions = 1 THEN f.Bytes ELSE -1 END AS Bytes
  FROM session s LEFT JOIN flowing f ON f.Id = s.Id
),

-- The requests that cover the session. Class 0: by its port and time; 1: only if clocks differ; 2: by a port of its own, which the
-- audit log does not name.
covering AS MATERIALIZED (
  SELECT DISTINCT p.Id, g.GrantId, g.RequestId, g."From", g.Until,
    CASE WHEN p.Person <> '' AND contains(lower(g.People), concat('|', p.Person, '|')) THEN 1 ELSE 0 END AS Own,
    CASE WHEN p.Port <> 0 AND g.Port <> p.Port THEN 2 WHEN p.Start >= g."From" AND p.Start < g.Until THEN 0 ELSE 1 END AS Class
  FROM probe p
  JOIN (
    SELECT *, unnest(range(("From" - $skew::BIGINT) // 86400000, (Until + $skew::BIGINT) // 86400000 + 1)) AS Day FROM grants
  ) g ON lower(g.VmKey) = p.VmKey AND g.Day = p.Start // 86400000
  JOIN host h ON h.Bastion = p.Bastion
  WHERE p.Start >= g."From" - $skew AND p.Start < g.Until + $skew
    AND (p.VmIp = '' OR g.VmIp = '' OR lower(g.VmIp) = p.VmIp)
    AND (p.Port = 0 OR g.Port = p.Port OR (NOT p.PortTold AND g.Port NOT IN (22, 3389)))
    AND g.SourceLo <= h.Hi AND g.SourceHi >= h.Lo
),
nearest AS MATERIALIZED (
  SELECT a.*
  FROM covering a
  JOIN (SELECT Id, min(Class) AS Class FROM covering GROUP BY Id) b ON a.Id = b.Id AND a.Class = b.Class
),
asked AS MATERIALIZED (SELECT DISTINCT Id, RequestId FROM nearest),

-- The rules before the VM at the session's start, and which of them let it in: in each group, the first by priority.
scoped AS (
  SELECT p.*, concat(n."Group", '|', unnest([p.VmIp, '*'])) AS Scope
  FROM probe p JOIN (SELECT DISTINCT lower(VmKey) AS VmKey, lower("Group") AS "Group" FROM placements) n ON n.VmKey = p.VmKey
  UNION ALL
  SELECT p.*, concat(p.Subscription, '|', unnest([p.VmIp, '*'])) AS Scope
  FROM probe p WHERE p.VmKey NOT IN (SELECT lower(VmKey) FROM placements)
),
near AS MATERIALIZED (
  SELECT p.Id, r.RuleId, r."Group", r.Allows, r.Priority, r.ByDefender, r.RequestId, r.Correlated, r.Known, lower(r.Name) AS Name,
    r."From", p.FlowRule,
    CASE WHEN p.Start >= r."From" AND p.Start < r.Until THEN 0 ELSE 1 END AS Skewed,
    max(CASE WHEN p.VmAddress >= r.DestLo AND p.VmAddress <= r.DestHi
        AND (p.Port = 0 OR (p.Port >= r.PortLo AND p.Port <= r.PortHi))
        AND r.SourceLo <= h.Hi AND r.SourceHi >= h.Lo THEN 1 ELSE 0 END) AS Fits
  FROM scoped p
  JOIN (
    -- A rule may be there for ever; no session is.
    SELECT r.*, unnest(range(greatest("From" - $skew::BIGINT, First) // 86400000, least(Until + $skew::BIGINT, Last) // 86400000 + 1)) AS Day
    FROM rules r, (SELECT coalesce(min(Start), 0) AS First, coalesce(max(Start), 0) AS Last FROM session)
  ) r ON lower(r.Scope) = p.Scope AND r.Day = p.Start // 86400000
  JOIN host h ON h.Bastion = p.Bastion
  WHERE p.Start >= r."From" - $skew AND p.Start < r.Until + $skew
  GROUP BY ALL
),
-- The rule that the flow log names.
named AS (
  SELECT n.Id, n.RuleId, n.RequestId, n.ByDefender, CASE WHEN a.Id IS NULL THEN 0 ELSE 1 END AS Requested
  FROM (SELECT *, concat(1 - Skewed, "From", RuleId) AS Rank FROM near WHERE Name = FlowRule AND FlowRule <> '' AND Allows) n
  JOIN (
    SELECT Id, max(concat(1 - Skewed, "From", RuleId)) AS Rank FROM near WHERE Name = FlowRule AND FlowRule <> '' AND Allows GROUP BY Id
  ) m ON m.Id = n.Id AND m.Rank = n.Rank
  LEFT JOIN asked a ON a.Id = n.Id AND a.RequestId = n.RequestId
),
strictly AS (
  SELECT n.*
  FROM near n
  JOIN (SELECT Id, "Group", min(Priority) AS Priority FROM near WHERE Fits = 1 AND Skewed = 0 GROUP BY Id, "Group") f
    ON f.Id = n.Id AND f."Group" = n."Group" AND f.Priority = n.Priority
  WHERE n.Fits = 1 AND n.Skewed = 0 AND n.Allows
),
loosely AS (
  SELECT n.*
  FROM near n
  JOIN (SELECT Id, "Group", min(Priority) AS Priority FROM near WHERE Fits = 1 GROUP BY Id, "Group") f
    ON f.Id = n.Id AND f."Group" = n."Group" AND f.Priority = n.Priority
  WHERE n.Fits = 1 AND n.Allows AND n.Id NOT IN (SELECT Id FROM strictly)
),
foremost AS MATERIALIZED (
  SELECT l.*, CASE WHEN a.Id IS NULL THEN 0 ELSE 1 END AS Requested
  FROM (SELECT * FROM strictly UNION ALL SELECT * FROM loosely) l
  LEFT JOIN asked a ON a.Id = l.Id AND a.RequestId = l.RequestId
),
front AS (
  SELECT Id, count(*) AS Leads, sum(Requested) AS Asked, max(Skewed) AS Skewed, min(CASE WHEN Known THEN 1 ELSE 0 END) AS Known,
    min(RuleId) AS FirstRule, max(RuleId) AS LastRule, min(RequestId) AS RuleRequest,
    max(CASE WHEN Correlated THEN 1 ELSE 0 END) AS Correlated,
    coalesce(min(CASE WHEN Requested = 1 THEN RequestId END), '') AS FirstRequest,
    coalesce(max(CASE WHEN Requested = 1 THEN RequestId END), '') AS LastRequest
  FROM foremost GROUP BY Id
),

-- The request that counts: the same person's first, then that of the rule in the flow log, then the latest.
kept AS MATERIALIZED (
  SELECT n.*, concat(n.Own, CASE WHEN d.Id IS NULL THEN 0 ELSE 1 END, n."From", n.GrantId) AS Rank
  FROM nearest n
  JOIN probe p ON p.Id = n.Id
  LEFT JOIN front l ON l.Id = n.Id
  LEFT JOIN named d ON d.Id = n.Id AND d.RequestId = n.RequestId
  WHERE p.FlowRule <> '' OR n.Class = 0
    OR (n.Class = 1 AND (l.Id IS NULL OR l.Asked > 0 OR l.Skewed = 1))
    OR (n.Class = 2 AND l.Id IS NULL)
),
chosen AS (
  SELECT k.*, m.FirstRequest, m.LastRequest
  FROM kept k
  JOIN (
    SELECT Id, max(Rank) AS Rank, min(RequestId) AS FirstRequest, max(RequestId) AS LastRequest FROM kept GROUP BY Id
  ) m ON m.Id = k.Id AND m.Rank = k.Rank
),
-- The rule of that request, whether or not it came first.
own_rule AS (
  SELECT n.Id, max(n.RuleId) AS RuleId, max(n.Fits) AS Fits
  FROM near n JOIN chosen c ON c.Id = n.Id AND c.RequestId = n.RequestId
  WHERE n.Allows GROUP BY n.Id
),
own_lead AS (
  SELECT l.Id, max(l.RuleId) AS RuleId, max(CASE WHEN l.Correlated THEN 1 ELSE 0 END) AS Correlated
  FROM foremost l JOIN chosen c ON c.Id = l.Id AND c.RequestId = l.RequestId GROUP BY l.Id
),

facts AS MATERIALIZED (
  SELECT p.*,
    coalesce(c.GrantId, '') AS GrantId, coalesce(c.RequestId, '') AS RequestId, coalesce(c.Own, 0) AS Own,
    coalesce(c."From", 0) AS GrantFrom, coalesce(c.Until, 0) AS GrantUntil,
    coalesce(c.FirstRequest, '') <> coalesce(c.LastRequest, '') AS SeveralRequests,
    coalesce(d.RuleId, '') AS NamedRule, coalesce(d.RequestId, '') AS NamedRequest, coalesce(d.Requested, 0) AS NamedRequested,
    coalesce(d.ByDefender, true) AS NamedByDefender,
    coalesce(l.Leads, 0) AS Leads, coalesce(l.Asked, 0) AS Asked, coalesce(l.Known, 1) AS Known,
    coalesce(l.FirstRule, '') AS FirstRule, coalesce(l.LastRule, '') AS LastRule, coalesce(l.RuleRequest, '') AS RuleRequest,
    coalesce(l.Correlated, 0) AS LeadCorrelated,
    coalesce(l.FirstRequest, '') <> coalesce(l.LastRequest, '') AS SeveralLeadRequests,
    coalesce(r.RuleId, '') AS OwnRule, coalesce(r.Fits, 0) AS OwnRuleFits,
    coalesce(o.RuleId, '') AS OwnLead, coalesce(o.Correlated, 0) AS OwnCorrelated
  FROM probe p
  LEFT JOIN chosen c ON c.Id = p.Id
  LEFT JOIN named d ON d.Id = p.Id
  LEFT JOIN front l ON l.Id = p.Id
  LEFT JOIN own_rule r ON r.Id = p.Id
  LEFT JOIN own_lead o ON o.Id = p.Id
),
seen AS (
  SELECT *,
    CASE
      WHEN FlowRule <> '' AND NamedRequested = 0 THEN 'bypassed'
      WHEN FlowRule = '' AND GrantId <> '' AND Leads > 0 AND Asked = 0 AND OwnRuleFits = 1 THEN 'bypassed'
      WHEN GrantId <> '' THEN CASE WHEN Own = 1 THEN 'granted' WHEN Person = '' THEN 'unverified' ELSE 'borrowed' END
      WHEN Leads > 0 THEN CASE WHEN Known = 1 THEN 'bypassed' ELSE 'unknown' END
      WHEN VmKey = '' OR starts_with(VmKey, 'ip:') THEN 'unknown'
      ELSE 'ungranted'
    END AS Sight
  FROM facts
),
-- Which of these lack a part of the activity log that could tell otherwise.
lacking AS (
  SELECT DISTINCT s.Id
  FROM seen s JOIN gaps g
    ON g."From" < CASE WHEN s.Sight IN ('granted', 'unverified') THEN s.Start ELSE s.Start + $skew END
    AND g.Until > CASE WHEN s.Sight = 'granted' THEN s.GrantFrom ELSE s.Start - $skew - 86400000 END
    AND NOT (g.Tail AND s.Sight IN ('granted', 'unverified'))
  WHERE NOT (s.FlowRule <> '' AND s.NamedRule <> '' AND (NOT s.NamedByDefender OR (s.NamedRequested = 1 AND s.Own = 1)))
),
judged AS (
  SELECT s.*, l.Id IS NOT NULL AS Incomplete, CASE WHEN l.Id IS NULL THEN s.Sight ELSE 'unknown' END AS Verdict,
    CASE
      WHEN FlowRule <> '' THEN 'flow'
      WHEN SeveralFlowRules THEN 'ambiguous'
      WHEN Sight IN ('granted', 'unverified', 'borrowed') THEN CASE
        WHEN OwnLead <> '' AND NOT SeveralLeadRequests THEN CASE WHEN OwnCorrelated = 1 THEN 'correlation' ELSE 'inferred' END
        WHEN Leads = 0 AND NOT SeveralRequests THEN 'inferred'
        ELSE 'ambiguous' END
      WHEN Leads = 0 THEN 'none'
      WHEN FirstRule <> LastRule THEN 'ambiguous'
      WHEN LeadCorrelated = 1 AND RuleRequest <> '' THEN 'correlation'
      ELSE 'inferred'
    END AS Link
  FROM seen s LEFT JOIN lacking l ON l.Id = s.Id
),
-- The request of a rule that was still there after its grant had ended.
ended AS (
  SELECT j.Id, max(concat(g.Until, g.GrantId)) AS Rank
  FROM judged j
  JOIN grants g ON lower(g.VmKey) = j.VmKey AND g.Until <= j.Start
    AND g.RequestId = CASE WHEN j.FlowRule <> '' THEN j.NamedRequest WHEN j.FirstRule = j.LastRule THEN j.RuleRequest ELSE '' END
  WHERE j.Sight = 'bypassed' AND g.RequestId <> ''
  GROUP BY j.Id
),
candidate AS (
  SELECT DISTINCT j.Id, concat('grant:', k.GrantId) AS Name FROM judged j JOIN kept k ON k.Id = j.Id WHERE j.Link = 'ambiguous'
  UNION ALL
  SELECT DISTINCT j.Id, concat('rule:', l.RuleId) AS Name FROM judged j JOIN foremost l ON l.Id = j.Id WHERE j.Link = 'ambiguous'
  UNION ALL
  SELECT DISTINCT j.Id, concat('rule:', n.RuleId) AS Name
  FROM judged j JOIN through t ON t.Id = j.Id JOIN near n ON n.Id = j.Id AND n.Name = lower(t.Rule)
  WHERE j.SeveralFlowRules AND n.Allows
),
candidates AS (SELECT Id, string_agg(Name, ' ') AS Candidates FROM (SELECT DISTINCT * FROM candidate) GROUP BY Id)

SELECT s.*, j.Port, j.Verdict, j.Link,
  trim(concat(
    CASE WHEN j.Sight IN ('granted', 'unverified', 'borrowed')
      AND CASE WHEN j.FlowFinish > 0 THEN j.FlowFinish ELSE j.Seen END > j.GrantUntil + $skew THEN 'outlived ' ELSE '' END,
    CASE WHEN lower(s.Outcome) = 'failed' THEN 'failed ' ELSE '' END,
    CASE WHEN v.VmKey IS NULL THEN 'no-jit ' ELSE '' END,
    CASE WHEN o.Id IS NOT NULL OR (j.Sight IN ('granted', 'unverified', 'borrowed') AND j.Start >= j.GrantUntil)
      THEN 'late ' ELSE '' END,
    CASE WHEN d.Id IS NOT NULL THEN 'denied' ELSE '' END)) AS Flags,
  CASE WHEN j.Sight = 'bypassed' THEN coalesce(substr(o.Rank, 14), '') ELSE j.GrantId END AS GrantId,
  CASE
    WHEN j.FlowRule <> '' THEN j.NamedRule
    WHEN j.Sight IN ('granted', 'unverified', 'borrowed') THEN CASE WHEN j.OwnLead <> '' THEN j.OwnLead ELSE j.OwnRule END
    WHEN j.FirstRule = j.LastRule THEN j.FirstRule
    ELSE ''
  END AS RuleId,
  CASE WHEN j.FlowRule <> '' AND j.NamedRule = '' THEN j.FlowRuleName ELSE '' END AS RuleName,
  coalesce(c.Candidates, '') AS Candidates,
  j.FlowId, j.FlowFinish, j.Bytes, j.Incomplete
FROM sessions s
JOIN judged j ON j.Id = s.Id
LEFT JOIN candidates c ON c.Id = s.Id
LEFT JOIN ended o ON o.Id = s.Id
LEFT JOIN denied d ON d.Id = s.Id
LEFT JOIN (SELECT DISTINCT lower(VmKey) AS VmKey FROM jitVms) v ON v.VmKey = j.VmKey
ORDER BY s.Start, s.Id
