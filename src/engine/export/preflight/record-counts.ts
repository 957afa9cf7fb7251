/** Counts over records as they stream by: rewards, kinds, tools, tasks, endings, lengths, ends of turns and ids without a token. */
import { makeGrowable, push } from '../../../base/growable.ts';
import { ENDING, KIND, KINDS, NONE } from '../../../core/model/kinds.ts';
import { originOf } from '../../../core/tokens/token-origin.ts';
import { pathTo } from '../../../core/tree/navigate.ts';
import { hasSampled } from '../../../core/tree/sampled.ts';
import type { TokenRow } from '../../../core/export/token-row.ts';
import type { NamedTrained, Preflight, RecordPlace, Trained } from '../../answers/preflight.ts';
import type { PlannedExport } from '../planned.ts';
import type { BranchUnit } from '../units.ts';
import { recordVocabulary } from '../vocabulary.ts';

const LONGEST = 5;
const LARGEST = 5;
const MOST_TOOLS = 8;
const QUANTILES = [0.5, 0.9, 0.99, 1] as const;
/** Limits of context that models and trainers are often set to. */
const LIMITS = [2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072, 262_144, 1_048_576] as const;

interface Counter {
  records: number;
  tokens: number;
}

export interface RecordCounts {
  take(unit: BranchUnit, row: TokenRow, trained: number): void;
  finish(): Pick<
    Preflight,
    'tokens' | 'trained' | 'rewards' | 'kinds' | 'onlyKind' | 'tools' | 'otherTools' | 'tasks' | 'endings' | 'lengths' | 'vocabulary'
  > &
    Pick<Preflight['template'], 'turns' | 'turnsTrained'>;
}

