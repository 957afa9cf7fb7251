/** Decodes Qwen token ids through the vocabulary of gpt-tokenizer, for the evaluation. */
// Print the byte pieces (base64, by id) that Qwen tokenizers share with cl100k_base, for evaluate.py --pieces:
//   node training/qwen_pieces.mjs > .cache/train/pieces.json
// Qwen's first 99,156 ids are the entries of cl100k_base in order, without those of two and more digits;
// evaluate.py checks this on every log: the decoded ids must contain the logged text.
import ranks from 'gpt-tokenizer/bpeRanks/cl100k_base';

const pieces = ranks.map((piece) => Buffer.from(piece));
const manyDigits = (piece) => /^[0-9]{2,}$/.test(piece.toString('latin1'));
console.log(JSON.stringify(pieces.filter((piece) => !manyDigits(piece)).map((piece) => piece.toString('base64'))));
