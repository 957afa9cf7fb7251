/** The margin of a transcript, and the rows that it stands beside: what each state looks like, and what it is called. */
import { createRoot } from 'react-dom/client';
import { flushSync } from 'react-dom';
import { afterEach, describe, expect, it } from 'vitest';
import '../../../src/app/theme.css';
import '../../../src/app/views/transcript/transcript.css';
import { KIND } from '../../../src/core/model/kinds.ts';
import { CHUNK, PART, type Transcript, type TranscriptState } from '../../../src/engine/answers/transcript.ts';
import { forksIn, partAt, partBeside, rowsOf, stepOf, TOKENS_IN_ROW } from '../../../src/app/views/transcript/rows.ts';
import { fateOf, fateText, piecesOf, Strip } from '../../../src/app/views/transcript/strip.tsx';

const NOTHING = {
  key: '0'.repeat(16),
  id: 'a',
  task: 't',
  taskLabel: 't',
  status: '',
  policy: '',
  reward: 1,
  file: 'a',
  line: 1,
  trajectories: 4,
};

/** system 10 · thinking 20 · call 10 · result 10 · text 10; the thinking parts in two nodes. */
const TRANSCRIPT: Transcript = {
  ...NOTHING,
  branches: [{ branch: 0, trajectory: 0, tokens: 60, reward: 1, cause: null }],
  branch: 0,
  textFrom: 'log',
  why: null,
  length: 5,
  event: Int32Array.of(0, 1, 1, 2, 3),
  role: Uint8Array.of(0, 2, 2, 3, 2),
  kind: Uint8Array.of(KIND.system, KIND.thinking, KIND.call, KIND.result, KIND.text),
  flags: Uint8Array.of(PART.first, PART.first | PART.sampled, PART.sampled, PART.first | PART.error, PART.first | PART.sampled),
  tool: Int32Array.of(-1, -1, 0, 0, -1),
  tools: ['bash'],
  partner: Int32Array.of(-1, -1, 3, 2, -1),
  turn: Int32Array.of(0, 1, 1, 1, 2),
  characters: Int32Array.of(40, 80, 40, 3 * CHUNK, 40),
  bytes: Float64Array.of(40, 80, 40, 3 * CHUNK, 40),
  images: new Int32Array(5),
  tokenStart: Int32Array.of(0, 10, 30, 40, 50, 60),
  versions: null,
  path: {
    length: 6,
    start: Int32Array.of(0, 10, 15, 30, 40, 50, 60),
    keys: Uint32Array.from({ length: 12 }, (_, i) => i),
    kind: Uint8Array.of(KIND.system, KIND.thinking, KIND.thinking, KIND.call, KIND.result, KIND.text),
    reach: Int32Array.of(4, 4, 3, 3, 3, 1),
  },
  forks: Int32Array.of(1, 4),
};
const STATE: TranscriptState = {
  kept: Uint8Array.of(1, 1, 1, 1, 1, 0),
  trained: Float32Array.of(NaN, 1, 0.5, 0, NaN, 1),
  entropy: Float32Array.of(NaN, 0.1, 3, NaN, NaN, 1),
  cutStep: 5,
  why: null,
};

const host = document.createElement('div');
document.body.append(host);
const root = createRoot(host);
afterEach(() => flushSync(() => root.render(null)));

function strip(part: number): HTMLElement {
  const { tokenStart } = TRANSCRIPT;
  flushSync(() =>
    root.render(
      <div style={{ height: 120, display: 'flex' }}>
        <Strip transcript={TRANSCRIPT} state={STATE} from={tokenStart[part]!} to={tokenStart[part + 1]!} />
      </div>,
    ),
  );
  return host;
}
const words = (part: number): string =>
  fateText(fateOf(piecesOf(TRANSCRIPT, TRANSCRIPT.tokenStart[part]!, TRANSCRIPT.tokenStart[part + 1]!), STATE));

