/** Gives changed files of our own the checksum of what they became, so that changes are seen behind it too. */
import { joinBytes } from '../../src/base/bytes.ts';
import { SEAL_BYTES, sealBytes, sealed } from '../../src/core/model/seal.ts';
import { sha256 } from '../../src/platform/node/sha256.ts';
import { bytesOf, textOf } from './target.ts';

const MEMBER = /,\s*"sha256":\s*"[^"]*"(?=\s*\}\s*$)/;

/** A binary file, whose last bytes are the checksum. */
export function resealBytes(input: Uint8Array): Uint8Array<ArrayBuffer> {
  const content = input.subarray(0, Math.max(0, input.length - SEAL_BYTES));
  return Uint8Array.from(joinBytes([content, sealBytes(sha256(content))]));
}

/** JSON text, or lines of it, whose last member is the checksum. */
export function resealText(input: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = textOf(input);
  if (MEMBER.test(text)) return bytesOf(sealed(text.replace(MEMBER, ''), sha256));
  const lines = text.split('\n').map((line) => (MEMBER.test(line) ? sealed(line.replace(MEMBER, ''), sha256) : line));
  return bytesOf(lines.join('\n'));
}
