/**
 * Canonical actions: the keys of the action tree. A call is its tool name and its arguments with keys sorted; text is
 * its words; ids, times and white space are ignored; thinking and successful results give no key (a result follows
 * from its action), errors do. [ours; method: two merge keys]
 */
import { hash128 } from '../../base/hash.ts';
import type { Part, Role } from '../model.ts';
import { makeTextMemo } from './text-memo.ts';

/** Argument names whose values differ between identical actions. */
const VOLATILE_NAME = /^(id|uuid|.*_id$|call_?id|timestamp|time|date|created(_at)?|nonce|seed|request_?id)$/i;
const VOLATILE_VALUE = /^(\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i;
const MAX_DEPTH = 24;

/** Rollouts of a task repeat one another's prefixes: keys of recent texts, each with what else the key depends on. */
const recent = makeTextMemo<{ readonly head: string; readonly key: string | null }>(8_000_000);

/** The action key of a part as 32 hexadecimal digits, or null where the part is no action. */
export function actionKey(part: Part, role: Role): string | null {
  switch (part.kind) {
    case 'call':
    case 'memory':
      return keyOf(`call\n${part.tool ?? ''}\n`, part.text, canonicalArguments);
    case 'result':
      return part.error === true ? hash128(`error\n${part.tool ?? ''}`) : null;
    case 'thinking':
    case 'scaffold':
      return null;
    default:
      return keyOf(`${role}\n`, part.text, wordsOf);
  }
}

function keyOf(head: string, text: string, canonicalOf: (text: string) => string): string | null {
  const make = (): { head: string; key: string | null } => {
    const canonicalText = canonicalOf(text);
    return { head, key: canonicalText === '' && canonicalOf === wordsOf ? null : hash128(head + canonicalText) };
  };
  const known = recent.recall(text, make);
  return known.head === head ? known.key : make().key;
}

/** Lower case, one space between words. */
function wordsOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

/** JSON arguments with sorted keys and without volatile fields; other text with white space collapsed. */
function canonicalArguments(text: string): string {
  try {
    return canonical(JSON.parse(text), 0);
  } catch {
    return text.replace(/\s+/g, ' ').trim();
  }
}

function canonical(value: unknown, depth: number): string {
  if (typeof value === 'string') return VOLATILE_VALUE.test(value) ? '""' : JSON.stringify(value.replace(/\s+/g, ' ').trim());
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (depth >= MAX_DEPTH) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(',')}]`;
  const members = Object.entries(value).filter(([name]) => !VOLATILE_NAME.test(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member, depth + 1)}`).join(',')}}`;
}
