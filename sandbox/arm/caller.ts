/** The sender of a request, read from its bearer token. */
export interface Caller {
  /** Entra object id. */
  readonly objectId: string;
  /** User principal name; absent for an application. */
  readonly upn?: string;
  /** Application (client) id; absent for a user. */
  readonly appId?: string;
  readonly ipAddress: string;
}

/** An Azure service that acts by itself, such as Defender for Cloud when it writes a JIT rule. */
export interface ServicePrincipal {
  readonly displayName: string;
  readonly appId: string;
  readonly objectId: string;
}
