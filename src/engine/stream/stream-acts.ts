/**
 * Acts on a log in parts: before anything is ordered, what their filters ask is looked up part by part, so that each part then decides
 * about its rollouts as the whole log would.
 */
import { actsOn, type Act } from '../../core/acts/act.ts';
import { checkFilter, type ColumnKind } from '../../core/filter/check.ts';
import { termsOf, type Filter } from '../../core/filter/filter.ts';
import { parseFilter } from '../../core/filter/parse.ts';
import { textTermsOf } from '../../core/filter/text-terms.ts';
import type { PruneRule } from '../../core/model/rule.ts';
import { cutTerm, cutTermFault } from '../acts/cut-term.ts';
import { sayKinds, scannedTexts } from '../acts/match-where.ts';
import type { ActsAnswer } from '../answers/acts.ts';
import type { RolloutsAnswer } from '../answers/rollouts.ts';
import type { Dataset } from '../dataset.ts';
import type { ParsePool } from '../pool.ts';
import { rolloutColumns } from '../rollouts/rollouts.ts';
import { makeSessionSearch } from '../search/session-search.ts';
import { targetText } from '../words/acts.ts';
import { StreamRefusal } from './refusal.ts';

/** What of the whole each part is told. */
export interface PreparedActs {
  /** On a part as it was read again. */
  sayOn(dataset: Dataset, part: number): void;
}

/** Columns whose values rest on rollouts of other tasks. */
const OF_THE_LOG: ReadonlySet<string> = new Set(['staleness', 'lag', 'lag_mean', 'off_policy']);
const quiet = (): void => undefined;

/** Throws StreamRefusal where a line cannot be asked of this log, or not in parts. O(parts) passes over their texts for words. */
export async function prepareActs({ acts }: PruneRule, parts: () => AsyncIterable<Dataset>, pool: ParsePool): Promise<PreparedActs> {
  const asked = actsOn(acts).flatMap((act) => (act.where === undefined ? [] : [{ act, filter: filterOf(act, act.where) }]));
  if (asked.length === 0) return { sayOn: quiet };
  const terms = [...new Set(asked.flatMap(({ filter }) => textTermsOf(filter).map(({ key }) => key)))];
  const names = new Set(asked.flatMap(({ filter }) => namesOf(filter)));
  const kinds = new Map<string, ColumnKind>();
  const found: Map<string, Uint8Array>[] = [];
  for await (const dataset of parts()) {
    const columns = rolloutColumns(dataset, null);
    if (columns.leftOut.columns > 0 && [...names].some((name) => name.startsWith('field.')))
      throw new StreamRefusal('records have too many fields for a filter to ask for one of them in parts');
    for (const { id, type } of columns.columns) {
      const before = kinds.get(id);
      if (before !== undefined && before.type !== type && names.has(id))
        throw new StreamRefusal(`${id} is a number in one part of the log and a word in another, so no filter asks for it in parts`);
      if (before === undefined) kinds.set(id, { id, type });
    }
    found.push(await textsIn(dataset, columns, terms, pool));
  }
  const all = [...kinds.values()];
  for (const { act, filter } of asked) {
    const fault = checkFilter(filter, all);
    if (fault !== null) throw new StreamRefusal(faultOf(act, fault.fault));
    const name = namesOf(filter).find((each) => OF_THE_LOG.has(each));
    if (name !== undefined) throw new StreamRefusal(faultOf(act, `${name} compares with the whole log, which a part does not know`));
  }
  return {
    sayOn(dataset, part) {
      sayKinds(dataset, all);
      for (const [term, taken] of found[part] ?? []) scannedTexts(dataset).set(term, taken);
    },
  };
}

function faultOf(act: Act, fault: string): string {
  return `--${act.verb} ${targetText(act)}: ${fault}`;
}

function filterOf(act: Act, where: string): Filter {
  const parsed = parseFilter(where);
  if (!parsed.ok) throw new StreamRefusal(faultOf(act, parsed.fault));
  const asked = cutTerm(parsed.filter);
  if (asked !== null) throw new StreamRefusal(faultOf(act, cutTermFault(asked)));
  return parsed.filter;
}

function namesOf(filter: Filter): string[] {
  return [...termsOf(filter)].flatMap((term) => (term.kind === 'compare' || term.kind === 'is' ? [term.name] : []));
}

/** Term -> rollout of the part -> 1 */
async function textsIn(
  dataset: Dataset,
  columns: RolloutsAnswer,
  terms: readonly string[],
  pool: ParsePool,
): Promise<Map<string, Uint8Array>> {
  const noFigures = (): never => {
    throw new Error('no cut is asked for');
  };
  const rollouts = { rollouts: () => columns, rolloutFigures: noFigures };
  const search = makeSessionSearch({ dataset: () => dataset, pool, opened: () => Promise.resolve(), rollouts });
  const found = new Map<string, Uint8Array>();
  for (const term of terms) {
    const answer = await search.where(term, null, quiet);
    if (!answer.ok) throw new StreamRefusal(answer.fault);
    if (answer.unsearched !== null)
      throw new StreamRefusal(`${answer.unsearched.rollouts} rollouts could not be looked through: ${answer.unsearched.why}`);
    found.set(term, answer.taken);
  }
  return found;
}

/** What the parts said of the same lines, as the whole log would. */
export function joinActs(answers: readonly ActsAnswer[]): ActsAnswer {
  const [first] = answers;
  const sum = (of: (answer: ActsAnswer) => number): number => answers.reduce((all, answer) => all + of(answer), 0);
  const lines = (first?.lines ?? []).map(({ rollouts, nodes, elsewhere, fault }, at) => {
    const own = (of: 'rollouts' | 'nodes' | 'overruled'): number => sum((answer) => answer.lines[at]?.[of] ?? 0);
    const named = (rollouts ?? nodes ?? 0) + elsewhere;
    const matched = rollouts === null ? own('nodes') : own('rollouts');
    // Of keys each part says how many it lacks; of filters none does.
    const isOfKeys = answers.some(({ lines: all }) => (all[at]?.elsewhere ?? 0) > 0);
    return {
      rollouts: rollouts === null ? null : matched,
      nodes: nodes === null ? null : matched,
      overruled: own('overruled'),
      elsewhere: isOfKeys ? named - matched : 0,
      fault,
    };
  });
  return {
    lines,
    rollouts: {
      total: sum(({ rollouts }) => rollouts.total),
      dropped: sum(({ rollouts }) => rollouts.dropped),
      untrained: sum(({ rollouts }) => rollouts.untrained),
      written: first === undefined || first.rollouts.written === null ? null : sum(({ rollouts }) => rollouts.written ?? 0),
    },
    excludedNodes: sum(({ excludedNodes }) => excludedNodes),
  };
}
