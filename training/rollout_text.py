"""Write agent-like transcripts: coding sessions, look-ups, tool calls, support calls, arithmetic, games.

Code and passages come from corpus documents: the greps, numbered lines and diffs are real ones.
Everything is drawn from one seeded generator, so the same corpus gives the same transcripts.
"""

import difflib
import json
import random
import re

OPENERS = (
    "I'll start by exploring the repository structure to understand what we're working with.",
    "Let me look at the relevant file first.",
    "Let me first find where this is implemented.",
    "First, I need to understand how `{name}` is used.",
    "To fix this issue, we need to look at the source code of `{name}`.",
    "Let's begin by searching for `{name}` in the code base.",
)
NEXT = (
    "Now let me look at the implementation of `{name}`:",
    "I see. The function `{name}` is defined here. Let me check the lines around it.",
    "Good. Next, let's see where `{name}` is called.",
    "The output shows several matches. Let me view the file in more detail.",
    "Now I understand the problem. The issue is in `{name}`.",
    "That looks right, but I want to make sure that nothing else depends on `{name}`.",
    "Let me run the tests to verify that the change works.",
    "Wait, this isn't quite what I expected. Let me check again.",
)
EDITS = (
    "Now I'll make the change: rename `{name}` to `{new}`.",
    "I'll rename `{name}` so that its purpose is clear.",
    "The fix is small. Let me apply it with sed.",
)
CLOSERS = (
    "All tests pass now. I renamed `{name}` to `{new}` and updated every call.",
    (
        "The change is complete. Here is a summary of what was done:\n\n1. Found the definition of `{name}`.\n2. Renamed it to `{new}`.\n3."
        " Ran the tests, which pass."
    ),
    "I have finished the task. The issue is fixed and the tests pass. Let me submit the result.",
)
TASKS = (
    "The function `{name}` in `{path}` has a misleading name. Please rename it to `{new}` and update its callers.",
    (
        "<issue>\n`{name}` should be called `{new}`\n\nWhile reading {path} I noticed that `{name}` does not say what it"
        " does.\n</issue>\n\nImplement the changes needed so that the requirements of the issue are met. Do not change the tests."
    ),
    "Please solve this issue: rename `{name}` to `{new}` in {path}. You can execute bash commands and edit files.",
)
SYSTEMS = (
    (
        "You are a helpful assistant that can interact with a computer to solve programming tasks. Your response must contain exactly one"
        " command."
    ),
    "You are an autonomous coding agent. Use the tools below to inspect files, run commands and edit code. When you are done, call submit.",
    "You are a helpful assistant.",
)
NAMES = "Maria Chen,James Smith,Aisha Khan,Lucas Martin,Emma Rossi,Noah Garcia,Olivia Brown,Yusuf Kim,Sofia Lopez,Ethan Davis".split(",")
ITEMS = (
    "desk lamp,water bottle,running shoes,keyboard,backpack,headphones,coffee maker,jacket,bookshelf,office chair,tablet,smart watch".split(
        ","
    )
)
NOUNS = "apples,books,tickets,pencils,cookies,boxes,marbles,pages,miles,coins,chairs,bottles".split(",")


def listing(rng, paths):
    """What ls -la would print for some files of the corpus."""
    rows = [f"total {rng.randrange(8, 900)}"]
    for path in paths:
        day = (
            f"{rng.choice(('Jan', 'Mar', 'May', 'Jul', 'Oct', 'Nov'))} {rng.randrange(1, 29):2d}"
            f" {rng.randrange(24):02d}:{rng.randrange(60):02d}"
        )
        rows.append(f"-rw-r--r-- 1 root root {rng.randrange(200, 90000):6d} {day} {path.split('/')[-1]}")
    return "\n".join(rows)


def numbered(lines, start):
    return "\n".join(f"{start + i + 1:6d}\t{line}" for i, line in enumerate(lines))


def grep(lines, name):
    return "\n".join(f"{i + 1}:{line}" for i, line in enumerate(lines) if name in line)


