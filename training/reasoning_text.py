"""Write text in which an agent thinks: puzzles with their steps, programming tasks with a worked plan, questions about words.

Used by the second run. Every transcript is a list of turns (role, text, call or None), as in rollout_text.py.
The templates were written without reading the evaluation logs.
"""

import datetime
import math
import re

STARTS = (
    "Okay, let's see.",
    "Okay, so I need to",
    "Alright, let's tackle this.",
    "Let me think about this step by step.",
    "Hmm, let me start with what is given.",
    "We need to",
    "First, I should understand what is being asked.",
    "Let's break this problem down.",
    "The user is asking about this, so let me work it out carefully.",
    "I'll go through it one piece at a time.",
)
DOUBTS = (
    "Wait, let me check that again.",
    "Hold on. Is that right?",
    "Hmm, wait.",
    "But wait, I should consider the other case too.",
    "Let me double-check this.",
    "Actually, let me recompute that to be sure.",
    "Let me verify.",
    "That doesn't look right at first, so let me go over it again.",
    "I might be making a mistake here, so let me redo this step.",
    "Let me see if there's another way to look at this.",
)
AGREES = (
    "Yes, that's correct.",
    "Yes, that matches.",
    "Good, the result is the same.",
    "So that checks out.",
    "Right.",
    "Okay, that seems right.",
    "That makes sense.",
    "So both ways agree.",
)
THENS = ("So", "Then", "Next,", "Now", "Therefore,", "That means", "After that,", "Then again,", "From this,", "Which gives:", "Alright,")
CLOSES = (
    "Therefore, the answer is {}.",
    "So the answer should be {}.",
    "So the final answer is {}.",
    "The answer is **{}**.",
    "\\[\n\\boxed{{{}}}\n\\]",
    "<answer>{}</answer>",
    "**Final Answer**\n\\boxed{{{}}}",
    "Answer: {}",
    "Thus, the result is {}.",
)
WORDS = """apple river stone window garden letter market silver winter summer paper music forest castle engine bridge planet
orange yellow purple doctor teacher farmer sailor village mountain island desert ocean kitchen bottle candle mirror
hammer ladder pencil basket blanket button camera dragon falcon rabbit turtle monkey spider salmon walnut pepper
ginger butter cheese cookie muffin potato tomato carrot onion garlic lemon""".split()
PEOPLE = (
    "Alice Bob Carol David Emma Frank Grace Henry Isabel Jack Karen Leo Mia Nathan Olga Peter Quinn Rosa Sam Tina Uma Victor Wendy Zoe"
    .split()
)


def numbers(rng, low, high, count):
    return [rng.randrange(low, high) for _ in range(count)]


def chain(rng):
    """An expression worked out in the order of its operations."""
    values, signs = numbers(rng, 1, 60, rng.randrange(3, 7)), []
    expression = str(values[0])
    for value in values[1:]:
        signs.append(rng.choice("+-*"))
        expression += f" {signs[-1]} {value}"
    parts, lines = re.split(r" ([+-]) ", expression), []
    for i, part in enumerate(parts):
        if "*" in part:
            lines.append(f"{rng.choice(('Multiplication comes first:', 'The product', rng.choice(THENS)))} {part} = {eval(part)}.")
            parts[i] = str(eval(part))
    total = int(parts[0])
    for sign, part in zip(parts[1::2], parts[2::2]):
        after = total + int(part) if sign == "+" else total - int(part)
        lines.append(f"{rng.choice(THENS)} {total} {sign} {part} = {after}.")
        total = after
    return rng.choice(("Calculate {}.", "Evaluate the expression {} and give the result.", "What is {}?")).format(expression), lines, total


def letters(rng):
    """Count or reverse the letters of words."""
    words = rng.sample(WORDS, rng.randrange(2, 6))
    if rng.random() < 0.5:
        letter = rng.choice(words[0])
        counts = [word.count(letter) for word in words]
        lines = [
            f'{rng.choice(("In", "The word", "Looking at"))} "{word}": {"-".join(word)}, that is {count}'
            f' {"time" if count == 1 else "times"}.'
            for word, count in zip(words, counts)
        ]
        return (
            f'How many times does the letter "{letter}" appear in the text: "{" ".join(words)}"?',
            lines + [f"Adding them up: {' + '.join(map(str, counts))} = {sum(counts)}."],
            sum(counts),
        )
    lines = [f'{rng.choice(THENS)} "{word}" spelled backwards is {"-".join(reversed(word))}, so "{word[::-1]}".' for word in words]
    return f"Reverse every word in the list: {', '.join(words)}", lines, ", ".join(word[::-1] for word in words)


