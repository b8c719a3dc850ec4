import assert from "node:assert/strict";
import { checkProxy } from "../../../cli/azure/proxy.ts";

describe("the proxy in the environment", () => {
  it("is a URL, or not set", () => {
    for (const value of ["http://proxy.example:8080", "HTTPS://ada:secret@proxy.example", "http://[::1]:3128", ""]) {
      checkProxy({ HTTPS_PROXY: value, http_proxy: value });
    }
    checkProxy({});
  });

  for (const [name, value, example] of [
    ["HTTPS_PROXY", "proxy.example:8080", "http://proxy.example:8080"],
    ["https_proxy", "127.0.0.1:3128", "http://127.0.0.1:3128"],
    ["ALL_PROXY", "socks5://proxy.example:1080", "http://proxy.example:1080"],
    ["http_proxy", "ada:secret@proxy.example:8080", "http://proxy.example:8080"],
    ["HTTP_PROXY", "http://ada:sec/ret@proxy.example:port", "http://proxy.example:port"],
  ] as const) {
    it(`is refused if ${name} is ${value}, without showing a password`, () => {
      assert.throws(
        () => {
          checkProxy({ [name]: value });
        },
        {
          name: "AzureFailure",
          message: `The proxy in ${name} must be a URL that begins with http:// or https://.`,
          nextStep: `For example: ${name}=${example}`,
        },
      );
    });
  }

  it("is the one that Azure's libraries would use", () => {
    checkProxy({ HTTPS_PROXY: "http://proxy.example", HTTP_PROXY: "proxy.example" });
    assert.throws(
      () => {
        checkProxy({ ALL_PROXY: "proxy", HTTP_PROXY: "http://proxy.example" });
      },
      { nextStep: "For example: ALL_PROXY=http://proxy" },
    );
  });
});
