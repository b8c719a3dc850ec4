import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { FaultRule } from "./faults.ts";
import type { HttpAnswer, HttpRequest } from "./http.ts";
import type { Caller } from "./caller.ts";
import type { JsonObject } from "./json.ts";

/** What a service outside Azure Resource Manager can use of the server that it shares. */
export interface DataPlaneTools {
  /**
   * Returns the sender of the request.
   * @param audiences allowed audiences of the token, without trailing slashes. Defaults to ARM.
   * @param authorization Defaults to the header of the request.
   * @throws ArmError as for a request to ARM.
   */
  authenticate(audiences?: readonly string[], authorization?: string): Promise<Caller>;
  /** Returns the fault of this kind that is set for the request, if any, and counts it as hit. */
  fault(kind: FaultRule["kind"]): FaultRule | undefined;
  /** `https://127.0.0.1:PORT` */
  readonly endpoint: string;
}

/** A service that has its own host in Azure, and its own path here. */
export interface DataPlane {
  /** Returns what it adds to the cloud's description, `GET /metadata/endpoints`. */
  metadata(endpoint: string): JsonObject;
  /** @returns undefined if the path does not belong to the service. */
  answer(request: HttpRequest, tools: DataPlaneTools): Promise<HttpAnswer | undefined>;
  /** Takes over the connection of a request that switches to another protocol. @returns whether it did. */
  upgrade?(message: IncomingMessage, socket: Duplex, head: Buffer): boolean;
}
