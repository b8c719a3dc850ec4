import assert from "node:assert/strict";
import { describeProblem } from "../../../components/shared/problem.ts";
import { imageProblems, imageReference } from "../../../components/jit-virtual-machine/vmImage.ts";

describe("images", () => {
  it("are known by an alias of the same operating system", () => {
    assert.deepEqual(imageProblems("linux", "ubuntu-22.04"), []);
    assert.deepEqual(imageReference("ubuntu-22.04"), {
      publisher: "Canonical",
      offer: "0001-com-ubuntu-server-jammy",
      sku: "22_04-lts-gen2",
      version: "latest",
    });
    assert.deepEqual(imageProblems("windows", "ubuntu-22.04").map(describeProblem), [
      'image is "ubuntu-22.04"; is a linux image; with os windows it must be one of windows-2022, windows-2025, or publisher:offer:sku:version of a generation 2 image',
    ]);
  });

  it("are named in full otherwise", () => {
    assert.deepEqual(imageProblems("linux", "Debian:debian-12:12-gen2:0.20250101.1"), []);
    assert.deepEqual(imageReference("Debian:debian-12:12-gen2:0.20250101.1"), {
      publisher: "Debian",
      offer: "debian-12",
      sku: "12-gen2",
      version: "0.20250101.1",
    });
  });

  for (const image of [
    "debian",
    "a:b:c",
    "a:b:c:d:e",
    "a:b:c:newest",
    "a:b:c:1.2",
    "a::c:latest",
    "a b:c:d:latest",
    "constructor",
  ]) {
    it(`are not ${image}`, () => {
      assert.deepEqual(imageProblems("linux", image).map(describeProblem), [
        `image is ${JSON.stringify(image)}; must be one of ubuntu-22.04, ubuntu-24.04, or publisher:offer:sku:version of a generation 2 image`,
      ]);
    });
  }

  it("are misspelled, with the alias that was meant", () => {
    for (const [image, meant] of [
      ["Ubuntu-24.04", "ubuntu-24.04"],
      ["ubuntu-2404", "ubuntu-24.04 or ubuntu-22.04"],
      [" ubuntu-24.04", "ubuntu-24.04 or ubuntu-22.04"],
    ] as const) {
      assert.deepEqual(imageProblems("linux", image).map(describeProblem), [
        `image is "${image}"; must be one of ubuntu-22.04, ubuntu-24.04, or publisher:offer:sku:version of a generation 2 image (did you mean ${meant}?)`,
      ]);
    }
  });

  for (const [image, os, own] of [
    ["MicrosoftWindowsServer:WindowsServer:2022-datacenter-azure-edition:latest", "linux", "windows"],
    ["microsoftwindowsdesktop:windows-11:win11-24h2-pro:latest", "linux", "windows"],
    ["Canonical:ubuntu-24_04-lts:server:latest", "windows", "linux"],
    ["RedHat:RHEL:9-lvm-gen2:latest", "windows", "linux"],
  ] as const) {
    it(`are of the VM's operating system, unlike ${image} with ${os}`, () => {
      const aliases = os === "linux" ? "ubuntu-22.04, ubuntu-24.04" : "windows-2022, windows-2025";
      assert.deepEqual(imageProblems(os, image).map(describeProblem), [
        `image is "${image}"; is a ${own} image; with os ${os} it must be one of ${aliases}, or publisher:offer:sku:version of a generation 2 image`,
      ]);
    });
  }

  for (const image of [
    "Canonical:ubuntu-24_04-lts:server-gen1:latest",
    "Canonical:0001-com-ubuntu-server-jammy:22_04-lts:latest",
    "Canonical:UbuntuServer:18.04-LTS:latest",
    "Debian:debian-12:12:latest",
  ]) {
    it(`are of generation 2, unlike ${image}`, () => {
      assert.deepEqual(imageProblems("linux", image).map(describeProblem), [
        `image is "${image}"; is a generation 1 image; it must be one of ubuntu-22.04, ubuntu-24.04, or publisher:offer:sku:version of a generation 2 image`,
      ]);
    });
  }

  it("are of generation 2 by any of the marks that Azure uses", () => {
    for (const sku of [
      "2022-datacenter-g2",
      "2019-datacenter-gensecond",
      "2022-datacenter-core-g2",
      "2025-datacenter-azure-edition",
    ]) {
      assert.deepEqual(imageProblems("windows", `MicrosoftWindowsServer:WindowsServer:${sku}:latest`), []);
    }
    for (const image of [
      "Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest",
      "Canonical:0001-com-ubuntu-server-jammy:22_04-lts-arm64:latest",
      "Debian:debian-12:12-gen2:latest",
      "Debian:debian-13:13:latest",
      "SUSE:sles-15-sp6:gen2:latest",
    ]) {
      assert.deepEqual(imageProblems("linux", image), []);
    }
    assert.equal(imageProblems("windows", "MicrosoftWindowsServer:WindowsServer:2022-datacenter:latest").length, 1);
  });

  it("are never turned into a guess", () => {
    assert.throws(() => imageReference("debian"), {
      message: '"debian" is neither an image alias nor publisher:offer:sku:version.',
    });
  });
});
