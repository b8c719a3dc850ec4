import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/**
 * Data flows one way: index.ts -> components -> links, rules, and cli -> audit, azure -> links, rules.
 * Each row says what the files of one folder may not import.
 */
const arrows = [
  { files: ["links/**"], mayNotImport: ["components", "cli", "azure", "sandbox", "pulumi"] },
  { files: ["rules/**"], mayNotImport: ["components", "cli", "azure", "audit", "sandbox", "pulumi"] },
  { files: ["audit/**"], mayNotImport: ["components", "cli", "azure", "sandbox", "pulumi"] },
  { files: ["azure/**"], mayNotImport: ["components", "cli", "sandbox", "pulumi"] },
  { files: ["components/**"], mayNotImport: ["cli", "azure", "audit", "sandbox", "wholeSdk"] },
  { files: ["cli/**"], mayNotImport: ["components", "sandbox", "pulumi"] },
  { files: ["*.ts", "bootstrap/**", "policies/**"], mayNotImport: ["cli", "sandbox", "wholeSdk"] },
];

const restricted = {
  pulumi: { regex: "^@pulumi/", message: "This layer knows nothing of Pulumi." },
  wholeSdk: {
    regex: "^@pulumi/(?:azure-native(?:/\\w+)?(?:/index\\.js)?|random(?:/index\\.js)?)$",
    message: "Import the one file of the SDK that holds it: an index loads hundreds (docs/performance.md).",
  },
};

const arrowRules = arrows.map(({ files, mayNotImport }) => ({
  files,
  rules: {
    "@typescript-eslint/no-restricted-imports": [
      "error",
      {
        patterns: mayNotImport.map(
          (target) =>
            restricted[target] ?? {
              regex: `^\\.{1,2}/(?:.*/)?${target}/`,
              message: `Data flows one way: this folder may not import ${target}/.`,
            },
        ),
      },
    ],
  },
}));

export default defineConfig(
  globalIgnores(["node_modules/", ".cache/", ".sandbox/", "dist/"]),
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      eqeqeq: "error",
    },
  },
  {
    files: ["tests/**/*.ts"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unused-expressions": "off",
    },
  },
  ...arrowRules,
);
