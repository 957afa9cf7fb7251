/** Random logs of token ids: rollouts of a few tasks that share prefixes, fork inside, replay answers as prompt, and lack rewards. */
import fc from 'fast-check';

export interface TraceNode {
  readonly parent: number | null;
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly ids: readonly number[];
  /** Its tokens behind the first were sampled. */
  readonly sampled: boolean;
}

export interface Trace {
  readonly task: number;
  readonly nodes: readonly TraceNode[];
  readonly reward: number | null;
}

interface Draw {
  readonly choice: number;
  /** Steps back up the path that the node hangs below; 0: below the node before it. */
  readonly back: number;
  readonly isReplayed: boolean;
}

const draws: fc.Arbitrary<Draw> = fc.record({
  choice: fc.nat(2),
  back: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 4 })),
  isReplayed: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
});

/** A node's ids follow from its role, its place and the choice drawn, so that rollouts share prefixes. */
export const traces: fc.Arbitrary<Trace[]> = fc
  .array(
    fc.record({
      task: fc.nat(2),
      reward: fc.constantFrom(0, 0.5, 1, null),
      draws: fc.array(draws, { minLength: 1, maxLength: 7 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((rollouts) =>
    rollouts.map(({ task, reward, draws: drawn }) => {
      const nodes: TraceNode[] = [{ parent: null, role: 'system', ids: [1, 100 + task], sampled: false }];
      const depths = [0];
      const add = (parent: number, choice: number, isReplayed: boolean): void => {
        const depth = (depths[parent] ?? 0) + 1;
        const role = depth % 2 === 0 ? 'assistant' : 'user';
        const said = Array.from({ length: 1 + (choice % 3) }, (_, i) => 10 + choice + 3 * i);
        nodes.push({ parent, role, ids: [role === 'user' ? 2 : 3, ...said, 4], sampled: role === 'assistant' && !isReplayed });
        depths.push(depth);
      };
      for (const { choice, back, isReplayed } of [{ choice: 0, back: 0, isReplayed: false }, ...drawn]) {
        let parent = nodes.length - 1;
        for (let step = 0; step < back; step++) parent = nodes[parent]?.parent ?? 0;
        add(parent, choice, isReplayed);
      }
      return { task, reward, nodes };
    }),
  );

/** As prime-rl writes them: an episode with one trace per line. @param logprobOf of a sampled token, by its id and its node's number */
export function traceLines(
  drawn: readonly Trace[],
  logprobOf: (id: number, node: number) => number = (id, node) => -((id + node) % 7) / 8,
): string {
  return drawn
    .map(({ task, nodes, reward }, i) =>
      JSON.stringify({
        id: `r${i}`,
        task: { type: 'T', key: `task-${task}` },
        traces: [
          {
            id: `r${i}`,
            agent: { name: 'a', trainable: true },
            nodes: nodes.map(({ parent, role, ids, sampled }, n) => ({
              ...(parent === null ? {} : { parent }),
              message: { role, content: ids.join(' ') },
              sampled,
              token_ids: ids,
              mask: ids.map((_, at) => sampled && at > 0),
              ...(sampled ? { logprobs: ids.slice(1).map((id) => logprobOf(id, n)) } : {}),
            })),
            rewards: reward === null ? {} : { r: { score: reward, weight: 1 } },
            is_completed: true,
            ok: true,
          },
        ],
      }),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** The paths of a trace from its root to each node that is nobody's parent. */
export function tracePaths({ nodes }: Trace): TraceNode[][] {
  const parents = new Set(nodes.map(({ parent }) => parent));
  return nodes.flatMap((leaf, n) => {
    if (parents.has(n)) return [];
    const path: TraceNode[] = [];
    for (let node: TraceNode | undefined = leaf; node; node = node.parent === null ? undefined : nodes[node.parent]) path.unshift(node);
    return [path];
  });
}
