import assert from "node:assert/strict";
import type { ActivityEvent } from "../../../../cli/audit/activity/types.ts";
import {
  allowName,
  asked,
  at,
  byDefender,
  event,
  fourEvents,
  initiate,
  nsgId,
  policyId,
  rule,
  ruleDelete,
  ruleWrite,
  vmId,
} from "./events.ts";
import { fold, jitRuleId, openedSsh, other } from "./folded.ts";

const [begin, onVm, write, end] = fourEvents;

describe("the request of Defender's write", () => {
  /** The time of the request of each write, and the basis of the link. */
  const linked = async (...events: ActivityEvent[]) =>
    (await fold(events)).flatMap(({ kind, request }) =>
      kind === "rule" ? [request === null ? null : `${request.time} by ${request.by}`] : [],
    );
  const apart = (seconds: number) => ({ ...write!, time: at(seconds), correlationId: other });
  const until = (seconds: number) => ({
    ...asked,
    vms: [{ id: vmId, ports: [{ ...asked.vms[0]!.ports[0]!, until: at(seconds) }] }],
  });
  const again = (seconds: number, facts: Partial<ActivityEvent> = {}) => ({
    ...begin!,
    ...{ time: at(seconds), asked: until(seconds + 3600) },
    ...facts,
  });

  it("under another correlation id began at most 15 minutes before it and a minute after", async () => {
    const requests = [begin!, onVm!, end!];
    assert.deepEqual(await linked(...requests, apart(900)), [`${at(0)} by time`]);
    assert.deepEqual(await linked(...requests, apart(901)), [null]);
    assert.deepEqual(await linked(...requests, apart(-60)), [`${at(0)} by time`]);
    assert.deepEqual(await linked(...requests, apart(-61)), [null]);
  });

  it("is the last before it of those under its correlation id", async () => {
    assert.deepEqual(await linked(begin!, write!, end!, again(300), { ...write!, time: at(302), operationId: "o2" }), [
      `${at(0)} by correlation`,
      `${at(300)} by correlation`,
    ]);
  });

  it("began before it, rather than up to a minute after it", async () => {
    const end30 = event(33, initiate, { resource: policyId });
    const second = { ...write!, time: at(32), operationId: "o2" };
    assert.deepEqual(await linked(begin!, write!, end!, again(30), second, end30), [
      `${at(0)} by correlation`,
      `${at(30)} by correlation`,
    ]);
    const next = "c0000000-0000-4000-8000-000000000003";
    assert.deepEqual(
      await linked(begin!, apart(2), again(30, { correlationId: next }), {
        ...apart(32),
        correlationId: "x",
        rules: [rule(allowName.replace("123", "124"))],
      }),
      [`${at(0)} by time`, `${at(30)} by time`],
    );
  });

  it("is that of the VM in its resource group, if several ask for the same", async () => {
    const inLab = (id: string) => id.replace("resourceGroups/trail", "resourceGroups/Lab");
    const ofLab = {
      ...{ resource: inLab(policyId), time: at(1) },
      asked: { ...asked, vms: [{ ...asked.vms[0]!, id: inLab(vmId) }] },
    };
    const own = { ...end!, resource: inLab(policyId) };
    const inNsg = (name: string) => ({ rules: [rule(allowName.replace("123", name))], resource: inLab(nsgId) });
    assert.deepEqual(
      await linked(begin!, { ...begin!, ...ofLab }, write!, { ...write!, ...inNsg("124"), time: at(3) }, end!, own),
      [`${at(0)} by correlation`, `${at(1)} by correlation`],
    );
    const next = { correlationId: "c0000000-0000-4000-8000-000000000003" };
    assert.deepEqual(
      await linked(begin!, { ...begin!, ...ofLab, ...next }, apart(2), {
        ...apart(3),
        ...inNsg("125"),
        correlationId: "x",
      }),
      [`${at(0)} by time`, `${at(1)} by time`],
    );
  });

  it("is not one that Azure refused", async () => {
    const refused = event(301, initiate, { resource: policyId, status: "failed" });
    assert.deepEqual(
      await linked(begin!, write!, end!, again(300), refused, { ...write!, time: at(302), operationId: "o2" }),
      [`${at(0)} by correlation`, `${at(0)} by correlation`],
    );
  });

  it("is the first after it, if there is none before", async () => {
    const early = { ...write!, time: at(-300) };
    assert.deepEqual(await linked(early, begin!, end!, again(300)), [`${at(0)} by correlation`]);
  });

  it("has been over for an hour at most", async () => {
    assert.deepEqual(await linked(begin!, end!, { ...write!, time: at(7200) }), [`${at(0)} by correlation`]);
    assert.deepEqual(await linked(begin!, end!, { ...write!, time: at(7201) }), [null]);
    const deletion = (seconds: number) =>
      event(seconds, ruleDelete, { ...byDefender, resource: jitRuleId, correlationId: other });
    assert.deepEqual((await linked(...fourEvents, deletion(7200))).at(-1), `${at(0)} by rule`);
    assert.deepEqual((await linked(...fourEvents, deletion(7201))).at(-1), null);
  });

  it("has the rules of its own writes only", async () => {
    const wider = { ...write!, time: at(302), rules: [rule(`${allowName}2`)] };
    const requests = (await fold([begin!, write!, end!, again(300), wider])).filter(({ kind }) => kind === "request");
    assert.deepEqual(
      requests.map(({ time, rules }) => [time, rules?.map(({ name }) => name)]),
      [
        [at(0), [allowName]],
        [at(300), [`${allowName}2`]],
      ],
    );
  });
});

describe("what requests allow", () => {
  const beyond = async (seconds: number, vms: typeof asked.vms) =>
    (
      await fold([
        { ...begin!, asked: { ...asked, vms } },
        ...[onVm!, write!, end!],
        event(seconds, ruleWrite, { ...openedSsh, rules: [rule("OpenSsh", { destinations: ["10.60.1.5"] })] }),
      ])
    ).at(-1)?.beyond;

  it("is for the address of its VM, which Defender's rule tells if it is the only one", async () => {
    const db = { ...asked.vms[0]!, id: vmId.replace(/web$/, "db") };
    assert.deepEqual(await beyond(600, asked.vms), ["destination 10.60.1.5"]);
    assert.deepEqual(await beyond(600, [...asked.vms, db]), []);
  });

  it("ends with the request", async () => {
    assert.deepEqual(await beyond(3599, asked.vms), ["destination 10.60.1.5"]);
    assert.deepEqual(await beyond(3600, asked.vms), ["no request was active"]);
  });
});
