/** Protection of single nodes, chosen by hand, as a setting. The CLI has no flag for it. */
import { isNodeKey } from '../model/node-key.ts';
import type { HandProtection } from '../model/protection.ts';
import type { OwnField } from './field.ts';
import { member } from './json.ts';
import { parseLevel, readLevel, writeLevel } from './protection-field.ts';

export function hand(spec: Omit<OwnField<'hand', readonly HandProtection[]>, 'type' | 'read' | 'parse' | 'write'>) {
  const parseLoosely = (text: string): readonly HandProtection[] => text.split(',').flatMap(parseEntry);
  return {
    ...spec,
    type: 'hand',
    read: readHand,
    parse: (text) => ({ ok: true, value: parseLoosely(text) }),
    parseLoosely,
    write: (list) => list.map(({ key, protection }) => `${key}:${writeLevel(protection)}`).join(','),
  } satisfies OwnField<'hand', readonly HandProtection[]>;
}

/** Entries that are not right are left out; so are rows, by which older versions named nodes. */
function readHand(list: unknown): readonly HandProtection[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    const key = member(entry, 'key');
    const protection = readLevel(member(entry, 'protection'));
    return isNodeKey(key) && protection ? [{ key, protection }] : [];
  });
}

/** `KEY:LEVEL` */
function parseEntry(part: string): HandProtection[] {
  const [key, level, factor] = part.split(':');
  const protection = parseLevel(level, factor);
  return isNodeKey(key) && protection ? [{ key, protection }] : [];
}
