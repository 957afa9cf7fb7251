/** Text to token ids and back. Implementations wrap a library; this port is all that core knows of them. */
import { joinBytes } from '../../base/bytes.ts';

export interface Tokenizer {
  /** Shown to people and written to manifests, for example `o200k_base`. */
  readonly name: string;
  /** The library that encodes; absent: our own WebAssembly, many times faster. */
  readonly encodedBy?: string;
  /** Ids of `text` as plain text: special tokens in it are not recognised. */
  encode(text: string): ArrayLike<number>;
  /** Ids of template output, where special tokens are. Absent: the tokenizer has no template markup of its own. */
  encodeMarked?(text: string): ArrayLike<number>;
  /** Bytes of each token; a token may end inside a UTF-8 character. Unknown ids give null. */
  bytes(id: number): Uint8Array | null;
}

/** Text of a run of tokens, or null where an id is unknown. */
export function decodeTokens(tokenizer: Tokenizer, ids: ArrayLike<number>, from = 0, to = ids.length): string | null {
  const pieces: Uint8Array[] = [];
  for (let i = from; i < to; i++) {
    const bytes = tokenizer.bytes(ids[i]);
    if (bytes === null) return null;
    pieces.push(bytes);
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(joinBytes(pieces));
}

/** UTF-8 length of a text. */
export function byteLength(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    else if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      bytes += 2;
      i++;
    } else bytes += 2;
  }
  return bytes;
}