/** @param knows whether the session's tokenizer has a token of that id */
export function makeRecordCounts(planned: PlannedExport, knows: (id: number) => boolean): RecordCounts {
  const { dataset, problem } = planned.ruling;
  const { forest } = problem;
  const zero = (): Counter => ({ records: 0, tokens: 0 });
  const add = (to: Counter, tokens: number): void => {
    to.records++;
    to.tokens += tokens;
  };
  const rewards = { above: zero(), zero: zero(), below: zero(), unknown: zero() };
  const endings = { complete: zero(), cut: zero(), truncated: zero() };
  const kinds = KINDS.map(zero);
  const onlyKind = KINDS.map(zero);
  const tools = new Map<number, Counter>();
  const tasks = new Map<number, Counter>();
  const lengths = makeGrowable(Int32Array);
  const longest: (RecordPlace & { tokens: number; trained: number })[] = [];
  const turns = { turns: 0, turnsTrained: 0 };
  const known = new Map<number, boolean>();
  const outside = { ids: new Set<number>(), tokens: 0, records: 0, first: null as RecordPlace | null };
  const vocabularies = new Map<string, number>();
  let made = 0;
  let unchecked = 0;
  let tokens = 0;
  let trained = 0;

  /** Tokens of loss by kind and by tool, and ends of turns, node by node of what the record shows of its path. */
  const takeNodes = ({ record, trajectory }: BranchUnit, { weight, edge }: TokenRow): void => {
    const byKind = new Int32Array(KINDS.length);
    const byTool = new Map<number, number>();
    const path = pathTo(forest, planned.plan.end[record] ?? 0);
    let level = -1;
    let last = -1;
    for (let i = 0; i < edge.length; i++) {
      const at = edge[i] ?? NONE;
      if (at === NONE) continue;
      while (at > last && level + 1 < path.length) last = (forest.edgeStart[(path[++level] ?? 0) + 1] ?? Infinity) - 1;
      const n = path[level] ?? 0;
      const hasLoss = (weight[i] ?? 0) > 0;
      if (at === last && ((forest.endings[n] ?? 0) & ENDING.turn) !== 0 && hasSampled(forest, trajectory, n)) {
        turns.turns++;
        if (hasLoss) turns.turnsTrained++;
      }
      if (!hasLoss) continue;
      const kind = forest.kind[n] ?? 0;
      byKind[kind] = (byKind[kind] ?? 0) + 1;
      const tool = forest.tool[n] ?? NONE;
      if (tool !== NONE && (kind === KIND.call || kind === KIND.memory)) byTool.set(tool, (byTool.get(tool) ?? 0) + 1);
    }
    byKind.forEach((count, kind) => {
      const to = kinds[kind];
      if (count > 0 && to) add(to, count);
    });
    // Marks of the template are of no kind of their own.
    const said = [...byKind.keys()].filter((kind) => (byKind[kind] ?? 0) > 0 && kind !== KIND.scaffold);
    const only = said.length === 1 ? onlyKind[said[0] ?? 0] : undefined;
    if (only) add(only, byKind[said[0] ?? 0] ?? 0);
    for (const [tool, count] of byTool) add(entryOf(tools, tool), count);
  };

  const takeIds = (unit: BranchUnit, { ids, weight }: TokenRow): void => {
    const { name, isMade, isChecked } = recordVocabulary(planned, unit.record);
    if (isMade) made++;
    vocabularies.set(name, (vocabularies.get(name) ?? 0) + 1);
    if (!isChecked) {
      unchecked++;
      return;
    }
    let isOutside = false;
    ids.forEach((id, i) => {
      let isKnown = known.get(id);
      if (isKnown === undefined) known.set(id, (isKnown = knows(id)));
      if (isKnown) return;
      isOutside = true;
      if ((weight[i] ?? 0) > 0) outside.tokens++;
      outside.ids.add(id);
    });
    if (!isOutside) return;
    outside.records++;
    outside.first ??= placeOf(unit);
  };

  return {
    take(unit, row, own) {
      const { reward, task, complete } = unit;
      tokens += row.ids.length;
      trained += own;
      add(reward === null ? rewards.unknown : reward > 0 ? rewards.above : reward < 0 ? rewards.below : rewards.zero, own);
      add(complete ? endings.complete : isTruncated(planned, unit) ? endings.truncated : endings.cut, own);
      add(entryOf(tasks, task), own);
      push(lengths, row.ids.length);
      if (longest.length < LONGEST || row.ids.length > (longest.at(-1)?.tokens ?? 0)) {
        longest.push({ ...placeOf(unit), tokens: row.ids.length, trained: own });
        longest.sort((a, b) => b.tokens - a.tokens);
        longest.splice(LONGEST);
      }
      takeNodes(unit, row);
      takeIds(unit, row);
    },
    finish() {
      const named = (counters: Iterable<readonly [string, Trained]>): NamedTrained[] =>
        [...counters].map(([name, counts]) => ({ name, ...counts })).sort((a, b) => b.tokens - a.tokens || (a.name < b.name ? -1 : 1));
      const ofKinds = (counters: readonly Counter[]): NamedTrained[] =>
        named(counters.map((counter, kind) => [KINDS[kind] ?? '', counter] as const)).filter(({ records }) => records > 0);
      const allTools = named([...tools].map(([tool, counter]) => [forest.tools[tool] ?? '', counter] as const));
      const others = allTools.slice(MOST_TOOLS);
      const allTasks = named([...tasks].map(([task, counter]) => [dataset.tokens.tasks[task]?.key ?? '', counter] as const));
      const [vocabulary] = [...vocabularies].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
      return {
        tokens,
        trained,
        rewards,
        kinds: ofKinds(kinds),
        onlyKind: ofKinds(onlyKind),
        tools: allTools.slice(0, MOST_TOOLS),
        otherTools: {
          tools: others.length,
          tokens: others.reduce((sum, other) => sum + other.tokens, 0),
        },
        tasks: { total: dataset.tokens.tasks.length, withRecords: tasks.size, largest: allTasks.slice(0, LARGEST) },
        endings,
        lengths: { ...lengthFigures(lengths.data.slice(0, lengths.length)), longest },
        vocabulary: {
          name: vocabulary?.[0] ?? dataset.tokenizerName,
          outside:
            outside.first === null
              ? null
              : {
                  ids: outside.ids.size,
                  largest: [...outside.ids].reduce((most, id) => Math.max(most, id), -Infinity),
                  records: outside.records,
                  tokens: outside.tokens,
                  first: outside.first,
                },
          made,
          unchecked,
        },
        ...turns,
      };
    },
  };
  function entryOf(counters: Map<number, Counter>, key: number): Counter {
    const counter = counters.get(key) ?? zero();
    counters.set(key, counter);
    return counter;
  }
}

export function placeOf({ origin: { task, rollout } }: BranchUnit): RecordPlace {
  return { task, rollout };
}

/** Of a record that is not complete: the log cuts it off where the record ends, rather than the cut before it. */
function isTruncated({ plan, ruling: { dataset, problem } }: PlannedExport, { record, trajectory, index }: BranchUnit): boolean {
  const { rollout, tokenCount } = problem.forest.trajectories;
  const isWhole = plan.tokenCount[record] === tokenCount[trajectory];
  return isWhole && originOf(dataset.tokens.rollouts[rollout[trajectory] ?? 0]?.tokensFrom, index)?.isCutOff === true;
}

/** Quantiles by nearest rank, and records longer than each limit up to the first that none exceeds. Sorts in place. */
function lengthFigures(lengths: Int32Array): Pick<Preflight['lengths'], 'quantiles' | 'limits'> {
  lengths.sort();
  const longer = LIMITS.map((limit) => ({ limit, longer: countAbove(lengths, limit) }));
  const last = longer.findIndex((each) => each.longer === 0);
  return {
    quantiles: QUANTILES.map((share) => ({ share, tokens: lengths[Math.max(0, Math.ceil(share * lengths.length) - 1)] ?? 0 })),
    limits: last < 0 ? longer : longer.slice(0, last + 1),
  };
}

/** @param sorted ascending */
function countAbove(sorted: Int32Array, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) > limit) high = middle;
    else low = middle + 1;
  }
  return sorted.length - low;
}
