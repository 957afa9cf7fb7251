/** A session: files open in it, a forest frozen from them, rules and budgets applied to it. Composes; decides nothing itself. */
import { NONE } from '../core/model/kinds.ts';
import { locateNodes, type NodeKey } from '../core/model/node-key.ts';
import type { Budget, PruneRule } from '../core/model/rule.ts';
import type { TemplateTraits } from '../core/tokens/template.ts';
import type { Tokenizer } from '../core/tokens/tokenizer.ts';
import { DEFAULT_OPEN_SETTINGS, type FirstLook, type OpenProgress, type OpenSettings } from './answers/opening.ts';
import type { ActionAnswer, NodeAnswer, NodeTextAnswer } from './answers/looking.ts';
import type { ComparisonAnswer, KeepAnswer, OrderAnswer } from './answers/pruning.ts';
import type { DatasetFacts, TaskTable } from './answers/dataset.ts';
import type { ExportSpec } from './answers/exporting.ts';
import type { IssuePage } from './answers/issues.ts';
import type { TreeFigures, TreeShape, TreeView } from './answers/drawing.ts';
import { actionAnswer } from './action-node.ts';
import { actedOf } from './acts/acted.ts';
import { makeSessionActs, type SessionActs } from './acts/session-acts.ts';
import { datasetFacts, freezeDataset, taskTable, type Dataset } from './dataset.ts';
import { treeShape } from './drawing.ts';
import { firstLook } from './first-look.ts';
import { treeFigures } from './figures.ts';
import { nodeAnswer } from './looking.ts';
import { makeOrders } from './orders.ts';
import { closeOpening, makeOpening, openBound } from './open.ts';
import type { InputFile } from './input-file.ts';
import { planExport, type ExportGrounds } from './export/plan.ts';
import type { PlannedExport } from './export/planned.ts';
import { makeSessionParting, type SessionParting } from './parting.ts';
import type { GradientByTask, GradientWhyNot } from './answers/gradient.ts';
import type { Evaluation, EvaluationOptions } from './answers/evaluation.ts';
import { evaluateWays } from './evaluation.ts';
import { gradientOf } from './gradient.ts';
import { exportedColumns } from './score/model-columns.ts';
import type { ModelColumns } from './score/columns.ts';
import { nameNumberedHand } from './numbered-hand.ts';
import { makeReadBack, type ReadBack } from './read-back.ts';
import { readRule } from './read-rule.ts';
import { nodeWords } from './node-words.ts';
import { nodeText } from './reading.ts';
import { makeSessionKeeping, type SessionKeeping } from './session-keeping.ts';
import { issuePage, settledOpening, settleInput } from './settle.ts';
import { makeGrowth, type BegunFiles, type GrowthVerbs } from './growth/growth.ts';
import { mergePartsOrSay, withUnmerged } from './growth/merge-parts.ts';
import { comparisonAnswer, keepAnswer, keptByTask, orderAnswer } from './ruling.ts';
import type { Ruling } from './ruled.ts';
import type { ImportanceChoice, ImportanceMeasured } from './score/importance.ts';
import type { SessionPorts } from './session-ports.ts';
import { makeSessionImportance } from './score/session-importance.ts';
import { makeSessionScore, NO_SCORER, type SessionScore } from './score/session-score.ts';
import { makeImports, type ScoresInput } from './imported-scores.ts';
import type { ImportAnswer } from './answers/importing.ts';
import { makeSessionCompare, type SessionCompare } from './compare/session-compare.ts';
import { makeSessionStatistics, type SessionStatistics } from './plots/session-statistics.ts';
import { crossing, makeSessionRollouts, type SessionRollouts } from './rollouts/session-rollouts.ts';
import { nodesCsv } from './statistics-csv.ts';
import { loadTokenizer } from './tokenizers/load.ts';
import { makeSessionExports, type SessionExports } from './session-exports.ts';
import { makeSessionTraining, type SessionTraining } from './training/session-training.ts';
import { makeSessionStudies, type SessionStudies } from './studies/session-studies.ts';
import { makeSurveys } from './surveys/session-surveys.ts';
import { makeSessionTranscripts, type SessionTranscripts } from './transcript/session-transcripts.ts';
import { makeSessionSearch, type SessionSearch } from './search/session-search.ts';
import { moved } from './transferables.ts';

