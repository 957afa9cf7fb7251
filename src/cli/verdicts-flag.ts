/** `--verdicts FILE`: rewards of a person's own, matched with the rollouts of the log before it is opened. */
import { rolloutKeyOf } from '../core/rollouts/rollout-key.ts';
import type { RolloutRow } from '../core/model/batch.ts';
import type { OpenSettings } from '../engine/answers/opening.ts';
import type { Told, VerdictAnswer } from '../engine/answers/verdicts.ts';
import type { InputFile } from '../engine/input-file.ts';
import { verdictAnswer } from '../engine/session-keeping.ts';
import { indexLog } from '../engine/stream/index-log.ts';
import { StreamRefusal } from '../engine/stream/refusal.ts';
import { makeSpill } from '../platform/node/spill.ts';
import { unpack } from '../platform/node/unpack.ts';
import { readFlagFile } from './flag-files.ts';
import { parsePool } from './parse-pool.ts';
import { note } from './streams.ts';
import { countText, counted } from './text/figures.ts';
import { UsageError } from './usage.ts';

/** Labels that a file of verdicts gives rollouts. */
type Labels = Extract<VerdictAnswer, { readonly ok: true }>['labels'];

/** The settings with the rewards of the file that the flag names; those that no rollout is found for are counted on stderr. */
export async function withVerdicts(settings: OpenSettings, path: string | undefined, inputs: readonly InputFile[]): Promise<OpenSettings> {
  return (await judgedBy(settings, path, inputs)).settings;
}

/** The same, and the labels of the file. */
export async function judgedBy(
  settings: OpenSettings,
  path: string | undefined,
  inputs: readonly InputFile[],
): Promise<{ readonly settings: OpenSettings; readonly labels: Labels }> {
  if (path === undefined) return { settings, labels: [] };
  const text = readFlagFile('--verdicts', path).toString('utf8');
  const { rows, keys } = await rowsOf(inputs, settings);
  const answer = await verdictAnswer(path, text, rows, keys);
  if (!answer.ok) throw new UsageError(`--verdicts: ${answer.reason}`);
  const { matched, unmatched, ambiguous, rewards, labels } = answer;
  note(
    `verdicts: ${countText(matched)} of ${countText(answer.verdicts)} matched, ${counted(rewards.length, 'reward')}` +
      (labels.length > 0 ? `, ${counted(labels.length, 'label')}` : '') +
      `${toldText(unmatched, 'about no rollout of the log')}${toldText(ambiguous, 'about several rollouts, or at odds')}`,
  );
  return { settings: rewards.length > 0 ? { ...settings, rewards } : settings, labels };
}

function toldText({ count, first }: Told, what: string): string {
  return count === 0 ? '' : `; ${countText(count)} ${what} (${first.join(', ')}${count > first.length ? ', …' : ''})`;
}

/** Of the log as it is, without tokens. */
async function rowsOf(
  inputs: readonly InputFile[],
  { group: _group, rewards: _rewards, statusRewards: _status, ...settings }: OpenSettings,
): Promise<{ readonly rows: readonly RolloutRow[]; readonly keys: readonly string[] }> {
  const pool = parsePool(inputs, settings.tokenizer.kind);
  await pool.configure(settings);
  try {
    const index = await indexLog(inputs, settings, pool, unpack, makeSpill, new AbortController().signal, () => undefined);
    const rows: RolloutRow[] = [];
    for await (const batch of index.rows.read()) rows.push(...batch);
    index.rows.drop();
    return { rows, keys: rows.map((row) => rolloutKeyOf(index.opening.inputs[row.source]?.path ?? '', row)) };
  } catch (error) {
    throw error instanceof StreamRefusal ? new UsageError(`--verdicts: ${error.message}`) : error;
  }
}
