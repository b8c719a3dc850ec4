/** Column types of a workspace (azure-monitor-ref, tables). */
export const columnTypes = ["string", "int", "long", "real", "bool", "datetime", "guid", "dynamic"] as const;
export type ColumnType = (typeof columnTypes)[number];

/** A table's columns and their types. */
export type TableSchema = Readonly<Record<string, ColumnType>>;

/**
 * The workspace tables that this project's logs go to, with all columns that Microsoft documents
 * (azure-monitor-ref, tables/microsoftazurebastionauditlogs.md and tables/azureactivity.md).
 */
export const workspaceTables: Readonly<Record<string, TableSchema>> = {
  MicrosoftAzureBastionAuditLogs: {
    ...columns("string", [
      "ClientIpAddress",
      "Location",
      "Message",
      "OperationName",
      "Protocol",
      "ResourceType",
      "SessionEndTime",
      "SourceSystem",
      "TargetResourceId",
      "TargetVMIPAddress",
      "TenantId",
      "TunnelId",
      "Type",
      "UserAgent",
      "UserEmail",
      "UserName",
      "_IsBillable",
      "_ResourceId",
      "_SubscriptionId",
    ]),
    ...columns("int", ["ClientPort", "Duration"]),
    ...columns("datetime", ["SessionStartTime", "Time", "TimeGenerated"]),
    _BilledSize: "real",
  },
  AzureActivity: {
    ...columns("string", [
      "ActivityStatus",
      "ActivityStatusValue",
      "ActivitySubstatus",
      "ActivitySubstatusValue",
      "Authorization",
      "Caller",
      "CallerIpAddress",
      "Category",
      "CategoryValue",
      "Claims",
      "CorrelationId",
      "EventDataId",
      "HTTPRequest",
      "Hierarchy",
      "Level",
      "OperationId",
      "OperationName",
      "OperationNameValue",
      "Properties",
      "Resource",
      "ResourceGroup",
      "ResourceId",
      "ResourceProvider",
      "ResourceProviderValue",
      "SourceSystem",
      "SubscriptionId",
      "TenantId",
      "Type",
      "_IsBillable",
      "_ResourceId",
      "_SubscriptionId",
    ]),
    ...columns("datetime", ["EventSubmissionTimestamp", "TimeGenerated"]),
    ...columns("dynamic", ["Authorization_d", "Claims_d", "Properties_d"]),
    _BilledSize: "real",
  },
  /** Every other column is made by the first row that has it, with its type as suffix. */
  AzureDiagnostics: {
    ...columns("string", [
      "CallerIPAddress",
      "Category",
      "CorrelationId",
      "Level",
      "OperationName",
      "OperationVersion",
      "Resource",
      "ResourceGroup",
      "ResourceId",
      "ResourceProvider",
      "ResourceType",
      "ResultDescription",
      "ResultSignature",
      "ResultType",
      "SourceSystem",
      "SubscriptionId",
      "TenantId",
      "Type",
      "_IsBillable",
      "_ResourceId",
      "_SubscriptionId",
    ]),
    DurationMs: "long",
    TimeGenerated: "datetime",
    AdditionalFields: "dynamic",
    _BilledSize: "real",
  },
};

const suffixes: Readonly<Record<string, ColumnType>> = {
  s: "string",
  d: "real",
  b: "bool",
  t: "datetime",
  g: "guid",
};

/** The type of a column that its first row made, told by its name (reference/tables/azurediagnostics.md). */
export function typeBySuffix(column: string): ColumnType | undefined {
  const suffix = /_([a-z])$/.exec(column)?.[1] ?? "";
  return Object.hasOwn(suffixes, suffix) ? suffixes[suffix] : undefined;
}

function columns(type: ColumnType, names: readonly string[]): TableSchema {
  return Object.fromEntries(names.map((name) => [name, type]));
}
