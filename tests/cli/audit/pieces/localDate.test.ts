import assert from "node:assert/strict";
import {
  DateOrders,
  isInEitherMonth,
  isoDate as isoDateOf,
  localDate,
  needsOrder,
  type DateOrder,
} from "../../../../cli/audit/pieces/localDate.ts";

function orderOf(...dates: readonly string[]): DateOrder | undefined {
  const orders = new DateOrders();
  dates.forEach((text) => {
    const date = localDate(text);
    if (date !== undefined) orders.add(date);
  });
  return orders.order;
}

function isoDate(text: string, order: DateOrder | undefined): string | undefined {
  const date = localDate(text);
  return date && isoDateOf(date, order);
}

/** Languages of the portal (azure-portal, "Change the language"), and regions of English. */
const languages =
  `cs de en-US en-GB en-AU en-IN en-NZ en-CA en-IE en-ZA es es-MX fr fr-CH hu id it ja ko nl pl pt-BR pt-PT ru sv tr
  zh-CN zh-TW`.split(/\s+/);

describe("dates in the form of a country", () => {
  for (const language of languages) {
    it(`are read in ${language}, if one of them has a day after the 12th`, () => {
      const form = new Intl.DateTimeFormat(language, {
        year: "numeric",
        month: "numeric",
        day: "numeric",
        hour: "numeric",
        minute: "numeric",
        second: "numeric",
        fractionalSecondDigits: 3,
        timeZone: "UTC",
      });
      const times = ["2026-02-03T00:59:07.004Z", "2026-11-10T12:00:59.120Z", "2026-03-28T23:07:00.999Z"];
      const dates = times.map((time) => form.format(new Date(time)));
      const order = orderOf(...dates);
      assert.deepEqual(
        dates.map((date) => isoDate(date, order)),
        times,
      );
    });
  }

  const orders: readonly (readonly [dates: readonly string[], order: DateOrder | undefined])[] = [
    [["03/02/2026, 09:58:30", "13/02/2026, 09:58:30"], "dayFirst"],
    [["3/2/2026 9:58:30 AM", "2/13/2026 9:58:30 AM"], "monthFirst"],
    [["13/02/2026, 09:58:30", "02/13/2026, 09:58:30"], undefined],
    // Only English of the United States writes no zeros, a comma, and capitals.
    [["3/2/2026, 9:58:30.123 AM"], "monthFirst"],
    [["03/02/2026, 9:58:30.123 AM"], undefined],
    [["11/12/2026, 9:58:30.123 AM"], undefined],
    [["3/2/2026, 9:58:30.123 am"], undefined],
    [["3/2/2026 9:58:30 AM"], undefined],
    [["3/2/2026, 9:58:30 AM", "3/2/2026 9:58:30 AM"], undefined],
    [["03/02/2026 09:58"], undefined],
    [["3.2.2026, 09:58:30"], "dayFirst"],
    [["03-02-2026 09:58:30"], "dayFirst"],
    [["2026/2/3 9:58:30", "03/02/2026 09:58:30"], undefined],
  ];
  for (const [dates, order] of orders) {
    it(`are in the order ${order ?? "that nothing tells"}: ${dates.join("; ")}`, () => {
      assert.equal(orderOf(...dates), order);
    });
  }

  it("are left as they are if the order is not known, unless it does not matter", () => {
    assert.equal(isoDate("3/2/2026 9:58:30 AM", undefined), "3/2/2026 9:58:30 AM");
    assert.equal(isoDate("5/5/2026 12:58:30 PM", undefined), "2026-05-05T12:58:30.0Z");
    assert.equal(isoDate("2026/3/2 0:58", undefined), "2026-03-02T00:58:00.0Z");
    assert.equal(isoDate("Mar 2, 2026 12:58:30 AM", undefined), "2026-03-02T00:58:30.0Z");
    assert.equal(isoDate("Mar 2, 2026 18:58:30.123", undefined), "2026-03-02T18:58:30.123Z");
  });

  it("may be in either month", () => {
    assert.equal(isInEitherMonth("3/2/2026 9:58:30 AM"), true);
    for (const date of [
      "3/13/2026 9:58",
      "5/5/2026 9:58",
      "3.2.2026 9:58",
      "2026/3/2 9:58",
      "Mar 2, 2026 9:58",
      "2026-03-02",
      "soon",
    ]) {
      assert.equal(isInEitherMonth(date), false, date);
    }
  });

  const zoned: readonly (readonly [text: string, iso: string])[] = [
    ["Mon, 04 May 2026 10:00:00 GMT", "2026-05-04T10:00:00.0Z"],
    ["Mon, 4 May 2026 12:00:00 +0200", "2026-05-04T12:00:00.0+02:00"],
    ["Mon May 04 2026 12:00:00 GMT+0200 (Central European Summer Time)", "2026-05-04T12:00:00.0+02:00"],
    ["Monday, May 4, 2026 10:00:00 AM UTC", "2026-05-04T10:00:00.0Z"],
    ["4 Sept 2026, 10:00:00 Z", "2026-09-04T10:00:00.0Z"],
    ["04-May-2026 10:00:00 -5:30", "2026-05-04T10:00:00.0-05:30"],
    ["2026/5/4 10:00:00.123 GMT+9", "2026-05-04T10:00:00.123+09:00"],
    ["5/5/2026 10:00:00 PM +00:00", "2026-05-05T22:00:00.0+00:00"],
  ];
  for (const [text, iso] of zoned) {
    it(`tell month and time zone alone: ${text}`, () => {
      const date = localDate(text);
      assert.ok(date?.zone !== undefined && !needsOrder(date));
      assert.equal(isoDateOf(date, undefined), iso);
    });
  }

  it("may have a time zone but no clear month", () => {
    assert.equal(isoDate("3/2/2026 10:20:00 AM +02:00", undefined), "3/2/2026 10:20:00 AM +02:00");
    assert.equal(isoDate("3/2/2026 10:20:00 AM +02:00", "monthFirst"), "2026-03-02T10:20:00.0+02:00");
  });

  for (const text of [
    "2026-05-04T10:00:00Z",
    "2026-05-04 10:00:00.123456+00:00",
    "3/2/2026",
    "10:00",
    "3/2.2026 9:58",
    "3/2/2026 9:58 CET",
    "May 4, 2026 9:58 AM PST",
    "2 marraskuu 2026 9:58",
    "1.2.3.4 5:06",
    "",
  ]) {
    it(`are something else than '${text}'`, () => {
      assert.equal(localDate(text), undefined);
    });
  }
});
