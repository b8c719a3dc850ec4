/** Bundles the page of the CLI's reports into its compiled files, because the package has no bundler. */
import { writeFileSync } from "node:fs";
import { bundlePage } from "../../cli/report/bundlePage.ts";

writeFileSync("dist/report/page.html", await bundlePage());
