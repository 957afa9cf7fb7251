/** What kinds of nodes are called on the screen. */
import type { Kind } from '../../core/model/kinds.ts';

/** Name of a kind, and the class that paints it. Kinds without hue share the context neutral. */
export const KIND_NAMES: Readonly<Record<Kind, { readonly name: string; readonly swatch: string }>> = {
  system: { name: 'System', swatch: 'k-context' },
  user: { name: 'User', swatch: 'k-context' },
  text: { name: 'Text', swatch: 'k-text' },
  thinking: { name: 'Thinking', swatch: 'k-think' },
  call: { name: 'Tool call', swatch: 'k-call' },
  result: { name: 'Tool result', swatch: 'k-result' },
  memory: { name: 'Memory', swatch: 'k-memory' },
  summary: { name: 'Summary', swatch: 'k-memory' },
  scaffold: { name: 'Template', swatch: 'k-context' },
};
