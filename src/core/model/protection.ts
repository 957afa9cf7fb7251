/** Protection of events: what a rule favours or pins, by event kind or by hand. */
import type { NodeKey } from './node-key.ts';

/** Events that can be protected, with what people read. */
export const EVENTS = [
  { id: 'tool', label: 'Tool calls', short: 'tools', help: 'A call of any tool that is not a memory tool.' },
  { id: 'result', label: 'Tool results', short: 'results', help: 'What a tool answered.' },
  { id: 'memory', label: 'Memory events', short: 'memory', help: 'Calls of memory tools, condensations and summaries.' },
  { id: 'error', label: 'Errors', short: 'errors', help: 'Results and turns that the log marks as errors.' },
  { id: 'final', label: 'Final turns', short: 'final', help: 'The sampled turn that ends a rollout.' },
  { id: 'thinking', label: 'Thinking', short: 'thinking', help: 'Reasoning of the policy.' },
  { id: 'text', label: 'Text', short: 'text', help: 'Plain text of the policy.' },
] as const;
export type EventKind = (typeof EVENTS)[number]['id'];
export const EVENT_KINDS: readonly EventKind[] = EVENTS.map(({ id }) => id);

export type Protection = { readonly level: 'off' } | { readonly level: 'favour'; readonly factor: number } | { readonly level: 'pin' };
/** Event kinds that are not named are off. */
export type ProtectionRules = Readonly<Partial<Record<EventKind, Protection>>>;

/** A node of the token tree chosen by hand. A key that no node of the open forest has counts for nothing and is kept. */
export interface HandProtection {
  readonly key: NodeKey;
  readonly protection: Protection;
}
