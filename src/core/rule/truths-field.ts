/** What a relative reward is measured by, as a setting: `from=solved,tools=log,chosen=KEY+KEY`, or `default`. */
import { MAX_ACT_KEYS } from '../../base/bounds.ts';
import { isRolloutKey } from '../rollouts/rollout-key.ts';
import { DEFAULT_TRUTHS, TRUTH_CHOICE_NAMES, TRUTH_CHOICES, type TruthSettings } from '../truths/settings.ts';
import { parsed, type OptionalField, type Parsed } from './field.ts';
import { member } from './json.ts';

export function truths(spec: Omit<OptionalField<'truths', TruthSettings>, 'type' | 'read' | 'parse' | 'write' | 'default'>) {
  return {
    ...spec,
    type: 'truths',
    default: undefined,
    read: readTruths,
    parse: parseTruths,
    write: writeTruths,
  } satisfies OptionalField<'truths', TruthSettings>;
}

const LISTED = TRUTH_CHOICE_NAMES.map((name) => `${name}=${TRUTH_CHOICES[name].map(({ id }) => id).join('|')}`).join(', ');

/** Members that are missing are as by default; undefined where one is not right. They come in one order: equal settings, equal bytes. */
function readTruths(value: unknown): TruthSettings | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const read: Record<string, unknown> = {};
  for (const name of TRUTH_CHOICE_NAMES) {
    const found = member(value, name) ?? DEFAULT_TRUTHS[name];
    if (!TRUTH_CHOICES[name].some(({ id }) => id === found)) return undefined;
    read[name] = found;
  }
  const chosen = member(value, 'chosen') ?? [];
  if (!Array.isArray(chosen) || chosen.length > MAX_ACT_KEYS || !chosen.every((key) => isRolloutKey(key))) return undefined;
  read['chosen'] = [...chosen];
  return isSettings(read) ? read : undefined;
}

function isSettings(value: object): value is TruthSettings {
  return TRUTH_CHOICE_NAMES.every((name) => Object.hasOwn(value, name)) && Object.hasOwn(value, 'chosen');
}

function parseTruths(text: string): Parsed<TruthSettings> {
  if (text === 'default') return { ok: true, value: DEFAULT_TRUTHS };
  const read: Record<string, unknown> = {};
  for (const entry of text.split(',')) {
    const [name = '', value = '', ...rest] = entry.trim().split('=');
    if (rest.length > 0 || Object.hasOwn(read, name) || !(name === 'chosen' || TRUTH_CHOICE_NAMES.some((choice) => choice === name)))
      return parsed<TruthSettings>(undefined, `default, or entries of ${LISTED}, chosen=KEY+KEY`, entry);
    read[name] = name === 'chosen' ? (value === '' ? [] : value.split('+')) : value;
  }
  return parsed(readTruths(read), `default, or entries of ${LISTED}, chosen=KEY+KEY`, text);
}

/** Only what is not as by default. */
function writeTruths(settings: TruthSettings): string {
  const entries = TRUTH_CHOICE_NAMES.flatMap((name) => (settings[name] === DEFAULT_TRUTHS[name] ? [] : [`${name}=${settings[name]}`]));
  if (settings.chosen.length > 0) entries.push(`chosen=${settings.chosen.join('+')}`);
  return entries.length === 0 ? 'default' : entries.join(',');
}
