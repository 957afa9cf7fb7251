/** A rule and a budget as words of an address, and back. */
import { DEFAULT_RULE } from '../../core/model/rule.ts';
import type { Budget, PruneRule } from '../../core/model/rule.ts';
import { RULE_FIELD_LIST } from '../../core/rule/fields.ts';
import type { Settings } from '../../engine/answers/comparing.ts';

type Put = (name: string, value: string | number | null | undefined, normal?: string | number | null) => void;

/** Adds words to `out`, where they differ from what is normal. */
export function putIn(out: URLSearchParams): Put {
  return (name, value, normal = null) => {
    if (value !== null && value !== undefined && value !== normal) out.set(name, String(value));
  };
}

export function putPruning(put: Put, asked: Partial<PruneRule>, budget: Budget | null): void {
  put('cut', budget?.cut);
  put('train', budget?.train);
  const rule = { ...DEFAULT_RULE, ...asked };
  for (const field of RULE_FIELD_LIST) {
    const value = rule[field.name];
    if (value !== undefined) put(field.address, field.write(value), field.default === undefined ? null : field.write(field.default));
  }
}

/** What is not spelled right is left out. */
export function readPruning(words: URLSearchParams): { readonly rule: Partial<PruneRule>; readonly budget: Budget | null } {
  const rule: Record<string, unknown> = {};
  for (const field of RULE_FIELD_LIST) {
    const text = words.get(field.address);
    if (text === null) continue;
    const found = field.parseLoosely ? { ok: true as const, value: field.parseLoosely(text) } : field.parse(text);
    if (found.ok) rule[field.name] = found.value;
  }
  const cut = numberWord(words.get('cut'), 0, 1);
  const train = numberWord(words.get('train'), 0, 1);
  return { rule, budget: cut === null && train === null ? null : { cut: cut ?? 1, train: train ?? 1 } };
}

export function numberWord(text: string | null, low: number, high: number): number | null {
  if (text === null || text.trim() === '') return null;
  const value = Number(text);
  // Added to 0, −0 is 0: it is written so.
  return Number.isFinite(value) && value >= low && value <= high ? value + 0 : null;
}

/** Settings that others are compared with, as one word; null: none. */
export function writeSettings(settings: Settings | null): string | null {
  if (settings === null) return null;
  const out = new URLSearchParams();
  putPruning(putIn(out), settings.rule, settings.budget);
  return out.toString();
}

export function readSettings(word: string | null): Settings | null {
  const { rule, budget } = readPruning(new URLSearchParams(word ?? ''));
  return budget === null ? null : { rule: { ...DEFAULT_RULE, ...rule }, budget };
}
