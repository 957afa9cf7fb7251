/** The benchmark's table for people: one row per figure, its note below it. */
import type { Row } from './rows/row.ts';

export function table(rows: readonly Row[]): string {
  const head = ['what', 'ours', 'reference', 'unit', 'ratio', 'goal'];
  const body = rows.map(({ name, value, unit, reference, ratio, goal }) => [
    name,
    figure(value),
    figure(reference),
    unit,
    figure(ratio),
    goal,
  ]);
  const widths = head.map((title, column) => body.reduce((widest, cells) => Math.max(widest, cells[column].length), title.length));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, c) => (c === 0 || c === 5 ? cell.padEnd(widths[c]) : cell.padStart(widths[c])))
      .join('  ')
      .trimEnd();
  const lines = [line(head), widths.map((width) => '-'.repeat(width)).join('  ')];
  rows.forEach(({ note }, r) => {
    lines.push(line(body[r]));
    if (note !== '') lines.push(`    ${note}`);
  });
  return `${lines.join('\n')}\n`;
}

/** Three significant digits, more only before the point; a dash where nothing was measured. */
function figure(value: number): string {
  if (Number.isNaN(value)) return '-';
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
