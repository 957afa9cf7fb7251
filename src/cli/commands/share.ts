/** `espalier share CURVE…`: one budget for the parts of a log, each of which has written its curve. */
import { parseArgs } from 'node:util';
import { readCurves } from '../../engine/stream/curve-file.ts';
import { sha256 } from '../../platform/node/sha256.ts';
import { shareText } from '../../engine/stream/share-file.ts';
import { cutShared } from '../../engine/stream/shared-budget.ts';
import { openFileSource } from '../../platform/node/file-source.ts';
import { refuseToOverwrite } from '../inputs.ts';
import { namedPreset, PRUNE_OPTIONS, pruneBudget } from '../prune-flags.ts';
import { partName } from '../share-flag.ts';
import { atLeastText, counted } from '../text/figures.ts';
import { intoFile, refuseFile, UsageError } from '../usage.ts';
import { note, printHelp } from '../streams.ts';

export const SHARE_HELP = `espalier share CURVE… --budget SHARE --out FILE [options]

Cuts the curves of parts, as espalier curve writes them, at one budget, and writes what it leaves to each part, by the names of the
files. The parts then keep what the whole log would keep in one process.

  --preset NAME          the budget of a preset
  --budget SHARE         how much of the cost of all parts the cut may keep, for example 30%
  --train-budget SHARE   how much of the kept sampled tokens may carry loss (default 100%)
  --out FILE             file to write

All flags of espalier prune are taken; the others count for nothing here.

Exit codes: 0 done, 2 usage error; espalier --help lists all.
`;

export async function share(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: PRUNE_OPTIONS });
  if (values.help) {
    printHelp(SHARE_HELP);
    return 0;
  }
  const budget = pruneBudget(values, namedPreset(values.preset));
  const { out } = values;
  if (out === undefined) throw new UsageError('--out: expected a file');
  refuseFile(out);
  refuseToOverwrite([], positionals, [out]);
  if (positionals.length === 0) throw new UsageError('expected at least one CURVE');
  const names = positionals.map(partName);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UsageError(`two parts are called ${twice}`);
  const files = await Promise.all(positionals.map(async (path) => openFileSource(path, path))).catch((error: unknown) => {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  });
  const { curves, rule } = await readCurves(files).catch((error: unknown) => {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  });
  const summary = await cutShared(curves, budget);
  await intoFile(out, [shareText(rule, budget, summary, names, sha256)]);
  const kept = ({ kept: some, total }: { readonly kept: number; readonly total: number }): string =>
    atLeastText(total > 0 ? some / total : 1);
  note(`${counted(names.length, 'part')}: ${kept(summary.cost)} of the cost and ${kept(summary.signal)} of the signal kept`);
  return 0;
}
