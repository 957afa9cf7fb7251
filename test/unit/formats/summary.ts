/** A decoded record as a few lines of text: what a fixture's snapshot holds and a reader can check by eye. */
import type { Decoded } from '../../../src/formats/format.ts';
import type { Part, RolloutEvent } from '../../../src/core/model/rollout.ts';

function partText(part: Part): string {
  const text = part.text.length > 48 ? `${part.text.slice(0, 40)}… (${part.text.length})` : part.text;
  const tool = part.tool === undefined ? '' : ` ${part.tool}`;
  return `${part.kind}${tool}${part.error ? ' ERROR' : ''} ${JSON.stringify(text)}`;
}

function eventText(event: RolloutEvent): string {
  const tokens = event.tokens;
  const count = (list: ArrayLike<number> | undefined, name: string, counts: (value: number) => boolean): string =>
    list ? `, ${Array.from(list).filter(counts).length} ${name}` : '';
  const ids = tokens?.ids ? `${tokens.ids.length} ids` : '';
  const values =
    count(tokens?.logprobs, 'logprobs', (value) => !Number.isNaN(value)) + count(tokens?.mask, 'sampled', (value) => value === 1);
  const logged = tokens ? ` {${ids}${values}}` : '';
  return `${event.sampled ? '*' : ' '} ${event.role}${logged}: ${event.parts.map(partText).join(' | ')}`;
}

/** One entry as plain JSON. Sampled events begin with a star. */
export function summarise(decoded: Decoded): unknown {
  if (!decoded.ok) return { complaint: decoded.complaint.code, expected: decoded.complaint.expected, found: decoded.complaint.found };
  const { branches, tools, ...fields } = decoded.rollout;
  return {
    ...fields,
    ...(tools === undefined ? {} : { tools: tools.length }),
    ...(decoded.notes ? { notes: decoded.notes.map((note) => `${note.code}: ${note.found}`) } : {}),
    branches: branches.map(({ events, ...branch }) => ({ ...branch, events: events.map(eventText) })),
  };
}
