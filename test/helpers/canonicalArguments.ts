/** The plain way to the canonical text of a call's arguments: parsed, and put together again. */

const VOLATILE_NAME = /^(id|uuid|.*_id$|call_?id|timestamp|time|date|created(_at)?|nonce|seed|request_?id)$/i;
const VOLATILE_VALUE =
  /^(\d{4}(-\d{2}){2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?|[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12})$/i;

const collapsed = (text: string): string => text.replace(/\s+/g, ' ').replace(/^ | $/g, '');

/** What a call's arguments are known by: names in order, volatile members and values left out, blanks collapsed. */
export function canonicalJson(value: unknown, depth = 0): string {
  if (typeof value === 'string') return VOLATILE_VALUE.test(value) ? '""' : JSON.stringify(collapsed(value));
  if (value === null || typeof value !== 'object' || depth >= 24) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, depth + 1)).join(',')}]`;
  const members = Object.entries(value).filter(([name]) => !VOLATILE_NAME.test(name));
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member, depth + 1)}`).join(',')}}`;
}

/** The same of text; of what is no JSON, the text with its blanks collapsed. */
export function canonicalArguments(text: string): string {
  try {
    return canonicalJson(JSON.parse(text));
  } catch {
    return collapsed(text);
  }
}
