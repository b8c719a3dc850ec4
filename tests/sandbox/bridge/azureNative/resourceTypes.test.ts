import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { resourceTypes, type ResourceType } from "../../../../sandbox/bridge/azureNative/resourceTypes.ts";
import { openSdkTypings, type SdkMembers, type SdkType } from "../../../../sandbox/bridge/azureNative/sdkTypings.ts";
import { nestedValueRules, type ValueRule } from "../../../../sandbox/bridge/azureNative/valueRules.ts";
import { nestedShape, wirePath, type WireShape } from "../../../../sandbox/bridge/azureNative/wireShape.ts";

const modules = join(import.meta.dirname, "../../../../node_modules");
const typings = openSdkTypings();
const types = resourceTypes(typings);

function sdkSource(type: ResourceType): string {
  const [space = "", name = ""] = type.type.split(".");
  const file = `${space}/${name.charAt(0).toLowerCase()}${name.slice(1)}.js`;
  return readFileSync(join(modules, "@pulumi/azure-native", file), "utf8");
}

/** The nested type that a member is, or is a list of. */
function objectOf(type: SdkType | undefined): string | undefined {
  if (type?.kind === "list" || type?.kind === "map") return objectOf(type.of);
  return type?.kind === "object" ? type.name : undefined;
}

function kindFits({ kind }: SdkType, { minLength, maxLength, pattern }: ValueRule): boolean {
  const isForText = minLength !== undefined || maxLength !== undefined || pattern !== undefined;
  return kind === (isForText ? "string" : "number");
}

describe("The limits of nested types", () => {
  for (const [name, rules] of Object.entries(nestedValueRules)) {
    it(`are on members that ${name} has`, () => {
      const members = typings.object(`${name}Args`);
      for (const [member, rule] of Object.entries(rules)) {
        assert.ok(kindFits(members.get(member)?.type ?? { kind: "any" }, rule), member);
      }
    });
  }
});

describe("The table of resource types", () => {
  for (const type of types.all) {
    describe(type.token, () => {
      it("knows every argument and every output that the SDK sends", () => {
        const source = sdkSource(type);
        const [created = ""] = source.split("else {");
        const named = (text: string, pattern: RegExp): string[] =>
          [...text.matchAll(pattern)].map(([, name = ""]) => name);
        const args = named(created, /resourceInputs\["(\w+)"\] = (?!undefined)/g);
        const outputs = named(created, /resourceInputs\["(\w+)"\] = undefined/g);
        assert.ok(args.length > 0 && outputs.length > 0);
        const known = [...type.pathArgs.map(({ name }) => name), ...type.bodyArgs.keys()];
        assert.deepEqual(known.sort(), [...new Set(args)].sort());
        for (const name of outputs) assert.ok(type.outputs.has(name), `${type.token} has no output ${name}`);
      });

      it("replaces for members that the SDK has, and limits only such, and strings and numbers only", () => {
        const known = new Map<string, SdkType>([
          ...type.pathArgs.map(({ name }): [string, SdkType] => [name, { kind: "string" }]),
          ...[...type.bodyArgs].map(([name, member]): [string, SdkType] => [name, member.type]),
        ]);
        for (const name of type.forceNew ?? []) assert.ok(known.has(name), name);
        // A table that types share may name what not all of them have.
        for (const [name, rule] of Object.entries(type.valueRules ?? {})) {
          assert.ok(kindFits(known.get(name) ?? { kind: "string" }, rule), name);
        }
      });

      it("compares as sets only lists of objects that have the identifying members", () => {
        for (const [path, keys] of Object.entries(type.sets ?? {})) {
          const element = path.split(".").reduce((members: SdkMembers, name) => {
            const object = objectOf(members.get(name)?.type);
            assert.ok(object !== undefined, path);
            return typings.object(object);
          }, type.bodyArgs);
          assert.deepEqual(
            keys.filter((key) => !element.has(key)),
            [],
          );
        }
      });

      it("can read all nested types it refers to", () => {
        const seen = new Set<string>();
        const visit = (type_: SdkType): void => {
          if (type_.kind === "list" || type_.kind === "map") visit(type_.of);
          if (type_.kind !== "object" || seen.has(type_.name)) return;
          seen.add(type_.name);
          const members = typings.object(type_.name);
          for (const member of members.values()) visit(member.type);
        };
        for (const member of [...type.bodyArgs.values(), ...type.outputs.values()]) visit(member.type);
      });
    });
  }

  it("takes versioned tokens of its own API version, whatever their case", () => {
    assert.equal(types.byToken("azure-native:network/v20240501:BastionHost").type, "network.BastionHost");
    assert.equal(types.byToken("azure-native:Network:bastionHost").type, "network.BastionHost");
  });

  it("refuses another API version and an unknown type by name", () => {
    assert.throws(() => types.byToken("azure-native:network/v20230901:BastionHost"), {
      message:
        'The sandbox does not know "azure-native:network/v20230901:BastionHost": it knows azure-native:network:BastionHost ' +
        "with the API version 2024-05-01 only.",
    });
    assert.throws(
      () => types.byToken("azure-native:web:WebApp"),
      /^Error: The sandbox does not know the resource type "azure-native:web:WebApp"\. It knows: azure-native:authorization:ManagementLockByScope, /,
    );
  });

  it("keeps the lists that are standalone resources too, and no others", () => {
    const kept = types.all.filter(({ standaloneLists }) => standaloneLists.length > 0);
    assert.deepEqual(Object.fromEntries(kept.map(({ type, standaloneLists }) => [type, standaloneLists])), {
      "network.VirtualNetwork": ["subnets", "virtualNetworkPeerings"],
      "network.NetworkSecurityGroup": ["securityRules"],
    });
  });
});

