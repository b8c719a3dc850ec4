import type { IncomingMessage } from "node:http";

/** The parts of a blob request that the checks need. */
export interface BlobRequest {
  readonly method: string;
  readonly account: string;
  readonly container: string | undefined;
  readonly blob: string | undefined;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  readonly clientAddress: string;
}

export function readBlobRequest(request: IncomingMessage): BlobRequest {
  const url = new URL(request.url ?? "/", "https://localhost");
  const [account = "", container, ...blob] = url.pathname.split("/").slice(1).map(decodeURIComponent);
  return {
    method: request.method ?? "GET",
    account,
    container: container === "" ? undefined : container,
    blob: blob.join("/") === "" ? undefined : blob.join("/"),
    query: url.searchParams,
    authorization: request.headers.authorization,
    clientAddress: request.socket.remoteAddress ?? "",
  };
}
