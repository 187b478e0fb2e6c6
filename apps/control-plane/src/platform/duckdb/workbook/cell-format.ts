/** Which number formats of a workbook mean dates, and what a number of such a cell is. Pure. */

/** As Excel numbers them; 27 to 36 and 50 to 58 are dates in East Asian workbooks. */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);

/** `code` is a format that the workbook brings along, such as `yyyy-mm-dd` or `[Red]#,##0`. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return isBuiltInDate(id);
  const [first = ''] = code.split(';');
  const plain = first.replaceAll(/"[^"]*"|\\.|_.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  return /[dmhys]/i.test(plain) && !/^general$/i.test(plain);
}

const DAY_MS = 86_400_000;
/** Day 0, such that day 60, a 29 February 1900 that never was, is passed over by all later days. */
const EPOCH_1900 = Date.UTC(1899, 11, 30);
const EPOCH_1904 = Date.UTC(1904, 0, 1);

/** A moment as `2026-01-31 10:00:00`, a time of day as `10:00:00`; undefined for what is neither. */
export function dateText(serial: number, from1904: boolean): { text: string; isMoment: boolean } | undefined {
  if (!Number.isFinite(serial) || serial < 0 || serial >= 2_958_466) return undefined;
  // The first weeks of 1900 are counted without the day that never was.
  const days = !from1904 && serial >= 1 && serial < 60 ? serial + 1 : serial;
  const iso = new Date(Math.round(((from1904 ? EPOCH_1904 : EPOCH_1900) + days * DAY_MS) / 1_000) * 1_000).toISOString();
  if (serial < 1 && !from1904) return { text: iso.slice(11, 19), isMoment: false };
  return { text: `${iso.slice(0, 10)} ${iso.slice(11, 19)}`, isMoment: true };
}
