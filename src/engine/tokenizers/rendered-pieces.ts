/** Finds, in what a chat template rendered, which characters belong to which message and part. */
import type { Branch } from '../../core/model.ts';
import type { RenderedPiece } from '../../core/tokens/template.ts';

/**
 * Message i occupies what `render` adds when it is given i + 1 messages instead of i, as far as that still holds in the
 * whole rendering: templates may rewrite earlier messages (dropped reasoning), and then the text decides. Inside a
 * message, a part is where its text stands; a call is from its tool name's markup to the next part. What the template
 * leaves out has no tokens.
 */
export function cutPieces(branch: Branch, render: (count: number) => string): RenderedPiece[] {
  const count = branch.events.length;
  const whole = render(count);
  const ends: number[] = [];
  for (let i = 1; i <= count; i++) {
    const prefix = i === count ? whole : tryRender(render, i);
    ends.push(prefix === null ? -1 : commonLength(prefix, whole));
  }
  // A boundary that cannot be told (the template refuses the shorter list) falls on the next one that can.
  for (let i = count - 1, next = whole.length; i >= 0; i--) {
    if ((ends[i] ?? -1) < 0 || (ends[i] ?? 0) > next) ends[i] = next;
    next = ends[i] ?? next;
  }
  const pieces: RenderedPiece[] = [];
  let start = 0;
  branch.events.forEach((event, index) => {
    const end = ends[index] ?? whole.length;
    let cursor = start;
    event.parts.forEach((part, partIndex) => {
      const isCall = part.kind === 'call' || part.kind === 'memory';
      const wanted = isCall ? (part.tool ?? part.text) : part.text.trim();
      const at = wanted === '' ? -1 : whole.indexOf(wanted, cursor);
      if (at < 0 || at + wanted.length > end) return;
      let from = at;
      let to = at + wanted.length;
      if (isCall) {
        const mark = whole.lastIndexOf('<', at);
        if (mark >= cursor) from = mark;
        const next = event.parts[partIndex + 1];
        const nextAt = next ? whole.indexOf(next.tool ?? next.text.trim(), to) : -1;
        const nextMark = nextAt < 0 ? -1 : whole.lastIndexOf('<', nextAt);
        to = next && nextMark > to ? nextMark : trimEnd(whole, to, end);
      }
      if (from > cursor) pieces.push({ text: whole.slice(cursor, from), event: index, part: -1 });
      pieces.push({ text: whole.slice(from, to), event: index, part: partIndex });
      cursor = to;
    });
    if (end > cursor) pieces.push({ text: whole.slice(cursor, end), event: index, part: -1 });
    start = Math.max(end, cursor);
  });
  return pieces;
}

function tryRender(render: (count: number) => string, count: number): string | null {
  try {
    return render(count);
  } catch {
    return null;
  }
}

function commonLength(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let i = 0;
  while (i < limit && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  return i;
}

/** The message's last line end stays scaffold. */
function trimEnd(text: string, from: number, end: number): number {
  let to = end;
  while (to > from && (text[to - 1] === '\n' || text[to - 1] === ' ')) to--;
  return to;
}
