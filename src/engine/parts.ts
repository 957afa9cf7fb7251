/** What a dropped file becomes: itself, or the members of the container that it is, each of them an input of its own. */
import { bytesAt } from '../core/model/address.ts';
import { bytesSource } from '../core/source/bytes-source.ts';
import { bindMembers } from './bindings/bind-members.ts';
import { makeUnpackBudget } from './containers/bounded.ts';
import { membersOf, type Container, type Inflated, type Member } from './containers/container.ts';
import type { InputFile } from './input-file.ts';
import type { InputFault } from './readers/reader.ts';
import { makeGlance, sniff, type Sniffed } from './sniff.ts';

/** What of a member could be unpacked. `fault`: why it is not all, or null. */
export interface Unpacked {
  readonly file: InputFile;
  readonly fault: string | null;
}

/** There is no room to unpack to: no fault of what is unpacked, and no reason to leave it out in silence. */
export class NoRoom extends Error {}

/**
 * Puts a member's bytes where they can be read at any offset. `path` is what it is shown with; `onBytes` is told how far its
 * container was read. Rejects where bytes cannot be read or written; with NoRoom, nothing more can be unpacked at all.
 */
export type Unpack = (
  path: string,
  bytes: AsyncIterable<Inflated>,
  onBytes: (read: number) => void,
  signal: AbortSignal,
) => Promise<Unpacked>;

export interface Part {
  /** As it was handed over; the same object for all parts that were unpacked from it together. */
  readonly from: InputFile;
  /** Path inside of it; null: it has the name of the file. */
  readonly member: string | null;
  /** Where its bytes are read. */
  readonly file: InputFile;
  readonly sniffed: Exclude<Sniffed, { readonly kind: 'container' }>;
  /** What is missing of it; null where it is whole. */
  readonly damage: InputFault | null;
  /** Its own, and those of its file where it is the first of it. */
  readonly notes: readonly InputFault[];
  /** Bytes that are still to be unpacked, as they are packed. */
  readonly left: number;
}

/**
 * An archive in an archive is opened, and so is what is packed twice; what is in those is not: bombs are built of more. A `.tar.gz` in a
 * `.zip` is two archives, of which one is packed.
 */
const DEEPEST = { archives: 2, streams: 2 };

/** Containers around a part. */
interface Depth {
  readonly archives: number;
  readonly streams: number;
}

/** What macOS adds to archives: never a log, and nobody's loss. */
const OF_MACOS = /(^|\/)(__MACOSX\/|\._[^/]*$)/;

/**
 * In order, at least one. Rejects with AbortError as soon as the signal is aborted, and with NoRoom.
 * @param onBytes told while bytes are unpacked
 */
