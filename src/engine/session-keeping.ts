/** The verbs of a session about what a person says of rollouts: verdicts of a file, and notes and labels. */
import type { RolloutRow } from '../core/model/batch.ts';
import { NO_NOTES, type Notes } from '../core/notes/notes.ts';
import type { Group } from '../core/rollouts/regard.ts';
import { rolloutKeyOf, type RolloutKey } from '../core/rollouts/rollout-key.ts';
import { matchVerdicts, type Verdict } from '../core/rollouts/verdicts.ts';
import type { OpenSettings } from './answers/opening.ts';
import type { Told, VerdictAnswer } from './answers/verdicts.ts';
import type { Dataset } from './dataset.ts';
import type { SaidOfTasks } from './export/mixing.ts';
import { samplesOf } from './identity.ts';
import { sayOn } from './rollouts/said-on.ts';
import type { InputFile } from './input-file.ts';
import type { SessionFile } from './session-file.ts';
import { readVerdicts } from './verdict-file.ts';

export interface SessionKeeping {
  /** Matches a file of verdicts with the open rollouts; nothing is changed by it. @param name of the file */
  verdicts(name: string, text: string): Promise<VerdictAnswer>;
  /** What names these files in a session file; nothing is opened. */
  identify(files: readonly InputFile[]): Promise<readonly SessionFile[]>;
  /** Notes and labels are columns of rollouts from now on, whatever is open. */
  setNotes(notes: Notes): void;
}

/** What of a session they need. */
interface KeepingContext {
  /** Null: nothing is open. */
  readonly dataset: () => Dataset | null;
  readonly settings: () => OpenSettings;
}

const FIRST = 5;

interface Keeping {
  readonly verbs: SessionKeeping;
  /** Grows with every change of notes. */
  version(): number;
  /** What a person says of tasks. */
  said(): SaidOfTasks;
  /** Tells those who ask about the open dataset what is said of it. */
  say(): void;
}

export function makeSessionKeeping({ dataset, settings }: KeepingContext): Keeping {
  let notes = NO_NOTES;
  let version = 0;
  const say = (): void => {
    const open = dataset();
    if (open === null) return;
    const { group = 'task', policyVersion } = settings();
    sayOn(open, { notes, group, policyVersion });
  };
  const verbs: SessionKeeping = {
    identify: (files) =>
      Promise.all(
        files.map(async ({ path, source }) => {
          const samples = await samplesOf(source, source.byteLength).catch(() => null);
          return { path, bytes: source.byteLength, samples };
        }),
      ),
    setNotes(given) {
      notes = given;
      version++;
      say();
    },
    async verdicts(name, text) {
      const open = dataset();
      if (open === null) throw new Error('nothing is open');
      const { opening, tokens } = open;
      const keys = tokens.rollouts.map((row) => rolloutKeyOf(opening.inputs[row.source]?.path ?? '', row));
      return verdictAnswer(name, text, tokens.rollouts, keys, settings().group);
    },
  };
  return { verbs, version: () => version, said: () => ({ notes, group: settings().group ?? 'task' }), say };
}

/** @param keys of the rollouts. @param group by which their tasks are set */
export async function verdictAnswer(
  name: string,
  text: string,
  rollouts: readonly Pick<RolloutRow, 'id' | 'task' | 'episode' | 'status' | 'reward'>[],
  keys: readonly RolloutKey[],
  group: Group = 'task',
): Promise<VerdictAnswer> {
  const read = await readVerdicts(name, text);
  if (!read.ok) return read;
  const { verdicts } = read;
  const { of, matched, unmatched, ambiguous } = matchVerdicts(verdicts, rollouts, keys, group);
  const rewards: (readonly [RolloutKey, number])[] = [];
  const labels: (readonly [RolloutKey, string])[] = [];
  const counts = { known: 0, changed: 0, filled: 0 };
  for (const [r, { reward: logged }] of rollouts.entries()) {
    if (logged !== null) counts.known++;
    const verdict = verdicts[of[r] ?? -1];
    const key = keys[r];
    if (verdict === undefined || key === undefined) continue;
    for (const label of verdict.labels) labels.push([key, label]);
    if (verdict.reward === null) continue;
    rewards.push([key, verdict.reward]);
    if (logged === null) counts.filled++;
    else if (logged !== verdict.reward) counts.changed++;
  }
  return {
    ok: true,
    name,
    verdicts: verdicts.length,
    matched,
    unmatched: told(verdicts, unmatched),
    ambiguous: told(verdicts, ambiguous),
    rewards: rewards.sort(byKey),
    labels: labels.sort(byKey),
    ...counts,
  };
}

function byKey([a]: readonly [RolloutKey, unknown], [b]: readonly [RolloutKey, unknown]): number {
  return a < b ? -1 : Number(a > b);
}

function told(verdicts: readonly Verdict[], which: readonly number[]): Told {
  const first = which.slice(0, FIRST).flatMap((v) => {
    const verdict = verdicts[v];
    if (verdict === undefined) return [];
    const { line, key, task, id } = verdict;
    return [`line ${line}: ${key ?? [task, id].filter((part) => part !== null).join(' / ')}`];
  });
  return { count: which.length, first };
}
