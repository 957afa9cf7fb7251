/** `espalier search PATH… FILTER`: the rollouts that a filter takes, and every place where its words stand. */
import { parseArgs } from 'node:util';
import { open } from '../api.ts';
import { refuseFilter, searchProgress } from '../filter-flag.ts';
import type { FoundRollout } from '../finding.ts';
import { readInputs } from '../inputs.ts';
import { OPEN_HELP, OPEN_OPTIONS, openProgress, REGARD_HELP } from '../open-flags.ts';
import { openOptions, readSession, SAID_OPTIONS, SESSION_HELP } from '../session-flag.ts';
import { note, print, printedJson, printHelp } from '../streams.ts';
import { UsageError } from '../usage.ts';

export const SEARCH_HELP = `espalier search PATH… FILTER [options]

Prints the rollouts that the filter takes (docs/filter.md), in the order of the inputs: a line for each place where a word or
regular expression of it stands, file:line: rollout: what is around it; of a filter without words a line for each rollout.

  --json                 print one JSON object for each place, or each rollout
${OPEN_HELP}
${REGARD_HELP}
${SESSION_HELP.replace('filter, ', '')}

Exit codes: 0 something was found, 1 nothing was, 2 usage error; espalier --help lists all.
`;

export async function search(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean' }, ...SAID_OPTIONS, ...OPEN_OPTIONS },
  });
  if (values.help) {
    printHelp(SEARCH_HELP);
    return 0;
  }
  const filter = positionals.at(-1);
  if (filter === undefined || positionals.length < 2) throw new UsageError('expected paths and a filter behind them');
  refuseFilter('FILTER', filter);
  const session = await readSession(values.session);
  const inputs = await readInputs(positionals.slice(0, -1), values);
  const dataset = await open(inputs, { ...(await openOptions(values, session, inputs)), filter, onProgress: openProgress() });
  const told = searchProgress();
  let found = 0;
  for await (const rollout of dataset.search(filter, told)) {
    found++;
    if (values.json === true) {
      if (!(await printedJson(jsonLines(rollout)))) break;
    } else print(...textLines(rollout));
  }
  const { unsearched } = await dataset.where(filter);
  if (unsearched !== null) note(`warning: ${unsearched.rollouts} rollouts could not be looked through: ${unsearched.why}`);
  return found > 0 ? 0 : 1;
}

function textLines({ file, line, rollout, places, total }: FoundRollout): string[] {
  const where = `${file}${line > 0 ? `:${line}` : ''}: ${rollout}`;
  if (places.length === 0) return [where];
  const more = total > places.length ? [`${where}: ${(total - places.length).toLocaleString('en')} more places`] : [];
  return [...places.map(({ before, match, after }) => `${where}: ${before}${match}${after}`), ...more];
}

function jsonLines({ places, ...rollout }: FoundRollout): object[] {
  if (places.length === 0) return [rollout];
  return places.map((place) => ({ ...rollout, ...place }));
}
