/**
 * Returns the seconds of an ISO 8601 duration with days, hours, minutes and seconds (`PT3H`, `P1D`); `undefined` if it is not
 * one.
 */
export function isoSeconds(text: string): number | undefined {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?$/i.exec(text);
  if (parts === null || /[PT]$/i.test(text)) {
    return undefined;
  }
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part || 0));
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}
