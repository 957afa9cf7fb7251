/**
 * Canonical actions: the keys of the action tree. A call is its tool name and its arguments with keys sorted; text is
 * its words; ids, times and white space are ignored; thinking and successful results give no key (a result follows
 * from its action), errors do. [ours; method: two merge keys]
 */
import { isShared, perShared } from '../../base/shared.ts';
import { hash128 } from '../../base/hash.ts';
import type { Kind } from '../model/kinds.ts';
import type { Part, Role } from '../model/rollout.ts';
import { hashArguments, hashWords } from './action-text.ts';
import { makeTextMemo } from './text-memo.ts';

/** Parts that say something; they are actions only in a trajectory that calls no tool. */
export const TALK_KINDS: readonly Kind[] = ['system', 'user', 'text'];

/** Rollouts of a task repeat one another's prefixes: keys of recent texts, each with what else the key depends on. */
const recent = makeTextMemo<{ readonly head: string; readonly key: string | null }>(4_000_000);

/** The action key of a part as 32 hexadecimal digits, or null where the part is no action. */
export const actionKey = perShared((part: Part, role: Role): string | null => {
  switch (part.kind) {
    case 'call':
    case 'memory':
      return keyOf(`call\n${part.tool ?? ''}\n`, part.text, hashArguments, part);
    case 'result':
      return part.error === true ? hash128(`error\n${part.tool ?? ''}`) : null;
    case 'thinking':
    case 'scaffold':
      return null;
    default:
      return part.text === '' ? null : keyOf(`${role}\n`, part.text, hashWords, part);
  }
});

function keyOf(head: string, text: string, hash: (head: string, text: string) => string | null, part: Part): string | null {
  if (isShared(part)) return hash(head, text);
  const make = (): { head: string; key: string | null } => ({ head, key: hash(head, text) });
  const known = recent.recall(text, make);
  return known.head === head ? known.key : make().key;
}
