/** Text over a box that is pale in part: no letter has the ink of the other part, and all of it is there. */
import { expect, it } from 'vitest';
import { drawWords } from '../../../src/app/canvas/box-words.ts';
import { writeOver } from '../../../src/app/canvas/two-inks.ts';

const INKS = { text: 'rgb(255 0 0)', paleText: 'rgb(0 0 255)' };
const [WIDTH, HEIGHT] = [200, 60];

/** Whether there is red, and whether there is blue, left and right of `pale`. */
function inksOf(pale: number, draw: (context: OffscreenCanvasRenderingContext2D) => void) {
  const context = new OffscreenCanvas(WIDTH, HEIGHT).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('this browser draws nothing');
  context.font = '11px monospace';
  draw(context);
  const { data } = context.getImageData(0, 0, WIDTH, HEIGHT);
  const has = (channel: number, from: number, to: number): boolean =>
    data.some(
      (value, i) => i % 4 === channel && value > 60 && data[i - channel + 3]! > 60 && (i >> 2) % WIDTH >= from && (i >> 2) % WIDTH < to,
    );
  return { left: [has(0, 0, pale), has(2, 0, pale)], right: [has(0, pale, WIDTH), has(2, pale, WIDTH)] };
}

it('changes its ink where the pale part begins, also within a word', () => {
  const drawn = (pale: number) => inksOf(pale, (context) => writeOver(context, INKS, 'MMMMMMMMMM', 10, 30, pale));
  expect(drawn(40)).toEqual({ left: [true, false], right: [false, true] });
  expect(drawn(0)).toEqual({ left: [false, false], right: [false, true] });
  expect(drawn(WIDTH)).toEqual({ left: [true, false], right: [false, false] });
});

it('does so in every line of the first words of a node', () => {
  const place = { x: 10, base: 12, label: 60, room: 70, below: 40, last: 12 };
  const written: [text: string, x: number, y: number][] = [];
  drawWords((...line) => written.push(line), 'MMMM MMMM MMMM', place, 7);
  expect(written.map(([text]) => text)).toEqual(['MMMM MMMM', 'MMMM']);
  for (const [text, x, y] of written)
    expect(inksOf(30, (context) => writeOver(context, INKS, text, x, y, 30))).toEqual({ left: [true, false], right: [false, true] });
});
