/** tar archives, written by hand: ustar, with pax heads or GNU's long names where they are asked for. */
import { joinBytes } from '../../src/base/bytes.ts';

export interface TarMember {
  readonly name: string;
  readonly content?: string | Uint8Array;
  /** `0` a file (default), `5` a folder, `2` a link, `S` a sparse file. */
  readonly type?: string;
  /** How a name is told that 100 bytes do not hold: in a field of ustar, a pax head, or a GNU head. */
  readonly as?: 'ustar' | 'pax' | 'gnu';
  /** Its size stands in a pax head, or as a number of 8 bits a byte. */
  readonly size?: 'pax' | 'binary';
}

const BLOCK = 512;
const encoder = new TextEncoder();

function head(name: string, size: number, type: string, isBinary = false, prefix = ''): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string): void => block.set(encoder.encode(text), at);
  put(0, name.slice(0, 100));
  put(100, '0000644\0');
  if (isBinary) block.set([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, size >> 8, size & 255], 124);
  else put(124, `${size.toString(8).padStart(11, '0')}\0`);
  put(156, type);
  put(257, 'ustar\u000000');
  put(345, prefix);
  put(148, '        ');
  const sum = block.reduce((all, byte) => all + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return block;
}

function filled(content: Uint8Array): Uint8Array {
  return joinBytes([content, new Uint8Array((BLOCK - (content.length % BLOCK)) % BLOCK)]);
}

function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const length = encoder.encode(rest).length;
  const digits = String(length + String(length).length).length;
  return `${length + digits}${rest}`;
}

/** @param isEnded false: without the blocks of zeros at its end */
export function tarFile(members: readonly TarMember[], isEnded = true): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  for (const { name, content = '', type = '0', as = 'ustar', size } of members) {
    const bytes = typeof content === 'string' ? encoder.encode(content) : content;
    const pax = [...(as === 'pax' ? [paxRecord('path', name)] : []), ...(size === 'pax' ? [paxRecord('size', String(bytes.length))] : [])];
    if (pax.length > 0) {
      const text = encoder.encode(pax.join(''));
      pieces.push(head('PaxHeader', text.length, 'x'), filled(text));
    }
    if (as === 'gnu') {
      const text = encoder.encode(`${name}\0`);
      pieces.push(head('././@LongLink', text.length, 'L'), filled(text));
    }
    const slash = as === 'ustar' && name.length > 100 ? name.lastIndexOf('/') : -1;
    const told = size === 'pax' ? 0 : bytes.length;
    pieces.push(head(name.slice(slash + 1), told, type, size === 'binary', name.slice(0, Math.max(0, slash))), filled(bytes));
  }
  if (isEnded) pieces.push(new Uint8Array(2 * BLOCK));
  return Uint8Array.from(joinBytes(pieces));
}
