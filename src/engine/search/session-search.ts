/** The verbs of a session about filters: which rollouts one takes, and where its words stand. */
import { checkFilter } from '../../core/filter/check.ts';
import { withCutColumns } from '../../core/rollouts/cut-columns.ts';
import type { Filter } from '../../core/filter/filter.ts';
import { matchFilter } from '../../core/filter/match.ts';
import { parseFilter } from '../../core/filter/parse.ts';
import { textTermsOf, type TextTerm } from '../../core/filter/text-terms.ts';
import type { Budget } from '../../core/model/rule.ts';
import type { RolloutColumns } from '../../core/rollouts/columns.ts';
import type { TreeView } from '../answers/drawing.ts';
import type { RolloutsAnswer } from '../answers/rollouts.ts';
import type { FilterMarks, NotTaken, RolloutHits, SearchProgress, Unsearched, WhereAnswer } from '../answers/searching.ts';
import type { Dataset } from '../dataset.ts';
import type { ParsePool } from '../pool.ts';
import { makeMeter } from '../progress.ts';
import { SearchStuck } from '../retries.ts';
import type { SessionRollouts } from '../rollouts/session-rollouts.ts';
import { moved } from '../transferables.ts';
import { nodesOfHits } from './hit-nodes.ts';
import { filterMarks } from './marks.ts';
import type { FoundTexts } from './look.ts';
import { bytesOf } from '../surveys/read-again.ts';
import { scanTexts } from './scan-texts.ts';
import { withPassing } from './through.ts';
import { emptyFindings, makeTextIndex, type TermFindings } from './text-index.ts';

/** A cut that a filter may ask about: what of a rollout is kept and trained. */
export interface AskedCut {
  readonly orderId: number;
  readonly budget: Budget;
}

export interface SessionSearch {
  /**
   * Which rollouts a filter takes (docs/filter.md). Words that have not been looked for before are looked for in the texts of all
   * rollouts. Rejects with AbortError after `stopSearch` of the same text.
   * @param cut without one, `kept` and `trained` are no columns
   */
  where(text: string, cut: AskedCut | null, onProgress: (progress: SearchProgress) => void): Promise<WhereAnswer>;
  /**
   * The first places, at most `most` each, where words of the filter stand in the texts of these rollouts. Rejects with AbortError
   * after `stopSearch` of the same text.
   */
  search(text: string, rollouts: readonly number[], most: number): Promise<readonly RolloutHits[]>;
  /** What the filter says of the nodes of a task's tree. Null where it is none for this log. Otherwise like `search`. */
  marks(text: string, cut: AskedCut | null, task: number, view: TreeView): Promise<FilterMarks | null>;
  /** Gives up what is looked for on behalf of this filter; what others ask goes on. */
  stopSearch(text: string): void;
}

/** What of a session they need. */
interface SearchContext {
  /** Throws where nothing is open. */
  readonly dataset: () => Dataset;
  readonly pool: ParsePool;
  /** Settles once no files are being opened. */
  readonly opened: () => Promise<unknown>;
  readonly rollouts: SessionRollouts;
}

/** How often progress is told at most. */
const TOLD_MS = 150;

type Understood = { readonly ok: true; readonly filter: Filter; readonly columns: RolloutColumns } | NotTaken;

