/**
 * What trainer and orchestrator say of a verifiers trace after it was logged: per branch (a leaf, in the order of the leaves) streams over
 * all its tokens, with entropies, the trainer's log-probs, advantages and masks. A branch that is not trainable is context.
 * https://github.com/PrimeIntellect-ai/prime-rl/blob/main/src/prime_rl/trainer/rl/trace_annotations.py
 */
import type { Branch, RolloutEvent } from '../core/model/rollout.ts';
import { defined } from './envelope.ts';
import { addNote, type Complaint } from './format.ts';
import { asLogged, describe, get, getId, getList, getNumber } from './json.ts';
import { readMask } from './per-token.ts';
import { rememberTrainer } from './trainer-logprobs.ts';

/** The member of a record that `engine/bindings/fold-annotations.ts` puts them at: `[{producer, said}]`. */
export const ANNOTATIONS = 'espalier_annotations';

export interface TraceAnnotations {
  readonly advantage?: number;
  /** Index of a branch as it is told -> what is said of it, the last for each stream. */
  readonly branches: ReadonlyMap<unknown, readonly unknown[]>;
}

/** Those of one trace; null where nobody said anything. */
export function annotationsOf(record: unknown, traceId: string | undefined): TraceAnnotations | null {
  const all = (getList(record, ANNOTATIONS) ?? []).map((entry) => get(entry, 'said')).filter((said) => getId(said, 'trace_id') === traceId);
  if (all.length === 0 || traceId === undefined) return null;
  const branches = new Map<unknown, unknown[]>();
  for (const said of all)
    for (const branch of getList(said, 'branches') ?? []) {
      const index = getNumber(branch, 'index');
      const known = branches.get(index);
      if (known) known.push(branch);
      else branches.set(index, [branch]);
    }
  const advantage = all.map((said) => asLogged(get(said, 'advantage'))).findLast((value) => value !== undefined);
  return { branches, ...defined({ advantage }) };
}

/** The branches with their annotations. What is of no branch, or does not fit the ids of its own, is noted and left out. */
export function annotated(branches: readonly Branch[], { branches: said }: TraceAnnotations, notes: Complaint[]): Branch[] {
  const expected = `the index of one of ${branches.length} branches, from 0`;
  for (const [index, own] of said)
    if (branches[Number(index)] === undefined)
      for (const each of own)
        addNote(notes, { code: 'annotations', expected, found: `${describe(get(each, 'index'))}; its annotations are left out` });
  return branches.map((branch, b) => {
    const own = said.get(b) ?? [];
    return own.length === 0 ? branch : annotate(branch, own, b, notes);
  });
}

function annotate(branch: Branch, own: readonly unknown[], b: number, notes: Complaint[]): Branch {
  const trainable = own.map((said) => get(said, 'trainable')).findLast((value) => value !== undefined);
  const length = branch.events.reduce((sum, { tokens }) => sum + (tokens?.ids?.length ?? 0), 0);
  const stream = (...keys: readonly string[]): readonly unknown[] | undefined => {
    const values = own
      .flatMap((said) =>
        keys.flatMap((key) => {
          const list = getList(said, key);
          return list === undefined ? [] : [list];
        }),
      )
      .at(-1);
    if (values === undefined || values.length === length) return values;
    notes.push({ code: 'per-token', expected: `${keys[0]}: ${length} values for branch ${b}`, found: `${values.length}; left out` });
    return undefined;
  };
  const entropies = stream('entropies', 'entropy');
  const trainer = stream('trainer_logprobs');
  const advantages = stream('advantages');
  const mask = readMask(stream('mask', 'loss_mask'), length);
  const advantage = own.map((said) => asLogged(get(said, 'advantage'))).findLast((value) => value !== undefined);
  let at = 0;
  const events = branch.events.map((event): RolloutEvent => {
    const { ids } = event.tokens ?? {};
    if (ids === undefined || event.tokens === undefined) return trainable === false ? asContext(event) : event;
    const from = at;
    at += ids.length;
    if (trainable === false) return asContext(event);
    const sampled = event.tokens.mask ?? (event.sampled ? new Uint8Array(ids.length).fill(1) : new Uint8Array(ids.length));
    const trained = mask === null ? sampled : Uint8Array.from(ids, (_, i) => (sampled[i] === 1 && mask[from + i] === 1 ? 1 : 0));
    const column = (values: readonly unknown[] | undefined): Float64Array | undefined =>
      values === undefined
        ? undefined
        : Float64Array.from(ids, (_, i) => (trained[i] === 1 ? (asLogged(values[from + i]) ?? Number.NaN) : Number.NaN));
    const entropy = column(entropies);
    // Ids of its own, because a node that branches share is annotated in each.
    const tokens = { ...event.tokens, ids: Int32Array.from(ids), mask: trained, ...defined({ entropy, advantages: column(advantages) }) };
    const isTrained = Array.from(trained).includes(1);
    const logprobs = event.tokens.logprobs ?? column(trainer);
    return {
      ...event,
      sampled: event.sampled && isTrained,
      tokens: { ...tokens, ...defined({ logprobs: isTrained ? logprobs : undefined }) },
    };
  });
  if (trainer !== undefined) {
    const values = Float64Array.from(trainer, (value) => asLogged(value) ?? Number.NaN);
    rememberTrainer(events, () => values);
  }
  return { ...branch, events, ...defined({ advantage: advantage ?? branch.advantage }) };
}

function asContext(event: RolloutEvent): RolloutEvent {
  const { tokens, ...rest } = event;
  return { ...rest, sampled: false, ...(tokens?.ids === undefined ? {} : { tokens: { ids: tokens.ids } }) };
}
