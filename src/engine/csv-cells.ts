/** Cells of CSV files. */

/** Single precision needs no more than 9 digits; an unknown number is empty. */
export function numberCell(value: number): string {
  return Number.isNaN(value) ? '' : String(Number(value.toPrecision(9)));
}

/** Text that a spreadsheet would take for a formula begins with an apostrophe. */
export function textCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