def traceback(rng, document, lines, at, name):
    kind, said = rng.choice(
        (
            ("NameError", f"name '{name}' is not defined"),
            ("TypeError", f"{name}() missing 1 required positional argument: 'self'"),
            ("AttributeError", f"module has no attribute '{name}'"),
            ("ValueError", "invalid literal for int() with base 10: ''"),
            ("KeyError", f"'{name}'"),
        )
    )
    return (
        f"Traceback (most recent call last):\n  File \"/testbed/{document['path']}\", line {at + 1}, in {name}\n"
        f"    {lines[at].strip()}\n{kind}: {said}"
    )


def pytest_output(rng, document, name):
    count, failed = rng.randrange(3, 60), rng.random() < 0.3
    stem = document["path"].split("/")[-1].removesuffix(".py")
    head = (
        f"============================= test session starts ==============================\ncollected {count}"
        f" items\n\ntests/test_{stem}.py "
    )
    tail = (
        f"{'.' * count}  [100%]\n\n============================== {count} passed in {rng.uniform(0.1, 9):.2f}s"
        " =============================="
    )
    if failed:
        tail = (
            f"{'.' * (count - 1)}F [100%]\n\n=================================== FAILURES ===================================\nE      "
            f" AssertionError: assert {rng.randrange(9)} == {rng.randrange(9)}\n\nFAILED"
            f" tests/test_{stem}.py::test_{name}\n========================= 1 failed, {count - 1} passed in {rng.uniform(0.1, 9):.2f}s"
            " ========================="
        )
    return head + tail


def coding(rng, documents):
    """One coding session as a list of (role, text, command or None)."""
    document = rng.choice(documents)
    lines = document["text"].split("\n")
    found = [(i, m.group(1)) for i, line in enumerate(lines) if (m := re.match(r"\s*(?:async )?(?:def|function|class) (\w{4,})", line))]
    if not found:
        return None
    at, name = rng.choice(found)
    new = rng.choice(("_{0}", "{0}_checked", "do_{0}", "{0}_v2", "compute_{0}", "safe_{0}")).format(name)
    path = "/testbed/" + document["path"]
    fill = {"name": name, "new": new, "path": document["path"]}
    start = max(0, at - rng.randrange(4, 20))
    end = min(len(lines), at + rng.randrange(15, 50))
    folder = path.rsplit("/", 1)[0]
    edited = [line.replace(name, new) for line in lines]
    diff = "\n".join(list(difflib.unified_diff(lines, edited, "a/" + document["path"], "b/" + document["path"], lineterm="", n=2))[:60])
    steps = [
        (f"ls -la {folder}", listing(rng, [document["path"]] + [d["path"] for d in rng.sample(documents, min(8, len(documents)))])),
        (f'grep -n "{name}" {path}', grep(lines, name)[:2500]),
        (f"sed -n '{start + 1},{end}p' {path}", "\n".join(lines[start:end])[:4000]),
        (f"nl -ba {path} | sed -n '{start + 1},{end}p'", numbered(lines[start:end], start)[:4000]),
        (f"python -c \"import {document['path'].split('/')[0]}\"", traceback(rng, document, lines, at, name)),
    ]
    turns = [("system", rng.choice(SYSTEMS), None), ("user", rng.choice(TASKS).format(**fill), None)]
    chosen = sorted(rng.sample(range(len(steps)), rng.randrange(2, 4)))
    for i, step in enumerate(chosen):
        thought = rng.choice(OPENERS if i == 0 else NEXT).format(**fill)
        turns += [("assistant", thought, steps[step][0]), ("tool", steps[step][1], None)]
    turns += [("assistant", rng.choice(EDITS).format(**fill), f"sed -i 's/{name}/{new}/g' {path} && git diff"), ("tool", diff, None)]
    if rng.random() < 0.6:
        turns += [
            ("assistant", rng.choice(NEXT[-2:]).format(**fill), f"python -m pytest -q {folder}/tests"),
            ("tool", pytest_output(rng, document, name), None),
        ]
    return turns + [("assistant", rng.choice(CLOSERS).format(**fill), None)]


