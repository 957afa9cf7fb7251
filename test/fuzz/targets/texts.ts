/**
 * One text of a log put in the place of another: where the text that stood there was in the tree, the new one must be, byte for
 * byte, or an issue names what is not.
 */
import { FORMATS } from '../../../src/formats/registry.ts';
import { fileOf, frozen, opened } from '../opened.ts';
import { accountsAddUp, textOfLeaf } from '../promises.ts';
import { logSeeds } from '../seeds.ts';
import type { Random } from '../random.ts';
import { bytesOf, hold, textOf, type Target } from '../target.ts';

/** Around the text that is looked for. No format gives them a meaning. */
const [OPEN, CLOSE] = ['⟦', '⟧'];
const FOUND = /⟦[^⟧]*⟧/;
const PROBE = '⟦probe⟧';
const MOST_KNOWN = 2000;
const STRING = /(?<=[:[,]\s*)"(?:[^"\\]|\\.)*"(?!\s*:)/g;
/** What it is made of: nothing that a template or a dialect reads as a mark of its own. */
// prettier-ignore
const LETTERS = [
  'a', 'Z', '0', ' ', '\n', '\r\n', '\t', '.', '\\', "'", '\u0000', '\u0007', '\u001b', '\u0085', '\u200b', '\ufeff', '\u202e',
  '\u2028', 'é', 'e\u0301', 'ﬁ', '漢', '👍🏽', '\u{10ffff}', '\ue000', '\ufffd', '\ud83d', '\udc4d',
];

interface Place {
  /** The log with a mark where the text stood. */
  readonly before: string;
  readonly after: string;
}

export function textTargets(): Target[] {
  return FORMATS.flatMap(({ id }): Target[] => {
    const seeds = logSeeds(id);
    const name = seeds[0]?.name ?? 'log.jsonl';
    const places = seeds.slice(0, 4).flatMap(({ bytes }) => placesOf(textOf(bytes)));
    const isKept = keptAt(name);
    if (places.length === 0) return [];
    return [
      {
        id: `text ${id}`,
        kind: 'text',
        weight: 1,
        seeds: [],
        make: (random) => bytesOf(filled(random.pick(places), madeText(random))),
        run: (input) => textIsKept(name, textOf(input), isKept),
      },
    ];
  });
}

function madeText(random: Random): string {
  return Array.from({ length: 1 + random.below(20) }, () => random.pick(LETTERS)).join('');
}

function filled({ before, after }: Place, text: string): string {
  return before + JSON.stringify(OPEN + text + CLOSE).slice(1, -1) + after;
}

/** Where texts stand between quotes, behind a colon or in a list; keys are none. */
function placesOf(text: string): Place[] {
  return [...text.matchAll(STRING)].map(({ index, 0: found }) => ({
    before: text.slice(0, index + 1),
    after: text.slice(index + found.length - 1),
  }));
}

/** Whether a plain text at a place is in the tree, remembered: then every other must be. */
function keptAt(name: string): (log: string) => Promise<boolean> {
  const known = new Map<string, boolean>();
  return async (log) => {
    const old = known.get(log);
    if (old !== undefined) return old;
    const { said, excused } = await read(name, bytesOf(log));
    const isKept = !excused && said.includes(PROBE);
    if (known.size > MOST_KNOWN) known.clear();
    known.set(log, isKept);
    return isKept;
  };
}

/** What all trajectories say, and whether an issue names a record that is not used or not used whole. */
async function read(name: string, input: Uint8Array<ArrayBuffer>): Promise<{ said: string; excused: boolean }> {
  const opening = await opened([fileOf(name, input)], true);
  accountsAddUp(opening);
  const { tokens } = frozen(opening);
  const { leaf, length } = tokens.forest.trajectories;
  const texts: string[] = [];
  for (let t = 0; t < length; t++) texts.push(await textOfLeaf(tokens.forest, leaf[t]));
  return { said: texts.join('\n'), excused: opening.inputs.some(({ issues }) => issues.length > 0) };
}

async function textIsKept(name: string, log: string, isKept: (log: string) => Promise<boolean>): Promise<void> {
  const quoted = [...log.matchAll(STRING)].find(([text]) => text.includes(OPEN));
  if (quoted === undefined) return;
  const put = FOUND.exec(unquoted(quoted[0]))?.[0];
  if (put === undefined) return;
  const end = quoted.index + quoted[0].length;
  if (!(await isKept(`${log.slice(0, quoted.index)}"${PROBE}"${log.slice(end)}`))) return;
  const { said, excused } = await read(name, bytesOf(log));
  // A call is JSON, in which some characters have another spelling.
  const isThere = [put, JSON.stringify(put).slice(1, -1)].some((text) => text.isWellFormed() && said.includes(text));
  hold(excused || isThere, 'a text of a used record is in the tree byte for byte', () => JSON.stringify(put));
}

/** Empty where it is no JSON. */
function unquoted(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return '';
  }
}
