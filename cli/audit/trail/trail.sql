-- The access trail for DuckDB: one row per session, with its request and the rule that let it in. trail.kql is the same join
-- for Log Analytics; relations.ts defines the relations, docs/trail.md each link and verdict.
--
-- Parameters: see `joinSettings` in joinTrail.ts. Texts that are only compared are compared by hash. Whatever depends only on the
-- VM and the host is joined once for each such pair (`target`), not for each session.
WITH
session AS MATERIALIZED (
  SELECT rowid AS Id, Start, StartTold, Seen,
    CASE WHEN contains(Person, '#') THEN regexp_replace(regexp_replace(lower(Person), $provider, ''), $guest, '\1@\2')
      ELSE lower(Person) END AS Person,
    hash(lower(Vm), lower(VmIp), lower(Subscription), lower(Bastion), lower(Protocol)) AS Target
  FROM sessions
),
-- The VM that a session connects to, and the host it goes through.
target AS MATERIALIZED (
  SELECT t.Target,
    CASE WHEN Vm <> '' THEN lower(Vm) WHEN VmIp <> '' THEN concat('ip:', lower(VmIp)) ELSE '' END AS VmKey,
    lower(VmIp) AS VmIp, lower(Subscription) AS Subscription, lower(Bastion) AS Bastion,
    CASE WHEN regexp_full_match(VmIp, '((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)')
      THEN list_reduce(string_split(VmIp, '.')::BIGINT[], lambda sum, octet: sum * 256 + octet) ELSE -1 END AS VmAddress,
    CASE lower(Protocol) WHEN 'ssh' THEN 22 WHEN 'rdp' THEN 3389 ELSE 0 END AS UsualPort
  FROM (SELECT Target, min(Id) AS Id FROM session GROUP BY Target) t JOIN sessions s ON s.rowid = t.Id
),
-- The address ranges of the target's host. Of a known host, the session comes from one of these parts, and the rules decide for each
-- part; of another one, it may come from any part of them.
host AS MATERIALIZED (
  SELECT t.Target, h.Lo, h.Hi, h.Lo AS Part, h.Lo AS PartLo, h.Hi AS PartHi
  FROM target t JOIN hosts h ON lower(h.Bastion) = t.Bastion AND h.Bastion <> ''
  UNION ALL
  SELECT t.Target, h.Lo, h.Hi, 0 AS Part, h.PartLo, h.PartHi
  FROM target t, (SELECT *, min(Lo) OVER () AS PartLo, max(Hi) OVER () AS PartHi FROM hosts WHERE Bastion = '') h
  WHERE t.Bastion = '' OR t.Bastion NOT IN (SELECT lower(Bastion) FROM hosts)
),

