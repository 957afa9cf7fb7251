/** Protection of single nodes, chosen by hand, as a setting: `KEY:LEVEL,…`. */
import { isNodeKey } from '../model/node-key.ts';
import type { HandProtection } from '../model/protection.ts';
import { parsed, type OwnField, type Parsed } from './field.ts';
import { member } from './json.ts';
import { parseLevel, readLevel, writeLevel } from './protection-field.ts';

export function hand(spec: Omit<OwnField<'hand', readonly HandProtection[]>, 'type' | 'read' | 'parse' | 'write'>) {
  const parseLoosely = (text: string): readonly HandProtection[] => text.split(',').flatMap(parseEntry);
  return {
    ...spec,
    type: 'hand',
    read: readHand,
    parse: parseHand,
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

function parseHand(text: string): Parsed<readonly HandProtection[]> {
  const entries = text === '' ? [] : text.split(',');
  const wrong = entries.find((entry) => parseEntry(entry).length === 0);
  if (wrong !== undefined)
    return parsed<readonly HandProtection[]>(undefined, 'entries like 0123456789abcdef:pin or 0123456789abcdef:favour:2', wrong);
  return { ok: true, value: entries.flatMap(parseEntry) };
}

/** `KEY:LEVEL` */
function parseEntry(part: string): HandProtection[] {
  const [key, level, factor] = part.split(':');
  const protection = parseLevel(level, factor);
  return isNodeKey(key) && protection ? [{ key, protection }] : [];
}