def ordering(rng):
    """Sort words or numbers by insertion."""
    items = rng.sample(WORDS, rng.randrange(3, 8)) if rng.random() < 0.5 else numbers(rng, -90, 900, rng.randrange(4, 8))
    down, done, lines = rng.random() < 0.4, [], []
    for item in items:
        done = sorted([*done, item], reverse=down)
        lines.append(f"{rng.choice(('Take', 'Next is', 'Insert', 'Now', 'Then'))} {item}: [{', '.join(map(str, done))}]")
    way = "descending" if down else "ascending"
    return (
        f"Sort these {'words' if isinstance(items[0], str) else 'numbers'} in {way} order: {', '.join(map(str, items))}",
        lines,
        ", ".join(map(str, done)),
    )


def equation(rng):
    """Linear equation, or two of them."""
    x, y, a, b, c = rng.randrange(-12, 30), rng.randrange(-12, 30), rng.randrange(2, 12), rng.randrange(2, 12), rng.randrange(1, 90)
    if rng.random() < 0.5:
        return (
            f"Solve {a}*x + {c} = {b}*x + {c + (a - b) * x} for x." if a != b else f"Find x when {a}x = {a * x}.",
            (
                [
                    f"We have {a}x + {c} = {b}x + {c + (a - b) * x}.",
                    (
                        f"Subtracting {b}x from both sides gives ({a} - {b})x + {c} = {c + (a - b) * x}, which is {a - b}x + {c} ="
                        f" {c + (a - b) * x}."
                    ),
                    f"Subtract {c}: {a - b}x = {(a - b) * x}.",
                    f"Dividing by {a - b}, x = {x}.",
                ]
                if a != b
                else [f"Divide both sides by {a}.", f"x = {a * x}/{a} = {x}."]
            ),
            x,
        )
    return (
        f"The sum of two numbers is {x + y} and their difference is {x - y}. Find both numbers.",
        [
            "Let the numbers be x and y.",
            f"Then x + y = {x + y} and x - y = {x - y}.",
            f"Adding the two equations: 2x = {2 * x}, so x = {x}.",
            f"Substituting back, y = {x + y} - {x} = {y}.",
            f"Check: {x} - {y} = {x - y}.",
        ],
        f"{x} and {y}",
    )


def divisors(rng):
    """Greatest common divisor, or a prime test by trial division."""
    if rng.random() < 0.5:
        a, b = sorted(numbers(rng, 12, 900, 2), reverse=True)
        first, lines, x, y = (a, b), ["I can use the Euclidean algorithm."], a, b
        while y:
            lines.append(f"{x} = {y} * {x // y} + {x % y}")
            x, y = y, x % y
        return f"Find the greatest common divisor (GCD) of {first[0]} and {first[1]}.", [*lines, f"The last non-zero remainder is {x}."], x
    n, lines = rng.randrange(30, 400), []
    for p in (2, 3, 5, 7, 11, 13, 17, 19):
        if p * p > n:
            break
        lines.append(f"Is {n} divisible by {p}? {n} / {p} = {n / p:.2f}, {'no' if n % p else 'yes'}.")
        if n % p == 0:
            return f"Is {n} a prime number?", lines, f"No, {n} = {p} * {n // p}"
    return f"Is {n} a prime number?", [*lines, f"No prime up to {math.isqrt(n)} divides {n}."], "Yes"


def calendar(rng):
    """A date so many days later, or a length of time."""
    day, more = datetime.date(rng.randrange(1990, 2030), 1, 1) + datetime.timedelta(rng.randrange(365)), rng.randrange(3, 120)
    later = day + datetime.timedelta(more)
    lines = [
        f"{day:%B} {day.day}, {day.year} is a {day:%A}.",
        f"{more} days are {more // 7} weeks and {more % 7} days.",
        f"{rng.choice(THENS)} counting {more % 7} days forward from {day:%A} gives {later:%A}.",
        f"The date itself is {later:%B} {later.day}, {later.year}.",
    ]
    return f"What day of the week is it {more} days after {day:%A}, {day:%B} {day.day}, {day.year}?", lines, f"{later:%A}"


