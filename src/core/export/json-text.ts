/** JSON of a record, with a decimal point or an exponent in every number that is a float by its place. */
import { floatText } from './number-text.ts';

/**
 * Where a value holds floats: `'float'` where it is one, else by member. A list has what its entries have, however deeply lists
 * are nested. What is not named is written as JSON.stringify does, so whatever logs hold stays as it is.
 */
export type Floats = 'float' | { readonly [member: string]: Floats };

/**
 * `value` as one line of JSON. Numbers at the places that `floats` names have a decimal point or an exponent, also whole ones:
 * `1` as weight is written `1.0`. All else is as JSON.stringify has it; a float that is NaN or infinite is `null`.
 *
 * `jsonText({ ids: [1], weight: [1, 0.5] }, { weight: 'float' })` is `{"ids":[1],"weight":[1.0,0.5]}`.
 */
export function jsonText(value: unknown, floats: Floats): string {
  return textOf(value, floats) ?? 'null';
}

/** undefined: nothing is written, as for a function. */
function textOf(value: unknown, floats: Floats | undefined): string | undefined {
  if (floats === undefined) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((entry) => textOf(entry, floats) ?? 'null').join(',')}]`;
  if (floats === 'float') return typeof value === 'number' ? floatText(value) : JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    const text = textOf(member, Object.hasOwn(floats, name) ? floats[name] : undefined);
    if (text !== undefined) members.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${members.join(',')}}`;
}
