/** Protection by event kind as a setting: `tool=favour:2,memory=pin`, or `none`. */
import { EVENT_KINDS, type EventKind, type Protection, type ProtectionRules } from '../model/protection.ts';
import { parsed, type OwnField, type Parsed } from './field.ts';
import { member } from './json.ts';

/** Largest factor that an address or a flag may name. */
const MOST = 1e6;

export function protection(spec: Omit<OwnField<'protection', ProtectionRules>, 'type' | 'read' | 'parse' | 'write'>) {
  return {
    ...spec,
    type: 'protection',
    read: readRules,
    parse: parseRules,
    parseLoosely(text) {
      const rules: Partial<Record<EventKind, Protection>> = {};
      for (const entry of text.split(',')) {
        const found = parseEntry(entry);
        if (found) rules[found.kind] = found.protection;
      }
      return rules;
    },
    write: writeRules,
  } satisfies OwnField<'protection', ProtectionRules>;
}

/** `pin`, `off` or `favour:FACTOR`; favour alone counts twice. Undefined where it is none of them. */
export function parseLevel(level: string | undefined, factor: string | undefined): Protection | undefined {
  if (level === 'pin' || level === 'off') return factor === undefined ? { level } : undefined;
  const value = factor === undefined ? 2 : factor.trim() === '' ? NaN : Number(factor);
  return level === 'favour' && value > 0 && value <= MOST ? { level, factor: value } : undefined;
}

export function writeLevel(value: Protection): string {
  return value.level === 'favour' ? `favour:${value.factor}` : value.level;
}

/** From untrusted JSON. */
export function readLevel(value: unknown): Protection | undefined {
  const level = member(value, 'level');
  if (level === 'off' || level === 'pin') return { level };
  const factor = member(value, 'factor');
  return level === 'favour' && typeof factor === 'number' && factor > 0 && Number.isFinite(factor) ? { level, factor } : undefined;
}

function readRules(value: unknown): ProtectionRules | undefined {
  const rules: Partial<Record<EventKind, Protection>> = {};
  for (const kind of EVENT_KINDS) {
    const found = member(value, kind);
    if (found === undefined) continue;
    const level = readLevel(found);
    if (level === undefined) return undefined;
    rules[kind] = level;
  }
  return rules;
}

function parseEntry(entry: string): { readonly kind: EventKind; readonly protection: Protection } | undefined {
  const [name, level, factor] = entry.split(/[=:]/);
  const kind = EVENT_KINDS.find((candidate) => candidate === name);
  const found = parseLevel(level, factor);
  return kind !== undefined && found !== undefined ? { kind, protection: found } : undefined;
}

/** Kinds that are not named are off. */
function parseRules(text: string): Parsed<ProtectionRules> {
  const rules: Partial<Record<EventKind, Protection>> = {};
  if (text === 'none') return { ok: true, value: rules };
  for (const entry of text.split(',')) {
    const found = parseEntry(entry);
    if (!found) return parsed<ProtectionRules>(undefined, `entries like memory=pin or tool=favour:2 with ${EVENT_KINDS.join(', ')}`, entry);
    rules[found.kind] = found.protection;
  }
  return { ok: true, value: rules };
}

function writeRules(rules: ProtectionRules): string {
  const parts = EVENT_KINDS.flatMap((kind) => {
    const value = rules[kind];
    return value && value.level !== 'off' ? [`${kind}=${writeLevel(value)}`] : [];
  });
  return parts.length === 0 ? 'none' : parts.join(',');
}
