/** `espalier tasks PATH…`: which task each record is of, so that a cluster can bring the records of a task together. */
import { parseArgs } from 'node:util';
import { indexLog, settledRows } from '../../engine/stream/index-log.ts';
import { makeLocalPool } from '../../engine/pool.ts';
import { openHandle } from '../../platform/node/open-handle.ts';
import { makeSpill } from '../../platform/node/spill.ts';
import { taskSides } from '../../engine/task-side.ts';
import { unpack } from '../../platform/node/unpack.ts';
import { readInputs } from '../inputs.ts';
import { takenRows } from '../finding.ts';
import { printedJson, printHelp } from '../streams.ts';
import { OPEN_OPTIONS, openSettings } from '../open-flags.ts';

export const TASKS_HELP = `espalier tasks PATH… [options]

Prints for each record that could be used, in their order, one line of JSON: {"file", "line", "byte", "bytes", "task", "rollout"};
a record of several rollouts gives a line for each. Where files beside the logs, or the log itself, hold calls that are expected in the
task ("references") or patches for it ("candidates"), their numbers come last. Nothing is tokenised.

  --where FILTER         only rollouts that the filter takes (docs/filter.md); the log is read a second time for it, and tokenised
  --mapping FILE         mapping file for records in an unrecognised format
  --token-file FILE      a token for private repositories of the hub (hf://…), else the variable HF_TOKEN; sent to the hub alone

Exit codes: 0 done, 1 no record was usable, 2 usage error; espalier --help lists all.
`;

export async function tasks(args: readonly string[]): Promise<number> {
  const { help, mapping, 'token-file': tokenFile } = OPEN_OPTIONS;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { help, mapping, 'token-file': tokenFile, where: { type: 'string' } },
  });
  if (values.help) {
    printHelp(TASKS_HELP);
    return 0;
  }
  const files = await readInputs(positionals, values);
  const isTaken = values.where === undefined ? null : await takenRows(files, openSettings(values), values.where);
  // On one thread records come in their order.
  const pool = makeLocalPool(openHandle);
  const settings = openSettings(values);
  await pool.configure(settings);
  const index = await indexLog(files, settings, pool, unpack, makeSpill, new AbortController().signal, () => undefined);
  const sideOf = taskSides(index.opening);
  for await (const rows of settledRows(index)) {
    const lines = rows
      .filter((row) => isTaken === null || isTaken(index.opening.inputs[row.source]?.path ?? '', row))
      .map((row) => ({ row, side: sideOf(row.task) }))
      .map(({ row: { source, line, address, task, id }, side }) => ({
        file: index.opening.inputs[source]?.path,
        line,
        byte: address.start,
        bytes: address.size,
        task,
        rollout: id,
        ...(side.references.length === 0 ? {} : { references: side.references.length }),
        ...(side.candidates.length === 0 ? {} : { candidates: side.candidates.length }),
      }));
    if (!(await printedJson(lines))) break;
  }
  return index.rollouts > 0 ? 0 : 1;
}
