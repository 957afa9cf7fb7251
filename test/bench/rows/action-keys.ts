/** Keys of calls from their arguments as they are written, against parsing and writing them anew; keys are compared. */
import { hash128 } from '../../../src/base/hash.ts';
import { hashArguments } from '../../../src/core/tokens/action-text.ts';
import { canonicalArguments } from '../../helpers/canonicalArguments.ts';
import { expectEqual, faster, inTurn, type Row, type Scale } from './row.ts';

const HEAD = 'call\nedit_file\n';

/** @param draw about so many characters of real text, others each time */
export function actionKeysRow(draw: (length: number) => string, scale: Scale): Row {
  const all = Array.from({ length: scale.quick ? 500 : 8000 }, (_, i) =>
    JSON.stringify({ path: `src/part-${i % 900}.ts`, line: i % 400, text: draw(80 + ((i * 97) % 1300)) }),
  );
  const size = all.reduce((sum, text) => sum + text.length, 0);
  const { ours, reference, oursResult, referenceResult } = inTurn(
    scale.runs,
    () => all.map((text) => hashArguments(HEAD, text)),
    () => all.map((text) => hash128(HEAD + canonicalArguments(text))),
  );
  expectEqual('keys', oursResult.join(), referenceResult.join());
  return faster(
    'keys of calls vs JSON.parse, texts written anew and hashed',
    { ours, reference },
    '>= 3',
    `${(size / 1e6).toFixed(1)} MB of arguments, ${(size / 1000 / ours).toFixed(0)} MB/s; all keys equal`,
  );
}
