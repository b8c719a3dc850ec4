import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { mock } from "node:test";
import { sendRequest, withRetries } from "../../../components/shared/armRequest.ts";

/** One answer of a server; `undefined` breaks the connection. */
type Reply = { readonly status: number; readonly retryAfter?: string; readonly text?: string } | undefined;

describe("a request to Azure Resource Manager", () => {
  let close = (): void => undefined;
  let url = "";
  const sent: string[] = [];
  afterEach(() => {
    close();
    sent.length = 0;
  });

  /** Starts a server that gives these replies in turn. */
  async function serve(...replies: Reply[]): Promise<void> {
    const answer: RequestListener = (request, response) => {
      sent.push(`${request.method} ${request.headers["if-match"]}`);
      const reply = replies.shift();
      if (reply === undefined) {
        request.socket.destroy();
        return;
      }
      const { status, retryAfter, text } = reply;
      response.writeHead(status, retryAfter === undefined ? {} : { "retry-after": retryAfter });
      response.end(text ?? JSON.stringify({ status }));
    };
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/policy`;
    close = () => {
      server.closeAllConnections();
      server.close();
    };
  }

  const put = () => withRetries(() => sendRequest("PUT", url, { "if-match": '"1"' }, {}));
  const patient: Reply = { status: 429, retryAfter: "0" };

  it("is sent again when Azure asks for patience", async () => {
    await serve(patient, patient, { status: 200 });
    assert.deepEqual(await put(), { status: 200 });
    assert.deepEqual(sent, ['PUT "1"', 'PUT "1"', 'PUT "1"']);
  });

  it("is given up after three repetitions, with Azure's words", async () => {
    await serve(patient, patient, patient, patient);
    await assert.rejects(put(), { message: `PUT ${url} answered 429: {"status":429}` });
    assert.equal(sent.length, 4);
  });

  it("is not repeated when Azure refuses it", async () => {
    await serve({ status: 409 });
    await assert.rejects(put(), { message: `PUT ${url} answered 409: {"status":409}` });
    assert.equal(sent.length, 1);
  });

  it("is not answered by a proxy's page, or by nothing", async () => {
    for (const text of ["<html>Sign in to the network</html>", ""]) {
      await serve({ status: 200, text });
      const message = `GET ${url} answered 200 with something other than JSON`;
      await assert.rejects(sendRequest("GET", url), { name: "RequestFailure", status: 200, message });
      close();
    }
  });

  it("waits 1, 2 and 4 seconds if Azure names no time, and names the address of a broken connection", async () => {
    await serve();
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const waits: number[] = [];
      const failed = assert.rejects(put(), { message: `PUT ${url} failed: other side closed` });
      for (const [count, wait] of [1000, 2000, 4000].entries()) {
        while (sent.length <= count) await new Promise(setImmediate);
        // The failure comes back to the sender after the server has seen the request.
        for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
        mock.timers.tick(wait - 1);
        await new Promise(setImmediate);
        waits.push(sent.length);
        mock.timers.tick(1);
      }
      await failed;
      assert.deepEqual(waits, [1, 2, 3]);
    } finally {
      mock.timers.reset();
    }
  });
});
