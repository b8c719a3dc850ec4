/** Bundles page.html, page.css and the modules in `page/` into one HTML file. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { fillIn } from "./fillIn.ts";

const folder = join(import.meta.dirname, "page");

/** @returns the page without a trail. The placeholders `data` and `records` are left to fill in. */
export async function bundlePage(): Promise<string> {
  const [html, style, script] = await Promise.all([
    readFile(join(folder, "page.html"), "utf8"),
    bundled("page.css"),
    bundled("main.ts"),
  ]);
  return fillIn(html, {
    policy: `<meta http-equiv="Content-Security-Policy" content="${policyFor(script, style)}" />`,
    style: `<style>${style}</style>`,
    script: `<script>${script}</script>`,
  });
}

async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(folder, entry)],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2024",
    charset: "utf8",
    legalComments: "none",
    logLevel: "silent",
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`${entry} gave no bundle.`);
  return file.text;
}

/**
 * The page's content security policy: the browser runs only this script, uses this style, and loads nothing. Trusted
 * Types block all ways from text to script, which the page does not use.
 */
function policyFor(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
