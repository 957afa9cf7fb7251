/** The eight tasks: question, documents that answer it, the sums in between, and how apt the policy is to slip. */

/**
 * @typedef {object} Sum
 * @property {string} name the value it gives, usable in later sums
 * @property {string} label for people
 * @property {string[]} right expressions over {facts} and {values}
 * @property {string[]} wrong expressions that can be evaluated but miss the point
 * @property {string[]} bad expressions that the calculator refuses
 *
 * @typedef {object} Slips weights of mistakes against 1 for the sound choice
 * @property {number} decoy reading an outdated document
 * @property {number} guess reading an invented document id
 * @property {number} wrong
 * @property {number} bad
 * @property {number} mental answering without the calculator
 * @property {number} informal answering without the "Answer:" line
 * @property {number} quit giving up early
 * @property {number} note writing notes
 *
 * @typedef {object} Task
 * @property {string} key
 * @property {string} question
 * @property {number} answer
 * @property {string} unit
 * @property {string[]} needs ids of the documents that hold the facts; empty: no document does
 * @property {Record<string, string>} decoys document -> outdated document with facts of the same names
 * @property {Sum[]} sums in order; the last gives the answer
 * @property {string[]} shortcuts expressions over facts that give the last value at once
 * @property {'none' | 'up'} rounding
 * @property {Slips} slips
 * @property {boolean} routine the policy knows this kind of task well: its weights are cubed
 */

/** @type {(partial: Partial<Slips>) => Slips} */
const slips = (partial) => ({
  decoy: 0.25,
  guess: 0.08,
  wrong: 0.3,
  bad: 0.08,
  mental: 0.08,
  informal: 0.15,
  quit: 0.03,
  note: 0.15,
  ...partial,
});
const CAREFUL = slips({ decoy: 0, guess: 0, wrong: 0, bad: 0, mental: 0, informal: 0, quit: 0, note: 0 });

const TREES = {
  name: 'trees',
  label: 'the trees that were planted',
  right: ['{rows} * {perRow}', '{perRow} * {rows}'],
  wrong: ['{rows} + {perRow}'],
  bad: ['{rows} x {perRow}'],
};
const LIVING = {
  name: 'living',
  label: 'the trees still standing',
  right: ['{trees} - {lost}'],
  wrong: ['{trees} + {lost}', '{trees} - {rows}'],
  bad: ['{trees} - '],
};
const LIVING_AT_ONCE = {
  name: 'living',
  label: 'the trees still standing',
  right: ['{rows} * {perRow} - {lost}', '{perRow} * {rows} - {lost}'],
  wrong: ['{rows} * {perRow}', '{rows} * {perRow} + {lost}'],
  bad: ['{rows} x {perRow} - {lost}'],
};
const FRUIT = {
  name: 'fruit',
  label: 'the fruit of a fair year in kg',
  right: ['{living} * {kg}', '{kg} * {living}'],
  wrong: ['{living} * {goodKg}', '{trees} * {kg}'],
  bad: ['{living} kg * {kg}'],
};
const JUICE = {
  name: 'juice',
  label: 'the litres of juice',
  right: ['{fruit} / 100 * {litres}', '{fruit} * {litres} / 100'],
  wrong: ['{fruit} * {litres}', '{fruit} / {litres}'],
  bad: ['{fruit} * {litres}%'],
};
const CASKS = {
  name: 'casks',
  label: 'the casks it fills',
  right: ['{juice} / {cask}'],
  wrong: ['{juice} / {spare}', '{juice} / {load}', '{juice} / {cask} - {fullCasks}'],
  bad: ['({juice} / {cask}'],
};
const SOUND = {
  name: 'sound',
  label: 'the sound crates',
  right: ['{crates} - {bruised}'],
  wrong: ['{crates} + {bruised}'],
  bad: ['{crates} less {bruised}'],
};
const TAKINGS = {
  name: 'takings',
  label: 'the takings less the stall',
  right: ['{sound} * {price} - {stall}', '{price} * {sound} - {stall}'],
  wrong: ['{sound} * {price}', '{crates} * {price} - {stall}', '{sound} * {plumPrice} - {stall}'],
  bad: ['{sound} * {price} -'],
};
const WAGES = {
  name: 'wages',
  label: 'the wages of the pickers',
  right: ['{crates} * {wage}', '{wage} * {crates}'],
  wrong: ['{sound} * {wage}', '{pickers} * {perPicker} * {wage}'],
  bad: ['{crates} @ {wage}'],
};
const SOLD = {
  name: 'sold',
  label: 'the marks from grafts',
  right: ['{grafts} * {take} / 100 * {graftPrice}'],
  wrong: ['{grafts} * {graftPrice}', '{grafts} * {take} * {graftPrice}'],
  bad: ['{grafts} * {take}% * {graftPrice}'],
};
const NET = {
  name: 'net',
  label: 'what is left over',
  right: ['{takings} - {wages} + {sold}', '{takings} + {sold} - {wages}'],
  wrong: ['{takings} + {wages} + {sold}', '{takings} - {wages}'],
  bad: ['{takings} - {wages} + + {sold}'],
};
const OIL = { name: 'oilBurned', label: 'the oil in litres', right: ['{pots} * {nights} * {oil}'], wrong: [], bad: [] };

