/** `espalier rollouts PATH…`: the table of rollouts that the page shows. */
import { parseArgs } from 'node:util';
import { columnOf, hasValues, type RolloutColumn, type RolloutColumns } from '../../core/rollouts/columns.ts';
import { csvHead, csvLine } from '../../core/rollouts/csv.ts';
import { orderRows } from '../../core/rollouts/order-rows.ts';
import { open } from '../api.ts';
import { refuseFilter, searchProgress } from '../filter-flag.ts';
import { readInputs } from '../inputs.ts';
import { OPEN_HELP, OPEN_OPTIONS, openProgress, REGARD_HELP } from '../open-flags.ts';
import { openOptions, readSession, SAID_OPTIONS, SESSION_HELP } from '../session-flag.ts';
import { note, print, printedJson, printHelp } from '../streams.ts';
import { rolloutJson, tableLines } from '../text/rollouts.ts';
import { UsageError } from '../usage.ts';

export const ROLLOUTS_HELP = `espalier rollouts PATH… [options]

Prints a row for each rollout, in the order of the inputs: task, id, file, model, policy version, status, reward, advantage, turns,
calls, errors, parallel calls, tools, tokens, entropy and every scalar field of its record.

  --columns LIST         ids of columns, or all (default: those that are known, without the fields of the records)
  --sort COLUMN          by a column, the least first; COLUMN:desc the largest first; what is unknown comes last
  --where FILTER         only rollouts that the filter takes (docs/filter.md)
  --csv                  print CSV with every digit; text that a spreadsheet would take for a formula begins with an apostrophe
  --json                 print one JSON object for each rollout, null where unknown
${OPEN_HELP}
${REGARD_HELP}
${SESSION_HELP}

Exit codes: 0 done, 1 no rollout is left, 2 usage error; espalier --help lists all.
`;

/** Rows of a piece. */
const ROWS_AT_ONCE = 1_000;

export async function rollouts(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      columns: { type: 'string' },
      sort: { type: 'string' },
      where: { type: 'string' },
      csv: { type: 'boolean' },
      json: { type: 'boolean' },
      ...SAID_OPTIONS,
      ...OPEN_OPTIONS,
    },
  });
  if (values.help) {
    printHelp(ROLLOUTS_HELP);
    return 0;
  }
  const { sort } = values;
  const session = await readSession(values.session);
  const where = values.where ?? (session?.filter || undefined);
  if (values.json === true && values.csv === true) throw new UsageError('--json and --csv both go to standard output; give one of them');
  refuseFilter('--where', where);
  const inputs = await readInputs(positionals, values);
  const dataset = await open(inputs, { ...(await openOptions(values, session, inputs)), filter: where ?? '', onProgress: openProgress() });
  const { table, keys, leftOut, taken } = await dataset.rollouts(where, searchProgress());
  const columns = chosenColumns(table, values.columns);
  const rows = sort === undefined ? taken : sorted(table, taken, sort);
  const textOf = values.csv === true ? (r: number) => csvLine(columns, r).slice(0, -2) : null;
  if (textOf) print(csvHead(columns).trimEnd());
  if (textOf === null && values.json !== true) print(...tableLines(columns, rows));
  else
    for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
      const some = Array.from(rows.subarray(from, from + ROWS_AT_ONCE));
      if (textOf) print(...some.map(textOf));
      else if (!(await printedJson(some.map((r) => ({ key: keys[r], ...rolloutJson(columns, r) }))))) break;
    }
  if (leftOut.columns + leftOut.values > 0)
    note(`note: ${leftOut.columns} fields and ${leftOut.values} values of single records are no columns: too many, or too long`);
  return rows.length > 0 ? 0 : 1;
}

function chosenColumns(table: RolloutColumns, list: string | undefined): readonly RolloutColumn[] {
  if (list === 'all') return table.columns;
  if (list === undefined) return table.columns.filter((column) => !column.id.startsWith('field.') && hasValues(column));
  return list.split(',').map((id) => named(table, '--columns', id));
}

function sorted(table: RolloutColumns, rows: Int32Array<ArrayBuffer>, sort: string): Int32Array<ArrayBuffer> {
  const isDescending = sort.endsWith(':desc');
  return orderRows(rows, named(table, '--sort', isDescending ? sort.slice(0, -':desc'.length) : sort), isDescending);
}

function named(table: RolloutColumns, flag: string, id: string): RolloutColumn {
  const column = columnOf(table, id);
  if (column === undefined) throw new UsageError(`${flag}: no column ${id}; here are ${table.columns.map((each) => each.id).join(', ')}`);
  return column;
}