def knights(rng):
    """Who tells the truth: try both cases."""
    a, b = rng.sample(PEOPLE, 2)
    same = rng.random() < 0.5
    said, kinds = ("a knight", ("knight", "liar")) if same else ("a liar", ("liar", "knight"))
    lines = [
        f"Suppose {a} is a knight, so that {a} tells the truth. Then {b} is {said}, because {a} says so.",
        f"So in this case {a} is a knight and {b} is a {kinds[0]}.",
        f'Now suppose {a} is a liar. Then the statement "{b} is {said}" is false, and {b} must be a {kinds[1]}.',
        f"Neither case leads to a contradiction, so {a} and {b} are {'of the same kind' if same else 'of different kinds'}.",
    ]
    return (
        (
            f"A very special island is inhabited only by knights and liars. Knights always tell the truth, liars always lie. You meet {a}"
            f' and {b}. {a} says "{b} is {said}". What can you conclude?'
        ),
        lines,
        "both are of the same kind" if same else "one is a knight and the other is a liar",
    )


def story(rng):
    """A word problem of several sentences; every step repeats the numbers that it uses."""
    who, other = rng.sample(PEOPLE, 2)
    thing, verb = rng.choice(WORDS) + "s", rng.choice((("buys", "more"), ("finds", "more"), ("makes", "new"), ("collects", "extra")))
    count, lines, text = rng.randrange(5, 80), [], ""
    start = count
    for _ in range(rng.randrange(2, 5)):
        n = rng.randrange(2, 30)
        if rng.random() < 0.5 or count <= n:
            text += f" {who} {verb[0]} {n} {verb[1]} {thing}."
            lines.append(f"{rng.choice(THENS)} {who} {verb[0]} {n} {verb[1]} {thing}, so now there are {count} + {n} = {count + n}.")
            count += n
        else:
            text += f" {who} gives {n} of them to {other}."
            lines.append(f"{rng.choice(THENS)} {who} gives {n} to {other}: {count} - {n} = {count - n} {thing} are left.")
            count -= n
    return (
        f"{who} has {start} {thing}.{text} How many {thing} does {who} have in the end?",
        [f"{who} starts with {start} {thing}.", *lines],
        count,
    )


def sequence(rng):
    """The next term of a sequence."""
    a, d, k = rng.randrange(1, 20), rng.randrange(2, 12), rng.randrange(4, 7)
    if rng.random() < 0.5:
        terms = [a + d * i for i in range(k + 1)]
        lines = [
            "Look at the differences between consecutive terms:",
            *(f"{y} - {x} = {y - x}" for x, y in zip(terms, terms[1:k])),
            f"The difference is always {d}, so the next term is {terms[k - 1]} + {d} = {terms[k]}.",
        ]
    else:
        terms = [a, a + d]
        while len(terms) <= k:
            terms.append(terms[-1] + terms[-2])
        lines = [
            "The differences are not constant. Let me look at sums instead.",
            *(f"{x} + {y} = {x + y}, and that is the next term." for x, y in zip(terms, terms[1 : k - 1])),
            f"So every term is the sum of the two before it: {terms[k - 2]} + {terms[k - 1]} = {terms[k]}.",
        ]
    return f"What comes next in the sequence {', '.join(map(str, terms[:k]))}, ?", lines, terms[k]


def think(rng, question, lines, answer):
    """Put steps, doubts and repeats together as a train of thought, then the reply."""
    thought = [rng.choice(STARTS)]
    if rng.random() < 0.6:
        thought.append(
            rng.choice(
                (
                    f"The question is: {question}",
                    f'The problem says: "{question}"',
                    "Let me read the question once more.",
                    "What do we know?",
                )
            )
        )
    for i, line in enumerate(lines):
        thought.append(line)
        if rng.random() < 0.15:
            thought.append(f"{rng.choice(DOUBTS)} {line} {rng.choice(AGREES)}")
    if rng.random() < 0.4:
        thought.append(f"{rng.choice(DOUBTS)} {rng.choice(lines)} {rng.choice(AGREES)}")
    gap, close = rng.choice(("\n\n", "\n", " ")), rng.choice(CLOSES).format(answer)
    thought = gap.join([*thought, f"So the answer is {answer}."])
    steps = (
        "\n".join(f"{i + 1}. {line}" for i, line in enumerate(lines))
        if rng.random() < 0.6
        else "\n\n".join(f"**Step {i + 1}:** {line}" for i, line in enumerate(lines))
    )
    style = rng.randrange(4)
    if style == 0:
        return f"<think>\n{thought}\n</think>\n\n{steps}\n\n{close}"
    return (f"<think>\n{thought}\n</think>\n\n{close}", f"{thought}\n\n{close}", f"{rng.choice(STARTS[3:])}\n\n{steps}\n\n{close}")[
        style - 1
    ]


