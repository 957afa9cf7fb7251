/**
 * What lies beside logs and says something of them: outcomes that become rewards where a log has none, references and candidates of
 * tasks. It is looked at before any log is read, so that no order of files decides.
 */
import type { RolloutRow, TrajectoryBatch } from '../core/model/batch.ts';
import type { Candidate, Outcome, Reference, SideFacts } from '../core/model/side-facts.ts';
import { packFacts, unpackFacts } from '../core/rollouts/facts.ts';
import { makeJoins, makeJoinsAnew, type SideFile } from '../core/rollouts/joins.ts';
import type { ByteSource } from '../core/source/byte-source.ts';
import { decodeText, parseJson } from '../formats/json.ts';
import { isRewardFile, MOST_REWARD_BYTES, rewardIn } from '../formats/reward-file.ts';
import { isOfLog, readSideFacts, readSidePatches, type CandidatePatch, type SidePlace } from '../formats/side-facts.ts';
import { CONTAINERS } from './containers/registry.ts';
import { baseName } from './input-names.ts';
import type { InputFile } from './input-file.ts';
import { Unreadable } from './readable.ts';

/** Larger files are logs. */
const LARGEST = 64 << 20;
const HEAD = 4096;
/** Names that one of these files has near its beginning. */
const HINTS = [
  'patch_is_None|patch_exists|resolved\\w*|ids_resolved|no_generation|total_instances|submitted_instances',
  'model_name_or_path|model_patch|prediction|instance_id|issue|patches|diffs',
  'eval_cases|eval_set_id|expected_tool_use|ground_truth|evaluation_criteria',
  '(?:cum_)?reward|success|passed|score',
];
const HINT = new RegExp(`"(?:${HINTS.join('|')})"\\s*:`);

/** What rollouts of one input are at odds about. */
export interface Conflict {
  readonly path: string;
  count: number;
  /** The first by its id, and what is said of it. */
  first: { readonly id: string; readonly says: string };
}

export interface Beside {
  readonly files: readonly SideFile[];
  readonly references: readonly (Reference & { readonly from: string })[];
  readonly candidates: readonly (Candidate & { readonly from: string })[];
  /** Two that say the same have the same. */
  readonly signature: string;
  /** Gives rollouts without a reward the one that a file beside them says, and keeps what is at odds. */
  join(batch: TrajectoryBatch, path: string): TrajectoryBatch;
  readonly conflicts: ReadonlyMap<string, Conflict>;
  /** Whether a person gives rewards of their own: those are never at odds with anything. */
  readonly isJudged: boolean;
  /** What another found at odds in an input that is not read again. */
  keep(path: string, from: Beside): void;
}

export const NOTHING_BESIDE: Beside = makeBeside([], false);

/** Whether rollouts of an input, by its path, may get something else from `now`. */
export function joinedAnew(before: Beside, now: Beside): (path: string) => boolean {
  if (before.signature === now.signature) return () => false;
  return before.isJudged === now.isJudged ? makeJoinsAnew(before.files, now.files) : () => true;
}

function makeBeside(files: readonly SideFile[], isJudged: boolean): Beside {
  const joinOf = makeJoins(files);
  const conflicts = new Map<string, Conflict>();
  const add = (path: string, row: RolloutRow, says: string): void => {
    const known = conflicts.get(path);
    const first = { id: row.id, says };
    if (known === undefined) conflicts.set(path, { path, count: 1, first });
    else {
      known.count++;
      if (row.id < known.first.id) known.first = first;
    }
  };
  const joined = (row: RolloutRow, path: string): RolloutRow => {
    const found = joinOf(row, path);
    if (found === null) return row;
    if (found.kind === 'conflict') {
      add(path, row, found.says.map(([from, reward]) => `${reward} in ${from}`).join(', '));
      return row;
    }
    const { outcome, from } = found;
    if (row.reward === null) return { ...row, reward: outcome.reward, rewardFrom: from, ...withTests(row, outcome) };
    if (!isJudged && row.reward !== outcome.reward)
      add(path, row, `${row.reward} in the log, which counts, and ${outcome.reward} in ${from}`);
    return row;
  };
  const hasOutcomes = files.some(({ facts }) => facts.outcomes.length > 0);
  return {
    files,
    references: files.flatMap(({ path, facts }) => facts.references.map((each) => ({ ...each, from: path }))),
    candidates: files.flatMap(({ path, facts }) => facts.candidates.map((each) => ({ ...each, from: path }))),
    signature: JSON.stringify([isJudged, files]),
    conflicts,
    isJudged,
    keep: (path, from) => {
      const known = from.conflicts.get(path);
      if (known !== undefined) conflicts.set(path, { ...known });
    },
    join: (batch, path) => (hasOutcomes ? { ...batch, rollouts: batch.rollouts.map((row) => joined(row, path)) } : batch),
  };
}

