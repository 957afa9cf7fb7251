/** What an image of a message is, and its bytes where the log holds them and browsers draw them without running anything. */
import type { PartImage } from '../../core/model/rollout.ts';
import { get, getString } from '../../formats/json.ts';
import type { TranscriptImage } from '../answers/transcript.ts';

/** Bytes of a picture that is shown. */
const MAX_IMAGE_BYTES = 4 << 20;
/** No SVG: it is a document, and may hold scripts and addresses. */
const DRAWN = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/bmp']);
/** Characters of an address that are shown. */
const MOST_NAMED = 120;

export function transcriptImage({ start, end, entry }: PartImage): TranscriptImage {
  const place = { start, end };
  const inline = base64Of(entry);
  if (inline === null) {
    const address = addressOf(entry);
    const named = address === null ? 'an image that the log only names' : `not fetched: ${address.slice(0, MOST_NAMED)}`;
    return { ...place, type: null, data: null, note: named };
  }
  const { type, base64 } = inline;
  const bytes = Math.floor((base64.length * 3) / 4);
  if (!DRAWN.has(type)) return { ...place, type, data: null, note: `${type}: not shown` };
  if (bytes > MAX_IMAGE_BYTES)
    return { ...place, type, data: null, note: `${type} of ${bytes} bytes: more than the ${MAX_IMAGE_BYTES} that are shown` };
  const data = decode(base64);
  return { ...place, type, data, note: data === null ? `${type}: its base64 is broken` : `${type}, ${data.length} bytes` };
}

function addressOf(entry: unknown): string | null {
  const url = get(entry, 'image_url');
  return (
    getString(url, 'url') ??
    (typeof url === 'string' ? url : null) ??
    getString(get(entry, 'source'), 'url') ??
    getString(entry, 'image') ??
    null
  );
}

function base64Of(entry: unknown): { readonly type: string; readonly base64: string } | null {
  const source = get(entry, 'source');
  const data = getString(source, 'data');
  if (data !== undefined) return { type: getString(source, 'media_type') ?? 'image/png', base64: data };
  const url = addressOf(entry);
  // Looked at from the front: a picture may have millions of characters.
  const head = /^data:([\w.+-]+\/[\w.+-]+)(?:;[\w=.-]+)*;base64,/i.exec(url?.slice(0, 256) ?? '');
  return url === null || head === null ? null : { type: (head[1] ?? '').toLowerCase(), base64: url.slice(head[0].length) };
}

const CODES = new Int8Array(128).fill(-1);
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (let code = 0; code < LETTERS.length; code++) CODES[LETTERS.charCodeAt(code)] = code;
CODES['-'.charCodeAt(0)] = 62;
CODES['_'.charCodeAt(0)] = 63;

function decode(base64: string): Uint8Array<ArrayBuffer> | null {
  const out = new Uint8Array(Math.ceil((base64.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < base64.length; i++) {
    const code = base64.charCodeAt(i);
    if (code === 61 || code === 10 || code === 13) continue;
    const value = code < 128 ? (CODES[code] ?? -1) : -1;
    if (value < 0) return null;
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out[length++] = (held >> bits) & 0xff;
  }
  return out.slice(0, length);
}
