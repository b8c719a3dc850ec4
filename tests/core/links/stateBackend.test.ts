import assert from "node:assert/strict";
import { stateBackendUrl } from "../../../core/links/stateBackend.ts";

describe("the backend's URL", () => {
  it("names the account alone in Azure's public cloud", () => {
    assert.equal(
      stateBackendUrl("trailci", "https://trailci.blob.core.windows.net/"),
      "azblob://state?storage_account=trailci",
    );
  });

  it("names the domain of another cloud", () => {
    assert.equal(
      stateBackendUrl("trailci", "https://trailci.blob.core.usgovcloudapi.net/"),
      "azblob://state?storage_account=trailci&domain=blob.core.usgovcloudapi.net",
    );
  });

  it("says that an account's name stands in the path", () => {
    assert.equal(
      stateBackendUrl("trailci", "https://127.0.0.1:10443/trailci/"),
      "azblob://state?storage_account=trailci&domain=127.0.0.1%3A10443&localemu=true",
    );
    assert.equal(
      stateBackendUrl("trailci", "http://localhost:10000/trailci"),
      "azblob://state?storage_account=trailci&domain=localhost%3A10000&protocol=http&localemu=true",
    );
  });
});