/** Tests that the file counts are columns, as if the record had them. */
function withTests(row: RolloutRow, { passed, failed }: Outcome): Pick<RolloutRow, 'facts' | 'fieldNames'> {
  if (row.facts === undefined || row.fieldNames === undefined || passed === undefined) return {};
  const facts = unpackFacts(row.facts);
  const names = [...row.fieldNames, 'tests.passed', 'tests.failed'];
  return { facts: packFacts({ ...facts, fields: [...facts.fields, passed, failed ?? 0] }), fieldNames: names };
}

/** Looked at once, however often what is open grows. */
const looked = new WeakMap<ByteSource, SideFacts | null>();

/** @param files each with the path that it is shown with; those that are no text, or large, say nothing */
export async function lookBeside(
  files: readonly { readonly path: string; readonly source: ByteSource }[],
  isJudged: boolean,
  signal: AbortSignal,
): Promise<Beside> {
  const found: SideFile[] = [];
  for (const { path, source } of files) {
    signal.throwIfAborted();
    let facts = looked.get(source);
    if (facts === undefined) looked.set(source, (facts = await factsIn(path, source)));
    if (facts !== null) found.push({ path, facts });
  }
  if (found.length === 0) return isJudged ? makeBeside([], true) : NOTHING_BESIDE;
  return makeBeside(
    found.sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path))),
    isJudged,
  );
}

/** Whether a file, by its name, is one with the reward of all that lies in its folder. */
export function namesReward(path: string): boolean {
  return isRewardFile(baseName(path));
}

async function factsIn(path: string, source: ByteSource): Promise<SideFacts | null> {
  if (source.byteLength === 0 || source.byteLength > LARGEST) return null;
  try {
    if (namesReward(path) && source.byteLength <= MOST_REWARD_BYTES) {
      const reward = rewardIn(decodeText(await source.read(0, source.byteLength)).text);
      if (reward !== null) return { outcomes: [{ instance: null, reward }], references: [], candidates: [] };
    }
    const head = decodeText(await source.read(0, Math.min(HEAD, source.byteLength))).text;
    if (!/^\ufeff?\s*[[{]/.test(head) || !HINT.test(head)) return null;
    const records = recordsOf(decodeText(await source.read(0, source.byteLength)).text);
    return records === null ? null : readSideFacts(records, placeOf(path));
  } catch (error) {
    // Whoever opens it says what is wrong.
    if (error instanceof Unreadable || error instanceof Error) return null;
    throw error;
  }
}

function placeOf(path: string): SidePlace {
  return { name: baseName(path), folder: path.split('/').at(-2) ?? '' };
}

/** Texts of the candidates of a file, in the order in which it was first seen to have them. Throws Unreadable where it is gone. */
export async function patchesOf(path: string, source: ByteSource): Promise<readonly CandidatePatch[]> {
  const records = recordsOf(decodeText(await source.read(0, source.byteLength)).text);
  return records === null ? [] : readSidePatches(records, placeOf(path));
}

/** Lines, entries of one list, or one object; null where the first of them is of a log. */
function recordsOf(text: string): readonly unknown[] | null {
  const lineEnd = text.indexOf('\n');
  const first = parseJson(lineEnd < 0 ? text : text.slice(0, lineEnd));
  if (first.ok && !Array.isArray(first.value) && lineEnd >= 0 && /\S/.test(text.slice(lineEnd))) {
    if (isOfLog(first.value)) return null;
    return text.split('\n').flatMap((line) => {
      const parsed = line.trim() === '' ? null : parseJson(line);
      return parsed?.ok === true ? [parsed.value] : [];
    });
  }
  const whole = parseJson(text);
  if (!whole.ok) return null;
  const records: readonly unknown[] = Array.isArray(whole.value) ? whole.value : [whole.value];
  return records.length === 0 || isOfLog(records[0]) ? null : records;
}

/** Whether files lie in a file, so that its parts must be known before any log is read. */
export async function holdsFiles({ path, source }: InputFile): Promise<boolean> {
  try {
    const head = await source.read(0, Math.min(1 << 16, source.byteLength));
    const container = CONTAINERS.find((each) => each.recognises(head));
    return container !== undefined && ('members' in container || /\.(?:tgz|tar\.\w+)$/i.test(path));
  } catch {
    return false;
  }
}
