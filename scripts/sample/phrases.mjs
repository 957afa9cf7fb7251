/** What the policy says: phrasings with their weights, and the words it searches with. */

/** @typedef {readonly (readonly [string, number])[]} Phrasings */

/**
 * Document -> how the policy speaks of it, what it searches for, and the key of a note on it.
 * @type {Record<string, { topic: string, queries: string[], note: string }>}
 */
export const TOPICS = {
  'lower-fold': {
    topic: 'the rows of the Lower Fold',
    queries: ['Lower Fold pear trees', 'Lower Fold rows', 'pear rows', 'trees in the Lower Fold'],
    note: 'pears',
  },
  'lower-fold-survey': { topic: 'the rows of the Lower Fold', queries: [], note: 'survey' },
  'amberlisk-pears': {
    topic: 'the yield of an Amberlisk tree',
    queries: ['Amberlisk pears per tree', 'Amberlisk yield', 'kg in a fair year'],
    note: 'yield',
  },
  'hobbing-press': {
    topic: 'the juice that the press gives',
    queries: ['press juice litres', 'Hobbing press', 'juice from fruit'],
    note: 'press',
  },
  'cask-store': { topic: 'the size of a cask', queries: ['cask litres', 'cask store', 'how much a cask holds'], note: 'casks' },
  'sorrel-terrace': {
    topic: 'the apples of Sorrel Terrace',
    queries: ['Sorrel Terrace crates', 'Sorrel Terrace apples', 'bruised apples'],
    note: 'apples',
  },
  'sorrel-ledger': { topic: 'the apples of Sorrel Terrace', queries: [], note: 'ledger' },
  'quillmere-market': {
    topic: 'the prices at Quillmere',
    queries: ['Quillmere market price', 'price of a crate', 'Quillmere stall'],
    note: 'prices',
  },
  'frost-watch': { topic: 'the oil of the smudge pots', queries: ['smudge pots oil', 'frost nights'], note: 'frost' },
  pickers: { topic: 'the pay of the pickers', queries: ['pickers pay', 'picker wages', 'paid per crate'], note: 'pickers' },
  'grafting-bench': { topic: 'the grafts that were sold', queries: ['grafts sold', 'grafting bench', 'price of grafts'], note: 'grafts' },
};

/** Ids that the policy may invent for a document; none of them exists. @type {Record<string, string[]>} */
export const GUESSED = {
  'lower-fold': ['lower-fold-rows', 'pear-rows'],
  'amberlisk-pears': ['amberlisk', 'pear-yield'],
  'hobbing-press': ['press', 'juice-press'],
  'cask-store': ['casks', 'cask-sizes'],
  'sorrel-terrace': ['winter-sorrel', 'apple-crop'],
  'quillmere-market': ['quillmere', 'market-prices'],
  'frost-watch': ['frost'],
  pickers: ['picker-wages', 'wages'],
  'grafting-bench': ['grafts', 'nursery'],
};

/** The task without an answer: the true price is in no document and not among `values`. */
export const IMPOSSIBLE = {
  topic: 'the price of cider at the fair',
  queries: ['cider price autumn fair', 'autumn fair', 'cider', 'cask of cider price', 'fair prices in marks'],
  guesses: ['autumn-fair', 'cider'],
  values: ['14', '65', '225', '120'],
};

/** @type {Phrasings} */
export const SEARCH = [
  ['I need {topic}. Let me search.', 6],
  ['I need {topic} before anything else.', 3],
  ['First I should find {topic}.', 2],
  ['The figures must be written down somewhere. I will look for {topic}.', 1],
];
/** @type {Phrasings} */
export const READ = [
  ['{document} should tell me {topic}.', 5],
  ['{document} looks right for {topic}, so I will read it.', 2],
  ['I will open {document} now.', 3],
];
/** @type {Phrasings} */
export const CALCULATE = [
  ['Now {label}: {expression}.', 4],
  ['Next come {label}.', 3],
  ['I have what I need for {label}. I will not do this in my head.', 1],
];
/** @type {Phrasings} */
export const REPAIR = [
  ['That failed. I will try another way.', 4],
  ['That was an error. Let me mend it.', 3],
  ['The tool refused, so I change the call.', 1],
];
/** @type {Phrasings} */
export const NOTE = [
  ['I should note this down as {key} in case I lose it.', 3],
  ['This will be needed later. I keep it under {key}.', 2],
];
/** @type {Phrasings} */
export const RECALL = [
  ['Let me check my note on {key} first.', 3],
  ['What did I write under {key}?', 1],
];
export const FINISH = {
  /** @type {Phrasings} */
  sure: [
    ['That settles it.', 5],
    ['The last result is {value}, which answers the question.', 3],
    ['All sums are done, so I can answer.', 2],
  ],
  /** @type {Phrasings} */
  mental: [
    ['This is easy enough to do in my head: {value}.', 2],
    ['I can see {label} without the calculator.', 1],
  ],
  /** @type {Phrasings} */
  quit: [
    ['I cannot find more than this. I will say {value}.', 2],
    ['There is nothing to go by, so I guess.', 1],
  ],
};
export const PHRASES = {
  /** @type {Phrasings} */
  answer: [
    ['Answer: {value}', 5],
    ['The sums come to {value} {unit}.\nAnswer: {value}', 2],
    ['I find {value} {unit}.\nAnswer: {value}', 1],
  ],
  /** @type {Phrasings} */
  informal: [
    ['It is {value} {unit}.', 2],
    ['About {value} {unit}, I think.', 1],
  ],
};
/** Plain text before a call; mostly none. */
export const TEXTS = {
  /** @type {Phrasings} */
  search: [
    ['', 5],
    ['Let me look that up.\n', 1],
  ],
  /** @type {Phrasings} */
  read: [
    ['', 6],
    ['I will read {document}.\n', 1],
  ],
  /** @type {Phrasings} */
  calculate: [
    ['', 5],
    ['Let me work that out.\n', 1],
  ],
  /** @type {Phrasings} */
  note: [['', 1]],
};
