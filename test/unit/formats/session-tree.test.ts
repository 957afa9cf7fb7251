/** Conversations, written as agents write them in chains of lines, come back as they were. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RolloutEvent } from '../../../src/core/model/rollout.ts';
import type { Complaint } from '../../../src/formats/format.ts';
import { branchesOfSession, type SessionNode } from '../../../src/formats/session-tree.ts';

interface Turn {
  /** Calls of a reply, none of a last one of a round. */
  readonly calls: number;
  /** Lines of the chain that are no messages, behind each of its lines. */
  readonly gaps: number;
  /** Calls are siblings, in replies of their own; else lines of one reply, one behind the other. */
  readonly apart: boolean;
  /** Results come where their call was made, before the next call of the reply. */
  readonly mixed: boolean;
}

const say = (text: string): RolloutEvent => ({ role: 'user', sampled: false, parts: [{ kind: 'user', text }] });
const call = (text: string): RolloutEvent => ({ role: 'assistant', sampled: true, parts: [{ kind: 'call', tool: 'look', text }] });
const result = (text: string): RolloutEvent => ({ role: 'tool', sampled: false, parts: [{ kind: 'result', text }] });
const answer = (text: string): RolloutEvent => ({ role: 'assistant', sampled: true, parts: [{ kind: 'text', text }] });

const textsOf = (events: readonly RolloutEvent[]): string[] => events.map(({ parts }) => parts.map(({ text }) => text).join(' '));

/** The lines of turns that follow the line `from`, what they say, and the last of them. */
function write(turns: readonly Turn[], name: string, from: string | null): { nodes: SessionNode[]; said: string[]; last: string | null } {
  const nodes: SessionNode[] = [];
  const said: string[] = [];
  let parent = from;
  const add = (event: RolloutEvent | null, more: Partial<SessionNode> = {}): string => {
    const id = `${name}.${nodes.length}`;
    nodes.push({ id, parent, event, ...more });
    return id;
  };
  const gap = (count: number): void => {
    for (let i = 0; i < count; i++) parent = add(null);
  };
  parent = add(say(`${name} asks`));
  said.push(`${name} asks`);
  turns.forEach(({ calls, gaps, apart, mixed }, t) => {
    gap(gaps);
    const above = parent;
    const texts = Array.from({ length: calls }, (_, c) => `${name}.${t}.${c}`);
    const ids: string[] = [];
    if (calls === 0) {
      parent = add(answer(`${name}.${t}`), { reply: `${name}.${t}` });
      said.push(`${name}.${t}`);
      return;
    }
    texts.forEach((text, c) => {
      if (apart) parent = above;
      parent = ids[c] = add(call(text), { reply: apart ? text : `${name}.${t}` });
      gap(apart ? 0 : gaps);
      if (mixed) parent = add(result(`of ${text}`), { parent: ids[c] });
    });
    if (!mixed)
      texts.forEach((text, c) => {
        parent = add(result(`of ${text}`), { parent: ids[c] });
      });
    said.push(texts.join(' '), ...texts.map((text) => `of ${text}`));
  });
  return { nodes, said, last: parent };
}

const turns = fc.array(fc.record({ calls: fc.nat(3), gaps: fc.nat(2), apart: fc.boolean(), mixed: fc.boolean() }), {
  minLength: 1,
  maxLength: 5,
});

function branches(nodes: readonly SessionNode[]): { texts: string[][]; causes: (string | undefined)[]; notes: Complaint[] } {
  const notes: Complaint[] = [];
  const read = branchesOfSession(nodes, notes);
  if (!read.ok) throw new Error(read.complaint.found);
  return { texts: read.branches.map(({ events }) => textsOf(events)), causes: read.branches.map(({ cause }) => cause), notes };
}

it('are one branch where nobody went back, however calls are spread over lines', () => {
  fc.assert(
    fc.property(fc.array(turns, { minLength: 1, maxLength: 3 }), (rounds) => {
      const nodes: SessionNode[] = [];
      const said: string[] = [];
      let last: string | null = null;
      rounds.forEach((round, r) => {
        const written = write(round, `r${r}`, last);
        nodes.push(...written.nodes);
        said.push(...written.said);
        last = written.last;
      });
      expect(branches(nodes)).toEqual({ texts: [said], causes: [undefined], notes: [] });
    }),
    { numRuns: 300 },
  );
});

it('have a branch for each time that a person goes back, and for each new context', () => {
  fc.assert(
    fc.property(turns, turns, turns, turns, (first, second, instead, after) => {
      const a = write(first, 'a', null);
      const b = write(second, 'b', a.last);
      const c = write(instead, 'c', a.last);
      const d = write(after, 'd', null);
      const boundary: SessionNode = { id: 'cut', parent: null, event: null, cut: 'compaction' };
      const [head, ...rest] = d.nodes;
      const behind = head === undefined ? [] : [boundary, { ...head, parent: 'cut' }, ...rest];
      expect(branches([...a.nodes, ...b.nodes, ...c.nodes, ...behind])).toEqual({
        texts: [[...a.said, ...b.said], [...a.said, ...c.said], d.said],
        causes: [undefined, 'rewind', 'compaction'],
        notes: [],
      });
    }),
    { numRuns: 200 },
  );
});

it('begin anew at a line whose parent is not there, with a note', () => {
  const { nodes } = write([{ calls: 0, gaps: 0, apart: false, mixed: false }], 'a', null);
  const lost = write([{ calls: 0, gaps: 0, apart: false, mixed: false }], 'b', 'nowhere');
  const { texts, notes } = branches([...nodes, ...lost.nodes]);
  expect(texts).toEqual([
    ['a asks', 'a.0'],
    ['b asks', 'b.0'],
  ]);
  expect(notes).toMatchObject([{ code: 'dangling-parent' }]);
});

it('are read in the order of the file where lines name nothing', () => {
  const { nodes, said } = write([{ calls: 2, gaps: 1, apart: false, mixed: false }], 'a', null);
  const bare = nodes.map((node) => ({ ...node, id: undefined, parent: undefined }));
  expect(branches(bare).texts).toEqual([said]);
});
