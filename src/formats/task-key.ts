/** Which rollouts belong to one task where the log has no id for it: those whose prompts are the same. */
import type { RolloutEvent } from '../core/model.ts';

/**
 * A running hash of texts in two independent 32-bit lanes (multiply-xor with a rotation, finished as in MurmurHash3's
 * finaliser). Deterministic over hosts and versions; not for security. Every text is followed by its length, so that
 * moving a border between two texts changes the hash.
 */
export class TextHash {
  private a = 0x9747b28c | 0;
  private b = 0x3c6ef372 | 0;
  private length = 0;

  add(text: string): void {
    let a = this.a;
    let b = this.b;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      a = Math.imul(a ^ unit, 0x01000193);
      b = Math.imul((b << 13) | (b >>> 19), 5) + (unit ^ 0x6b43a9b5) | 0;
    }
    this.a = a;
    this.b = b;
    this.length += text.length;
    this.addNumber(text.length);
  }

  addNumber(value: number): void {
    this.a = Math.imul(this.a ^ value, 0x85ebca6b);
    this.a ^= this.a >>> 15;
    this.b = Math.imul(this.b ^ Math.imul(value, 0xcc9e2d51), 0x1b873593);
    this.b ^= this.b >>> 13;
  }

  /** 16 hex digits and the number of UTF-16 units hashed. */
  digest(): string {
    return `${hex(finish(this.a ^ this.length))}${hex(finish(this.b ^ this.a))}-${this.length}`;
  }
}

function finish(lane: number): number {
  let value = lane;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}

function hex(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, '0');
}

export function hashText(text: string): string {
  const hash = new TextHash();
  hash.add(text);
  return hash.digest();
}

/**
 * `prompt:` and a hash of what precedes the first sampled event: roles, kinds, tool names and texts; token ids where an
 * event has no text. Call ids are left out, because they are random.
 */
export function promptKey(events: readonly RolloutEvent[]): string {
  const hash = new TextHash();
  for (const event of events) {
    if (event.sampled) break;
    hash.add(event.role);
    let texts = 0;
    for (const part of event.parts) {
      hash.add(part.kind);
      hash.add(part.tool ?? '');
      hash.add(part.text);
      texts += part.text.length;
    }
    const ids = texts === 0 ? event.tokens?.ids : undefined;
    if (ids) for (let i = 0; i < ids.length; i++) hash.addNumber(ids[i] ?? 0);
  }
  return `prompt:${hash.digest()}`;
}

const LABEL_LENGTH = 200;

/** The start of `text` on one line, at most 200 characters. */
export function oneLine(text: string): string {
  const line = text.slice(0, 4 * LABEL_LENGTH).replace(/\s+/g, ' ').trim();
  return line.length > LABEL_LENGTH ? `${line.slice(0, LABEL_LENGTH - 1)}…` : line;
}

/** For people: the last thing a user says before the policy's first turn; otherwise the start of the prompt. */
export function promptLabel(events: readonly RolloutEvent[]): string {
  let label = '';
  let fallback = '';
  for (const event of events) {
    if (event.sampled) break;
    for (const part of event.parts) {
      if (part.text.trim() === '') continue;
      if (event.role === 'user') label = part.text;
      else if (fallback === '') fallback = part.text;
    }
  }
  return oneLine(label === '' ? fallback : label);
}

/** `task` and `taskLabel` of a rollout: by its explicit id where it has a global one, else by its prompt. */
export function taskOf(events: readonly RolloutEvent[], explicit?: string): { readonly task: string; readonly taskLabel: string } {
  const label = promptLabel(events);
  if (explicit === undefined) return { task: promptKey(events), taskLabel: label === '' ? 'empty prompt' : label };
  return { task: explicit, taskLabel: oneLine(explicit) };
}