export async function* partsOf(file: InputFile, unpack: Unpack, onBytes: () => void, signal: AbortSignal): AsyncGenerator<Part> {
  // A file may be handed over twice: each time it is another one.
  const from = { ...file };
  let notes = from.notes ?? [];
  const budget = makeUnpackBudget(from.source.byteLength, makeGlance);
  let ofMacos = 0;
  // The last of them says what was passed over, hence waits.
  let waiting: Part | null = null;
  const whole = { from, member: null, file: from, damage: from.damage ?? null, notes: [], left: 0 };
  for await (const part of within(whole, { archives: 0, streams: 0 })) {
    if (waiting !== null) yield waiting;
    waiting = { ...part, notes: [...notes, ...part.notes] };
    notes = [];
  }
  if (waiting !== null) yield ofMacos === 0 ? waiting : { ...waiting, notes: [...waiting.notes, passedOver(ofMacos)] };

  /** The part itself, or what is in it. Calls itself as often as `DEEPEST` allows. */
  async function* within(part: Omit<Part, 'sniffed'>, around: Depth): AsyncGenerator<Part> {
    const sniffed = await sniff(part.file.source);
    if (sniffed.kind !== 'container') {
      yield { ...part, sniffed };
      return;
    }
    const { container } = sniffed;
    const isArchive = 'members' in container;
    const depth = { archives: around.archives + Number(isArchive), streams: around.streams + Number(!isArchive) };
    if (depth.archives > DEEPEST.archives || depth.streams > DEEPEST.streams) {
      const expected = isArchive ? 'an archive in one other at most' : 'what is packed twice at most';
      yield refused(part, { ...NOWHERE, code: 'container', expected, found: `${container.id} in two others` });
      return;
    }
    // Where the container itself ends too early its last member does, too: that is one fault.
    let last: Part | null = null;
    for await (const inner of unpacked(part, container, around.archives + around.streams === 0)) {
      const parts = 'sniffed' in inner ? [inner] : within(inner, depth);
      for await (const each of parts) {
        if (part.damage === null) yield each;
        else {
          if (last !== null) yield last;
          last = each;
        }
      }
    }
    if (last === null || part.damage === null) return;
    yield last.sniffed.kind === 'unreadable' ? refused(last, part.damage) : { ...last, damage: part.damage };
  }

  async function* withoutMacos(members: AsyncIterable<Member>): AsyncGenerator<Member> {
    for await (const member of members)
      if (member.name !== null && OF_MACOS.test(member.name)) ofMacos++;
      else yield member;
  }

  /** At least one; those of which nothing can be read are sniffed already. */
  async function* unpacked(
    part: Omit<Part, 'sniffed'>,
    container: Container,
    isOutermost: boolean,
  ): AsyncGenerator<Part | Omit<Part, 'sniffed'>> {
    const { source } = part.file;
    let count = 0;
    try {
      for await (const { name, bytes, notes: ofMember } of bindMembers(withoutMacos(membersOf(container, source)))) {
        count++;
        const steps = [part.member, name === null ? null : plainPath(name)].filter((step) => step !== null && step !== '');
        const member = steps.length === 0 ? null : steps.join('/');
        const path = member === null ? from.path : `${from.path}/${member}`;
        let read = 0;
        const onRead = (to: number): void => {
          read = to;
          onBytes();
        };
        const inner = { ...part, member, damage: null };
        try {
          const { file: whole, fault } = await unpack(path, budget.upTo(bytes, isOutermost), onRead, signal);
          const length = whole.source.byteLength;
          const left = Math.max(0, source.byteLength - read);
          const held = { ...inner, file: whole, left, notes: ofMember };
          if (budget.ended !== null) {
            yield { ...held, damage: tooLarge(budget.ended) };
            return;
          }
          if (fault === null) yield held;
          else if (length === 0) yield refused(held, damaged(container, fault, 0));
          else {
            const before = `${length.toLocaleString('en')} bytes were unpacked`;
            yield { ...held, damage: damaged(container, `${fault}; ${before}`, length) };
          }
        } catch (error) {
          throwOn(error, signal);
          yield refused(inner, damaged(container, reasonOf(error), 0));
        }
      }
    } catch (error) {
      throwOn(error, signal);
      count++;
      yield refused(part, damaged(container, reasonOf(error), 0));
    }
    if (count > 0) return;
    const source0 = bytesSource(part.file.path, new Uint8Array(0));
    yield { ...part, file: { path: part.file.path, source: source0, handle: { bytes: new Uint8Array(0) } } };
  }
}

const NOWHERE = { line: 0, address: bytesAt(0) };

function damaged(container: Container, found: string, at: number): InputFault {
  return { line: 0, address: bytesAt(at), code: 'damaged-archive', expected: `a complete ${container.id} stream`, found };
}

function passedOver(count: number): InputFault {
  const found = `${count.toLocaleString('en')} that macOS adds (__MACOSX, ._*), passed over`;
  return { ...NOWHERE, code: 'passed-over', expected: 'members that are files of their own', found };
}

function tooLarge(at: number): InputFault {
  const bound = `${at.toLocaleString('en')} bytes`;
  return {
    line: 0,
    address: bytesAt(at),
    code: 'too-large',
    expected: `at most ${bound}, unpacked`,
    found: `more than that: only the first ${bound} are read`,
  };
}

/** Nothing of it is read. */
function refused(part: Omit<Part, 'sniffed'>, fault: InputFault): Part {
  return { ...part, damage: null, sniffed: { kind: 'unreadable', fault } };
}

/** Throws what ends opening and not this member alone. */
function throwOn(error: unknown, signal: AbortSignal): void {
  signal.throwIfAborted();
  if (error instanceof NoRoom) throw error;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A path inside leads nowhere else: no step of it is empty, the folder itself or the one above. */
function plainPath(name: string): string {
  return name
    .split(/[/\\]/)
    .filter((step) => step !== '' && step !== '.' && step !== '..')
    .join('/');
}