export function makeSessionSearch({ dataset: current, pool, opened, rollouts }: SearchContext): SessionSearch {
  const index = makeTextIndex();
  const jobs = new Map<AbortController, string>();

  const understand = (text: string, cut: AskedCut | null): Understood => {
    const parsed = parseFilter(text);
    if (!parsed.ok) return parsed;
    const columns = withCutColumns(rollouts.rollouts(), cut && rollouts.rolloutFigures(cut.orderId, cut.budget));
    return checkFilter(parsed.filter, columns.columns) ?? { ok: true, filter: parsed.filter, columns };
  };

  const asJob = async <T>(text: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const mine = new AbortController();
    jobs.set(mine, text);
    try {
      return await work(mine.signal);
    } finally {
      jobs.delete(mine);
    }
  };

  /** Looks for what is not known yet, and keeps it once all is looked through. */
  const findings = async (
    dataset: Dataset,
    terms: readonly TextTerm[],
    signal: AbortSignal,
    onFound: (found: ReadonlyMap<string, TermFindings>, looked: Uint8Array, bytes: number, total: number) => void,
  ): Promise<ReadonlyMap<string, TermFindings>> => {
    const count = dataset.tokens.rollouts.length;
    const all = new Map<string, TermFindings>();
    for (const term of terms) all.set(term.key, index.of(dataset, term) ?? emptyFindings(count));
    const wanted = terms.filter((term) => index.of(dataset, term) === null);
    if (wanted.length === 0) return all;
    const everyone = Array.from({ length: count }, (_, rollout) => rollout);
    const total = bytesOf(dataset, everyone);
    const looked = new Uint8Array(count);
    let bytes = 0;
    const take = (rollout: number, { counts }: FoundTexts): void => {
      looked[rollout] = 1;
      wanted.forEach((term, t) => {
        const of = all.get(term.key);
        const hits = counts[t] ?? 0;
        if (of === undefined || hits === 0) return;
        of.hits[rollout] = hits;
        of.found[rollout] = 1;
      });
    };
    const onBytes = (more: number): void => {
      bytes += more;
      onFound(all, looked, bytes, total);
    };
    const unsearched = await scanTexts({ dataset, pool, look: { terms: wanted, places: 0 }, rollouts: everyone, signal, take, onBytes });
    for (const term of wanted) {
      const of = all.get(term.key);
      if (of === undefined) continue;
      of.unsearched = unsearched;
      index.keep(dataset, term, of);
    }
    return all;
  };

  const where: SessionSearch['where'] = async (text, cut, onProgress) => {
    const asked = understand(text, cut);
    if (!asked.ok) return asked;
    const terms = textTermsOf(asked.filter);
    if (terms.length === 0) return answer(current(), asked, rollouts.rollouts(), [], new Map());
    try {
      return await asJob(text, async (signal) => {
        await opened();
        signal.throwIfAborted();
        const dataset = current();
        // What was read meanwhile has other columns.
        const understood = understand(text, cut);
        if (!understood.ok) return understood;
        const { filter, columns } = understood;
        const tasks = rollouts.rollouts();
        const meter = makeMeter();
        let told = -Infinity;
        const found = await findings(dataset, terms, signal, (so, looked, bytes, total) => {
          const now = performance.now();
          if (now - told < TOLD_MS) return;
          told = now;
          const taken = matchFilter(filter, columns, withPassing(dataset, filter, foundOf(so)));
          const counts = looked.reduce((sum, is, r) => ({ looked: sum.looked + is, taken: sum.taken + (is & (taken[r] ?? 0)) }), {
            looked: 0,
            taken: 0,
          });
          const rates = meter.measure(bytes, total);
          onProgress({ bytes, totalBytes: total, ...rates, rollouts: counts.looked, totalRollouts: columns.length, taken: counts.taken });
        });
        return answer(dataset, understood, tasks, terms, found);
      });
    } catch (error) {
      if (error instanceof SearchStuck) return { ok: false, fault: error.message, from: 0, to: text.length };
      throw error;
    }
  };

  return {
    where,
    async search(text, asked, most) {
      const terms = termsIn(text);
      if (terms.length === 0) return [];
      return asJob(text, async (signal) => {
        await opened();
        const dataset = current();
        const hits = new Map<number, RolloutHits>();
        const take = (rollout: number, { counts, places }: FoundTexts): void => {
          const total = counts.reduce((sum, count) => sum + count, 0);
          const nodes = nodesOfHits(dataset, rollout, places);
          hits.set(rollout, { rollout, total, hits: places.map((place, i) => ({ ...place, node: nodes[i] ?? null })) });
        };
        await scanTexts({ dataset, pool, look: { terms, places: most }, rollouts: asked, signal, take, onBytes: () => undefined });
        return asked.flatMap((rollout) => hits.get(rollout) ?? []);
      });
    },
    marks: (text, cut, task, view) =>
      asJob(text, async (signal) => {
        const answer = await where(text, cut, () => undefined);
        if (!answer.ok) return null;
        return moved(await filterMarks({ dataset: current(), pool, taken: answer, terms: termsIn(text), task, view, signal }));
      }),
    stopSearch(text) {
      for (const [job, of] of jobs) if (of === text) job.abort();
    },
  };
}

function termsIn(text: string): readonly TextTerm[] {
  const parsed = parseFilter(text);
  return parsed.ok ? textTermsOf(parsed.filter) : [];
}

function foundOf(findings: ReadonlyMap<string, TermFindings>): ReadonlyMap<string, Uint8Array> {
  return new Map([...findings].map(([key, { found }]) => [key, found]));
}

function answer(
  dataset: Dataset,
  { filter, columns }: Extract<Understood, { ok: true }>,
  { task }: Pick<RolloutsAnswer, 'task'>,
  terms: readonly TextTerm[],
  findings: ReadonlyMap<string, TermFindings>,
): WhereAnswer {
  const taken = matchFilter(filter, columns, withPassing(dataset, filter, foundOf(findings)));
  const byTask = new Int32Array(task.reduce((most, row) => Math.max(most, row + 1), 0));
  task.forEach((row, r) => {
    if (taken[r] === 1 && row >= 0) byTask[row] = (byTask[row] ?? 0) + 1;
  });
  const hits = terms.length === 0 ? null : new Int32Array(columns.length);
  let unsearched: Unsearched | null = null;
  const counts = terms.map(({ key }) => {
    const of = findings.get(key);
    let [rollouts, places] = [0, 0];
    of?.hits.forEach((count, r) => {
      if (count > 0) rollouts++;
      places += count;
      if (hits !== null) hits[r] = (hits[r] ?? 0) + count;
    });
    unsearched ??= of?.unsearched ?? null;
    return { key, rollouts, hits: places };
  });
  const count = taken.reduce((sum, is) => sum + is, 0);
  const places = hits?.reduce((sum, many, r) => sum + (taken[r] === 1 ? many : 0), 0) ?? 0;
  return moved({ ok: true, taken, count, byTask, hits, places, terms: counts, unsearched });
}