-- The flow log: connections from the host to the VM that began when the session did.
hit AS MATERIALIZED (
  SELECT DISTINCT s.Id, hash(f.FlowId) AS Flow, f.Port, f.Rule, f.Refused, f.Finish, f.Bytes,
    CASE WHEN s.UsualPort = 0 OR f.Port = s.UsualPort THEN 0 ELSE 1 END AS Unusual
  FROM (
    SELECT s.Id, s.Start, t.*,
      unnest(range((Start - $skew::BIGINT - Slack) // 3600000, (Start + $skew::BIGINT) // 3600000 + 1)) AS Hour
    FROM session s JOIN target t ON t.Target = s.Target, (SELECT coalesce(max("Interval"), 0) AS Slack FROM flows)
    WHERE s.StartTold
  ) s
  JOIN (SELECT *, lower(VmIp) AS Ip, Start // 3600000 AS Hour FROM flows) f ON f.Ip = s.VmIp AND f.Hour = s.Hour
  WHERE f.Start >= s.Start - $skew::BIGINT - f."Interval" AND f.Start <= s.Start + $skew::BIGINT
    AND EXISTS (
      FROM host h WHERE h.Target = s.Target AND (f.Source = -1 OR (f.Source >= h.Lo AND f.Source <= h.Hi))
    )
    AND (s.UsualPort = 0 OR f.Port = s.UsualPort OR f.Port NOT IN (22, 3389))
),
denied AS (SELECT DISTINCT Id FROM hit WHERE Refused),
usual AS MATERIALIZED (FROM hit WHERE NOT Refused AND Unusual = 0),
-- Sessions with a connection to the usual port that cannot be another session's: theirs is none to another port.
usually AS (
  SELECT Id FROM usual WHERE Flow IN (SELECT Flow FROM usual GROUP BY Flow HAVING count(*) = 1)
),
through AS MATERIALIZED (
  SELECT *, hash(lower(Rule)) AS Name
  FROM (
    FROM usual
    UNION ALL
    FROM hit WHERE NOT Refused AND Unusual = 1 AND Id NOT IN (FROM usually)
  )
),
shared AS (SELECT Flow, count(*) AS Sessions FROM through GROUP BY Flow HAVING count(*) > 1),
-- IsShort: more sessions than connections began then, so that this one's may not be in the log. A row of sums may be of several.
flowing AS (
  SELECT t.Id, min(t.Name) AS FirstName, max(t.Name) AS LastName, max(t.Rule) AS RuleName, min(t.Port) AS FirstPort,
    max(t.Port) AS LastPort,
    count(*) = 1 AND count(n.Flow) = 0 AS IsAlone, max(n.Sessions) > count(*) AND min(t.Bytes) >= 0 AS IsShort,
    any_value(t.Finish) AS FlowFinish, any_value(t.Bytes) AS Bytes
  FROM through t LEFT JOIN shared n ON n.Flow = t.Flow GROUP BY t.Id
),
-- FlowRule: the hash of the rule's name in the flow log, or 0.
probe AS MATERIALIZED (
  SELECT s.Id, s.Target, s.Start, s.StartTold, s.Seen, s.Person,
    CASE WHEN f.FirstPort = f.LastPort THEN f.FirstPort ELSE t.UsualPort END AS Port,
    coalesce(f.FirstPort = f.LastPort, false) AS PortTold,
    CASE WHEN f.FirstName = f.LastName AND f.RuleName <> '' THEN f.FirstName ELSE 0 END AS FlowRule,
    CASE WHEN f.FirstName = f.LastName THEN f.RuleName ELSE '' END AS FlowRuleName,
    coalesce(f.FirstName <> f.LastName, false) AS SeveralFlowRules,
    coalesce(f.IsShort, false) AS IsShort,
    CASE WHEN f.IsAlone THEN f.FlowFinish ELSE 0 END AS FlowFinish,
    CASE WHEN f.IsAlone THEN f.Bytes ELSE -1 END AS Bytes
  FROM session s JOIN target t ON t.Target = s.Target LEFT JOIN flowing f ON f.Id = s.Id
),

-- The rules of the VM at the session's start, and those that let it in: in each group, the first by priority for each part of the
-- host's subnet. A rule that may apply to the session, but need not, is not `Sure`: its content, the VM's address or the host's
-- is not known well enough. It hides no other rule, and lets a session in only if no sure rule does.
rule AS MATERIALIZED (
  SELECT DISTINCT hash(RuleId) AS Rule, RuleId, Allows, ByDefender, Known, CASE WHEN RequestId = '' THEN 0 ELSE hash(RequestId) END AS Request,
    Correlated, "From"
  FROM rules
),
place AS (
  SELECT t.*, n."Group" AS Place
  FROM target t JOIN (SELECT DISTINCT lower(VmKey) AS VmKey, lower("Group") AS "Group" FROM placements) n ON n.VmKey = t.VmKey
  UNION ALL
  SELECT t.*, t.Subscription AS Place FROM target t WHERE t.VmKey NOT IN (SELECT lower(VmKey) FROM placements)
),
-- A rule for any address may be for a VM whose address is not known.
scoped AS (
  SELECT *, concat(Place, '|', unnest([VmIp, '*'])) AS Scope FROM place WHERE VmAddress <> -1
  UNION ALL
  SELECT p.*, r.Scope
  FROM place p JOIN (SELECT DISTINCT lower(Scope) AS Scope FROM rules) r ON split_part(r.Scope, '|', 1) = p.Place
  WHERE p.VmAddress = -1
),
target_rule AS MATERIALIZED (
  SELECT t.Target, hash(r.RuleId) AS Rule, hash(r."Group") AS "Group", r.Allows, r.Priority, hash(lower(r.Name)) AS Name, r."From",
    r.Until, r.PortLo, r.PortHi,
    max((t.VmAddress = -1 OR (t.VmAddress >= r.DestLo AND t.VmAddress <= r.DestHi)) AND r.SourceLo <= h.Hi AND r.SourceHi >= h.Lo)
      AS Reaches,
    max(r.Known AND ((t.VmAddress >= r.DestLo AND t.VmAddress <= r.DestHi) OR (r.DestLo = 0 AND r.DestHi = 4294967295))
      AND CASE WHEN r.Allows THEN r.SourceLo <= h.Hi AND r.SourceHi >= h.Lo ELSE r.SourceLo <= h.PartLo AND r.SourceHi >= h.PartHi END)
      AS IsSure,
    h.Part
  FROM scoped t
  JOIN rules r ON lower(r.Scope) = t.Scope
  JOIN host h ON h.Target = t.Target
  GROUP BY ALL
),
near AS MATERIALIZED (
  SELECT p.Id, p.Start, r.Rule, r."Group", r.Allows, r.Priority, r.Name, r."From", r.Until, r.Part,
    CASE WHEN p.Start >= r."From" AND p.Start < r.Until THEN 0 ELSE 1 END AS Skewed,
    max(CASE WHEN r.Reaches AND (p.Port = 0 OR (p.Port >= r.PortLo AND p.Port <= r.PortHi)) THEN 1 ELSE 0 END) AS Fits,
    max(CASE WHEN r.IsSure AND ((r.Allows AND p.Port = 0) OR (p.Port >= r.PortLo AND p.Port <= r.PortHi)) THEN 1 ELSE 0 END) AS Sure
  FROM probe p
  JOIN (
    -- A rule may last forever; no session does.
    SELECT r.*, unnest(range(greatest("From" - $skew::BIGINT, First) // 86400000, least(Until + $skew::BIGINT, Last) // 86400000 + 1)) AS Day
    FROM target_rule r, (SELECT coalesce(min(Start), 0) AS First, coalesce(max(Start), 0) AS Last FROM session)
  ) r ON r.Target = p.Target AND r.Day = p.Start // 86400000
  WHERE p.StartTold AND p.Start >= r."From" - $skew::BIGINT AND p.Start < r.Until + $skew::BIGINT
  GROUP BY ALL
),
-- The rules that the flow log names, as they were when the session started or, if clocks differ, at the time nearest to that.
matching AS MATERIALIZED (
  SELECT n.Id, n.Name, n.Fits, r.*,
    concat(1 - n.Skewed, 9999999999999 - greatest(n."From" - n.Start, n.Start - n.Until, 0), r."From", r.RuleId) AS Rank
  FROM near n
  JOIN (SELECT DISTINCT Id, Name FROM through WHERE Rule <> '') t ON t.Id = n.Id AND t.Name = n.Name
  JOIN rule r ON r.Rule = n.Rule
  WHERE n.Allows
),
named AS MATERIALIZED (
  SELECT n.Id, n.Name, n.RuleId, n.Request, n.ByDefender,
    n.ByDefender AND CASE WHEN n.Request <> 0 THEN max(n.Fits) = 1 ELSE NOT n.Known END AS IsUntold
  FROM matching n
  JOIN (SELECT Id, Name, max(Rank) AS Rank FROM matching GROUP BY Id, Name) m ON m.Id = n.Id AND m.Name = n.Name AND m.Rank = n.Rank
  GROUP BY n.Id, n.Name, n.RuleId, n.Request, n.ByDefender, n.Known
),

-- The requests that cover the session. Own 2: by the same person. Own 1: by somebody whom no log names. Class 0: by its port and
-- time, or because the flow log names its rule. Class 1: only if clocks differ. Class 2: by a custom port, which the audit log does
-- not have.
target_grant AS MATERIALIZED (
  SELECT DISTINCT t.Target, g.GrantId, hash(g.RequestId) AS Request, g.Port, lower(g.People) AS People, g."From", g.Until,
    g.RuleTold, g.DoubtedFrom
  FROM target t
  JOIN grants g ON lower(g.VmKey) = t.VmKey
  JOIN host h ON h.Target = t.Target
  WHERE (t.VmIp = '' OR g.VmIp = '' OR lower(g.VmIp) = t.VmIp)
    AND g.SourceLo <= h.Hi AND g.SourceHi >= h.Lo
),
covering AS MATERIALIZED (
  SELECT p.Id, g.GrantId, g.Request, g."From", g.Until, g.RuleTold, g.DoubtedFrom,
    CASE WHEN p.Person <> '' AND contains(g.People, concat('|', p.Person, '|')) THEN 2 WHEN g.People = '' THEN 1 ELSE 0 END AS Own,
    CASE WHEN p.Port <> 0 AND g.Port <> p.Port THEN 2
      WHEN (p.Start >= g."From" AND p.Start < g.Until) OR d.Id IS NOT NULL THEN 0
      ELSE 1 END AS Class
  FROM probe p
  JOIN (
    SELECT *, unnest(range(("From" - $skew::BIGINT) // 86400000, (Until + $skew::BIGINT) // 86400000 + 1)) AS Day FROM target_grant
  ) g ON g.Target = p.Target AND g.Day = p.Start // 86400000
  LEFT JOIN (SELECT DISTINCT Id, Request FROM named) d ON d.Id = p.Id AND d.Request = g.Request
  WHERE p.StartTold AND p.Start >= g."From" - $skew::BIGINT AND p.Start < g.Until + $skew::BIGINT
    AND (p.Port = 0 OR g.Port = p.Port OR (NOT p.PortTold AND g.Port NOT IN (22, 3389)))
),
nearest AS MATERIALIZED (
  SELECT a.*
  FROM covering a
  JOIN (SELECT Id, min(Class) AS Class FROM covering GROUP BY Id) b ON a.Id = b.Id AND a.Class = b.Class
),
asked AS MATERIALIZED (SELECT DISTINCT Id, Request FROM nearest),
-- How many rules admitted these connections, and how many of them no request asked for, or may not have: `Untold`.
flow_rules AS (
  SELECT Id, count(*) AS FlowRules, sum(CASE WHEN IsAsked OR IsUntold OR Rule = '' THEN 0 ELSE 1 END) AS Unasked,
    sum(CASE WHEN IsUntold THEN 1 ELSE 0 END) AS Untold
  FROM (
    SELECT t.*, a.Id IS NOT NULL AS IsAsked,
      a.Id IS NULL AND regexp_matches(t.Rule, $jitName, 'i') AND coalesce(d.IsUntold, true) AS IsUntold
    FROM (SELECT Id, Name, max(Rule) AS Rule FROM through GROUP BY Id, Name) t
    LEFT JOIN named d ON d.Id = t.Id AND d.Name = t.Name
    LEFT JOIN asked a ON a.Id = d.Id AND a.Request = d.Request
  )
  GROUP BY Id
),

-- When the session may have started. Level 0: by its own time. Level 1: if clocks differ, at any time within the skew; between two of
-- these moments no rule begins or ends.
moment AS MATERIALIZED (
  SELECT Id, Start AS Instant, 0 AS Level FROM probe
  UNION
  SELECT Id, Instant, 1 AS Level
  FROM (
    SELECT Id, Start, unnest([Start - $skew::BIGINT, "From", Until]) AS Instant
    FROM near WHERE "From" > Start - $skew::BIGINT OR Until <= Start + $skew::BIGINT
  )
  WHERE Instant >= Start - $skew::BIGINT AND Instant <= Start + $skew::BIGINT
),
fitting AS MATERIALIZED (
  SELECT n.*, m.Level, m.Instant FROM near n JOIN moment m ON m.Id = n.Id AND m.Instant >= n."From" AND m.Instant < n.Until WHERE n.Fits = 1
),
-- The rules that allow it, up to the priority in their group at which a sure rule denies it.
denying AS (
  SELECT Id, "Group", Part, Level, Instant, min(Priority) AS Priority FROM fitting WHERE NOT Allows AND Sure = 1 GROUP BY ALL
),
admitting AS MATERIALIZED (
  SELECT DISTINCT n.Id, n.Rule, n."Group", n.Part, n.Priority, n.Level, n.Sure
  FROM fitting n
  LEFT JOIN denying d ON d.Id = n.Id AND d."Group" = n."Group" AND d.Part = n.Part AND d.Level = n.Level AND d.Instant = n.Instant
  WHERE n.Allows AND (d.Id IS NULL OR n.Priority < d.Priority)
),
ahead AS MATERIALIZED (
  SELECT n.*
  FROM admitting n
  LEFT JOIN (SELECT Id, "Group", Part, Level, min(Priority) AS Priority FROM admitting WHERE Sure = 1 GROUP BY ALL) f
    ON f.Id = n.Id AND f."Group" = n."Group" AND f.Part = n.Part AND f.Level = n.Level
  WHERE f.Id IS NULL OR (n.Sure = 1 AND n.Priority = f.Priority)
),
foremost AS MATERIALIZED (
  SELECT l.Id, l.Part, l.Level, l.Sure, r.*, CASE WHEN a.Id IS NULL THEN 0 ELSE 1 END AS Requested
  FROM ahead l
  JOIN (SELECT Id, min(Level) AS Level FROM ahead GROUP BY Id) b ON b.Id = l.Id AND b.Level = l.Level
  JOIN rule r ON r.Rule = l.Rule
  LEFT JOIN asked a ON a.Id = l.Id AND a.Request = r.Request
),
front AS MATERIALIZED (
  SELECT Id, count(*) AS Leads, sum(Requested) AS Asked, max(Level) AS Level, max(Sure) AS Sure,
    min(RuleId) AS FirstRule, max(RuleId) AS LastRule, min(Request) AS RuleRequest,
    max(CASE WHEN Correlated THEN 1 ELSE 0 END) AS Correlated,
    coalesce(min(CASE WHEN Requested = 1 THEN Request END), 0) AS FirstRequest,
    coalesce(max(CASE WHEN Requested = 1 THEN Request END), 0) AS LastRequest
  FROM foremost GROUP BY Id
),
-- Sessions that a request's rule let in from one part of the host's subnet, and another rule from the rest.
parted AS (
  SELECT Id FROM (SELECT Id, Part, max(Requested) AS Asked FROM foremost GROUP BY Id, Part) GROUP BY Id HAVING min(Asked) < max(Asked)
),

-- The request that wins: the same user's first, then that of the rule in the flow log, then the latest.
kept AS MATERIALIZED (
  SELECT n.*, concat(n.Own, CASE WHEN d.Id IS NULL THEN 0 ELSE 1 END, n."From", n.GrantId) AS Rank
  FROM nearest n
  JOIN probe p ON p.Id = n.Id
  LEFT JOIN front l ON l.Id = n.Id
  LEFT JOIN named d ON d.Id = n.Id AND d.Name = p.FlowRule AND d.Request = n.Request
  WHERE p.FlowRule <> 0 OR n.Class = 0
    OR (n.Class = 1 AND (l.Id IS NULL OR l.Asked > 0 OR l.Level = 1))
    OR (n.Class = 2 AND l.Id IS NULL)
),
chosen AS MATERIALIZED (
  SELECT k.*, m.FirstRequest, m.LastRequest
  FROM kept k
  JOIN (
    SELECT Id, max(Rank) AS Rank, min(Request) AS FirstRequest, max(Request) AS LastRequest FROM kept GROUP BY Id
  ) m ON m.Id = k.Id AND m.Rank = k.Rank
),
-- The rule of that request, whether or not it was first by priority. If it does not open the port, it is the session's only where
-- that is not known.
own_rule AS (
  SELECT n.Id, max(CASE WHEN n.Fits = 1 OR c.Class = 2 THEN r.RuleId ELSE '' END) AS RuleId, max(n.Fits) AS Fits,
    max(CASE WHEN r.Known THEN n.Fits ELSE 0 END) AS Told
  FROM near n JOIN rule r ON r.Rule = n.Rule JOIN chosen c ON c.Id = n.Id AND c.Request = r.Request
  WHERE n.Allows GROUP BY n.Id
),
own_lead AS (
  SELECT l.Id, max(l.RuleId) AS RuleId, max(CASE WHEN l.Correlated THEN 1 ELSE 0 END) AS Correlated
  FROM foremost l JOIN chosen c ON c.Id = l.Id AND c.Request = l.Request GROUP BY l.Id
),
own AS (
  SELECT c.*, r.RuleId AS OwnRule, r.Fits AS OwnRuleFits, r.Told AS OwnRuleTold, o.RuleId AS OwnLead, o.Correlated AS OwnCorrelated
  FROM chosen c LEFT JOIN own_rule r ON r.Id = c.Id LEFT JOIN own_lead o ON o.Id = c.Id
),

facts AS (
  SELECT p.*, t.VmKey = '' OR starts_with(t.VmKey, 'ip:') AS IsNameless, t.VmAddress = -1 AS HasNoAddress,
    coalesce(q.FlowRules, 0) AS FlowRules, coalesce(q.Unasked, 0) AS Unasked, coalesce(q.Untold, 0) AS Untold,
    coalesce(c.GrantId, '') AS GrantId, coalesce(c.Own, 0) AS Own, coalesce(c.Class, 0) AS Class,
    coalesce(c."From", 0) AS GrantFrom, coalesce(c.Until, 0) AS GrantUntil, coalesce(c.RuleTold, false) AS RuleTold,
    coalesce(c.DoubtedFrom, 0) AS DoubtedFrom,
    coalesce(c.FirstRequest, 0) <> coalesce(c.LastRequest, 0) AS SeveralRequests,
    coalesce(d.RuleId, '') AS NamedRule, coalesce(d.Request, 0) AS NamedRequest, coalesce(d.ByDefender, true) AS NamedByDefender,
    coalesce(l.Leads, 0) AS Leads, coalesce(l.Asked, 0) AS Asked, coalesce(l.Sure, 1) AS LeadSure,
    coalesce(l.FirstRule, '') AS FirstRule, coalesce(l.LastRule, '') AS LastRule, coalesce(l.RuleRequest, 0) AS RuleRequest,
    coalesce(l.Correlated, 0) AS LeadCorrelated, x.Id IS NOT NULL AS IsParted,
    coalesce(l.FirstRequest, 0) <> coalesce(l.LastRequest, 0) AS SeveralLeadRequests,
    coalesce(c.OwnRule, '') AS OwnRule, coalesce(c.OwnRuleFits, 0) AS OwnRuleFits, coalesce(c.OwnRuleTold, 0) AS OwnRuleTold,
    coalesce(c.OwnLead, '') AS OwnLead, coalesce(c.OwnCorrelated, 0) AS OwnCorrelated
  FROM probe p
  JOIN target t ON t.Target = p.Target
  LEFT JOIN own c ON c.Id = p.Id
  LEFT JOIN named d ON d.Id = p.Id AND d.Name = p.FlowRule
  LEFT JOIN flow_rules q ON q.Id = p.Id
  LEFT JOIN front l ON l.Id = p.Id
  LEFT JOIN parted x ON x.Id = p.Id
),
-- Azure may not log what Defender wrote. A rule in the flow log may then be that of the request, of which no log has the rule,
-- or only its deletion; or that of an earlier request, which Defender wrote again for this one.
supposed AS (
  SELECT *, Untold > 0 AND GrantId <> '' AND NOT RuleTold AS IsOwnSupposed, FlowRule = 0 AND GrantId <> '' AND Start >= DoubtedFrom AS IsDoubted,
    FlowRule = 0 AND NOT SeveralFlowRules AND Class < 2 AND RuleTold AND Leads = 0 AS IsShut
  FROM facts
),
strange AS (SELECT *, CASE WHEN IsOwnSupposed THEN Unasked ELSE Unasked + Untold END AS Strange FROM supposed),
-- The flow log and the activity log tell different things, and the connection may be another session's.
mixed AS (
  SELECT *,
    IsShort AND GrantId <> '' AND CASE WHEN Strange > 0 THEN Leads = 0 OR Asked > 0 ELSE Leads > 0 AND Asked = 0 END AS IsMixed
  FROM strange
),
seen AS MATERIALIZED (
  SELECT *,
    CASE
      WHEN IsMixed THEN 'unknown'
      WHEN Strange > 0 THEN CASE WHEN Strange = FlowRules THEN 'bypassed' ELSE 'unknown' END
      -- Without the content of the request's own rule, it is unknown which of the two came first: the session is judged by the request.
      -- Another request's rule, which was not removed yet, is no way around a request whose own rule lets the session in too.
      WHEN FlowRule = 0 AND GrantId <> '' AND Leads > 0 AND Asked = 0 AND (OwnRuleTold = 1 OR (RuleTold AND OwnRuleFits = 0))
        AND NOT (OwnRuleFits = 1 AND RuleRequest <> 0)
        THEN CASE WHEN LeadSure = 1 AND NOT HasNoAddress THEN 'bypassed' ELSE 'unknown' END
      WHEN FlowRule = 0 AND NOT SeveralFlowRules AND IsParted THEN 'unknown'
      -- Somebody may have deleted the request's rule; or the log has it, and that neither it nor another one let the session in.
      WHEN IsDoubted OR IsShut THEN 'unknown'
      WHEN GrantId <> '' THEN CASE WHEN Own = 2 THEN 'granted' WHEN Own = 1 OR Person = '' THEN 'unverified' ELSE 'borrowed' END
      WHEN Leads > 0 THEN CASE WHEN LeadSure = 1 THEN 'bypassed' ELSE 'unknown' END
      WHEN IsNameless OR HasNoAddress OR NOT StartTold THEN 'unknown'
      ELSE 'ungranted'
    END AS Sight
  FROM mixed
),
-- Sessions for which a missing part of the activity log could change the verdict: of their time, or all of their subscription.
resting AS (
  SELECT s.*
  FROM seen s
  WHERE NOT (s.FlowRule <> 0 AND s.NamedRule <> '' AND (NOT s.NamedByDefender OR (s.Unasked + s.Untold = 0 AND s.Own = 2)))
),
unlogged AS (
  SELECT s.Id
  FROM resting s JOIN target t ON t.Target = s.Target
  WHERE t.Subscription <> '' AND t.Subscription NOT IN (SELECT lower(Subscription) FROM logged) AND EXISTS (FROM logged)
),
lacking AS (
  SELECT Id FROM unlogged
  UNION
  SELECT s.Id
  FROM resting s
  JOIN target t ON t.Target = s.Target
  JOIN gaps g
    ON g."From" < CASE WHEN s.Sight IN ('granted', 'unverified') THEN s.Start ELSE s.Start + $skew::BIGINT END
    AND g.Until > CASE WHEN s.Sight = 'granted' THEN s.GrantFrom ELSE s.Start - $skew::BIGINT - 86400000 END
    AND NOT (g.Tail AND s.Sight IN ('granted', 'unverified'))
    AND (g.Subscription = '' OR t.Subscription = '' OR lower(g.Subscription) = t.Subscription)
),
judged AS MATERIALIZED (
  SELECT s.*, l.Id IS NOT NULL AS Incomplete, u.Id IS NOT NULL AS Unlogged, CASE WHEN l.Id IS NULL THEN s.Sight ELSE 'unknown' END AS Verdict,
    CASE WHEN FirstRule = LastRule AND NOT SeveralFlowRules THEN FirstRule ELSE '' END AS OnlyRule,
    CASE
      WHEN FlowRule <> 0 AND NOT IsOwnSupposed AND NOT IsMixed THEN 'flow'
      WHEN SeveralFlowRules OR IsMixed THEN 'ambiguous'
      WHEN (IsDoubted OR IsShut) AND Sight = 'unknown' THEN 'ambiguous'
      WHEN Sight IN ('granted', 'unverified', 'borrowed') THEN CASE
        WHEN OwnLead <> '' AND NOT SeveralLeadRequests THEN CASE WHEN OwnCorrelated = 1 THEN 'correlation' ELSE 'inferred' END
        WHEN Leads = 0 AND NOT SeveralRequests THEN 'inferred'
        ELSE 'ambiguous' END
      WHEN Leads = 0 THEN 'none'
      WHEN FirstRule <> LastRule THEN 'ambiguous'
      WHEN LeadCorrelated = 1 AND RuleRequest <> 0 THEN 'correlation'
      ELSE 'inferred'
    END AS Link
  FROM seen s LEFT JOIN lacking l ON l.Id = s.Id LEFT JOIN unlogged u ON u.Id = s.Id
),
-- The request of a rule that still existed after its grant had ended.
ended AS (
  SELECT j.Id, max(concat(g.Until, g.GrantId)) AS Rank
  FROM judged j
  JOIN target t ON t.Target = j.Target
  JOIN grants g ON lower(g.VmKey) = t.VmKey AND g.Until <= j.Start
    AND hash(g.RequestId) = CASE WHEN j.FlowRule <> 0 THEN j.NamedRequest WHEN j.OnlyRule <> '' THEN j.RuleRequest ELSE 0 END
  WHERE j.Sight = 'bypassed'
  GROUP BY j.Id
),
candidate AS (
  SELECT DISTINCT j.Id, concat('grant:', k.GrantId) AS Name FROM judged j JOIN kept k ON k.Id = j.Id WHERE j.Link = 'ambiguous'
  UNION ALL
  SELECT DISTINCT j.Id, concat('rule:', l.RuleId) AS Name FROM judged j JOIN foremost l ON l.Id = j.Id WHERE j.Link = 'ambiguous'
  UNION ALL
  SELECT DISTINCT j.Id, concat('rule:', r.RuleId) AS Name
  FROM judged j
  JOIN through t ON t.Id = j.Id
  JOIN near n ON n.Id = j.Id AND n.Name = t.Name
  JOIN rule r ON r.Rule = n.Rule
  WHERE (j.SeveralFlowRules OR j.IsMixed) AND n.Allows
),
candidates AS (SELECT Id, string_agg(Name, ' ') AS Candidates FROM (SELECT DISTINCT * FROM candidate) GROUP BY Id)

SELECT s.*, j.Port, j.Verdict, j.Link,
  trim(concat(
    CASE WHEN j.Sight IN ('granted', 'unverified', 'borrowed')
      AND CASE WHEN j.FlowFinish > 0 THEN greatest(j.FlowFinish, s.Finish) ELSE j.Seen END > j.GrantUntil + $skew::BIGINT THEN 'outlived ' ELSE '' END,
    CASE WHEN lower(s.Outcome) = 'failed' THEN 'failed ' ELSE '' END,
    CASE WHEN v.Target IS NULL THEN 'no-jit ' ELSE '' END,
    CASE WHEN o.Id IS NOT NULL OR (j.Sight IN ('granted', 'unverified', 'borrowed') AND j.Start >= j.GrantUntil)
      THEN 'late ' ELSE '' END,
    CASE WHEN d.Id IS NOT NULL THEN 'denied' ELSE '' END)) AS Flags,
  CASE WHEN j.Sight IN ('granted', 'unverified', 'borrowed') THEN j.GrantId ELSE coalesce(substr(o.Rank, 14), '') END AS GrantId,
  CASE
    WHEN j.IsMixed THEN ''
    WHEN j.FlowRule <> 0 THEN j.NamedRule
    WHEN j.Sight IN ('granted', 'unverified', 'borrowed') THEN CASE WHEN j.OwnLead <> '' THEN j.OwnLead ELSE j.OwnRule END
    ELSE j.OnlyRule
  END AS RuleId,
  CASE WHEN j.FlowRule <> 0 AND NOT j.IsMixed AND j.NamedRule = '' THEN j.FlowRuleName ELSE '' END AS RuleName,
  coalesce(c.Candidates, '') AS Candidates,
  j.FlowFinish, j.Bytes, j.Incomplete, j.Unlogged, j.IsDoubted AND j.Sight = 'unknown' AS Doubted,
  j.IsShut AND j.Sight = 'unknown' AS Shut
FROM sessions s
JOIN judged j ON j.Id = s.rowid
LEFT JOIN candidates c ON c.Id = j.Id
LEFT JOIN ended o ON o.Id = j.Id
LEFT JOIN denied d ON d.Id = j.Id
LEFT JOIN (SELECT t.Target FROM target t WHERE t.VmKey IN (SELECT lower(VmKey) FROM jitVms)) v ON v.Target = j.Target
