import assert from "node:assert/strict";
import { suggestPerson } from "../../../cli/names/person.ts";
import { fakeIo } from "../fakeIo.ts";

describe("a person whom a log does not have", () => {
  const known = ["ada@example.com", "ben_partner.example#EXT#@example.com"];

  async function said(typed: string): Promise<string> {
    const io = fakeIo();
    await suggestPerson(io, typed, known);
    return io.written.stderr;
  }

  it("gets a suggestion if somebody has a similar name", async () => {
    const ada = (typed: string) => `warning: the log has no person '${typed}'. Did you mean 'ada@example.com'?\n`;
    assert.equal(await said("ada"), ada("ada"));
    assert.equal(await said("ada@exmaple.com"), ada("ada@exmaple.com"));
  });

  it("gets none if the log has the person, also as a guest, or nobody of a similar name", async () => {
    assert.deepEqual(
      [await said("ADA@example.com"), await said("ben@partner.example"), await said("zoe")],
      ["", "", ""],
    );
  });
});
