import assert from "node:assert/strict";
import { engineComplaint } from "../../sandbox/engineComplaint.ts";

const command = "Command failed with exit code 1: pulumi preview --stack sandbox --non-interactive";

describe("the complaint of an engine that ended before the program ran", () => {
  it("is what it printed as its errors, once and without warnings", () => {
    const stderr = `${command}
warning: No value for configuration keys "bastion-trail:vms".
error: validating stack config: bad value
error: getting stack configuration: yaml: unmarshal errors:
  line 6: mapping key "bastion-trail:bastionSku" already defined at line 5`;
    const error = new Error(`code: -2\n stdout: \n stderr: ${stderr}\n err?: Error: ${stderr}\n`);
    assert.equal(
      engineComplaint(error),
      `validating stack config: bad value
getting stack configuration: yaml: unmarshal errors:
  line 6: mapping key "bastion-trail:bastionSku" already defined at line 5`,
    );
  });

  it("is all that it printed on stderr where it names no error", () => {
    assert.equal(engineComplaint(new Error("code: 255\n stdout: \n stderr: killed\n err?: \n")), "killed");
  });

  it("is what killed it, and what to do then", () => {
    const stderr =
      "Command was killed with SIGKILL (Forced termination): pulumi up --yes --skip-preview --stack sandbox";
    assert.equal(
      engineComplaint(new Error(`code: -2\n stdout: \n stderr: ${stderr}\n err?: Error: ${stderr}\n`)),
      "The Pulumi engine was killed (SIGKILL). Run the command again: it continues from there.",
    );
  });

  it("is any other error's message", () => {
    assert.equal(engineComplaint(new Error("no engine")), "no engine");
    assert.equal(engineComplaint("text"), "text");
  });
});
