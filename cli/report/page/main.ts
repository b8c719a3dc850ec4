/** Entry point of a report's page. Starts once the data above the script is decompressed. */
import { dataElementId, type PageData } from "../pageData.ts";
import { connectControls } from "./controls.ts";
import { readElement } from "./decode.ts";
import { Details } from "./details.ts";
import { afterPause, found } from "./dom.ts";
import { gapsOf, showAbout, showCoverage, showGrantsAndRules, showTotals } from "./lists.ts";
import { modelOf } from "./model.ts";
import { Overview } from "./overview.ts";
import { onPaletteChange } from "./palette.ts";
import { recordSource } from "./records.ts";
import { Store } from "./state.ts";
import { SessionTable } from "./table.ts";
import { Timeline } from "./timeline.ts";

/**
 * Milliseconds after the last change until the totals are updated: with very many sessions, they take longer than a
 * frame.
 */
const totalsPause = 200;

async function start(): Promise<void> {
  const data = (await readElement(dataElementId)) as PageData | undefined;
  if (data === undefined) throw new Error("This file holds no trail.");
  const model = modelOf(data);
  const store = new Store(model);
  const gaps = gapsOf(model);
  showAbout(model);
  connectControls(store);
  const table = new SessionTable(store);
  const overview = new Overview(store, gaps);
  const timeline = new Timeline(store, gaps);
  const details = new Details(model, recordSource(), (opener) => {
    store.select(undefined);
    if (opener instanceof HTMLElement && opener !== document.body && opener.isConnected) opener.focus();
    else table.focus();
  });
  onPaletteChange(() => {
    overview.repaint();
    timeline.repaint(document.documentElement.classList.contains("printing"));
  });
  const totals = afterPause(totalsPause, () => {
    showTotals(store, store.state);
  });
  store.listen(({ selected }, change) => {
    if (change === "rows") totals();
    if (change === "selected" && selected !== undefined) details.showSession(selected);
  });
  showCoverage(model);
  showGrantsAndRules(model, details);
  totals();
  document.documentElement.classList.add("ready");
  performance.mark("ready");
}

start().catch((error: unknown) => {
  const told = found("failure", HTMLElement);
  told.textContent = `This page cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
  told.hidden = false;
});
