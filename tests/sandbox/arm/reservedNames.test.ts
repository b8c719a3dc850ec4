import assert from "node:assert/strict";
import { refuseReservedName } from "../../../sandbox/arm/reservedNames.ts";

describe("a name that Azure reserves", () => {
  for (const name of ["MyWindowsVM", "windowsalgo", "Exchange", "login1", "microsoft"]) {
    it(`is refused: ${name}`, () => {
      assert.throws(
        () => {
          refuseReservedName(name);
        },
        {
          code: "ReservedResourceName",
          message: `The resource name '${name}' or a part of the name is a trademarked or reserved word.`,
        },
      );
    });
  }

  for (const name of ["web", "exchange-1", "my-login", "desk"]) {
    it(`is not ${name}`, () => {
      refuseReservedName(name);
    });
  }
});