interface Mapper {
  readonly serializedName: string;
  readonly type: {
    readonly name: string;
    readonly className?: string;
    readonly element?: Mapper;
    readonly value?: Mapper;
    readonly modelProperties?: Readonly<Record<string, Mapper>>;
  };
}

describe("The wire form of the network types", () => {
  // An independent source: the serializers of Microsoft's own SDK. Not among its exports, so it is read by its file.
  let mappers: Readonly<Record<string, Mapper>>;
  before(async () => {
    mappers = (await import(join(modules, "@azure/arm-network/dist/esm/models/mappers.js"))) as typeof mappers;
  });

  const classOf = ({ type }: Mapper): string | undefined => {
    if (type.element !== undefined) return classOf(type.element);
    return type.value === undefined ? type.className : classOf(type.value);
  };

  /** Compares every member, down through all nested types, and counts what it compared. */
  function compare(members: SdkMembers, shape: WireShape, model: string, label: string, seen: Set<string>): number {
    if (seen.has(`${label} ${model}`)) return 0;
    seen.add(`${label} ${model}`);
    let compared = 0;
    for (const [name, { type }] of members) {
      const properties = mappers[model]?.type.modelProperties ?? {};
      const found = Object.entries(properties).find(
        ([key, { serializedName }]) =>
          key.toLowerCase() === name.toLowerCase() || serializedName.split(".").at(-1) === name,
      )?.[1];
      if (found === undefined) continue;
      assert.equal(wirePath(shape, name).join("."), found.serializedName, `${label}.${name}`);
      compared += 1;
      const [object, nextModel] = [objectOf(type), classOf(found)];
      if (object !== undefined && nextModel !== undefined && nextModel in mappers) {
        compared += compare(typings.object(object), nestedShape(object), nextModel, object, seen);
      }
    }
    return compared;
  }

  for (const type of types.all.filter((each) => each.type.startsWith("network."))) {
    it(`of ${type.type} is that of @azure/arm-network`, () => {
      const model = type.type.slice("network.".length);
      const args = compare(type.bodyArgs, type.argShape, model, `${type.type} arguments`, new Set());
      const outputs = compare(type.outputs, type.outputShape, model, `${type.type} outputs`, new Set());
      // A Network Watcher has nothing but a location and tags.
      const atLeast = model === "NetworkWatcher" ? 3 : 10;
      assert.ok(args >= atLeast && outputs >= atLeast, `${args} arguments and ${outputs} outputs compared`);
    });
  }
});

describe("The wire form of the storage and compute types", () => {
  /** `wire: item["sdk"]` pairs of one serializer in the source of Microsoft's own SDK. */
  function pairs(file: string, serializer: string): [wire: string, sdk: string][] {
    const source = readFileSync(join(modules, file), "utf8");
    const body = new RegExp(`function ${serializer}\\(item\\) \\{([\\s\\S]*?)\\n\\}`).exec(source)?.[1];
    assert.ok(body !== undefined, `${file} has no ${serializer}`);
    return [...body.matchAll(/(\w+): !?item\["(\w+)"\]/g)].map(([, wire = "", sdk = ""]) => [wire, sdk]);
  }

  const storageFile = "@azure/arm-storage/dist/esm/models/models.js";
  const computeFile = "@azure/arm-compute/dist/esm/models/compute/models.js";
  const account = types.byToken("azure-native:storage:StorageAccount");
  const cases: { file: string; serializer: string; members: SdkMembers; shape: WireShape; at: string[] }[] = [
    {
      file: storageFile,
      serializer: "storageAccountPropertiesCreateParametersSerializer",
      members: account.bodyArgs,
      shape: account.argShape,
      at: ["properties"],
    },
    ...(
      [
        ["encryptionSerializer", "storage.EncryptionArgs"],
        ["keyVaultPropertiesSerializer", "storage.KeyVaultPropertiesArgs"],
        ["encryptionIdentitySerializer", "storage.EncryptionIdentityArgs"],
        ["virtualNetworkRuleSerializer", "storage.VirtualNetworkRuleArgs"],
        ["ipRuleSerializer", "storage.IPRuleArgs"],
        ["networkRuleSetSerializer", "storage.NetworkRuleSetArgs"],
      ] as const
    ).map(([serializer, name]) => ({
      file: storageFile,
      serializer,
      members: typings.object(name),
      shape: nestedShape(name),
      at: [],
    })),
    {
      file: computeFile,
      serializer: "_networkInterfaceReferencePropertiesSerializer",
      members: typings.object("compute.NetworkInterfaceReferenceArgs"),
      shape: nestedShape("compute.NetworkInterfaceReferenceArgs"),
      at: ["properties"],
    },
    {
      file: computeFile,
      serializer: "_virtualMachinePropertiesSerializer",
      members: types.byToken("azure-native:compute:VirtualMachine").bodyArgs,
      shape: types.byToken("azure-native:compute:VirtualMachine").argShape,
      at: ["properties"],
    },
  ];

  for (const { file, serializer, members, shape, at } of cases) {
    it(`is that of Microsoft's ${serializer}`, () => {
      const known = pairs(file, serializer).filter(([, sdk]) => members.has(sdk));
      assert.ok(known.length > 0);
      for (const [wire, sdk] of known) assert.deepEqual(wirePath(shape, sdk), [...at, wire], sdk);
    });
  }
});
