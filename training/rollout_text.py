"""Write agent-like transcripts from corpus documents: coding sessions, arithmetic, support calls.

The outputs of the "commands" are real: listings, greps, numbered lines and diffs of corpus files.
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
    "The change is complete. Here is a summary of what was done:\n\n1. Found the definition of `{name}`.\n2. Renamed it to `{new}`.\n3. Ran the tests, which pass.",
    "I have finished the task. The issue is fixed and the tests pass. Let me submit the result.",
)
TASKS = (
    "The function `{name}` in `{path}` has a misleading name. Please rename it to `{new}` and update its callers.",
    "<issue>\n`{name}` should be called `{new}`\n\nWhile reading {path} I noticed that `{name}` does not say what it does.\n</issue>\n\nImplement the changes needed so that the requirements of the issue are met. Do not change the tests.",
    "Please solve this issue: rename `{name}` to `{new}` in {path}. You can execute bash commands and edit files.",
)
SYSTEMS = (
    "You are a helpful assistant that can interact with a computer to solve programming tasks. Your response must contain exactly one command.",
    "You are an autonomous coding agent. Use the tools below to inspect files, run commands and edit code. When you are done, call submit.",
    "You are a helpful assistant.",
)
NAMES = "Maria Chen,James Smith,Aisha Khan,Lucas Martin,Emma Rossi,Noah Garcia,Olivia Brown,Yusuf Kim,Sofia Lopez,Ethan Davis".split(",")
ITEMS = "desk lamp,water bottle,running shoes,keyboard,backpack,headphones,coffee maker,jacket,bookshelf,office chair,tablet,smart watch".split(",")
NOUNS = "apples,books,tickets,pencils,cookies,boxes,marbles,pages,miles,coins,chairs,bottles".split(",")


def listing(rng, paths):
    """What ls -la would print for some files of the corpus."""
    rows = [f"total {rng.randrange(8, 900)}"]
    for path in paths:
        day = f"{rng.choice(('Jan', 'Mar', 'May', 'Jul', 'Oct', 'Nov'))} {rng.randrange(1, 29):2d} {rng.randrange(24):02d}:{rng.randrange(60):02d}"
        rows.append(f"-rw-r--r-- 1 root root {rng.randrange(200, 90000):6d} {day} {path.split('/')[-1]}")
    return "\n".join(rows)


def numbered(lines, start):
    return "\n".join(f"{start + i + 1:6d}\t{line}" for i, line in enumerate(lines))


def grep(lines, name):
    return "\n".join(f"{i + 1}:{line}" for i, line in enumerate(lines) if name in line)


def traceback(rng, document, lines, at, name):
    kind, said = rng.choice((("NameError", f"name '{name}' is not defined"), ("TypeError", f"{name}() missing 1 required positional argument: 'self'"),
                             ("AttributeError", f"module has no attribute '{name}'"), ("ValueError", "invalid literal for int() with base 10: ''"), ("KeyError", f"'{name}'")))
    return (f"Traceback (most recent call last):\n  File \"/testbed/{document['path']}\", line {at + 1}, in {name}\n"
            f"    {lines[at].strip()}\n{kind}: {said}")


def pytest_output(rng, document, name):
    count, failed = rng.randrange(3, 60), rng.random() < 0.3
    stem = document["path"].split("/")[-1].removesuffix(".py")
    head = f"============================= test session starts ==============================\ncollected {count} items\n\ntests/test_{stem}.py "
    tail = f"{'.' * count}  [100%]\n\n============================== {count} passed in {rng.uniform(0.1, 9):.2f}s =============================="
    if failed:
        tail = (f"{'.' * (count - 1)}F [100%]\n\n=================================== FAILURES ===================================\nE       AssertionError: assert {rng.randrange(9)} == {rng.randrange(9)}\n\n"
                f"FAILED tests/test_{stem}.py::test_{name}\n========================= 1 failed, {count - 1} passed in {rng.uniform(0.1, 9):.2f}s =========================")
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
        (f"grep -n \"{name}\" {path}", grep(lines, name)[:2500]),
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
        turns += [("assistant", rng.choice(NEXT[-2:]).format(**fill), f"python -m pytest -q {folder}/tests"), ("tool", pytest_output(rng, document, name), None)]
    return turns + [("assistant", rng.choice(CLOSERS).format(**fill), None)]


def arithmetic(rng, _):
    """A small word problem with its steps written out."""
    who, what = rng.choice(NAMES).split()[0], rng.choice(NOUNS)
    a, b, c = rng.randrange(2, 99), rng.randrange(2, 40), rng.randrange(2, 12)
    total = a + b
    steps = rng.choice((
        f"First, we find how many {what} {who} has in total: {a} + {b} = {total}.\nThen we multiply by {c}: {total} * {c} = {total * c}.\nTherefore, the answer is {total * c}.",
        f"Let me think step by step.\n\n1. {who} starts with {a} {what}.\n2. After getting {b} more, there are {a} + {b} = {total} {what}.\n3. There are {c} such groups, so {total} * {c} = {total * c}.\n\n**Answer:** \\boxed{{{total * c}}}",
        f"Okay, so I need to find the total. {who} has {a} {what} and gets {b} more. So {a} + {b} = {total}. Wait, let me double-check that: {total} - {b} = {total - b}. Yes. Now {c} times {total} is {total * c}.\n\nSo the final answer is \\(\\boxed{{{total * c}}}\\).",
    ))
    question = f"{who} has {a} {what} and buys {b} more. If {c} friends each have the same number of {what}, how many {what} do they have altogether?"
    return [("user", question, None), ("assistant", steps, None)]


def support(rng, _):
    """A support call in which the agent looks up an order through a tool."""
    who, item, other = rng.choice(NAMES), rng.choice(ITEMS), rng.choice(ITEMS)
    order, zip_code, price = f"#W{rng.randrange(10**6, 10**7)}", rng.randrange(10000, 99999), rng.randrange(1500, 60000) / 100
    user = f"{who.lower().replace(' ', '_')}_{rng.randrange(1000, 9999)}"
    wish = rng.choice(("return", "exchange", "cancel", "track"))
    record = {"order_id": order, "user_id": user, "status": rng.choice(("pending", "delivered", "processed")),
              "items": [{"name": item, "item_id": str(rng.randrange(10**9, 10**10)), "price": price, "options": {"color": rng.choice(("black", "white", "blue"))}}],
              "payment_method_id": f"credit_card_{rng.randrange(10**6, 10**7)}"}
    return [
        ("user", f"Hi, I'd like to {wish} the {item} that I ordered last week.", None),
        ("assistant", "I can help you with that. To get started, could you please provide your name and zip code, or your email address, so that I can verify your identity?", None),
        ("user", f"Sure. My name is {who} and my zip code is {zip_code}. The order number is {order}.", None),
        ("assistant", "", {"name": "get_order_details", "arguments": {"order_id": order, "user_id": user}}),
        ("tool", json.dumps(record), None),
        ("assistant", f"Thank you, {who.split()[0]}. I found your order {order}. It contains one {item} for ${price:.2f} and its status is {record['status']}.\n\nWould you like me to {wish} it? Please reply \"yes\" to confirm.", None),
        ("user", f"Yes, please. Also, do you have a {other} in stock?", None),
        ("assistant", f"Your request to {wish} the {item} has been recorded. You will receive an email with the details within {rng.randrange(2, 9)} business days. Is there anything else I can help you with?", None),
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
                message["tool_calls"] = [{"type": "function", "function": {"name": call["name"], "arguments": json.dumps(call["arguments"])}}]
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
    made, size = [], 0
    while size < limit:
        turns = rng.choices((coding, arithmetic, support), (8, 2, 1))[0](rng, code)
        if turns:
            text = render(rng, turns)
            size += len(text)
            made.append({"source": "espalier-rollout-text", "path": f"{seed}/{len(made)}", "group": "rollout", "text": text})
    return made
