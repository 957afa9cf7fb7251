/** Acts in words: for the page, the command line and the manifest alike. */
import { ACT_VERBS, FAVOURED, type Act } from '../../core/acts/act.ts';
import { cutTerm } from '../acts/cut-term.ts';
import { parseFilter } from '../../core/filter/parse.ts';
import { visible } from '../../base/visible.ts';
import type { ActFacts, ActReason } from '../answers/acts.ts';

/** `Drop`, `Favour ×3`, `Export best 2 of each task`. */
export function verbText({ verb, times = FAVOURED, count = 1 }: Pick<Act, 'verb' | 'times' | 'count'>): string {
  const label = ACT_VERBS.find(({ id }) => id === verb)?.label ?? verb;
  if (verb === 'favour') return `${label} ×${times}`;
  return verb === 'best' ? `${label} ${count} of each task` : label;
}

/** What a line is about: a filter as it was typed, nodes or rollouts chosen by hand. */
export function targetText({ where, nodes, rollouts }: Act): string {
  if (where !== undefined) return visible(where);
  if (nodes !== undefined) return `${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'} by hand`;
  if (rollouts !== undefined) return `${rollouts.length} ${rollouts.length === 1 ? 'rollout' : 'rollouts'} by hand`;
  return 'all rollouts';
}

/** Both: what a line says, and of what. */
export function actText(act: Act): string {
  return act.where === undefined && act.verb === 'best' ? verbText(act) : `${verbText(act)} ${targetText(act)}`;
}

/** What is wrong with the text of a filter, whatever the log; null: nothing. */
export function checkedFilter(where: string): string | null {
  const parsed = parseFilter(where);
  return parsed.ok ? null : parsed.fault;
}

/** Whether a filter asks for what the cut makes of a rollout, which an act cannot. */
export function asksTheCut(where: string): boolean {
  const parsed = parseFilter(where);
  return parsed.ok && cutTerm(parsed.filter) !== null;
}

/** `by hand`, or by the filter or the name of the lines. */
export function byText(acts: readonly Act[], { lines }: ActReason): string {
  const by = lines.flatMap((line): string[] => {
    const act = acts[line];
    if (act === undefined) return [];
    if (act.name !== undefined) return [`“${visible(act.name)}”`];
    return [act.where === undefined ? 'hand' : `\`${visible(act.where)}\``];
  });
  return by.length === 0 ? 'by an act' : `by ${[...new Set(by)].join(' and ')}`;
}

/** `41 rollouts`, with what else is to be said of the line in the open log. */
export function matchedText({ rollouts, nodes, overruled, elsewhere, fault }: ActFacts, { verb, isOn }: Act): string {
  if (fault !== null) return fault;
  if (!isOn) return 'off';
  const count = rollouts ?? nodes ?? 0;
  const what = rollouts === null ? 'node' : 'rollout';
  const parts = [`${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`];
  if (verb === 'keep' || verb === 'best') return `${(count - overruled).toLocaleString('en')} of ${parts[0] ?? ''} exported`;
  if (overruled > 0) parts.push(`${overruled.toLocaleString('en')} decided by other lines`);
  if (elsewhere > 0) parts.push(`${elsewhere.toLocaleString('en')} not in this log`);
  return parts.join(', ');
}

/**
 * The flags that say the same on the command line, as pairs of flag and value: those of single lines where they can, else the whole
 * stack, with names and lines that are off.
 */
export function actFlags(acts: readonly Act[]): readonly (readonly [flag: string, value: string])[] {
  if (
    acts.some(
      ({ isOn, name, verb, where }) => !isOn || name !== undefined || (verb === 'best' && where !== undefined) || where?.startsWith('@'),
    )
  )
    return [['acts', JSON.stringify(acts)]];
  return acts.map(({ verb, where, nodes, rollouts, times, count }) => {
    if (verb === 'best') return [verb, String(count)];
    const target = where ?? (nodes === undefined ? `@rollout:${rollouts?.join(',') ?? ''}` : `@node:${nodes.join(',')}`);
    return [verb, times === undefined || times === FAVOURED ? target : `${times}*${target}`];
  });
}
