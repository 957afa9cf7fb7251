/**
 * `npm run models -- OUT SHAPE LAYOUT WEIGHTS` writes a folder with a model of random weights that has the exact sizes and the
 * layout of files of a real one, with the bundled model's tokenizer; without arguments it says which there are. Weights of more than 2 GB
 * are parted, as exporters do. docs/models.md says how such models ran.
 */
import { copyFileSync, mkdirSync, openSync, writeSync, closeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { shapedModel } from './shaped-models/model.mjs';
import { LAYOUTS, SHAPES, WEIGHTS } from './shaped-models/shapes.mjs';

const MOST_OF_A_FILE = 2_000_000_000;
const TOKENIZER = join(import.meta.dirname, '../public/models/espalier-3m');

const [out, shapeName, layoutName, weightsName] = process.argv.slice(2);
const shape = SHAPES[shapeName];
if (out === undefined || !shape || !(layoutName in LAYOUTS) || !(weightsName in WEIGHTS)) {
  const lists = [SHAPES, LAYOUTS, WEIGHTS].map((named) => Object.keys(named).join(', '));
  console.error(`expected OUT SHAPE LAYOUT WEIGHTS\nSHAPE: ${lists[0]}\nLAYOUT: ${lists[1]}\nWEIGHTS: ${lists[2]}`);
  process.exit(2);
}
let total = 0;
for (const { path, pieces } of shapedModel({ name: shapeName, shape, layoutName, weightsName, shardBytes: MOST_OF_A_FILE })) {
  const target = join(out, path);
  mkdirSync(dirname(target), { recursive: true });
  const file = openSync(target, 'w');
  for (const piece of pieces()) {
    for (let at = 0; at < piece.length;) at += writeSync(file, piece, at);
    total += piece.length;
  }
  closeSync(file);
}
for (const name of ['tokenizer.json', 'tokenizer_config.json']) copyFileSync(join(TOKENIZER, name), join(out, name));
console.log(`${out}: ${total} bytes`);
