/**
 * Print the byte pieces (base64, by id) that Qwen tokenizers share with cl100k_base, for evaluate.py --pieces.
 * Qwen's first 99,156 ids are the entries of cl100k_base in order, without those of two and more digits;
 * evaluate.py checks this on every log: the decoded ids must give back the logged text.
 * Needs the npm package js-tiktoken beside it:  node qwen_pieces.mjs > .cache/train/pieces.json
 */
import ranks from "js-tiktoken/ranks/cl100k_base";

const pieces = [];
for (const line of ranks.bpe_ranks.split("\n").filter(Boolean)) {
  const [, offset, ...tokens] = line.split(" ");
  tokens.forEach((token, index) => {
    pieces[Number(offset) + index] = token;
  });
}
const manyDigits = (piece) => /^[0-9]{2,}$/.test(Buffer.from(piece, "base64").toString("latin1"));
console.log(JSON.stringify(pieces.filter((piece) => !manyDigits(piece))));
