/**
 * What two calls differ in. Costs are whole numbers of 1 ÷ `CALL` of a call, so that sums and comparisons are exact [ours]:
 *
 *   equal calls                       0
 *   calls of one tool                 2 · differing ÷ (1 + compared): of the arguments that either has, and the tool's name
 *   calls of two tools                never paired
 *   a call without partner            1
 */
import { canonicalValue, isHashed } from './canonical.ts';

/** Every number up to 16 divides it: calls with up to 15 arguments cost what they cost, others are rounded to it. */
export const CALL = 720_720;
/** More than two calls without partner: such a pair is never made. */
export const NEVER = 2 * CALL + 1;

export type Argument = readonly [name: string, value: string];

/** A call as a policy made it; values are those of `canonicalValue`, in the order in which they were given. */
export interface MadeCall {
  readonly tool: string;
  readonly args: readonly Argument[];
}

/** An argument that is expected. */
export interface TrueArgument {
  /** Null: the one at this place of the call, whatever it is called. */
  readonly name: string | null;
  /** Of `canonicalValue`. */
  readonly value: string;
  /** In place of the value, any of these. */
  readonly accepted?: readonly unknown[];
  readonly mayMiss?: boolean;
}

/** A call that would be right. */
export interface TrueCall {
  readonly tool: string;
  readonly args: readonly TrueArgument[];
  /** Names of the arguments that are compared; null: all. */
  readonly compares: readonly string[] | null;
}

/** The arguments of a call from its JSON text; what is no JSON object is one argument without a name. Never throws. */
export function argumentsOf(text: string): readonly Argument[] {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return Object.entries(value).map(([name, member]) => [name, canonicalValue(member)] as const);
    return [['', canonicalValue(value)]];
  } catch {
    const words = text.trim();
    return words === '' ? [] : [['', canonicalValue(words)]];
  }
}

/** A call that some rollout made, as one that would be right. */
export function asTruth({ tool, args }: MadeCall): TrueCall {
  return { tool, args: args.map(([name, value]) => ({ name, value })), compares: null };
}

/** The cost of the pair; `NEVER` where it is none. O(arguments). */
export function pairCost(made: MadeCall, truth: TrueCall): number {
  if (made.tool !== truth.tool) return NEVER;
  const { differing, compared } = compareArguments(made, truth);
  return differing.length === 0 ? 0 : Math.round((2 * CALL * differing.length) / (1 + compared));
}

/** Of two calls of one tool: names of the arguments that differ or that one of them lacks, and how many are compared. */
export function compareArguments(made: MadeCall, truth: TrueCall): { readonly differing: readonly string[]; readonly compared: number } {
  const given = new Map(made.args);
  const isCompared = (name: string): boolean => truth.compares === null || truth.compares.includes(name);
  const expected = new Set<string>();
  const differing: string[] = [];
  let compared = 0;
  for (const [place, argument] of truth.args.entries()) {
    // One that the call lacks has a name that no argument has.
    const name = argument.name ?? made.args[place]?.[0] ?? `\u0000${place}`;
    expected.add(name);
    if (!isCompared(name)) continue;
    compared++;
    const value = given.get(name);
    if (value === undefined ? argument.mayMiss !== true : !isAccepted(argument, value))
      differing.push(argument.name ?? made.args[place]?.[0] ?? `argument ${place + 1}`);
  }
  for (const name of given.keys()) {
    if (expected.has(name) || !isCompared(name)) continue;
    compared++;
    differing.push(name);
  }
  return { differing, compared };
}

function isAccepted({ value, accepted }: TrueArgument, given: string): boolean {
  if (accepted === undefined) return value === given;
  if (accepted.some((each) => canonicalValue(each) === given)) return true;
  const read = isHashed(given) ? null : valueOf(given);
  return read !== null && accepted.some((each) => accepts(each, read.value, 0));
}

/** Null where the text is an outline: of a value that nests deeper than is compared. */
function valueOf(canonical: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(canonical) as unknown };
  } catch {
    return null;
  }
}

const MAX_DEPTH = 64;

/** As the Berkeley Function Calling Leaderboard compares: texts without case and some marks, members by lists of what they may be. */
function accepts(expected: unknown, given: unknown, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  if (typeof expected === 'string' && typeof given === 'string') return plain(expected) === plain(given);
  if (Array.isArray(expected))
    return Array.isArray(given) && given.length === expected.length && given.every((each, i) => accepts(expected[i], each, depth + 1));
  if (typeof expected !== 'object' || expected === null || typeof given !== 'object' || given === null || Array.isArray(given))
    return canonicalValue(expected) === canonicalValue(given);
  const members = new Map<string, unknown>(Object.entries(given));
  for (const [name, values] of Object.entries(expected)) {
    const list: readonly unknown[] = Array.isArray(values) ? values : [values];
    if (members.has(name) ? !list.some((each) => accepts(each, members.get(name), depth + 1)) : !list.includes('')) return false;
    members.delete(name);
  }
  return members.size === 0;
}

/** What that leaderboard calls a standardised text. */
function plain(text: string): string {
  return text
    .replace(/[ ,./\-_*^]/g, '')
    .toLowerCase()
    .replaceAll("'", '"');
}
