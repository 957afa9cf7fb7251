/** `espalier curve PATH…`: what a part of a log must tell before parts on many machines can share one budget. */
import { parseArgs } from 'node:util';
import { DEFAULT_RULE } from '../../core/model/rule.ts';
import { presetRule } from '../../core/rule/presets.ts';
import { streamLog } from '../../engine/stream/stream.ts';
import { StreamRefusal } from '../../engine/stream/refusal.ts';
import { writeFileAt } from '../../platform/node/folder-sink.ts';
import { makeSpill } from '../../platform/node/spill.ts';
import { unpack } from '../../platform/node/unpack.ts';
import { readInputs, refuseToOverwrite } from '../inputs.ts';
import { filesOfFlags, openProgress, openSettings } from '../open-flags.ts';
import { parsePool } from '../parse-pool.ts';
import { partBytes, unreadInParts } from '../parts.ts';
import { actsOf, wheresOf } from '../act-flags.ts';
import { holdsExpression } from '../finding.ts';
import { namedPreset, PRUNE_OPTIONS } from '../prune-flags.ts';
import { pruneRule } from '../rule-flags.ts';
import { refuseFile, UsageError } from '../usage.ts';
import { note, printHelp } from '../streams.ts';
import { withVerdicts } from '../verdicts-flag.ts';

export const CURVE_HELP = `espalier curve PATH… --out FILE [options]

Opens a part of a log, whole tasks of it, and writes the order in which a rule would keep it. espalier share cuts the curves of all
parts at one budget; espalier prune --share then prunes each part by what is left to it.

  --out FILE             file to write
  --preset NAME          as for espalier prune, but not auto: each part would find another

All flags of espalier prune are taken, so that all steps can have the same; those of the rule, of opening and of memory count.

Exit codes: 0 done, 1 no record was usable, 2 usage error; espalier --help lists all.
`;

export async function curve(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: PRUNE_OPTIONS });
  if (values.help) {
    printHelp(CURVE_HELP);
    return 0;
  }
  const preset = namedPreset(values.preset);
  const acts = actsOf(args, PRUNE_OPTIONS);
  const rule = { ...pruneRule(values, preset === null ? DEFAULT_RULE : presetRule(preset)), acts };
  if (rule.scope !== 'global') throw new UsageError('--scope task: tasks share no budget; espalier prune needs no curve then');
  const unread = values.session === undefined ? unreadInParts(values, acts) : '--session: a log is not pruned in parts with one';
  if (unread !== null) throw new UsageError(unread);
  const { out } = values;
  if (out === undefined) throw new UsageError('--out: expected a file');
  refuseFile(out);
  const inputs = await readInputs(positionals, values);
  refuseToOverwrite(inputs, filesOfFlags(values), [out]);
  const settings = await withVerdicts(openSettings(values), values.verdicts, inputs);
  const ports = { pool: parsePool(inputs, settings.tokenizer.kind, wheresOf(acts).some(holdsExpression)), unpack, makeSpill };
  const log = await streamLog(inputs, settings, ports, partBytes(values.memory), new AbortController().signal, openProgress());
  if (log.rollouts === 0) {
    note('no record was usable; espalier inspect says why');
    return 1;
  }
  try {
    await writeFileAt(out, (sink) => log.curve(rule, sink, out));
  } catch (error) {
    throw error instanceof StreamRefusal ? new UsageError(error.message) : error;
  }
  return 0;
}
