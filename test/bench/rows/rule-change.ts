/** What another rule costs between the order and the picture: figures out of the worker, ready to draw, against all sent anew. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { costSums } from '../../../src/core/prune/cost-column.ts';
import { unpackProtection } from '../../../src/core/prune/protection-column.ts';
import { treeShape } from '../../../src/engine/drawing.ts';
import { lasting, treeFigures } from '../../../src/engine/figures.ts';
import { makeRuling } from '../../../src/engine/ruling.ts';
import { STATISTICS } from '../../../src/engine/statistics/registry.ts';
import { buffersOf } from '../../../src/engine/transferables.ts';
import { datasetAt } from '../dataset.ts';
import { writeMessageLog } from '../data/message-log.ts';
import { expectEqual, faster, timed, type Row, type Scale } from './row.ts';

const RULES = [DEFAULT_RULE, { ...DEFAULT_RULE, strategy: 'best-first' as const }];

export async function ruleChangeRows(scratch: string, scale: Scale): Promise<Row[]> {
  mkdirSync(scratch, { recursive: true });
  const path = join(scratch, 'rule.jsonl');
  writeMessageLog(path, { rollouts: scale.quick ? 200 : 4_950, messages: 60, tasks: 1, words: 6, firstTask: 0 });
  scale.say('changing the rule');
  const dataset = await datasetAt(path);
  const nodes = dataset.tokens.forest.length;
  const rulings = RULES.map((rule, i) => makeRuling(dataset, rule, i, null));
  const drawn = STATISTICS.filter(({ views, onCard }) => views.includes('tokens') && onCard === true).map(({ id }) => id);
  const missing = drawn.filter((id) => !lasting(drawn, false).includes(id));
  let ours = Infinity;
  let reference = Infinity;
  let bytes = 0;
  let allBytes = 0;
  for (let run = 0; run < 2 * scale.runs; run++) {
    for (const ruling of rulings) {
      const small = timed(() => {
        const figures = treeFigures(ruling, 0, 'tokens', missing);
        const buffers = buffersOf(figures);
        bytes = bytesOf(buffers);
        const { packedProtection, costs, rank } = structuredClone(figures, { transfer: buffers });
        return { protection: unpackProtection(packedProtection, nodes), rank, sums: costs && costSums(costs) };
      });
      const all = timed(() => {
        const whole = { ...treeShape(dataset, 0, 'tokens'), ...treeFigures(ruling, 0, 'tokens', drawn) };
        allBytes = bytesOf(buffersOf(whole));
        return structuredClone(whole).rank;
      });
      ours = Math.min(ours, small.ms);
      reference = Math.min(reference, all.ms);
      expectEqual('ranks of nodes', small.result.rank?.length ?? 0, nodes);
      expectEqual('ranks that are others', small.result.rank?.findIndex((rank, n) => rank !== all.result?.[n]) ?? 0, -1);
    }
  }
  const name = `change of rule at ${nodes} nodes`;
  const stay = `shape and ${drawn.length - missing.length} columns stay`;
  const note = `ranks, costs of groups and protection; ${stay}; without making the order and painting`;
  return [
    faster(`${name}, order to columns of the page vs all copied`, { ours, reference }, '< 60 ms', note),
    {
      name: `${name}, moved vs all`,
      value: bytes / 1e6,
      unit: 'MB',
      reference: allBytes / 1e6,
      ratio: allBytes / bytes,
      goal: '< 2 MB',
      note,
    },
  ];
}

function bytesOf(buffers: readonly { readonly byteLength: number }[]): number {
  return buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
