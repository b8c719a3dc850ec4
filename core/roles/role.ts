/** A custom role of Azure, defined by this project for the people and jobs that use it. */
export interface Role {
  /** Unique in an Entra tenant. */
  readonly name: string;
  readonly description: string;
  /** Operations on Azure Resource Manager, such as `Microsoft.Network/bastionHosts/read`. */
  readonly actions: readonly string[];
  /** Operations on data, such as reading a blob. */
  readonly dataActions: readonly string[];
}