def arithmetic(rng, _):
    """A word problem or an equation with its steps written out, now and then with a slip and a check."""
    who, what = rng.choice(NAMES).split()[0], rng.choice(NOUNS)
    a, b, c = rng.randrange(2, 99), rng.randrange(2, 40), rng.randrange(2, 12)
    total, answer = a + b, (a + b) * c
    lead = rng.choice(
        (
            "Let me think step by step.",
            "Okay, so I need to work this out.",
            "We are given the numbers, so let's solve it.",
            "To solve this problem, we can proceed as follows:",
            "First, let's understand the problem.",
        )
    )
    check = rng.choice(
        (
            "",
            f"Wait, let me double-check that: {total} - {b} = {total - b}. Yes, that is right.\n",
            f"Hmm, is that correct? {answer} / {c} = {total}. Yes.\n",
        )
    )
    close = rng.choice(
        (
            f"Therefore, the answer is {{}}.",
            "So the final answer is \\(\\boxed{{{}}}\\).",
            "**Answer:** {}",
            "\\[\n\\boxed{{{}}}\n\\]",
            "The answer is **{}**.",
        )
    )
    kind = rng.randrange(4)
    if kind == 0:
        question = (
            f"{who} has {a} {what} and buys {b} more. If {c} friends each have the same number of {what}, how many {what} do they have"
            " altogether?"
        )
        steps = (
            f"1. {who} starts with {a} {what}.\n2. After buying {b} more, {who} has {a} + {b} = {total} {what}.\n3. There are {c} friends,"
            f" so {total} * {c} = {answer}.\n{check}"
        )
    elif kind == 1:
        answer, right = a, c * a + b
        question = f"Solve for x: {c}x + {b} = {right}"
        steps = (
            f"We have the equation\n\n\\[\n{c}x + {b} = {right}\n\\]\n\nSubtract {b} from both sides:\n\n\\[\n{c}x = {right} - {b} ="
            f" {right - b}\n\\]\n\nDivide by {c}:\n\n\\[\nx = \\frac{{{right - b}}}{{{c}}} = {a}\n\\]\n"
        )
    elif kind == 2:
        answer = sum(range(a, a + c))
        question = f"What is the sum of the {c} integers from {a} to {a + c - 1}?"
        steps = (
            f"The sum is {' + '.join(map(str, range(a, a + c)))}.\nThe first term is {a} and the last term is {a + c - 1}, so the sum is"
            f" \\frac{{{c}({a} + {a + c - 1})}}{{2}} = {answer}.\n"
        )
    else:
        answer = (a * b) % c
        question = f"Let a = {a} and b = {b}. Find the remainder when ab is divided by {c}. Show your reasoning."
        steps = (
            f"First, compute the product: {a} * {b} = {a * b}.\nThen {a * b} = {c} * {a * b // c} + {answer}, so {a * b} mod {c} ="
            f" {answer}.\n"
        )
    text = f"{lead}\n\n{steps}\n{close.format(answer)}"
    return [
        ("user", question, None),
        ("assistant", f"<think>\n{text}\n</think>\n\n{close.format(answer)}" if rng.random() < 0.3 else text, None),
    ]


