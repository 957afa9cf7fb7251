/** The calculator tool: + - * / and brackets over decimal numbers, with two ways to fail. */

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([-+*/()]))/y;
/** @type {Record<string, number>} */
const RANK = { '+': 1, '-': 1, '*': 2, '/': 2 };

/**
 * @typedef {{ ok: true, value: number } | { ok: false, reason: string }} Calculated
 */

/**
 * The value of an expression, rounded to 6 decimals. Shunting-yard: operands and operators on two stacks.
 * @param {string} expression
 * @returns {Calculated}
 */
export function calculate(expression) {
  /** @type {Calculated} */
  const malformed = { ok: false, reason: 'malformed expression' };
  /** @type {number[]} */
  const values = [];
  /** @type {string[]} */
  const operators = [];
  let dividedByZero = false;
  /** Applies the topmost operator; false when an operand is missing. */
  const apply = () => {
    const operator = operators.pop();
    const right = values.pop();
    const left = values.pop();
    if (left === undefined || right === undefined) return false;
    if (operator === '/' && right === 0) dividedByZero = true;
    if (operator === '+') values.push(left + right);
    else if (operator === '-') values.push(left - right);
    else if (operator === '*') values.push(left * right);
    else values.push(left / right);
    return true;
  };
  const text = expression.trimEnd();
  let wantsOperand = true;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) return malformed;
    const [, number, sign] = match;
    if (number !== undefined) {
      if (!wantsOperand) return malformed;
      values.push(Number(number));
      wantsOperand = false;
    } else if (sign === '(') {
      if (!wantsOperand) return malformed;
      operators.push(sign);
    } else {
      if (wantsOperand) return malformed;
      if (sign === ')') {
        while (operators.length > 0 && operators[operators.length - 1] !== '(') if (!apply()) return malformed;
        if (operators.pop() !== '(') return malformed;
      } else {
        while (operators.length > 0 && (RANK[operators[operators.length - 1]] ?? 0) >= RANK[sign]) if (!apply()) return malformed;
        operators.push(sign);
        wantsOperand = true;
      }
    }
  }
  if (wantsOperand) return malformed;
  while (operators.length > 0) {
    if (operators[operators.length - 1] === '(') return malformed;
    if (!apply()) return malformed;
  }
  if (dividedByZero) return { ok: false, reason: 'division by zero' };
  return { ok: true, value: Math.round(values[0] * 1e6) / 1e6 };
}
