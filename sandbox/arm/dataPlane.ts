import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { FaultRule } from "./faults.ts";
import type { HttpAnswer, HttpRequest } from "./http.ts";
import type { Caller, JsonObject } from "./model.ts";

/** What a service beside Azure Resource Manager may ask of the server that it shares. */
export interface DataPlaneTools {
  /**
   * Who the request is from.
   * @param audiences what its token must have been asked for, without closing slashes. Default: ARM.
   * @param authorization Default: the request's own header.
   * @throws ArmError as for a request to ARM.
   */
  authenticate(audiences?: readonly string[], authorization?: string): Promise<Caller>;
  /** The fault of this kind that is set for the request, if there is one; it counts as hit. */
  fault(kind: FaultRule["kind"]): FaultRule | undefined;
  /** `https://127.0.0.1:PORT` */
  readonly endpoint: string;
}

/** A service of Azure's that has its own host there, and a path of its own here. */
export interface DataPlane {
  /** What it adds to the cloud's own description, `GET /metadata/endpoints`. */
  metadata(endpoint: string): JsonObject;
  /** @returns undefined when the path is not one of its own. */
  answer(request: HttpRequest, tools: DataPlaneTools): Promise<HttpAnswer | undefined>;
  /** Takes over the connection of a request that asks for another protocol. @returns whether it did. */
  upgrade?(message: IncomingMessage, socket: Duplex, head: Buffer): boolean;
}