def record(rng, depth=0):
    """A made-up JSON record."""
    fields = (
        "id",
        "name",
        "email",
        "status",
        "created_at",
        "price",
        "quantity",
        "city",
        "description",
        "tags",
        "priority",
        "owner",
        "due_date",
        "balance",
        "rating",
        "address",
        "details",
        "count",
        "url",
        "is_active",
    )
    who, item = rng.choice(NAMES), rng.choice(ITEMS)
    values = {
        "id": f"{rng.choice(('u', 'ord', 'task', 'inv'))}_{rng.randrange(16**6):06x}",
        "name": rng.choice((who, item)),
        "email": f"{who.lower().replace(' ', '.')}@example.com",
        "status": rng.choice(("open", "closed", "in progress", "active", "shipped", "failed", "done")),
        "created_at": f"2025-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}T{rng.randrange(24):02d}:{rng.randrange(60):02d}:00",
        "price": rng.randrange(100, 90000) / 100,
        "quantity": rng.randrange(1, 9),
        "city": rng.choice(("Berlin", "Osaka", "Toronto", "Lisbon", "Nairobi", "Austin")),
        "description": f"A {rng.choice(('new', 'used', 'large', 'small'))} {item}",
        "tags": rng.sample(("urgent", "home", "work", "blue", "gift", "sale"), 2),
        "priority": rng.randrange(1, 5),
        "owner": who,
        "due_date": f"2025-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}",
        "balance": rng.randrange(10**5),
        "rating": rng.randrange(10, 50) / 10,
        "address": {
            "street": f"{rng.randrange(1, 400)} {rng.choice(('Oak', 'Park', 'River', 'Hill'))} Street",
            "city": "Springfield",
            "zip": str(rng.randrange(10000, 99999)),
        },
        "details": record(rng, depth + 1) if depth < 1 else None,
        "count": rng.randrange(99),
        "url": f"https://example.com/{item.replace(' ', '-')}",
        "is_active": rng.random() < 0.5,
    }
    return {name: values[name] for name in rng.sample(fields, rng.randrange(3, 9))}


def support(rng, _):
    """A call in which the agent looks records up, changes one field and reports back."""
    who, item, thing = rng.choice(NAMES), rng.choice(ITEMS), rng.choice(("order", "booking", "task", "account", "ticket", "subscription"))
    verb = rng.choice(("update", "cancel", "change", "check", "find"))
    found = [record(rng) for _ in range(rng.randrange(1, 5))]
    target = rng.choice(found)
    field = rng.choice(list(target))
    call = {
        "name": f"{rng.choice(('get', 'search', 'list', 'lookup'))}_{thing}s",
        "arguments": {"query": rng.choice((who, item)), "limit": len(found)},
    }
    change = {"name": f"{verb}_{thing}", "arguments": {field: target[field], "confirm": True}}
    style = rng.choice((None, None, 2))
    return [
        (
            "system",
            (
                f"You are a support agent. Help the customer to manage each {thing}. Always verify the identity first, and ask for"
                f" confirmation before you {verb} anything. Do not make up information."
            ),
            None,
        ),
        (
            "user",
            rng.choice(
                (
                    f"Hi, I'd like to {verb} my {thing}, please.",
                    f"Hello! I need help with the {thing} for my {item}.",
                    f"Can you {verb} the {thing} that I made last week? It was for a {item}.",
                )
            ),
            None,
        ),
        (
            "assistant",
            rng.choice(
                (
                    f"I'd be happy to help you with that. Could you please give me your name and your {thing} number?",
                    f"Of course! To {verb} your {thing}, I first need to verify your identity. What is your full name?",
                    "I can help you with that. Please provide some details so that I can find it.",
                )
            ),
            None,
        ),
        ("user", rng.choice((f"Sure, my name is {who}.", f"It's {who}.", f"My name is {who}, and it is about the {item}.")), None),
        ("assistant", rng.choice(("", f"Thank you, {who.split()[0]}. Let me look that up for you.")), call),
        ("tool", json.dumps(found, indent=style), None),
        (
            "assistant",
            f"Thank you, {who.split()[0]}. I found the following:\n\n"
            + "\n".join(f"- **{key}**: {value}" for key, value in target.items())
            + f"\n\nWould you like me to {verb} this {thing}? Please confirm with yes or no.",
            None,
        ),
        ("user", rng.choice(("Yes, please go ahead.", "Yes.", "Yes, that's correct. Thank you!")), None),
        ("assistant", "", change),
        ("tool", json.dumps({"success": True, thing: target}, indent=style), None),
        (
            "assistant",
            rng.choice(
                (
                    f"Your {thing} has been updated successfully. Is there anything else I can help you with?",
                    f"Done! I have made the change to your {thing}. You will receive an email with the details shortly.",
                )
            ),
            None,
        ),
    ]


