import assert from "node:assert/strict";
import fc from "fast-check";
import { isoDuration, jitDurationProblems, jitPortProblems } from "../../../components/jit-virtual-machine/jitPorts.ts";
import { describeProblem } from "../../../components/shared/problem.ts";
import { imageProblems, imageReference } from "../../../components/jit-virtual-machine/vmImage.ts";
import { loginProblems, type LoginSettings, needsPassword } from "../../../components/jit-virtual-machine/vmLogin.ts";
import { jitPolicyName, vmNameProblems } from "../../../components/jit-virtual-machine/vmName.ts";
import {
  type VirtualMachineSettings,
  virtualMachineProblems,
} from "../../../components/jit-virtual-machine/vmRules.ts";

const key = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAlBdXY/GSTsnwu93d5uSZJmHWfXkuOQ/0QVmOTc+rWv somebody@somewhere`;
const durationForm = "must be 5 minutes to 24 hours in whole minutes, such as 90m, 3h, 1h30m or the ISO 8601 form PT3H";

describe("names of virtual machines", () => {
  const problems = (os: "linux" | "windows", name: string) => vmNameProblems(os, name).map(describeProblem);

  for (const name of ["web", "a", "WEB-01", "1st", "x".repeat(26)]) {
    it(`may be ${name}`, () => {
      assert.deepEqual(problems("linux", name), []);
    });
  }

  for (const name of ["", "-web", "web-", "web 1", "web_1", "wéb", "a.b"]) {
    it(`may not be ${JSON.stringify(name)}`, () => {
      assert.deepEqual(problems("linux", name), [
        `name is ${JSON.stringify(name)}; must be letters, digits and hyphens, starting and ending with a letter or digit`,
      ]);
    });
  }

  it("have at most 15 characters with Windows, and not digits alone", () => {
    assert.deepEqual(problems("windows", "a".repeat(15)), []);
    assert.deepEqual(problems("windows", "desktop-of-finance"), [
      'name is "desktop-of-finance"; has 18 characters; a windows computer name has at most 15',
    ]);
    assert.deepEqual(problems("windows", "12345"), [
      'name is "12345"; a windows computer name cannot consist only of digits',
    ]);
    assert.deepEqual(problems("linux", "12345"), []);
  });

  it("leave room for the JIT policy: both together have at most 56 characters", () => {
    const name = "a".repeat(27);
    assert.deepEqual(problems("linux", name), [
      `name is "${name}"; too long: VM name and JIT policy name (${name}-jit) have 58 characters together, and Defender for Cloud allows 56; a VM name has at most 26`,
    ]);
  });

  it("and their policies never exceed what Defender for Cloud allows, if they pass", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9-]{1,70}$/), (name) => {
        fc.pre(problems("linux", name).length === 0);
        assert.ok(name.length + jitPolicyName(name).length <= 56);
      }),
    );
  });
});

describe("JIT ports", () => {
  const problems = (ports: number[]) => jitPortProblems(ports).map(describeProblem);

  it("are whole numbers from 1 to 65535, each once", () => {
    assert.deepEqual(problems([1, 22, 3389, 65535]), []);
    assert.deepEqual(problems([0, 22, 65536, 22.5, 22]), [
      "jitPorts[0] is 0; must be a whole number from 1 to 65535",
      "jitPorts[2] is 65536; must be a whole number from 1 to 65535",
      "jitPorts[3] is 22.5; must be a whole number from 1 to 65535",
      "jitPorts[4] is 22; repeats jitPorts[1]",
    ]);
  });

  it("are at least one", () => {
    assert.deepEqual(problems([]), ["jitPorts is []; must have at least one port"]);
  });
});

describe("the longest duration of a request", () => {
  for (const [text, iso] of [
    ["5m", "PT5M"],
    ["90m", "PT1H30M"],
    ["3h", "PT3H"],
    ["1H30M", "PT1H30M"],
    ["PT3H", "PT3H"],
    ["PT90M", "PT1H30M"],
    ["24h", "P1D"],
    ["P1D", "P1D"],
    ["PT24H", "P1D"],
    ["P0DT5M", "PT5M"],
  ] as const) {
    it(`may be ${text}, which Azure writes ${iso}`, () => {
      assert.deepEqual(jitDurationProblems(text), []);
      assert.equal(isoDuration(text), iso);
    });
  }

  for (const text of [
    "",
    "3",
    "h",
    "P",
    "PT",
    "P1DT",
    "4m",
    "25h",
    "P2D",
    "1441m",
    "PT1.5H",
    "-PT3H",
    "PT3H ",
    "3h 5m",
    "P1W",
  ]) {
    it(`may not be ${JSON.stringify(text)}`, () => {
      assert.deepEqual(jitDurationProblems(text).map(describeProblem), [
        `jitMaxDuration is ${JSON.stringify(text)}; ${durationForm}`,
      ]);
    });
  }

  it("means the same in every form, and is always between 5 minutes and 24 hours", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3000 }), (minutes) => {
        const forms = [`${minutes}m`, `${Math.floor(minutes / 60)}h${minutes % 60}m`, `PT${minutes}M`];
        const isAllowed = minutes >= 5 && minutes <= 1440;
        for (const form of forms) assert.equal(jitDurationProblems(form).length === 0, isAllowed, form);
        if (isAllowed) assert.equal(new Set(forms.map(isoDuration)).size, 1);
      }),
    );
  });

  it("is never turned into a guess", () => {
    assert.throws(() => isoDuration("soon"), { message: '"soon" is not a duration.' });
  });
});

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

describe("login", () => {
  const problems = (settings: Partial<LoginSettings>) =>
    loginProblems({ os: "linux", login: "sshKey", adminUsername: "azureuser", sshPublicKey: key, ...settings }).map(
      describeProblem,
    );

  it("by SSH key needs the public key", () => {
    assert.deepEqual(problems({}), []);
    assert.deepEqual(problems({ sshPublicKey: undefined }), [
      "sshPublicKey is missing; required with login sshKey; or set login to entraId or password",
    ]);
    assert.deepEqual(problems({ sshPublicKey: `ecdsa-sha2-nistp256 ${"A".repeat(80)}` }), [
      `sshPublicKey is "ecdsa-sha2-nistp256 ${"A".repeat(80)}"; is a key of type ecdsa-sha2-nistp256; Azure accepts only ssh-ed25519 and ssh-rsa`,
    ]);
  });

  it("never repeats a private key in its message", () => {
    assert.deepEqual(problems({ sshPublicKey: "-----BEGIN OPENSSH PRIVATE KEY-----\nabc" }), [
      'sshPublicKey is "[secret]"; is a private key; use the public key, the content of the .pub file',
    ]);
  });

  it("by Entra ID needs no key, and takes one for the emergency administrator", () => {
    assert.deepEqual(problems({ login: "entraId" }), []);
    assert.deepEqual(problems({ login: "entraId", sshPublicKey: undefined }), []);
  });

  it("by password takes no key", () => {
    assert.deepEqual(problems({ login: "password", sshPublicKey: undefined }), []);
    assert.deepEqual(problems({ login: "password" }), [
      `sshPublicKey is "${key}"; not used with login password; remove it, or set login to sshKey`,
    ]);
  });

  it("to Windows knows no keys", () => {
    assert.deepEqual(problems({ os: "windows" }), [
      'login is "sshKey"; must be entraId or password on windows, which has no SSH key login',
      `sshPublicKey is "${key}"; not used on windows; remove it`,
    ]);
  });

  it("has an administrator whom Azure accepts", () => {
    assert.deepEqual(problems({ adminUsername: "Admin" }), [
      'adminUsername is "Admin"; Azure does not allow this name',
    ]);
    assert.deepEqual(problems({ adminUsername: "Ops Team" }), [
      'adminUsername is "Ops Team"; must be 1 to 32 lowercase letters, digits, hyphens and underscores on linux, not starting with a digit or hyphen',
    ]);
    assert.deepEqual(problems({ os: "windows", login: "password", sshPublicKey: undefined, adminUsername: "ops." }), [
      'adminUsername is "ops."; must be 1 to 20 characters on windows, none of \\ / " [ ] : | < > + = ; , ? * @ & or a space, not ending with a period',
    ]);
  });

  it("needs a generated password unless there is a key that is used", () => {
    assert.equal(needsPassword({ os: "linux", login: "sshKey", sshPublicKey: key }), false);
    assert.equal(needsPassword({ os: "linux", login: "entraId", sshPublicKey: key }), false);
    assert.equal(needsPassword({ os: "linux", login: "entraId" }), true);
    assert.equal(needsPassword({ os: "linux", login: "password" }), true);
    assert.equal(needsPassword({ os: "windows", login: "entraId" }), true);
  });
});

describe("a virtual machine as a whole", () => {
  const whole: VirtualMachineSettings = {
    name: "web",
    os: "linux",
    login: "entraId",
    size: "Standard_B2s_v2",
    image: "ubuntu-24.04",
    adminUsername: "azureuser",
    jitPorts: [22],
    jitMaxDuration: "3h",
  };
  const arm64Image = "Canonical:ubuntu-24_04-lts:server-arm64:latest";
  const refusals = (vm: Partial<VirtualMachineSettings>) =>
    virtualMachineProblems({ ...whole, ...vm }).map(describeProblem);

  it("has an image for the processor of its size", () => {
    assert.deepEqual(refusals({ size: "Standard_D2ps_v6" }), [
      'size is "Standard_D2ps_v6"; is an Arm64 size, and the image ubuntu-24.04 is for x64; choose an x64 size, or an Arm64 image as publisher:offer:sku:version',
    ]);
    assert.deepEqual(refusals({ image: arm64Image }), [
      `image is "${arm64Image}"; is an Arm64 image, and Standard_B2s_v2 is an x64 size; Arm64 sizes have a "p" after the number of vCPUs, such as Standard_D2ps_v6`,
    ]);
    assert.deepEqual(refusals({ size: "Standard_D2ps_v6", image: arm64Image }), []);
    assert.deepEqual(refusals({ size: "Standard_ND128isr_NDR_GB200_v6", image: arm64Image }), []);
    assert.deepEqual(refusals({ size: "Standard_D2ps_v6", image: "almalinux:almalinux-arm:9-arm-gen2:latest" }), []);
  });

  it("reports all its problems together", () => {
    const vm: VirtualMachineSettings = {
      name: "",
      os: "linux",
      login: "sshKey",
      size: "B2s",
      image: "",
      zone: "0",
      adminUsername: "azureuser",
      jitPorts: [],
      jitMaxDuration: "",
    };
    assert.deepEqual(
      virtualMachineProblems(vm).map((problem) => problem.key),
      ["name", "size", "image", "zone", "sshPublicKey", "jitPorts", "jitMaxDuration"],
    );
  });
});
