/** Prefix costs of records as they stand in `tokens.jsonl`, counted slowly: the oracle of session, command line and page. */
import type { Way } from '../../src/core/prefix/ways.ts';

export interface TokensLine {
  readonly task: string;
  readonly input_ids: readonly number[];
  readonly weight: readonly number[];
}

export interface SlowCost {
  tokens: number;
  keys: number;
  backTokens: number;
}

/** Tokens and keys in three ways, token by token. */
export function slowCosts(lines: readonly TokensLine[]): Record<Way, SlowCost> {
  const none = (): SlowCost => ({ tokens: 0, keys: 0, backTokens: 0 });
  const sums = { flat: none(), grouper: none(), tree: none() };
  const add = (way: Way, position: number, isNeeded: boolean): void => {
    sums[way].tokens++;
    sums[way].keys += position + 1;
    if (isNeeded) sums[way].backTokens++;
  };
  const nextId = new Map<string, number>();
  /** Names each distinct beginning of a task's records by a number. */
  const nameOf = (before: number, task: string, id: number): number => {
    const key = `${before} ${before === 0 ? task : ''} ${id}`;
    const known = nextId.get(key) ?? nextId.size + 1;
    nextId.set(key, known);
    return known;
  };
  const needed = new Map<number, boolean>();
  const positions = new Map<number, number>();
  const groups = new Map<string, TokensLine[]>();
  for (const line of lines) {
    const last = line.weight.findLastIndex((weight) => weight > 0);
    let name = 0;
    for (const [at, id] of line.input_ids.entries()) {
      name = nameOf(name, line.task, id);
      add('flat', at, at < last);
      positions.set(name, at);
      needed.set(name, (needed.get(name) ?? false) || at < last);
    }
    const group = `${line.task}\n${line.input_ids[0]}`;
    groups.set(group, [...(groups.get(group) ?? []), line]);
  }
  for (const [name, at] of positions) add('tree', at, needed.get(name) ?? false);
  for (const members of groups.values()) {
    const [first] = members;
    let prefix = 0;
    while (
      members.every(
        ({ input_ids: ids, weight }) =>
          prefix < ids.length && ids[prefix] === first?.input_ids[prefix] && (prefix === 0 || !((weight[prefix] ?? 0) > 0)),
      )
    )
      prefix++;
    const lasts = members.map(({ weight }) => weight.findLastIndex((own) => own > 0));
    for (let at = 0; at < prefix; at++)
      add(
        'grouper',
        at,
        lasts.some((last) => at < last),
      );
    for (const [m, { input_ids: ids }] of members.entries())
      for (let at = prefix; at < ids.length; at++) add('grouper', at, at < (lasts[m] ?? 0));
  }
  return sums;
}