/** What a platform lends a session. */
interface SessionParts
  extends
    SessionExports,
    SessionRollouts,
    SessionParting,
    SessionTranscripts,
    SessionSearch,
    SessionStatistics,
    SessionCompare,
    SessionTraining,
    SessionStudies {}

export interface Session extends SessionParts, SessionActs, SessionKeeping, GrowthVerbs {
  /** Entropy by a language model, for logs that have none. */
  readonly score: SessionScore;
  /**
   * Opens files into a forest, replacing what was open. `onProgress` is called a few times a second; while
   * `progress.partial` is set the other verbs already answer for what has been read. Rejects with `AbortError` after `cancel`.
   */
  open(files: readonly InputFile[], settings: OpenSettings, onProgress: (progress: OpenProgress) => void): Promise<DatasetFacts>;
  /** Whether any of these files may hold rollouts: nothing is opened. */
  firstLook(files: readonly InputFile[], settings: Pick<OpenSettings, 'mapping'>): Promise<FirstLook>;
  /** Reads further files into what is open, as if all had been opened at once. After `cancel` all is as it was before. */
  append(files: readonly InputFile[], onProgress: (progress: OpenProgress) => void): Promise<DatasetFacts>;
  /** Takes an input out by its name, or all of a container by that of its file: all is as if it had never been opened. */
  remove(name: string): Promise<DatasetFacts>;
  /**
   * Stops opening (what was read so far stays browsable) and growing (all stays as it was before), or all running exports, or
   * all looks at one; the others go on.
   */
  cancel(what: 'opening' | 'export' | 'preflight'): void;
  facts(): DatasetFacts;
  /**
   * Scores per token of a file, for the signal `imported`, in place of those imported before; they are matched again when what
   * is open grows. Where no row fits, all stays as it was.
   */
  importScores(input: ScoresInput): ImportAnswer;
  issues(from: number, count: number): IssuePage;
  tasks(): TaskTable;
  /** Of the forest that the order was made on. */
  shape(orderId: number, task: number, view: TreeView): TreeShape;
  order(rule: PruneRule): OrderAnswer;
  /** The same, with node importance from the graph where that is the faster way for this forest. */
  makeOrder(rule: PruneRule): Promise<OrderAnswer>;
  /** Node importance in both ways, timed. */
  measureImportance(rule: PruneRule): Promise<ImportanceMeasured>;
  chooseImportance(choice: ImportanceChoice): void;
  /** Strategies and train methods under a rule, at some budgets. */
  evaluate(rule: PruneRule, options: EvaluationOptions, onProgress: (done: number, total: number) => void): Promise<Evaluation>;
  /** Gives way to opening and to ticks. Rejects when the order is no longer held. */
  compare(orderId: number): Promise<ComparisonAnswer>;
  /** Rank and protection of a shape's nodes, and the figures (`engine/figures.ts`) with these ids. */
  figures(orderId: number, task: number, view: TreeView, ids: readonly string[]): TreeFigures;
  keep(orderId: number, budget: Budget): KeepAnswer;
  keptByTask(orderId: number, budget: Budget): { signal: Float64Array<ArrayBuffer>; distinct: Float64Array<ArrayBuffer> };
  /** Which of these keys' nodes the forest has: 1 = it does. */
  locate(view: TreeView, keys: readonly NodeKey[]): Uint8Array<ArrayBuffer>;
  /** Null where the order's forest has no such node. */
  node(orderId: number, budget: Budget, key: NodeKey): NodeAnswer | null;
  /** Nodes of the token forest from `from` on with all statistics, as CSV; empty beyond the last. */
  nodesCsv(orderId: number, from: number, count: number): string;
  /** Of the action tree; null where it has no such node. */
  action(key: NodeKey): Promise<ActionAnswer | null>;
  nodeText(key: NodeKey, from: number, count: number): Promise<NodeTextAnswer>;
  /** As `nodeWords`. */
  nodeWords(keys: readonly NodeKey[]): Promise<(string | null)[]>;
  /** Computes what `keep` looks up, for a set of which not all is trained. */
  gradient(orderId: number, budget: Budget): KeepAnswer;
  /** The meter task by task, or why there is none. */
  gradientByTask(orderId: number, budget: Budget): GradientByTask | GradientWhyNot;
}

