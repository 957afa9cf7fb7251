/** The invented orchard: its figures and the documents that hold them. World 0 is the bundled one. */
import { randomStream } from './random.mjs';

/**
 * @typedef {object} Document
 * @property {string} id
 * @property {string} title
 * @property {string} text
 * @property {Record<string, number>} facts the figures of the text, by name
 * @typedef {{ place: string, figures: Record<string, number>, documents: Document[] }} World
 */

const PLACES = ['Tollgrove', 'Hazelmoor', 'Wrenfold', 'Ostlebury', 'Pennick', 'Dunmarrow', 'Larkstead', 'Quenby'];

/** Figures of world 0. The sums of the tasks come out as whole numbers or with few decimals. @type {Record<string, number>} */
const FIGURES = {
  rows: 18,
  perRow: 24,
  lost: 37,
  oldRows: 16,
  oldPerRow: 22,
  kg: 46,
  goodKg: 61,
  litres: 58,
  load: 120,
  cask: 225,
  spare: 0,
  fullCasks: 31,
  crates: 412,
  bruised: 37,
  oldCrates: 388,
  oldBruised: 52,
  price: 14,
  stall: 65,
  plumPrice: 19,
  pots: 28,
  oil: 3,
  nights: 11,
  pickers: 9,
  perPicker: 12,
  wage: 4,
  grafts: 150,
  take: 82,
  graftPrice: 7,
};

/** @type {(id: string, title: string, text: string, facts: Record<string, number>) => Document} */
const doc = (id, title, text, facts) => ({ id, title, text, facts });

/**
 * World `index`: the same orchard laws with another name and other figures, so that larger logs repeat no task.
 * @param {number} index
 * @param {string} seed
 * @returns {World}
 */
export function makeWorld(index, seed) {
  const f = { ...FIGURES };
  if (index > 0) {
    const random = randomStream(`${seed}/world/${index}`);
    for (const name of Object.keys(f)) if (name !== 'spare') f[name] = Math.max(2, Math.round(f[name] * (0.7 + 0.6 * random())));
    f.take = Math.min(f.take, 99);
  }
  const place = PLACES[index % PLACES.length] + (index < PLACES.length ? '' : ` ${Math.floor(index / PLACES.length) + 1}`);
  const documents = [
    doc(
      'lower-fold',
      'The Lower Fold',
      `The Lower Fold was planted with ${f.rows} rows of Amberlisk pears, ` +
        `${f.perRow} trees to a row. Frost has since killed ${f.lost} trees.`,
      { rows: f.rows, perRow: f.perRow, lost: f.lost },
    ),
    doc(
      'lower-fold-survey',
      'Old survey of the Lower Fold',
      `Before the replanting the Lower Fold had ${f.oldRows} rows of pears, ${f.oldPerRow} trees to a row.`,
      { rows: f.oldRows, perRow: f.oldPerRow, lost: 0 },
    ),
    doc(
      'amberlisk-pears',
      'Amberlisk pears',
      `A grown Amberlisk tree bears ${f.kg} kg of pears in a fair year and ${f.goodKg} kg in a good one.`,
      { kg: f.kg, goodKg: f.goodKg },
    ),
    doc(
      'hobbing-press',
      'The Hobbing press',
      `The press gives ${f.litres} litres of juice from 100 kg of fruit. One load is ${f.load} kg.`,
      { litres: f.litres, load: f.load },
    ),
    doc(
      'cask-store',
      'The cask store',
      `A cask holds ${f.cask} litres. The store has ${f.fullCasks} full casks and ${f.spare} spare ones.`,
      { cask: f.cask, fullCasks: f.fullCasks, spare: f.spare },
    ),
    doc(
      'sorrel-terrace',
      'Sorrel Terrace',
      `Sorrel Terrace bore ${f.crates} crates of Winter Sorrel apples this year; ${f.bruised} crates were bruised.`,
      { crates: f.crates, bruised: f.bruised },
    ),
    doc(
      'sorrel-ledger',
      'Sorrel Terrace, last year',
      `Last year Sorrel Terrace bore ${f.oldCrates} crates of apples, ${f.oldBruised} of them bruised.`,
      { crates: f.oldCrates, bruised: f.oldBruised },
    ),
    doc(
      'quillmere-market',
      'Quillmere market',
      `A crate of sound apples fetches ${f.price} marks at Quillmere, a ` +
        `crate of plums ${f.plumPrice}. A stall costs ${f.stall} marks a day.`,
      { price: f.price, plumPrice: f.plumPrice, stall: f.stall },
    ),
    doc(
      'frost-watch',
      'Frost watch',
      `${f.pots} smudge pots burned on each of ${f.nights} frost nights; a pot takes ${f.oil} litres of oil a night.`,
      { pots: f.pots, nights: f.nights, oil: f.oil },
    ),
    doc(
      'pickers',
      'The pickers',
      `${f.pickers} pickers fill ${f.perPicker} crates each in a day and are paid ${f.wage} marks a crate, bruised or not.`,
      { pickers: f.pickers, perPicker: f.perPicker, wage: f.wage },
    ),
    doc(
      'grafting-bench',
      'The grafting bench',
      `${f.grafts} grafts were set; ${f.take} of every 100 take, and each that takes sells for ${f.graftPrice} marks.`,
      { grafts: f.grafts, take: f.take, graftPrice: f.graftPrice },
    ),
    doc('bee-garden', 'The bee garden', "Six hives stand in the clover behind the pickers' hut. Nobody weighs the honey.", {}),
  ];
  return { place, figures: f, documents };
}
