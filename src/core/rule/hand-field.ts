/** Protection of single nodes, chosen by hand, as a setting. The CLI has no flag for it. */
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
    write: (list) => list.map(({ node, protection }) => `${node}:${writeLevel(protection)}`).join(','),
  } satisfies OwnField<'hand', readonly HandProtection[]>;
}

/** Entries that are not right are left out: what they name is not there. */
function readHand(list: unknown): readonly HandProtection[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    const node = member(entry, 'node');
    const protection = readLevel(member(entry, 'protection'));
    return isNode(node) && protection ? [{ node, protection }] : [];
  });
}

/** `NODE:LEVEL` */
function parseEntry(part: string): HandProtection[] {
  const [name, level, factor] = part.split(':');
  const node = name === undefined || name.trim() === '' ? NaN : Number(name);
  const protection = parseLevel(level, factor);
  return isNode(node) && protection ? [{ node, protection }] : [];
}

function isNode(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 2 ** 31;
}