PUZZLES = (chain, letters, ordering, equation, divisors, calendar, knights, story, sequence)


def puzzle(rng, _):
    """One puzzle, now and then with the wish for a form of the answer."""
    question, lines, answer = rng.choice(PUZZLES)(rng)
    wish = rng.choice(
        (
            "",
            "",
            "\n\nPlease reason step by step, and put your final answer within \\boxed{}.",
            "\nGive only the final answer inside <answer></answer> tags.",
            "\n\nThink before you answer.",
        )
    )
    turns = [("system", "You are a helpful assistant.", None)] if rng.random() < 0.4 else []
    return [*turns, ("user", question + wish, None), ("assistant", think(rng, question, lines, answer), None)]


def programming(rng, documents):
    """A documented function of the corpus as a programming task: plan, code, examples and cost."""
    text = rng.choice(documents)["text"]
    found = re.findall(
        r"^( *)def (\w+)\(([^()]*)\)([^:\n]*):\n\s+[rR]?\"\"\"([^\"]{20,400}?)\n?\s*\"\"\"\n((?:\1 +[^\n]*\n|\n){3,30})", text, re.M
    )
    if not found:
        return None
    indent, name, arguments, result, about, body = rng.choice(found)
    about = re.sub(r"\s+", " ", about.split("\n\n")[0]).strip()
    names = [part.split(":")[0].split("=")[0].strip(" *") for part in arguments.split(",") if part.strip() and "self" not in part]
    code = "\n".join(line.removeprefix(indent) for line in f"{indent}def {name}({arguments}){result}:\n{body}".rstrip().split("\n"))
    listed = ", ".join(f"`{part}`" for part in names) or "no arguments"
    lines = [line.strip() for line in body.split("\n") if line.strip()]
    thought = [
        rng.choice(STARTS),
        rng.choice(
            (
                f"I need to write a function `{name}`. {about}",
                f"The problem is to implement {name}. It takes {listed}.",
                f"So the function is given {listed}, and it has to do this: {about}",
            )
        ),
    ]
    for line in rng.sample(lines, min(len(lines), rng.randrange(1, 5))):
        thought.append(
            rng.choice(
                (
                    f"We can write `{line}` here.",
                    f"There should be a step like {line}",
                    f"What about the case where the input is empty? The line `{line}` handles that.",
                    f"The important part is:\n{line}",
                    f"{rng.choice(THENS)} we need `{line}`.",
                    f"{rng.choice(DOUBTS)} {line} {rng.choice(AGREES)}",
                )
            )
        )
    thought.append(
        rng.choice(
            (
                "Let me also think about edge cases.",
                "What is the time complexity? Every element is visited once, so it is O(n), which should be fast enough.",
                "Now let me put this together in code.",
                "In the worst case n is up to 10^5, so an O(n^2) solution would be too slow.",
                "The code would look like this:",
            )
        )
    )
    reply = rng.choice(
        (
            f"Here is the implementation:\n\n```python\n{code}\n```\n\nThe function `{name}` takes {listed}. {about}",
            f"```python\n{code}\n```",
            (
                f"### Approach\n1. {about}\n2. Return the result.\n\n### Solution Code\n```python\n{code}\n```\n\n### Explanation\n-"
                f" `{lines[0]}` comes first.\n- Finally, `{lines[-1]}`."
            ),
        )
    )
    shown = " ".join(thought) if rng.random() < 0.3 else "\n\n".join(thought)
    task = rng.choice(
        (
            f"Write a Python function `{name}({arguments})`. {about}",
            (
                "You are an expert Python programmer. You will be given a question (problem specification) and will generate a correct"
                f" Python program that matches the specification.\n\n### Question\n{about}\n\nThe function is called {name} and takes"
                f" {listed}."
            ),
            f"Implement {name}: {about}",
        )
    )
    return [("user", task, None), ("assistant", f"<think>\n{shown}\n</think>\n\n{reply}" if rng.random() < 0.6 else reply, None)]
