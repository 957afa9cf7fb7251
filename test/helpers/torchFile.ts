/** Reads a file that `torch.load` reads: a stored ZIP with a pickle of plain values. Lists are arrays, dicts are objects. */
import { crc32 } from 'node:zlib';

/** The entries by name; each must have the size and the checksum that the directory gives. */
export function zipEntries(file: Buffer): Map<string, Buffer> {
  const end = file.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const found = new Map<string, Buffer>();
  let at = file.readUInt32LE(end + 16);
  for (let left = file.readUInt16LE(end + 10); left > 0; left--) {
    const size = file.readUInt32LE(at + 24);
    const nameLength = file.readUInt16LE(at + 28);
    const name = file.toString('utf8', at + 46, at + 46 + nameLength);
    const header = file.readUInt32LE(at + 42);
    const start = header + 30 + file.readUInt16LE(header + 26) + file.readUInt16LE(header + 28);
    const content = file.subarray(start, start + size);
    if (crc32(content) !== file.readUInt32LE(at + 16)) throw new Error(`${name}: other bytes than its checksum says`);
    found.set(name, content);
    at += 46 + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  return found;
}

/** Of protocol 2, plain values only; an opcode for anything else is an error. */
function unpickle(bytes: Buffer): unknown {
  const stack: unknown[] = [];
  const marks: number[] = [];
  let at = 2;
  const rest = (): unknown[] => stack.splice(marks.pop() ?? 0);
  for (;;) {
    const op = String.fromCharCode(bytes[at++]);
    if (op === '.') return stack[0];
    if (op === '(') marks.push(stack.length);
    else if (op === ']') stack.push([]);
    else if (op === '}') stack.push({});
    else if (op === 'N') stack.push(null);
    else if (op === '\x88' || op === '\x89') stack.push(op === '\x88');
    else if (op === 'K') stack.push(bytes[at++]);
    else if (op === 'J') {
      stack.push(bytes.readInt32LE(at));
      at += 4;
    } else if (op === 'G') {
      stack.push(bytes.readDoubleBE(at));
      at += 8;
    } else if (op === 'X') {
      const size = bytes.readUInt32LE(at);
      stack.push(bytes.toString('utf8', at + 4, at + 4 + size));
      at += 4 + size;
    } else if (op === 'e') {
      const values = rest();
      const list = stack.at(-1) as unknown[];
      for (const value of values) list.push(value);
    } else if (op === 'u') {
      const pairs = rest();
      const dict = stack.at(-1) as Record<string, unknown>;
      for (let i = 0; i < pairs.length; i += 2) dict[String(pairs[i])] = pairs[i + 1];
    } else throw new Error(`opcode ${JSON.stringify(op)} at ${at - 1}`);
  }
}

/** The value of a file whose archive is called `train`. */
export function readTorchFile(file: Buffer): unknown {
  const entries = zipEntries(file);
  if (entries.get('train/version')?.toString() !== '3\n') throw new Error('no version');
  return unpickle(entries.get('train/data.pkl') ?? Buffer.alloc(0));
}
