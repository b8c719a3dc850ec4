/**
 * The facts of an event of the activity log, one row per fact: its name in this project and where each form of an event has it.
 * The reader, the KQL, the type of an event and the table in docs/cli.md are derived from these rows.
 *
 * Sources: azure-monitor-docs, activity-log-schema.md, for the REST form and the archive's; tables/azureactivity.md for
 * `AzureActivity`. PowerShell's `Get-AzActivityLog` uses the names of the REST form. In the table, `OperationName` and
 * `ActivityStatus` are display names. The CSV that the portal's page of the activity log downloads has titles such as `Operation
 * name`, and no objects.
 */
export interface EventField {
  /** What the fact is, for the documentation. */
  readonly meaning: string;
  /**
   * Where the fact may be, best first: a member of the event, or of one of its `eventObjects` (`claims.appid`). Names match in
   * any case.
   */
  readonly places: readonly string[];
  /** Column of `AzureActivity` that holds the fact; missing if it is inside an object. */
  readonly column?: string;
  /** Whether an event keeps the fact unchanged. The other facts are derived from these. */
  readonly isKept?: true;
  /** Whether it is an ARM id: it is kept with one slash before it and none after it, and a text without a slash is ignored. */
  readonly isId?: true;
}

export const eventFields = {
  time: {
    meaning: "when it happened",
    places: ["eventTimestamp", "time", "TimeGenerated"],
    column: "TimeGenerated",
  },
  id: {
    meaning: "id of the event; the archive has none",
    places: ["eventDataId"],
    column: "EventDataId",
    isKept: true,
  },
  correlationId: {
    meaning: "shared by the events of one request",
    places: ["correlationId", "Correlation id"],
    column: "CorrelationId",
    isKept: true,
  },
  // The list API may give an event another `correlationId` than the rest of its operation, and put the shared id here
  // (azure-powershell #11069).
  serviceRequestId: {
    meaning: "a second correlation id",
    places: ["properties.serviceRequestId"],
    isKept: true,
  },
  operationId: {
    meaning: "shared by the events of one operation",
    places: ["operationId"],
    column: "OperationId",
    isKept: true,
  },
  operation: {
    meaning: "the operation, or its display name",
    places: ["OperationNameValue", "operationName", "Operation name"],
    column: "OperationNameValue",
  },
  action: { meaning: "the permission that was used", places: ["authorization.action"] },
  status: {
    meaning: "progress of the operation",
    places: ["ActivityStatusValue", "status", "resultType", "ActivityStatus"],
    column: "ActivityStatusValue",
  },
  eventName: {
    meaning: "`BeginRequest` or `EndRequest`: the status, if nothing else has it",
    places: ["eventName"],
  },
  statusMessage: { meaning: "Azure's message for a failure", places: ["properties.statusMessage"] },
  // In upper case in the archive, in lower case in the workspace.
  resource: {
    meaning: "ARM id of the operation's resource",
    places: ["resourceId", "_ResourceId", "resourceUri", "Resource"],
    column: "_ResourceId",
    isKept: true,
    isId: true,
  },
  caller: {
    meaning: "user principal name, or object id of an application",
    places: ["caller", "Event initiated by"],
    column: "Caller",
  },
  callerIp: {
    meaning: "the address from which the caller called, or else signed in",
    places: ["callerIpAddress", "httpRequest.clientIpAddress", "claims.ipaddr"],
    column: "CallerIpAddress",
    isKept: true,
  },
  // Claims with their long and their short names (Entra, "Access token claims").
  email: {
    meaning: "the caller's e-mail address",
    places: ["claims.http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", "claims.email"],
    isKept: true,
  },
  upn: {
    meaning: "the caller's user principal name",
    places: ["claims.http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn", "claims.upn"],
    isKept: true,
  },
  name: {
    meaning: "the caller's name",
    places: ["claims.http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", "claims.name"],
  },
  objectId: {
    meaning: "object id of the person or the application",
    places: ["claims.http://schemas.microsoft.com/identity/claims/objectidentifier", "claims.oid"],
    isKept: true,
  },
  callerApp: {
    meaning: "client id of the calling application: a person's tool, or the application itself",
    places: ["claims.appid", "claims.azp"],
    isKept: true,
  },
  body: {
    meaning: "body of the request, else of the response",
    places: ["properties.requestbody", "properties.responseBody"],
  },
} as const satisfies Readonly<Record<string, EventField>>;

export type EventFieldName = keyof typeof eventFields;

type KeptName = {
  [Name in EventFieldName]: (typeof eventFields)[Name] extends { readonly isKept: true } ? Name : never;
}[EventFieldName];

/** The facts that an event keeps unchanged. */
export type EventFacts = Readonly<Record<KeptName, string | null>>;

export const eventFieldNames = Object.keys(eventFields) as EventFieldName[];

export const eventField = (name: EventFieldName): EventField => eventFields[name];

export const keptNames = eventFieldNames.filter((name): name is KeptName => eventField(name).isKept === true);

/**
 * Members of an event that are objects, or JSON in a text: where each may be, best first, and its column in `AzureActivity`. A
 * column whose name ends in `_d` is the newer one, with dynamic values.
 */
export const eventObjects = {
  properties: { places: ["properties", "Properties_d", "properties.eventProperties"], column: "Properties" },
  claims: { places: ["claims", "Claims_d", "identity.claims"], column: "Claims" },
  authorization: { places: ["authorization", "Authorization_d"], column: "Authorization" },
  httpRequest: { places: ["httpRequest"], column: "HTTPRequest" },
} as const;

export type EventObject = keyof typeof eventObjects;

/** The columns of `AzureActivity` that a query asks for. */
export const activityColumns: readonly string[] = [
  ...eventFieldNames.flatMap((name) => eventField(name).column ?? []),
  ...Object.values(eventObjects).map(({ column }) => column),
];
