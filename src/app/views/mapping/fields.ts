/** The fields of a mapping file as texts in a form, and back. */

export const FIELDS = [
  { key: 'messages', name: 'Messages', about: 'a list of messages with roles' },
  { key: 'text', name: 'or text', about: 'one rendered text' },
  { key: 'prompt', name: 'or prompt', about: 'what the policy was given' },
  { key: 'completion', name: '+ completion', about: 'what it sampled' },
  { key: 'task', name: 'Task', about: 'the same for all rollouts of a task' },
  { key: 'id', name: 'Rollout id', about: 'optional' },
  { key: 'reward', name: 'Reward', about: 'optional: a number or yes/no' },
  { key: 'verdict', name: 'or verdict', about: 'optional: pass or fail, in a word' },
  { key: 'status', name: 'Status', about: 'optional: why it ended' },
  { key: 'policy', name: 'Policy version', about: 'optional: which weights sampled it' },
  { key: 'time', name: 'Began', about: 'optional: a time' },
  { key: 'tools', name: 'Tools', about: 'optional: tool definitions' },
  { key: 'columns', name: 'Columns', about: 'optional: meta.seed, cost = usage.usd' },
] as const;

export type FieldKey = (typeof FIELDS)[number]['key'];
export type FieldTexts = Readonly<Record<FieldKey, string>>;

/** Reads a mapping of unknown origin into form texts; what is not text is left empty. */
export function textsOf(mapping: unknown): FieldTexts {
  const fields: Readonly<Record<string, unknown>> = typeof mapping === 'object' && mapping !== null ? { ...mapping } : {};
  const text = (key: FieldKey): string => {
    const value = fields[key];
    return typeof value === 'string' ? value : '';
  };
  return {
    columns: columnsText(fields['columns']),
    verdict: text('verdict'),
    status: text('status'),
    policy: text('policy'),
    time: text('time'),
    messages: text('messages'),
    text: text('text'),
    prompt: text('prompt'),
    completion: text('completion'),
    task: text('task'),
    id: text('id'),
    reward: text('reward'),
    tools: text('tools'),
  };
}

/** A mapping file: version 1 and the paths that are filled in. */
export function mappingFrom(texts: FieldTexts): Readonly<Record<string, unknown>> {
  const mapping: Record<string, unknown> = { version: 1 };
  for (const { key } of FIELDS) if (texts[key].trim() !== '') mapping[key] = key === 'columns' ? columnsOf(texts[key]) : texts[key].trim();
  return mapping;
}

/** `cost = usage.usd`, or a path alone, whose last step is the name; between commas. */
function columnsOf(text: string): Readonly<Record<string, string>> {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  return Object.fromEntries(
    entries.map((entry) => {
      const at = entry.indexOf('=');
      const path = entry.slice(at + 1).trim();
      const name = at < 0 ? (/([^.[\]"]+)["\]]*$/.exec(path)?.[1] ?? path) : entry.slice(0, at).trim();
      return [name, path];
    }),
  );
}

function columnsText(columns: unknown): string {
  if (typeof columns !== 'object' || columns === null) return '';
  return Object.entries(columns)
    .flatMap(([name, path]) => (typeof path === 'string' ? [`${name} = ${path}`] : []))
    .join(', ');
}
