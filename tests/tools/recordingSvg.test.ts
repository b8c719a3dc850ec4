import assert from "node:assert/strict";
import { recordingSvg } from "../../tools/recordingSvg.ts";

describe("a recording as SVG", () => {
  const svg = recordingSvg(
    [
      { text: "\u001B[32m✔\u001B[39m  <done> & \u001B[1mdusted\u001B[22m", at: 60_000 },
      { text: "", at: 60_100 },
    ],
    "npm run sandbox",
  );

  it("has the lines with their colours, as text", () => {
    assert.deepEqual(svg.match(/<text .*/g), [
      '<text x="16" y="29" class="m0">$\u00A0npm\u00A0run\u00A0sandbox</text>',
      '<text x="16" y="47" class="m1"><tspan fill="#56d364">✔</tspan>\u00A0\u00A0&lt;done&gt;\u00A0&amp;\u00A0<tspan class="b">dusted</tspan></text>',
      '<text x="16" y="65" class="m2"></text>',
    ]);
  });

  it("leaves long waits out, and stays at its end", () => {
    // 900 ms instead of 60 s, 100 ms as they were, then 15 s.
    assert.deepEqual(svg.match(/animation:m\d \d+ms/g), [
      "animation:m0 16000ms",
      "animation:m1 16000ms",
      "animation:m2 16000ms",
    ]);
    assert.ok(svg.includes("@keyframes m1{0%,5.63%{opacity:0}5.63%,100%{opacity:1}}"), svg);
  });
});
