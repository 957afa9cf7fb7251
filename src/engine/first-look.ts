/** A look at files before any of them is opened, so that what holds no log never takes the place of what is open. */
import type { FirstLook, OpenSettings, StrangeFile } from './answers/opening.ts';
import { kindText, strangeKind, strangeText } from '../core/source/file-kinds.ts';
import { firstByte } from '../core/source/first-line.ts';
import { parseJson } from '../formats/json.ts';
import { sideFile } from '../formats/side-files.ts';
import { CONTAINERS } from './containers/registry.ts';
import { baseName } from './input-names.ts';
import { planIntake } from './intake.ts';
import type { InputFile } from './input-file.ts';
import { READERS } from './readers/registry.ts';
import { isBinary } from './sniff.ts';

const HEAD = 1 << 16;
/** Of a folder where none of so many files holds a log, the others are not looked at: they are opened. */
const MOST_LOOKED_AT = 200;

/** Looks until it meets a file that may hold rollouts: then all may be opened. @param settings with the person's mapping, if any */
export async function firstLook(files: readonly InputFile[], { mapping }: Pick<OpenSettings, 'mapping'>): Promise<FirstLook> {
  const strange: StrangeFile[] = [];
  for (const file of files.slice(0, MOST_LOOKED_AT)) {
    const found = await lookAt(file, mapping);
    if (found === null) return { mayHoldRollouts: true, strange };
    strange.push(found);
  }
  return { mayHoldRollouts: files.length > MOST_LOOKED_AT, strange };
}

/** Null: it may hold rollouts. */
async function lookAt(file: InputFile, mapping: unknown): Promise<StrangeFile | null> {
  const { path, source } = file;
  const because = (why: string, canBeMapped = false): StrangeFile => ({ path, why, canBeMapped });
  let head: Uint8Array;
  try {
    head = await source.read(0, Math.min(HEAD, source.byteLength));
  } catch (error) {
    return because(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (CONTAINERS.some((each) => each.recognises(head))) return null;
  if (source.byteLength === head.length && firstByte(head) === head.length) return because('is empty');
  const readers = READERS.filter((reader) => reader.recognises(head));
  // One reader takes any text.
  const kind = isBinary(head) ? null : (strangeKind(head) ?? (readers.length > 1 ? null : strangeText(head)));
  if (kind !== null) return because(kindText(kind));
  const intake = await planIntake(source, 0, path, baseName(path), readers, mapping);
  if (!intake.ok) return because(`cannot be read: expected ${intake.issue.expected}, found ${intake.issue.found}`);
  if (intake.format !== null) return null;
  const [example] = intake.unmapped?.examples ?? [];
  if (example === undefined) return because('holds no JSON record');
  const parsed = parseJson(example);
  const side = parsed.ok ? sideFile(parsed.value) : null;
  return side === null ? because('holds records of no known format', true) : because(`holds no rollouts: ${side}`);
}