/** A partial forest is frozen when this many times more has been read than at the last one. */
const PARTIAL_GROWTH = 2;
/**
 * Beyond this many nodes the last partial forest stays until all is read: to freeze and order a larger one would hold
 * up the reading for seconds.
 */
const PARTIAL_NODES = 500_000;
const FIRST_PARTIAL_MS = 700;
/** With less time left than this, the complete forest comes soon enough, and sooner without a partial one. */
const LAST_PARTIAL_S = 1;
/** A slider that moved within this time may move again: work that can wait gives way. */
const RESTING_MS = 200;
const YIELD_MS = 10;

export function makeSession(ports: SessionPorts): Session {
  let dataset: Dataset | null = null;
  let exported: ModelColumns | null = null;
  const imports = makeImports();
  let tokenizer: Tokenizer | null = null;
  let template: TemplateTraits | null = null;
  let readBack: ReadBack | null = null;
  let settings: OpenSettings = DEFAULT_OPEN_SETTINGS;
  let version = 0;
  let openingJob: AbortController | null = null;
  let tickedAt = -Infinity;
  let opened: Promise<unknown> = Promise.resolve();
  const orders = makeOrders();

  const current = (): Dataset => {
    if (dataset === null) throw new Error('nothing is open');
    return dataset;
  };
  const texts = () => {
    if (tokenizer === null || readBack === null) throw new Error('nothing is open');
    return { dataset: current(), tokenizer, readBack, settings };
  };
  const keeping = makeSessionKeeping({ dataset: () => dataset, settings: () => settings });
  const setDataset = (next: Dataset): void => {
    dataset = next;
    keeping.say();
    exported = exportedColumns(next.tokens.forest, next.opening.restored);
    readBack = makeReadBack(next, settings.mapping);
    imports.rematch(next);
  };
  const mustGiveWay = (): boolean =>
    openingJob !== null || exports.isExporting() || growth.busy || performance.now() - tickedAt < RESTING_MS;
  /** Between steps of work that can wait. Rejects when its order is no longer held. */
  const pause = async (orderId: number): Promise<void> => {
    do {
      await new Promise<void>((resolve) => setTimeout(resolve, YIELD_MS));
      orders.of(orderId);
    } while (mustGiveWay());
  };
  const importance = makeSessionImportance(ports.scorer ?? NO_SCORER);
  const score = makeSessionScore(
    ports.scorer ?? NO_SCORER,
    () => ({ ...texts(), exported }),
    () => importance.forget(),
  );
  const growth = makeGrowth(ports.pool, ports.unpack, {
    room: ports.room ?? Infinity,
    dataset: current,
    settings: () => settings,
    opened: () => opened,
    nextVersion: () => ++version,
    commit(next, spliced) {
      const before = current();
      setDataset(next);
      score.carry(before, next, spliced);
    },
  });
  // Scores made here come before those that a forest export brought along.
  const modelColumns = (): ModelColumns | null => score.columns() ?? exported;
  /** Stands for the rule, the forest and the scores that an order is made from. */
  const keyOf = (rule: PruneRule): string => JSON.stringify([rule, version, score.version, imports.version, keeping.version()]);
  /** Read anew: checked, and with its members in one order, so that equal rules are equal bytes in exports. */
  const checked = (asked: PruneRule): PruneRule => {
    const rule = readRule(asked);
    if (rule === null) throw new Error(`expected a rule, found ${JSON.stringify(asked)}`);
    return rule;
  };
  const facts = (): DatasetFacts => datasetFacts(current(), modelColumns(), score.version + imports.version);

  const orderOf = (asked: PruneRule): Ruling => {
    const rule = checked(asked);
    const key = keyOf(rule);
    const model = score.snapshot() ?? exported;
    return orders.make(key, current(), rule, { model, imported: imports.scores }, () =>
      importance.inputs(actedOf(current(), rule, model).dataset, rule, model, key),
    );
  };

  /** The same, with what it rests on got ready in steps before. */
  const rulingOf = async (asked: PruneRule): Promise<Ruling> => {
    const rule = checked(asked);
    await acts.prepareActs(rule, () => undefined);
    const key = keyOf(rule);
    if (!orders.isHeld(key)) await importance.prepare(actedNow(rule), rule, () => score.snapshot() ?? exported, key);
    return orderOf(asked);
  };

  const actedNow = (rule: PruneRule): Dataset => actedOf(current(), rule, score.snapshot() ?? exported).dataset;

  const exporting = (): ExportGrounds => ({ ...texts(), opened: settings, template, said: keeping.said() });
  const plan = (orderId: number, budget: Budget, spec: ExportSpec): PlannedExport =>
    planExport({ ...exporting(), ruling: orders.of(orderId), keep: orders.keepOf(orderId, budget), spec });

  const surveys = makeSurveys({ dataset: current, pool: ports.pool, opened: () => opened });
  const exports = makeSessionExports({ dataset: current, plan, surveys });
  const rollouts = makeSessionRollouts({ dataset: current, model: modelColumns, scoreVersion: () => score.version, orders });
  const transcripts = makeSessionTranscripts({ opened: texts, model: modelColumns, orders });
  const search = makeSessionSearch({ dataset: current, pool: ports.pool, opened: () => opened, rollouts });
  const counting = { dataset: current, rollouts, search, model: modelColumns, scoreVersion: () => score.version };
  const acts = makeSessionActs(current, search, surveys);

  const open: Session['open'] = async (files, openSettings, onProgress) => {
    openingJob?.abort();
    growth.leave();
    score.leave();
    imports.clear();
    const mine = (openingJob = new AbortController());
    settings = openSettings;
    // The session's own vocabulary is read while the pool reads its own.
    const [loaded] = await Promise.all([loadTokenizer(openSettings.tokenizer), ports.pool.configure(openSettings)]);
    ({ tokenizer, template } = loaded);
    const opening = makeOpening(openSettings.maxNodeTokens, ports.room);
    orders.clear();
    let frozenAt = 0;
    const told: { last: Omit<OpenProgress, 'partial'> | null } = { last: null };
    const begun = performance.now();
    const freeze = (): void => setDataset(freezeDataset(opening, ++version, false, loaded.tokenizer.name));
    freeze();
    let given: BegunFiles | null = null;
    try {
      given = await growth.begin(files, openSettings, mine.signal);
      await openBound(opening, given.files, openSettings, ports.pool, ports.unpack, mine.signal, (progress) => {
        const rollouts = opening.tokens.rollouts.length;
        const isEarly = progress.secondsLeft === null || progress.secondsLeft > LAST_PARTIAL_S;
        const partial =
          isEarly &&
          performance.now() - begun > FIRST_PARTIAL_MS &&
          rollouts >= Math.max(1, frozenAt * PARTIAL_GROWTH) &&
          opening.tokens.nodes.length <= PARTIAL_NODES;
        if (partial) {
          frozenAt = rollouts;
          freeze();
        }
        told.last = progress;
        onProgress({ ...progress, partial });
      });
      if (told.last !== null) onProgress({ ...told.last, phase: 'freezing', partial: false });
    } finally {
      if (openingJob === mine) {
        // Orders of the last partial forest make room. Where the builders are not intact, that forest stays.
        const isWhole = opening.intact && !mine.signal.aborted;
        const isFull = isWhole && opening.isFull;
        const complete = isWhole && !isFull;
        const last = opening.intact ? freezeDataset(opening, ++version, complete, loaded.tokenizer.name) : current();
        nameNumberedHand(opening.inputs, last.tokens.forest, complete);
        for (const input of opening.inputs) settleInput(input);
        if (opening.intact) orders.clear();
        closeOpening(opening);
        const settled = { ...last, opening: settledOpening(opening.inputs, opening.intact, opening.beside, isFull) };
        setDataset(settled);
        const rereading = { pool: ports.pool, maxNodeTokens: openSettings.maxNodeTokens, signal: mine.signal };
        const stopped = (): Dataset => withUnmerged(settled, 0, 'opening was stopped');
        const merged = complete ? await mergePartsOrSay(settled, rereading, () => false).catch(stopped) : settled;
        if (openingJob === mine) {
          // What was asked meanwhile was answered of the rollouts before they were merged.
          if (merged !== settled) setDataset({ ...merged, version: ++version });
          if (isWhole && given !== null) growth.watch(given, isFull);
          openingJob = null;
        }
      }
    }
    return facts();
  };

  return {
    score,
    open(files, openSettings, onProgress) {
      const result = open(files, openSettings, onProgress);
      opened = result.catch(() => undefined);
      return result;
    },
    firstLook,
    ...keeping.verbs,
    append: (files, onProgress) => growth.append(files, onProgress).then(facts),
    remove: (name) => growth.remove(name).then(facts),
    ...growth.verbs,
    cancel(what) {
      if (what !== 'opening') {
        exports.cancel(what);
        return;
      }
      openingJob?.abort();
      growth.cancel();
    },
    facts,
    importScores: (input) => imports.take(current(), input),
    issues: (from, count) => issuePage(current().opening, from, count),
    tasks: () => moved(taskTable(current(), settings.group)),
    shape: (orderId, task, view) => moved(treeShape(orders.of(orderId).dataset, task, view)),
    figures: (orderId, task, view, ids) => moved(treeFigures(orders.of(orderId), task, view, ids)),
    order: (asked) => orderAnswer(orderOf(asked)),
    makeOrder: (asked) => rulingOf(asked).then(orderAnswer),
    measureImportance: (rule) => importance.measure(actedNow(checked(rule)), checked(rule), score.snapshot() ?? exported),
    chooseImportance(choice) {
      importance.choose(choice);
      // Orders that were made the other way are made again.
      orders.forgetKeys();
    },
    async evaluate(asked, options, onProgress) {
      await acts.prepareActs(checked(asked), () => undefined);
      return evaluateWays(
        { dataset: current(), rule: checked(asked), model: score.snapshot() ?? exported, imported: imports.scores },
        options,
        async (done, total) => {
          onProgress(done, total);
          await new Promise<void>((resolve) => setTimeout(resolve));
        },
      );
    },
    compare: (orderId) => comparisonAnswer(orders.of(orderId), () => pause(orderId)),
    keep(orderId, budget) {
      tickedAt = performance.now();
      return keepAnswer(orders.of(orderId), orders.keepOf(orderId, budget));
    },
    keptByTask: (orderId, budget) => keptByTask(orders.of(orderId), orders.keepOf(orderId, budget)),
    gradient(orderId, budget) {
      const keep = orders.keepOf(orderId, budget);
      const meter = gradientOf(orders.of(orderId));
      if (typeof meter !== 'string' && meter.at(keep) === null) meter.compute(keep);
      return keepAnswer(orders.of(orderId), keep);
    },
    gradientByTask(orderId, budget) {
      const meter = gradientOf(orders.of(orderId));
      return typeof meter === 'string' ? meter : moved(meter.byTask(orders.keepOf(orderId, budget)));
    },
    locate: (view, keys) => moved(Uint8Array.from(locateNodes(current()[view].forest.keys, keys), (node) => (node === NONE ? 0 : 1))),
    node: (orderId, budget, key) => nodeAnswer(orders.of(orderId), orders.keepOf(orderId, budget), key),
    nodesCsv: (orderId, from, count) => nodesCsv(orders.of(orderId), from, count),
    action: (key) => actionAnswer(current(), texts().readBack, texts().tokenizer, key),
    nodeWords: (keys) => nodeWords(current(), texts().readBack, texts().tokenizer, keys),
    nodeText(key, from, count) {
      const { readBack, tokenizer } = texts();
      return nodeText(current(), readBack, tokenizer, key, from, count, modelColumns()?.entropy ?? null);
    },
    ...makeSessionTraining(orders, pause),
    ...rollouts,
    rollouts: () => crossing(rollouts.rollouts()),
    ...transcripts,
    ...search,
    ...makeSessionStatistics(counting),
    ...makeSessionCompare({ dataset: current, rollouts, rulingOf }),
    ...acts,
    ...exports.verbs,
    ...makeSessionStudies({ ...counting, surveys, orders, plan: exports.prepared, exporting }),
    ...makeSessionParting(texts, modelColumns, orders),
  };
}