def lookup(rng, documents):
    """A question about a passage of documentation: search results, the passage, an answer that quotes it."""
    document = rng.choice(documents)
    passages = [part.strip() for part in document["text"].split("\n\n") if 120 < len(part) < 1500]
    if len(passages) < 4:
        return None
    start = rng.randrange(len(passages) - 3)
    shown = passages[start : start + rng.randrange(2, 5)]
    sentence = rng.choice(re.split(r"(?<=[.:])\s+", rng.choice(shown)))
    words = [word for word in re.findall(r"[A-Za-z_]{5,}", sentence)] or ["this"]
    topic = " ".join(rng.sample(words, min(len(words), rng.randrange(1, 4))))
    hits = [{"title": document["path"].split("/")[-1], "snippet": part[:160]} for part in shown]
    return [
        (
            "user",
            rng.choice(
                (
                    f"What does the documentation say about {topic}?",
                    f"Can you explain {topic}?",
                    f"I have a question: how does {topic} work?",
                )
            ),
            None,
        ),
        (
            "assistant",
            rng.choice(("", f"Let me search for information about {topic}.")),
            {"name": rng.choice(("search", "web_search", "search_docs")), "arguments": {"query": topic}},
        ),
        ("tool", json.dumps(hits, indent=rng.choice((None, 2))), None),
        (
            "assistant",
            "I found a relevant page. Let me open it to read the details.",
            {"name": "open_page", "arguments": {"title": hits[0]["title"]}},
        ),
        ("tool", "\n\n".join(shown), None),
        (
            "assistant",
            rng.choice(
                (
                    f"Based on the documentation, here is what I found about {topic}:\n\n> {sentence}\n\n",
                    f"According to the page, {sentence}\n\nIn summary: ",
                    f"Here's the answer:\n\n1. {sentence}\n2. ",
                )
            )
            + rng.choice(shown)[:400],
            None,
        ),
    ]


def grid(rng, _):
    """A small world that is printed again after every move."""
    size = rng.randrange(3, 8)
    cells = [[rng.choice("......#") for _ in range(size)] for _ in range(size)]
    row, column, goal = rng.randrange(size), rng.randrange(size), (rng.randrange(size), rng.randrange(size))
    moves = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}
    tag = rng.choice(("action", "move", "answer"))

    def board():
        return "\n".join(
            " ".join("A" if (r, c) == (row, column) else "G" if (r, c) == goal else cells[r][c] for c in range(size)) for r in range(size)
        )

    turns = [
        (
            "system",
            (
                f"You are playing a game on a {size}x{size} grid. You are A, the goal is G, walls are #. Respond with <{tag}>up</{tag}>,"
                f" <{tag}>down</{tag}>, <{tag}>left</{tag}> or <{tag}>right</{tag}>."
            ),
            None,
        )
    ]
    for number in range(rng.randrange(3, 9)):
        turns.append(("user", f"Step {number + 1}. You are at ({row}, {column}).\n\n{board()}\n\nWhat is your next move?", None))
        name = rng.choice(list(moves))
        turns.append(
            (
                "assistant",
                rng.choice(("", f"The goal is at {goal}, so I should move {name}.\n", f"I am at ({row}, {column}). Let me go {name}.\n"))
                + f"<{tag}>{name}</{tag}>",
                None,
            )
        )
        row, column = min(size - 1, max(0, row + moves[name][0])), min(size - 1, max(0, column + moves[name][1]))
    return turns


