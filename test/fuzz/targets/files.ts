/** Scores and mappings: what is read is written as it was, and everything else is refused with a sentence. */
import { readScores, writeScores } from '../../../src/core/score/scores-file.ts';
import { makeImports } from '../../../src/engine/imported-scores.ts';
import { formatFromMapping, readMapping } from '../../../src/formats/mapping.ts';
import { openMapping } from '../../../src/engine/mapping-file.ts';
import { sha256 } from '../../../src/platform/node/sha256.ts';
import { answer, user } from '../../helpers/conversations.ts';
import { fileOf, frozen, opened } from '../opened.ts';
import { resealBytes, resealText } from '../seal.ts';
import { logSeeds, readBytes } from '../seeds.ts';
import { bytesOf, hold, textOf, type Target } from '../target.ts';

const VERSIONS = 'test/fixtures/versions';

export async function fileTargets(): Promise<Target[]> {
  const versions = [1, 2, 3].map((version) => readBytes(`${VERSIONS}/scores-${version}.scores`));
  return [
    { id: 'file scores', kind: 'bytes', weight: 20, seeds: versions, seal: resealBytes, run: scores },
    await tokenScores(),
    mapping(),
  ];
}

function scores(input: Uint8Array<ArrayBuffer>): void {
  const read = readScores(input, sha256);
  if (!read.ok) {
    hold(read.reason !== '', 'a refusal says why');
    return;
  }
  const { header, entropy, surprisal, gradient } = read.scores;
  hold(
    [entropy, surprisal, gradient].every(({ length }) => length === header.length),
    'columns are as long as the header says',
  );
  const again = readScores(writeScores(read.scores, sha256), sha256);
  hold(again.ok, 'scores are written as they were read');
  if (again.ok)
    hold(Buffer.compare(writeScores(again.scores, sha256), writeScores(read.scores, sha256)) === 0, 'scores are written as they were read');
}

async function tokenScores(): Promise<Target> {
  const dataset = frozen(await opened([fileOf('log.jsonl', logSeeds('chat')[0].bytes)], true));
  const imports = makeImports();
  const { rollouts } = dataset.tokens;
  const rows = [
    { rollout: rollouts[0].id, score: 1.5 },
    { rollout: rollouts[0].id, position: 2, score: [1, null, -2] },
    { rollout: rollouts[0].id, branch: 0, score: 0, task: rollouts[0].task },
    { node: '0123456789abcdef', score: 3 },
  ];
  return {
    id: 'file token-scores',
    kind: 'json',
    weight: 3,
    seeds: [bytesOf(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))],
    run(input) {
      const answer = imports.take(dataset, { name: 'scores.jsonl', bytes: input, column: null });
      if (!answer.ok) {
        hold(answer.reason !== '', 'a refusal says why');
        return;
      }
      hold(answer.matched + answer.unmatched === answer.rows, 'rows = matched + unmatched');
      const values = imports.scores?.values ?? new Float32Array(0);
      if (answer.matched > 0)
        hold(
          values.every((value) => Math.abs(value) !== Infinity),
          'imported scores are numbers',
        );
      imports.clear();
    },
  };
}

/** A file that is no JSON is refused where it is opened. */
function openedMapping(text: string): ReturnType<typeof openMapping> {
  try {
    return openMapping(text, sha256);
  } catch (error) {
    hold(error instanceof SyntaxError, 'a mapping that is no JSON is told as such', () => String(error));
    return { ok: false, reason: 'no JSON' };
  }
}

const RECORD = {
  case: { 'no.': 'a' },
  result: { turns: [user('Q'), answer('A')], grade: 1 },
};

function mapping(): Target {
  return {
    id: 'file mapping',
    kind: 'json',
    weight: 12,
    seal: resealText,
    seeds: [
      readBytes(`${VERSIONS}/mapping-1.json`),
      readBytes(`${VERSIONS}/mapping-2.json`),
      bytesOf(
        '{"version":1,"prompt":"result.turns[0].content","completion":"result.turns[1].content",' +
          '"reward":"result.grade","id":"case[\\"no.\\"]"}',
      ),
    ],
    run(input) {
      const held = openedMapping(textOf(input));
      const read = held.ok ? readMapping(held.mapping) : held;
      if (!read.ok) {
        hold(read.reason !== '', 'a refusal says why');
        return;
      }
      const again = readMapping(JSON.parse(JSON.stringify(read.mapping)));
      hold(again.ok && JSON.stringify(again.mapping) === JSON.stringify(read.mapping), 'a mapping is read as it was written');
      const decoded = formatFromMapping(read.mapping).decode(RECORD, { name: 'log.jsonl', path: 'log.jsonl', index: 0, line: 1 });
      hold(decoded.length === 1, 'a record is one rollout or one complaint');
    },
  };
}
