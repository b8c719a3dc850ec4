import assert from "node:assert/strict";
import { type FormatOptions } from "../../../cli/reporters/report.ts";
import { ada, eve, table, shown } from "./visits.ts";

describe("a result as Markdown", () => {
  const markdown: FormatOptions = { ...table, markdown: true };

  it("is a table with times and durations for people, and says that there is nothing", async () => {
    assert.equal(
      await shown([ada, eve], markdown),
      "| At | Who | Duration | Id |\n| --- | --- | --- | --- |\n" +
        "| 2026-05-04 10:00:00Z | ada | 12m 05s | web |\n| 2026-05-04 11:00:00Z | eve |  |  |\n",
    );
    assert.equal(await shown([], markdown), "No visits.\n");
  });

  const none = "<!-- -->";
  for (const [who, text] of [
    ["a|b", "a&#124;b"],
    ["a\\|b", "a&#92;&#124;b"],
    ["a\r\nb", "a&#92;u&#123;d&#125;&#92;u&#123;a&#125;b"],
    ["<b>*x*</b>", "&#60;b&#62;&#42;x&#42;&#60;&#47;b&#62;"],
    ["[x](//evil)", "&#91;x&#93;&#40;&#47;&#47;evil&#41;"],
    ["`$x$` ~~_y_~~", "&#96;$x$&#96; &#126;&#126;&#95;y&#95;&#126;&#126;"],
    ["&lt;", "&#38;lt;"],
    ["www.evil.example WWW.b 10.0.0.1", "www&#46;evil.example WWW&#46;b 10.0.0.1"],
    ["https://evil", "https&#58;&#47;&#47;evil"],
    ["ada@example", `ada&#64;${none}example`],
    ["@org/team", `&#64;${none}org&#47;team`],
    ["octo/repo#12", `octo&#47;repo&#35;${none}12`],
  ] as const) {
    it(`shows ${JSON.stringify(who)} as text`, async () => {
      assert.equal((await shown([{ ...eve, who }], markdown)).split("\n")[2]?.split(" | ")[1], text);
    });
  }
});
