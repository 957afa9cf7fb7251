/**
 * Every bound of the program, in one place. The README's table of bounds is made from the docstrings below (`npm run docs`), each
 * of the form "what is counted (unit). Reached: what then happens."; a bound that is reached becomes an issue or a sentence with
 * the number, and what was read before it stays.
 */

/**
 * One line, or one record that is read at once (bytes; engines hold texts of up to 2^29 − 24 characters). Reached: an issue; the
 * records around it load.
 */
export const MAX_TEXT_BYTES = 500_000_000;