describe('the strip', () => {
  it('says in words what it shows', () => {
    expect([0, 1, 2, 3, 4].map(words)).toEqual([
      'kept, context',
      'kept, about 62.5\u202f% of what was sampled is trained',
      'kept, not trained',
      'kept, context',
      'cut',
    ]);
    expect(strip(2).querySelector('.sr-only')?.textContent).toBe('kept, not trained');
  });

  it('tells trained, untrained, context and cut apart by more than hue', () => {
    const untrained = strip(2).querySelector<HTMLElement>('.untrained');
    expect(getComputedStyle(untrained!).outlineStyle).toBe('dotted');
    expect(strip(4).querySelector('.hatch')).not.toBeNull();
    expect(getComputedStyle(strip(4).querySelector('.hatch')!).backgroundImage).toContain('repeating-linear-gradient');
    expect(strip(0).querySelector('.k-context')).not.toBeNull();
    expect(strip(3).querySelector('.k-result')).not.toBeNull();
  });

  it('is as high for a node as its share of the tokens, and as wide as what trains of it', () => {
    const blocks = [...strip(1).querySelectorAll<HTMLElement>('.w-\\[14px\\] > i')];
    const heights = blocks.map((block) => block.getBoundingClientRect().height);
    expect(heights).toHaveLength(2);
    expect(heights[1]! / heights[0]!).toBeCloseTo(3, 0);
    const [trained, pale] = [...blocks[1]!.children].map((child) => child.getBoundingClientRect().width);
    expect(trained! / pale!).toBeCloseTo(1, 1);
  });

  it('has bars as long as the entropy is high', () => {
    const bars = [...strip(1).querySelectorAll<HTMLElement>('[class*=heat-fill]')];
    expect(bars.map((bar) => bar.className.replace(/^.*(heat-fill-\d).*$/, '$1'))).toEqual(['heat-fill-0', 'heat-fill-4']);
    expect(bars[1]!.getBoundingClientRect().width).toBeGreaterThan(bars[0]!.getBoundingClientRect().width * 5);
  });
});

describe('rows', () => {
  it('are a part each, more where more is shown, and none where it is hidden', () => {
    const plain = rowsOf(TRANSCRIPT, [], new Map(), false);
    expect([...plain.part]).toEqual([0, 1, 2, 3, 4]);
    const opened = rowsOf(TRANSCRIPT, ['thinking'], new Map([[3, 99]]), false);
    expect([...opened.part]).toEqual([0, 2, 3, 3, 3, 4]);
    expect([...opened.chunk]).toEqual([0, 0, 0, 1, 2, 0]);
    expect([...opened.first]).toEqual([0, 1, 1, 2, 5, 6]);
    expect(opened.hidden).toBe(1);
    expect(rowsOf(TRANSCRIPT, ['tools', 'system'], new Map(), false).length).toBe(2);
    expect(rowsOf(TRANSCRIPT, [], new Map([[1, 9]]), true).length).toBe(5 + Math.ceil(20 / TOKENS_IN_ROW) - 1);
  });

  it('find the part of a token, the node of a part and the forks in it', () => {
    expect([0, 9, 10, 29, 59].map((token) => partAt(TRANSCRIPT, token))).toEqual([0, 0, 1, 1, 4]);
    expect([0, 1, 2, 3, 4].map((part) => stepOf(TRANSCRIPT, part))).toEqual([0, 1, 3, 4, 5]);
    expect([0, 1, 2, 3, 4].map((part) => forksIn(TRANSCRIPT, part))).toEqual([
      [0, 0],
      [0, 1],
      [1, 1],
      [1, 1],
      [1, 2],
    ]);
    const isError = (part: number): boolean => (TRANSCRIPT.flags[part]! & PART.error) !== 0;
    expect(partBeside(TRANSCRIPT, null, 1, isError)).toBe(3);
    expect(partBeside(TRANSCRIPT, 3, 1, isError)).toBeNull();
    expect(partBeside(TRANSCRIPT, 4, -1, isError)).toBe(3);
  });
});
