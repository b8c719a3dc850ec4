import { words } from "../words.ts";

/** Column types of a workspace (azure-monitor-ref, tables). */
export const columnTypes = ["string", "int", "long", "real", "bool", "datetime", "guid", "dynamic"] as const;
export type ColumnType = (typeof columnTypes)[number];

/** A table's columns and their types. */
export type TableSchema = Readonly<Record<string, ColumnType>>;

/**
 * The workspace tables for this project's logs, with all columns that Microsoft documents (azure-monitor-ref,
 * tables/microsoftazurebastionauditlogs.md, tables/azureactivity.md and tables/ntanetanalytics.md).
 */
export const workspaceTables: Readonly<Record<string, TableSchema>> = {
  MicrosoftAzureBastionAuditLogs: {
    ...columns(
      "string",
      `
        ClientIpAddress Location Message OperationName Protocol ResourceType SessionEndTime SourceSystem
        TargetResourceId TargetVMIPAddress TenantId TunnelId Type UserAgent UserEmail UserName _IsBillable _ResourceId
        _SubscriptionId
      `,
    ),
    ...columns("int", "ClientPort Duration"),
    ...columns("datetime", "SessionStartTime Time TimeGenerated"),
    _BilledSize: "real",
  },
  NTANetAnalytics: {
    ...columns(
      "string",
      `
        AclGroup AclRule AzureRegion ConnectingVnets ConnectionName ConnectionType Country DestApplicationGateway
        DestExpressRouteCircuit DestIp DestLoadBalancer DestLocalNetworkGateway DestNic DestPublicIps DestRegion
        DestSubnet DestSubscription DestVm ExpressRouteCircuitPeeringType FaSchemaVersion FlowDirection FlowEncryption
        FlowLogResourceId FlowStatus FlowType L4Protocol L7Protocol MacAddress NsgList NsgRule NsgRuleType
        SourceSystem SrcApplicationGateway SrcExpressRouteCircuit SrcIp SrcLoadBalancer SrcLocalNetworkGateway SrcNic
        SrcPublicIps SrcRegion SrcSubnet SrcSubscription SrcVm Status SubType TargetResourceId TargetResourceType
        TenantId Type
      `,
    ),
    ...columns(
      "long",
      `
        AllowedInFlows AllowedOutFlows BytesDestToSrc BytesSrcToDest CompletedFlows DeniedInFlows DeniedOutFlows
        PacketsDestToSrc PacketsSrcToDest
      `,
    ),
    ...columns(
      "datetime",
      "FlowEndTime FlowIntervalEndTime FlowIntervalStartTime FlowStartTime TimeGenerated TimeProcessed",
    ),
    DestPort: "int",
    IsFlowCapturedAtUdrHop: "bool",
  },
  AzureActivity: {
    ...columns(
      "string",
      `
        ActivityStatus ActivityStatusValue ActivitySubstatus ActivitySubstatusValue Authorization Caller
        CallerIpAddress Category CategoryValue Claims CorrelationId EventDataId HTTPRequest Hierarchy Level
        OperationId OperationName OperationNameValue Properties Resource ResourceGroup ResourceId ResourceProvider
        ResourceProviderValue SourceSystem SubscriptionId TenantId Type _IsBillable _ResourceId _SubscriptionId
      `,
    ),
    ...columns("datetime", "EventSubmissionTimestamp TimeGenerated"),
    ...columns("dynamic", "Authorization_d Claims_d Properties_d"),
    _BilledSize: "real",
  },
  /** Every other column is created by the first row that has it, with its type as suffix. */
  AzureDiagnostics: {
    ...columns(
      "string",
      `
        CallerIPAddress Category CorrelationId Level OperationName OperationVersion Resource ResourceGroup ResourceId
        ResourceProvider ResourceType ResultDescription ResultSignature ResultType SourceSystem SubscriptionId
        TenantId Type _IsBillable _ResourceId _SubscriptionId
      `,
    ),
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

/** Returns the type of a column created by a row, from its name (reference/tables/azurediagnostics.md). */
export function typeBySuffix(column: string): ColumnType | undefined {
  const suffix = /_([a-z])$/.exec(column)?.[1] ?? "";
  return Object.hasOwn(suffixes, suffix) ? suffixes[suffix] : undefined;
}

function columns(type: ColumnType, names: string): TableSchema {
  return Object.fromEntries(words(names).map((name) => [name, type]));
}
