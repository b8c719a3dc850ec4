/** The text of sessions.kql, written by `npm run fields`. */
export const sessionsKql = `// What a session is, in a Log Analytics workspace: \`Sessions\` has one row for each. A query defines \`Records\` in front of this text: audit
// records with the columns of MicrosoftAzureBastionAuditLogs. cli/audit/sessions says the same in SQL.
//
// All records of a tunnel are one session. A record without a tunnel is a session of its own, and the same record twice is one.
let Told = Records
    // Columns that the table of some workspaces lacks.
    // <absent>
    | extend UserEmail = column_ifexists("UserEmail", "")
    // </absent>
    | extend
        Session = iff(isempty(TunnelId), strcat(Time, ClientIpAddress, ClientPort, UserEmail, UserName, Message), tolower(TunnelId)),
        Said = tolower(trim("[ .]+", Message))
    // What a message tells, and which of several is shown: that a session has ended is told by its state as well.
    | extend Rank = case(Said == "successfully connected", 0, Said == "login failed", 1, Said == "successfully disconnected", 3, 2);
let Sessions = Told
    | summarize
        First = min(Time),
        Last = max(Time),
        Ended = max(iff(Rank == 3, Time, datetime(null))),
        Start = min(todatetime(SessionStartTime)),
        End = max(todatetime(SessionEndTime)),
        DurationMs = max(Duration),
        Outcome = min(Rank),
        // Records of a session say the same of these, or nothing, which is less than any text.
        // <facts>
        Person = max(UserEmail),
        Account = max(UserName),
        Vm = max(TargetResourceId),
        ClientIp = max(ClientIpAddress),
        TunnelId = max(TunnelId),
        Protocol = max(tolower(Protocol)),
        VmIp = max(TargetVMIPAddress),
        ClientPort = max(ClientPort),
        UserAgent = max(UserAgent),
        Bastion = max(_ResourceId),
        Region = max(Location),
        // </facts>
        // The message of the first rank, the earliest of it; \`~\` comes after every rank.
        Message = min(iff(isnotempty(Message), strcat(Rank, Time, Message), "~"))
        by Session
    // Where nothing is known but the end, the session began its duration before.
    | extend Start = coalesce(Start, iff(First == Ended, First - DurationMs * 1ms, First), First)
    | extend End = coalesce(End, Ended, Start + DurationMs * 1ms)
    | extend
        Start = iff(End < Start, End, Start),
        Outcome = case(Outcome == 0, "connected", Outcome == 1, "failed", "unknown"),
        Message = iff(Message == "~", "", substring(Message, strlen(strcat(Outcome, First))))
    // A session without an end is called open for a day after its last record.
    | extend State = case(isnotnull(End) or Outcome == "failed", "closed", Last >= ago(1d), "open", "unknown");
`;
