import assert from "node:assert/strict";
import { idsMeant, isBeginning, typedId } from "../../../cli/names/idPrefix.ts";

const ids = ["9add7382", "9ADD7382-1", "9bef1044"];

describe("the beginning of an id", () => {
  it("is without the ellipsis of a shortened one", () => {
    assert.deepEqual([typedId("9add…"), typedId("9add")], ["9add", "9add"]);
  });

  it("matches every id that begins with it, in any case", () => {
    assert.deepEqual(idsMeant("9A", ids), ["9add7382", "9ADD7382-1"]);
  });

  it("matches only the id that equals it", () => {
    assert.deepEqual(idsMeant("9ADD7382", ids), ["9add7382"]);
  });

  it("matches no id if it is empty", () => {
    assert.deepEqual(idsMeant(typedId("…"), ids), []);
    assert.equal(isBeginning("", "9add7382"), false);
  });
});
