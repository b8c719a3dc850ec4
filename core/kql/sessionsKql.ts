/** The text of sessions.kql, written by `npm run fields`. */
export const sessionsKql = `// Definition of a session in a Log Analytics workspace: \`Sessions\` has one row per session. A query must define \`Records\` before this text:
// audit records with the columns of MicrosoftAzureBastionAuditLogs. cli/audit/sessions has the same definition in SQL.
//
// All records of a tunnel are one session. A record without a tunnel, or with one of zeros, is a session of its own; duplicates of it
// are one session.
let Told = Records
    // Columns that are missing in the table of some workspaces.
    // <absent>
    | extend UserEmail = column_ifexists("UserEmail", "")
    // </absent>
    | extend
        Session = iff(TunnelId matches regex "^[-0]*$", strcat(Time, ClientIpAddress, ClientPort, UserEmail, UserName, Message), tolower(TunnelId)),
        Said = tolower(trim("[ .]+", Message))
    // Rank of a message: the lowest is shown. The end of a session ranks last, because its state shows it too.
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
        // Records of a session have the same value here or none; \`max\` ignores the empty string.
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
        // The earliest message of the lowest rank; \`~\` sorts after every rank.
        Message = min(iff(isnotempty(Message), strcat(Rank, Time, Message), "~"))
        by Session
    // If only the end is known, the start is the end minus the duration.
    | extend Start = coalesce(Start, iff(First == Ended, First - DurationMs * 1ms, First), First)
    | extend End = coalesce(End, Ended, Start + DurationMs * 1ms)
    | extend
        Start = iff(End < Start, End, Start),
        Outcome = case(Outcome == 0, "connected", Outcome == 1, "failed", "unknown"),
        Message = iff(Message == "~", "", substring(Message, strlen(strcat(Outcome, First))))
    // A session without an end is open for a day after its last record.
    | extend State = case(isnotnull(End) or Outcome == "failed", "closed", Last >= ago(1d), "open", "unknown");
`;
