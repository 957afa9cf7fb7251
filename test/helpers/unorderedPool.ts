/** A pool of several parsers on this thread, each with a memory of its own, whose replies come in an order that a seed decides. */
import { makeParser, type ParsePool } from '../../src/engine/pool.ts';
import { openHandle } from '../../src/platform/node/open-handle.ts';

export function unorderedPool(size: number, seed: number): ParsePool {
  const idle = Array.from({ length: size }, () => makeParser());
  const all = [...idle];
  let state = seed + 1;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
  return {
    size,
    configure: async (settings) => {
      for (const parser of all) await parser.configure(settings);
    },
    async parse(job, handle, onReply) {
      const [parser] = idle.splice(random(idle.length), 1);
      if (!parser) throw new Error('more jobs at once than parsers');
      try {
        for await (const reply of parser.run(job, await openHandle(handle))) {
          for (let turns = random(4); turns > 0; turns--) await new Promise<void>((resolve) => setImmediate(resolve));
          onReply(reply);
        }
      } finally {
        idle.push(parser);
      }
    },
  };
}
