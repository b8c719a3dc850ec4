import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Spool, SpooledList, withSpool } from "../../../cli/files/spool.ts";

describe("a spool", () => {
  const folder = mkdtempSync(join(tmpdir(), "spool-test-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("gives back every text from its place, in any order, while more are added", () => {
    const spool = new Spool(join(folder, "texts"));
    const places = new Map<number, string>();
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.constant(""), fc.constant("ä\n\u{1F600}".repeat(200_000)));
    fc.assert(
      fc.property(text, fc.nat(), (added, some) => {
        places.set(spool.add(added), added);
        const [place, expected] = [...places][some % places.size]!;
        assert.equal(spool.get(place), expected);
      }),
    );
    for (const [place, expected] of places) assert.equal(spool.get(place), expected);
    spool.close();
  });

  it("holds lists of values that can be read again and again", () => {
    const spool = new Spool(join(folder, "lists"));
    const [list, other] = [new SpooledList<object>(spool), new SpooledList<object>(spool)];
    const values = [{ a: 1 }, { b: null }, { c: ["\n"] }];
    for (const value of values) {
      list.add(value);
      other.add({ other: value });
    }
    for (const round of [1, 2]) assert.deepEqual([...list], values, `round ${round}`);
    assert.deepEqual([list.length, list.at(0), list.at(3)], [3, { a: 1 }, undefined]);
    spool.close();
  });

  it("can be read by the current user alone, and is removed afterwards, also after an error", async () => {
    const before = process.listenerCount("exit");
    const spools = (): string[] => readdirSync(tmpdir()).filter((name) => existsSync(join(tmpdir(), name, "spool")));
    const known = spools();
    const failing = withSpool((spool) => {
      spool.add("text");
      const [own] = spools().filter((name) => !known.includes(name));
      assert.equal(statSync(join(tmpdir(), own!)).mode & 0o777, 0o700);
      assert.equal(statSync(join(tmpdir(), own!, "spool")).mode & 0o777, 0o600);
      return Promise.reject(new Error("stopped"));
    });
    await assert.rejects(failing, /^Error: stopped$/);
    assert.deepEqual(
      spools().filter((name) => !known.includes(name)),
      [],
    );
    assert.equal(process.listenerCount("exit"), before);
  });
});