/**
 * The tasks of one world.
 * @param {import('./world.mjs').World} world
 * @returns {Task[]}
 */
export function makeTasks({ place, figures: f }) {
  const living = f.rows * f.perRow - f.lost;
  const juice = ((living * f.kg) / 100) * f.litres;
  const takings = (f.crates - f.bruised) * f.price - f.stall;
  const survey = { 'lower-fold': 'lower-fold-survey' };
  const ledger = { 'sorrel-terrace': 'sorrel-ledger' };
  /** @type {(key: string, question: string, answer: number, rest: Partial<Task>) => Task} */
  const task = (key, question, answer, rest) => ({
    key,
    question: `${place} orchard: ${question}`,
    answer,
    unit: '',
    needs: [],
    decoys: {},
    sums: [],
    shortcuts: [],
    rounding: 'none',
    slips: slips({}),
    routine: false,
    ...rest,
  });
  return [
    task('pear-trees', 'how many Amberlisk pear trees were planted in the Lower Fold?', f.rows * f.perRow, {
      unit: 'trees',
      needs: ['lower-fold'],
      sums: [TREES],
      slips: CAREFUL,
    }),
    task('frost-oil', 'how many litres of oil did the smudge pots burn over all frost nights?', f.pots * f.nights * f.oil, {
      unit: 'litres',
      needs: ['frost-watch'],
      sums: [OIL],
      slips: { ...CAREFUL, informal: 0.1 },
      routine: true,
    }),
    task('living-trees', 'how many pear trees of the Lower Fold still stand?', living, {
      unit: 'trees',
      needs: ['lower-fold'],
      decoys: survey,
      sums: [TREES, LIVING],
      shortcuts: ['{rows} * {perRow} - {lost}'],
      slips: slips({ decoy: 0.6, mental: 0.15 }),
    }),
    task(
      'market-takings',
      'all sound apples of Sorrel Terrace are sold at Quillmere in one day. How many marks are left after paying for the stall?',
      takings,
      {
        unit: 'marks',
        needs: ['sorrel-terrace', 'quillmere-market'],
        decoys: ledger,
        sums: [SOUND, TAKINGS],
        shortcuts: ['({crates} - {bruised}) * {price} - {stall}'],
      },
    ),
    task('pear-juice', 'how many litres of juice do the living pear trees of the Lower Fold give in a fair year?', juice, {
      unit: 'litres',
      needs: ['lower-fold', 'amberlisk-pears', 'hobbing-press'],
      decoys: survey,
      sums: [TREES, LIVING, FRUIT, JUICE],
      shortcuts: ['({rows} * {perRow} - {lost}) * {kg} / 100 * {litres}', '({rows} * {perRow} - {lost}) * {kg} * {litres} / 100'],
      slips: slips({ decoy: 0.15, wrong: 0.15, note: 0.3 }),
    }),
    task(
      'cask-count',
      'how many casks are needed for the juice of the living pear trees of the Lower Fold in a fair year?',
      Math.ceil(juice / f.cask),
      {
        unit: 'casks',
        rounding: 'up',
        needs: ['lower-fold', 'amberlisk-pears', 'hobbing-press', 'cask-store'],
        decoys: survey,
        sums: [LIVING_AT_ONCE, FRUIT, JUICE, CASKS],
        shortcuts: [
          '({rows} * {perRow} - {lost}) * {kg} / 100 * {litres} / {cask}',
          '({rows} * {perRow} - {lost}) * {kg} / 100 * {litres} / {spare}',
        ],
        slips: slips({ decoy: 0.1, wrong: 0.15, note: 0.12 }),
      },
    ),
    task('cider-price', 'what did one cask of its cider fetch at the autumn fair, in marks?', Math.round(f.cask * 0.38) + 0.5, {
      unit: 'marks',
      slips: slips({ quit: 0.12, note: 0.1 }),
    }),
    task(
      'season-account',
      'take what the sound apples fetch at Quillmere in one day less the stall, ' +
        'pay the pickers for every crate, add the grafts sold. How many marks are left?',
      takings - f.crates * f.wage + ((f.grafts * f.take) / 100) * f.graftPrice,
      {
        unit: 'marks',
        needs: ['sorrel-terrace', 'quillmere-market', 'pickers', 'grafting-bench'],
        decoys: ledger,
        sums: [SOUND, TAKINGS, WAGES, SOLD, NET],
        shortcuts: ['({crates} - {bruised}) * {price} - {stall} - {crates} * {wage} + {grafts} * {take} / 100 * {graftPrice}'],
        slips: slips({ decoy: 0.05, wrong: 0.08, bad: 0.05, note: 0.2 }),
      },
    ),
  ];
}
