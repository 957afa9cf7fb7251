/** Arguments of calls: as objects where they are JSON, and as one text that equal arguments share. */

/** Longer arguments are not parsed: whether they are JSON is not judged. UTF-16 units. [ours] */
const LONGEST = 1 << 18;

export type Arguments =
  | { readonly is: 'object'; readonly of: Readonly<Record<string, unknown>> }
  | { readonly is: 'other' }
  | { readonly is: 'fault' }
  | { readonly is: 'long' };

/** An empty text is a call without arguments. */
export function argumentsOf(text: string): Arguments {
  if (text.length > LONGEST) return { is: 'long' };
  if (text.trim() === '') return { is: 'object', of: {} };
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? { is: 'object', of: value } : { is: 'other' };
  } catch {
    return { is: 'fault' };
  }
}

/** Members sorted by name at every depth, no white space; what is no JSON, or nests too deep to be written, as it stands, trimmed. */
export function canonicalArguments(text: string): string {
  if (text.length > LONGEST) return text;
  try {
    return JSON.stringify(JSON.parse(text), (_, value: unknown) =>
      isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
    );
  } catch {
    return text.trim();
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