def tool_list(rng, documents):
    """A system text that declares functions of the corpus as tools."""
    tools = []
    for document in rng.sample(documents, 6):
        for name, arguments, about in re.findall(r"def (\w{4,})\(([^()]*)\)[^:]*:\n\s+\"\"\"([^\"\n]{10,})", document["text"])[:3]:
            names = [part.split(":")[0].split("=")[0].strip(" *") for part in arguments.split(",")]
            properties = {
                key: {"type": rng.choice(("string", "integer", "boolean")), "description": f"The {key.replace('_', ' ')}"}
                for key in names
                if key.isidentifier() and key != "self"
            }
            tools.append(
                {
                    "type": "function",
                    "function": {
                        "name": name,
                        "description": about.strip(),
                        "parameters": {"type": "object", "properties": properties, "required": list(properties)[:2]},
                    },
                }
            )
    if not tools:
        return None
    lines = "\n".join(json.dumps(tool) for tool in tools)
    first = tools[0]["function"]
    call = {"name": first["name"], "arguments": {key: rng.choice(NOUNS) for key in first["parameters"]["properties"]}}
    return [
        (
            "system",
            (
                "# Tools\n\nYou may call one or more functions to assist with the user query.\n\nThe functions are given as JSON, one per"
                f" line:\n<tools>\n{lines}\n</tools>\n\nFor each call, return a JSON object with the name and the arguments."
            ),
            None,
        ),
        ("user", f"Please use {first['name']}: {first['description']}", None),
        ("assistant", rng.choice(("", f"I will call `{first['name']}` with the given arguments.")), call),
        ("tool", json.dumps({"result": record(rng)}), None),
        (
            "assistant",
            f"The call of `{first['name']}` was successful. The result is shown above. Let me know if you need anything else!",
            None,
        ),
    ]


def as_call(command, tool):
    return command if isinstance(command, dict) else {"name": tool, "arguments": {"command": command}}


def render(rng, turns):
    """Write the turns in one of the shapes that logs have."""
    shape, tool = rng.randrange(4), rng.choice(("bash", "execute_bash", "run_command", "terminal"))
    out = []
    for role, text, command in turns:
        if shape == 0:  # chat template with tool_call tags
            call = f"\n<tool_call>\n{json.dumps(as_call(command, tool))}\n</tool_call>" if command else ""
            body = f"<tool_response>\n{text}\n</tool_response>" if role == "tool" else text + call
            out.append(f"<|im_start|>{'user' if role == 'tool' else role}\n{body}<|im_end|>\n")
        elif shape == 1:  # one message object per line
            message = {"role": role, "content": text}
            if command:
                call = as_call(command, tool)
                message["tool_calls"] = [
                    {"type": "function", "function": {"name": call["name"], "arguments": json.dumps(call["arguments"])}}
                ]
            out.append(json.dumps(message) + "\n")
        elif shape == 2:  # thought and fenced command
            block = command if isinstance(command, str) else json.dumps(command)
            body = f"THOUGHT: {text}\n\n```bash\n{block}\n```" if command else text
            out.append(f"<returncode>0</returncode>\n<output>\n{text}\n</output>\n\n" if role == "tool" else body + "\n\n")
        else:  # message texts only
            out.append(text + ("\n" + json.dumps(as_call(command, tool)) if command else "") + "\n\n")
    return "".join(out).strip()


def generate(documents, limit, seed):
    """Return documents of the group "rollout" up to `limit` characters."""
    rng = random.Random(f"rollout-{seed}")
    code = [d for d in documents if d["group"] == "code" and d["path"].endswith((".py", ".ts", ".js"))]
    prose = [d for d in documents if d["group"] == "text"]
    makers = ((coding, code, 7), (lookup, prose, 6), (support, None, 5), (arithmetic, None, 6), (grid, None, 2), (tool_list, code, 3))
    made, size = [], 0
    while size < limit:
        make, read, _ = rng.choices(makers, [weight for *_, weight in makers])[0]
        turns = make(rng, read)
        if turns:
            text = render(rng, turns)
            size += len(text)
            made.append({"source": "espalier-rollout-text", "path": f"{seed}/{len(made)}", "group": "rollout", "text": text})
    return made
