/** The fields of a mapping file as texts in a form, and back. */

export const FIELDS = [
  { key: 'messages', name: 'Messages', about: 'a list of messages with roles' },
  { key: 'text', name: 'or text', about: 'one rendered text' },
  { key: 'prompt', name: 'or prompt', about: 'what the policy was given' },
  { key: 'completion', name: '+ completion', about: 'what it sampled' },
  { key: 'task', name: 'Task', about: 'the same for all rollouts of a task' },
  { key: 'id', name: 'Rollout id', about: 'optional' },
  { key: 'reward', name: 'Reward', about: 'optional: a number or yes/no' },
  { key: 'tools', name: 'Tools', about: 'optional: tool definitions' },
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
  for (const { key } of FIELDS) if (texts[key].trim() !== '') mapping[key] = texts[key].trim();
  return mapping;
}
