/**
 * Espalier as a library for Node: opens logs of language-model agents, prunes their prefix forest to a budget, writes
 * training sets. The `espalier` command is written on it, so both give the same figures and the same bytes.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Issue, IssueCount } from '../core/model/issue.ts';
import { NO_NOTES, type Notes } from '../core/notes/notes.ts';
import type { ExportSink } from '../core/export/sink.ts';
import { DEFAULT_RULE, type Budget, type PruneRule } from '../core/model/rule.ts';
import { RULE_FIELD_LIST } from '../core/rule/fields.ts';
import { bytesSource } from '../core/source/bytes-source.ts';
import type { DatasetFacts } from '../engine/answers/dataset.ts';
import type { ChosenProfile, ExportedFile, ExportFigures, ExportSpec, RecordSettings } from '../engine/answers/exporting.ts';
import { DEFAULT_OPEN_SETTINGS, type OpenProgress, type OpenSettings } from '../engine/answers/opening.ts';
import type { Preflight } from '../engine/answers/preflight.ts';
import type { SearchProgress } from '../engine/answers/searching.ts';
import type { KeepAnswer, OrderAnswer } from '../engine/answers/pruning.ts';
import { RESAMPLES, type Split, type StatisticsAnswer } from '../engine/answers/statistics.ts';
import { groupings } from '../engine/plots/sets.ts';
import { chosenProfiles, defaultExport, mixFault } from '../engine/export/choose.ts';
import { recordSettings } from '../engine/export/record-settings.ts';
import { mappingFault } from '../engine/format-by-id.ts';
import { ChangedInput } from '../engine/identity.ts';
import type { InputFile } from '../engine/input-file.ts';
import { readRule } from '../engine/read-rule.ts';
import type { SessionScore } from '../engine/score/session-score.ts';
import { makeSession, type Session } from '../engine/session.ts';
import type { SessionStudies } from '../engine/studies/session-studies.ts';
import { makeNodeScorer } from '../platform/node/scorer.ts';
import { FileFault } from '../platform/node/fault.ts';
import { FolderInUse } from '../platform/node/folder-sink.ts';
import { unpack } from '../platform/node/unpack.ts';
import type { Evaluation, EvaluationOptions } from '../engine/answers/evaluation.ts';
import type { Fidelity } from '../engine/answers/fidelity.ts';
import type { ImportAnswer } from '../engine/answers/importing.ts';
import type { ScoresInput } from '../engine/imported-scores.ts';
import { holdsExpression, placesOf, rolloutTable, takenBy, type FoundRollout, type FoundRollouts, type RolloutTable } from './finding.ts';
import { readInputs } from './inputs.ts';
import { parsePool } from './parse-pool.ts';
import { bundledModelFolder, packageRoot } from './places.ts';
import { intoFolder, UsageError } from './usage.ts';

export { ChangedInput, FileFault, FolderInUse, UsageError };
export type {
  Budget,
  ChosenProfile,
  DatasetFacts,
  Evaluation,
  EvaluationOptions,
  ExportedFile,
  ExportFigures,
  ExportSink,
  ExportSpec,
  Fidelity,
  FoundRollout,
  FoundRollouts,
  ImportAnswer,
  InputFile,
  Issue,
  KeepAnswer,
  OpenProgress,
  OpenSettings,
  RecordSettings,
  Preflight,
  RolloutTable,
  Split,
  StatisticsAnswer,
};
export type { OrderAnswer, PruneRule, ScoresInput };

/** A log that is in memory already. */
export interface LogBytes {
  /** Names the log in figures, issues and manifests. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** How to open logs; everything has a default. */
export interface OpenOptions extends Partial<OpenSettings> {
  /** Told while files are read. */
  readonly onProgress?: (progress: OpenProgress) => void;
  /**
   * A filter that will be asked for (docs/filter.md), or several, also as acts: where one holds a regular expression, the log is read on
   * threads that can be ended if that finds no end.
   */
  readonly filter?: string | readonly string[];
  /** Notes and labels of your own, which filters can name (docs/formats/notes.md). */
  readonly notes?: Notes;
  /** A file with your token for private repositories of the hub; default: the variable HF_TOKEN. It is sent to the hub alone. */
  readonly tokenFile?: string;
  /** Threads of a language model that computes entropy (default 1). */
  readonly modelThreads?: number;
}

/** Which rollouts statistics are about. */
export interface StatisticsOptions {
  /** A filter (docs/filter.md); default: all rollouts. */
  readonly where?: string;
  /** How they are parted; null: one set. */
  readonly split?: Split | null;
  /** Draws of the bootstrap (default 1000); 0: no intervals. */
  readonly draws?: number;
}

/** What opening gave: the forest of all readable rollouts. */
export interface Dataset {
  /** Counts, sources of tokens and entropy, inputs record by record. After scoring, ask again. */
  facts(): DatasetFacts;
  /** Records that could not be used, and parts of used records that were repaired or left out. */
  issues(): readonly Issue[];
  /** How many issues and notes more there are, by file and kind: of many alike, the first are told. */
  moreIssues(): readonly IssueCount[];
  /** Every node of the forest with its statistics under the default rule: CSV with a line of names, in pieces. */
  nodesCsv(): Iterable<string>;
  /**
   * Applies a rule and a budget.
   *
   * @param rule as `rule()` makes it
   * @param budget shares from 0 to 1: `cut` of the cost, `train` of the kept sampled tokens. Throws UsageError for others.
   */
  prune(rule: PruneRule, budget: Budget): Pruned;
  /**
   * Before `prune`: looks for the words that filters of the rule's acts ask for, and measures the rewards of a rule that goes by those
   * relative to ground truths. Nothing where the rule has neither.
   */
  prepareActs(rule: PruneRule, onProgress?: (progress: SearchProgress) => void): Promise<void>;
  /** Which rollouts a filter takes (docs/filter.md), in the order of the inputs. Throws UsageError where it is none for this log. */
  where(filter: string, onProgress?: (progress: SearchProgress) => void): Promise<FoundRollouts>;
  /** What is known of each rollout, as columns, and which rollouts a filter takes (docs/filter.md; default: all). */
  rollouts(filter?: string, onProgress?: (progress: SearchProgress) => void): Promise<RolloutTable>;
  /** The same rollouts one by one, with the places of the filter's words. */
  search(filter: string, onProgress?: (progress: SearchProgress) => void): AsyncIterable<FoundRollout>;
  /**
   * Numbers of the rollouts that a filter takes, or of sets of them against each other, with bootstrap intervals. Throws UsageError
   * where a filter is none for this log, or nothing can be parted by that column.
   */
  statistics(asked?: StatisticsOptions): Promise<StatisticsAnswer>;
  /** Scores per token from a JSONL file (docs/formats/token-scores.md), for rules whose signal is `imported`. */
  importScores(input: ScoresInput): ImportAnswer;
  /**
   * Strategies and train methods side by side: what each keeps of the signal, of the gradient (where a model has scored the log
   * with sketches) and of the endings. Throws UsageError for budgets, strategies and methods that are none.
   */
  evaluate(rule: PruneRule, options?: Partial<EvaluationOptions>, onProgress?: (done: number, total: number) => void): Promise<Evaluation>;
  /** Entropy by a language model, for logs that have none: `load`, `estimate`, `start`, then `save`; or `restore` a saved file. */
  readonly score: DatasetScore;
  /** What else the sources of this project describe (docs/seeds.md). */
  readonly studies: SessionStudies;
  /** Ends what a language model holds. The dataset itself needs no closing. */
  close(): Promise<void>;
}

/** The verbs of scoring that a program needs. */
export type DatasetScore = Pick<SessionScore, 'load' | 'estimate' | 'start' | 'cancel' | 'save' | 'restore' | 'agreement'>;

/** A dataset under a rule and a budget. */
export interface Pruned {
  /** What the rule ranks by, its curve and its bound, at any budget. */
  readonly order: OrderAnswer;
  /** Counts before and after at this budget. */
  readonly figures: KeepAnswer;
  /**
   * Looks for erroneous turns where the spec masks them by rules that need the log's texts: before `exportFigures` and `fidelity`,
   * which answer at once; the other verbs do it themselves.
   */
  prepareErrors(spec?: Partial<ExportSpec>): Promise<void>;
  /** What the records come to, counted on what an export with this spec writes. */
  exportFigures(spec?: Partial<ExportSpec>): ExportFigures;
  /** How much of what the full set would train an export with this spec trains: the manifest holds the same. */
  fidelity(spec?: Partial<ExportSpec>): Fidelity;
  /**
   * The files that `export` with this spec would write, but the manifest: all is made, counted and hashed, and nothing is written.
   * `shortfalls` says what a file's target cannot express. Throws UsageError as `export` does.
   */
  rehearse(spec?: Partial<ExportSpec>, onProgress?: (done: number, total: number) => void): Promise<readonly ExportedFile[]>;
  /**
   * A look at the records that an export with this spec would write, and at what its targets cannot say; nothing is written.
   * Throws UsageError as `export` does.
   *
   * @param onProgress told of records as they are looked at
   */
  preflight(spec?: Partial<ExportSpec>, onProgress?: (done: number, total: number) => void): Promise<Preflight>;
  /**
   * Writes training sets, `manifest.json` last. The same inputs and settings give the same bytes.
   *
   * @param to a folder, which is made where it is missing, or a sink of your own
   * @param spec which profiles, such as `[{ profile: 'tokens' }]`, and how (default: messages, tokens and forest, without
   * those that the log cannot give)
   * @param onProgress told of records as they are written
   * @returns the files written. Throws UsageError for a profile or option that is not there and for a
   * profile that the log cannot give; FolderInUse where another run writes to the folder, FileFault where the system
   * refuses, and ChangedInput where an input is not what it was when it was opened: then nothing in the folder has changed.
   */
  export(
    to: string | ExportSink,
    spec?: Partial<ExportSpec>,
    onProgress?: (done: number, total: number) => void,
  ): Promise<readonly ExportedFile[]>;
}

/**
 * Opens logs: paths of files and folders (`-` is standard input), addresses (`hf://datasets/OWNER/NAME[@REVISION][/PATH]`,
 * `https://…`), which are read by ranges, and bytes in memory. Compressed files are unpacked; every record is either used or
 * named in an issue.
 *
 * @returns the dataset, complete. Throws UsageError for a path or address that names nothing or a setting that is not one,
 * FileFault where a host does not answer.
 */
export async function open(logs: string | readonly (string | LogBytes | InputFile)[], options: OpenOptions = {}): Promise<Dataset> {
  const { onProgress, modelThreads = 1, filter = [], notes = NO_NOTES, tokenFile, ...given } = options;
  const settings: OpenSettings = { ...DEFAULT_OPEN_SETTINGS, ...given };
  const fault = settings.mapping === undefined ? null : mappingFault(settings.mapping);
  if (fault !== null) throw new UsageError(`mapping: ${fault}`);
  const inputs = await inputsOf(typeof logs === 'string' ? [logs] : logs, tokenFile);
  const scorer = makeNodeScorer(pathToFileURL(`${bundledModelFolder() ?? join(packageRoot(), 'no model')}/`), modelThreads);
  const session = makeSession({ pool: parsePool(inputs, settings.tokenizer.kind, [filter].flat().some(holdsExpression)), unpack, scorer });
  session.setNotes(notes);
  await session.open(inputs, settings, onProgress ?? (() => undefined));
  return {
    facts: () => session.facts(),
    issues: () => session.issues(0, Infinity).issues,
    moreIssues: () => session.issues(0, 0).more,
    nodesCsv: () => nodesCsv(session),
    prune: (asked, budget) => pruned(session, rule(asked), budget),
    statistics: (asked = {}) => statisticsOf(session, asked),
    importScores: (input) => session.importScores(input),
    where: (filter, onProgress) => takenBy(session, filter, onProgress),
    rollouts: (filter, onProgress) => rolloutTable(session, filter, onProgress),
    search: (filter, onProgress) => placesOf(session, filter, onProgress),
    prepareActs: (asked, onProgress = () => undefined) => session.prepareActs(rule(asked), onProgress),
    evaluate: (asked, options = {}, onProgress = () => undefined) => evaluated(session, rule(asked), options, onProgress),
    score: session.score,
    studies: session,
    close: async () => {
      await scorer.release();
    },
  };
}

/** Nodes of a piece: a large forest is a large text. */
const NODES_AT_ONCE = 20_000;

function* nodesCsv(session: Session): Generator<string> {
  const { orderId } = session.order(DEFAULT_RULE);
  for (let from = 0; ; from += NODES_AT_ONCE) {
    const text = session.nodesCsv(orderId, from, NODES_AT_ONCE);
    if (text === '') return;
    yield text;
  }
}

/**
 * A rule from the settings that differ from the defaults; `rule()` is the default rule.
 *
 * @returns the rule, complete. Throws UsageError naming a setting that does not exist or the value that is not one.
 */
export function rule(settings: Partial<PruneRule> = {}): PruneRule {
  for (const [key, value] of Object.entries(settings)) {
    if (!RULE_FIELD_LIST.some(({ name }) => name === key)) throw new UsageError(`a rule has no setting ${key}`);
    if (readRule({ ...DEFAULT_RULE, [key]: value }) === null)
      throw new UsageError(`${key}: ${JSON.stringify(value)} is not one of its values`);
  }
  const made = readRule({ ...DEFAULT_RULE, ...settings });
  if (made === null) throw new UsageError('the settings do not make a rule');
  if (made.unit === 'flops' && made.model === undefined) throw new UsageError('unit flops needs a model: parameters, layers, width');
  return made;
}

function pruned(session: Session, asked: PruneRule, budget: Budget): Pruned {
  for (const share of [budget.cut, budget.train])
    if (!(share >= 0 && share <= 1)) throw new UsageError(`a budget is a share from 0 to 1; found ${share}`);
  const order = session.order(asked);
  return {
    order,
    figures: session.gradient(order.orderId, budget),
    prepareErrors: (spec = {}) => session.prepareErrors(completeSpec(spec)),
    exportFigures: (spec = {}) => session.exportFigures(session.order(asked).orderId, budget, completeSpec(spec)),
    fidelity: (spec = {}) => session.fidelity(session.order(asked).orderId, budget, completeSpec(spec)),
    async rehearse(spec = {}, onProgress = () => undefined) {
      const complete = completeSpec(spec);
      refuseExport(session, complete);
      return session.rehearse(session.order(asked).orderId, budget, complete, onProgress);
    },
    async preflight(spec = {}, onProgress = () => undefined) {
      const complete = completeSpec(spec);
      refuseExport(session, complete);
      return session.preflight(session.order(asked).orderId, budget, complete, onProgress);
    },
    async export(to, spec = {}, onProgress = () => undefined) {
      const complete = completeSpec(spec);
      refuseExport(session, complete);
      // A session holds the last few orders only; asked for again, this one is held.
      const { orderId } = session.order(asked);
      const write = (sink: ExportSink): Promise<readonly ExportedFile[]> => session.export(orderId, budget, complete, sink, onProgress);
      return typeof to === 'string' ? intoFolder(to, write) : write(to);
    },
  };
}

async function statisticsOf(
  session: Session,
  { where = '', split = null, draws = RESAMPLES }: StatisticsOptions,
): Promise<StatisticsAnswer> {
  if (split !== null && 'by' in split) {
    const ways = groupings(session.rollouts()).map(({ id }) => id);
    if (!ways.includes(split.by)) throw new UsageError(`nothing to part by ${split.by}; here are ${ways.join(', ')}`);
  }
  const answer = await session.statistics({ where, split, resamples: draws, cut: null }, () => undefined);
  if (!answer.ok) throw new UsageError(answer.fault);
  return answer;
}

/** What `espalier evaluate` compares where nobody says. */
const EVALUATED: EvaluationOptions = { budgets: [0.05, 0.1, 0.2, 0.3, 0.5], seeds: 5 };

async function evaluated(
  session: Session,
  asked: PruneRule,
  options: Partial<EvaluationOptions>,
  onProgress: (done: number, total: number) => void,
): Promise<Evaluation> {
  const complete = { ...EVALUATED, ...options };
  for (const share of complete.budgets)
    if (!(share >= 0 && share <= 1)) throw new UsageError(`a budget is a share from 0 to 1; found ${share}`);
  if (!(Number.isInteger(complete.seeds) && complete.seeds > 0))
    throw new UsageError(`expected a number of seeds, found ${complete.seeds}`);
  try {
    return await session.evaluate(asked, complete, onProgress);
  } catch (error) {
    throw error instanceof Error && error.message.startsWith('no ') ? new UsageError(error.message) : error;
  }
}

/** What is named is refused where the log cannot give it; of the default profiles such a one is left out. */
function completeSpec(spec: Partial<ExportSpec>): ExportSpec {
  return { ...defaultExport(), skipUnavailable: spec.profiles === undefined, ...spec };
}

/** Throws UsageError where the spec asks for what is not there, or the log cannot give it. */
function refuseExport(session: Session, spec: ExportSpec): void {
  try {
    recordSettings(spec);
    chosenProfiles(spec);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const fault = mixFault(spec);
  if (fault !== null) throw new UsageError(fault);
  if (spec.skipUnavailable === true) return;
  for (const { id, unavailable } of session.exportProfiles())
    if (unavailable !== null && spec.profiles.some(({ profile }) => profile === id)) throw new UsageError(`no ${id}: ${unavailable}`);
}

async function inputsOf(logs: readonly (string | LogBytes | InputFile)[], tokenFile: string | undefined): Promise<InputFile[]> {
  const paths = logs.filter((log) => typeof log === 'string');
  const read = paths.length > 0 || logs.length === 0 ? await readInputs(paths, { 'token-file': tokenFile }) : [];
  const others = logs.flatMap((log): InputFile[] => {
    if (typeof log === 'string') return [];
    if ('source' in log) return [log];
    const bytes = Uint8Array.from(log.bytes);
    return [{ path: log.name, source: bytesSource(log.name, bytes), handle: { bytes } }];
  });
  return [...read, ...others];
}
