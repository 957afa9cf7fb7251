"""Write agent sessions with tools: office calls, dialogues under a policy, terminals, file editors, and look-ups with a
thought before each act.

Used by the second run. What the user says comes back in the arguments of the calls, as it does in real sessions.
The templates were written without reading the evaluation logs.
"""

import json
import re

from rollout_text import CLOSERS, ITEMS, NAMES, NEXT, OPENERS, as_call, coding, grep, listing, numbered, record, render, traceback
from reasoning_text import DOUBTS, WORDS, programming, puzzle

# Tools of an office: name, arguments by kind, a request that holds their values.
TOOLS = (
    (
        "email_send",
        {"recipient": "mail", "subject": "subject", "body": "body"},
        "Send an email to {recipient} with the subject '{subject}' and the text '{body}'.",
    ),
    ("email_search", {"query": "subject", "date_min": "date"}, "Find the emails about {query} since {date_min}."),
    (
        "calendar_create_event",
        {"event_name": "subject", "participant_email": "mail", "event_start": "time", "duration": "minutes"},
        "Schedule '{event_name}' with {participant_email} on {event_start} for {duration} minutes.",
    ),
    ("calendar_search_events", {"query": "subject", "time_min": "time"}, "Is there an event called {query} after {time_min}?"),
    ("calendar_delete_event", {"event_id": "id"}, "Please cancel the event {event_id}."),
    (
        "create_task",
        {"task_name": "subject", "assigned_to": "mail", "list_name": "list", "due_date": "date"},
        "Add a task '{task_name}' to the list {list_name}, assigned to {assigned_to} and due on {due_date}.",
    ),
    ("update_task", {"task_id": "id", "field": "field", "new_value": "list"}, "Change the {field} of task {task_id} to {new_value}."),
    (
        "add_customer",
        {"customer_name": "name", "customer_email": "mail", "status": "status"},
        "Add {customer_name} ({customer_email}) as a new customer with the status {status}.",
    ),
    ("get_user_details", {"user_id": "id"}, "What do we know about the user {user_id}?"),
    (
        "search_flights",
        {"origin": "city", "destination": "city", "date": "date"},
        "I need a flight from {origin} to {destination} on {date}.",
    ),
    (
        "return_items",
        {"order_id": "id", "item": "item", "reason": "reason"},
        "I want to return the {item} of order {order_id} because it {reason}.",
    ),
    ("get_weather", {"city": "city", "date": "date"}, "What will the weather be like in {city} on {date}?"),
    ("count_visits", {"start_date": "date", "end_date": "date"}, "How many visits were there between {start_date} and {end_date}?"),
    (
        "create_plot",
        {"metric": "field", "start_date": "date", "plot_type": "plot"},
        "Make a {plot_type} plot of {metric} since {start_date}.",
    ),
    ("read_file", {"path": "path"}, "Read the file {path} and tell me what is in it."),
)
CITIES = "Berlin,Osaka,Toronto,Lisbon,Nairobi,Austin,Paris,Seattle,Chicago,Denver,Boston,Madrid".split(",")
SUBJECTS = (
    "project update,weekly meeting,budget review,design feedback,new website,product launch,customer survey,team lunch,quarterly"
    " report,security training,data migration,sales call".split(",")
)
SORRY = (
    "I'm sorry, but I can't do that, because the policy does not allow it.",
    "I apologize for the inconvenience.",
    "Unfortunately, this cannot be changed any more.",
    "I understand that this is frustrating.",
    "Thank you for your patience.",
)
ASKS = (
    "Could you please confirm your user id?",
    "Would you like me to go ahead? (yes/no)",
    "Can you tell me a bit more about the problem?",
    "Which of these would you prefer?",
    "Is there anything else I can help you with today?",
)


def value(rng, kind):
    """A made-up value of a kind."""
    who = rng.choice(NAMES)
    if kind == "mail":
        return f"{who.lower().replace(' ', '.')}@{rng.choice(('example.com', 'company.org', 'mail.test'))}"
    if kind in ("date", "time"):
        day = f"20{rng.randrange(22, 27)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"
        return day if kind == "date" else f"{day} {rng.randrange(8, 19):02d}:{rng.choice(('00', '30'))}:00"
    choices = {
        "subject": SUBJECTS,
        "city": CITIES,
        "item": ITEMS,
        "name": (who,),
        "minutes": ("30", "45", "60", "90"),
        "list": ("Backlog", "In Progress", "In Review", "Completed"),
        "field": ("status", "due_date", "owner", "total_visits", "average_duration", "priority"),
        "status": ("Lead", "Qualified", "Won", "Lost"),
        "plot": ("bar", "line", "scatter", "histogram"),
        "reason": ("arrived damaged", "is the wrong size", "is not needed any more", "stopped working"),
        "body": ("Please have a look when you have time.", "Can we talk about this tomorrow?", "Thanks for your work on this!"),
        "id": (
            f"{rng.randrange(10**8):08d}",
            f"#W{rng.randrange(10**7):07d}",
            f"{who.lower().replace(' ', '_')}_{rng.randrange(10**4):04d}",
        ),
        "path": (f"/home/user/{rng.choice(WORDS)}/{rng.choice(WORDS)}.{rng.choice(('txt', 'py', 'csv', 'json'))}",),
    }
    return rng.choice(choices[kind])


def office(rng, _):
    """Several requests; each is met by a call with the values that the user gave, sometimes after a first failure."""
    shown = rng.sample(TOOLS, rng.randrange(2, 7))
    schema = [
        {
            "type": "function",
            "function": {
                "name": name,
                "description": about.split("{")[0].strip() + " ...",
                "parameters": {"type": "object", "properties": {key: {"type": "string"} for key in keys}, "required": list(keys)[:2]},
            },
        }
        for name, keys, about in shown
    ]
    opening = f"Today's date is {value(rng, 'date')}. Use the tools to act for the user. If there is not enough information, ask for it."
    if rng.random() < 0.5:
        opening += (
            "\n\n# Tools\n\nYou may call one or more functions to assist with the user query.\n\nYou are provided with function signatures"
            " within <tools></tools> XML tags:\n<tools>\n"
            + "\n".join(map(json.dumps, schema))
            + "\n</tools>"
        )
    turns = [("system", opening, None)]
    for name, keys, about in rng.sample(shown, rng.randrange(1, len(shown) + 1)):
        values = {key: value(rng, kind) for key, kind in keys.items()}
        request = about.format(**values)
        thought = rng.choice(
            (
                "",
                "",
                (
                    f"<think>\nOkay, the user wants me to do this: {request} I should call {name}. The arguments are"
                    f" {', '.join(f'{key} = {values[key]}' for key in keys)}. {rng.choice(DOUBTS)} The required parameters"
                    f" {', '.join(list(keys)[:2])} are all there, so I can make the call.\n</think>\n\n"
                ),
                (
                    f"<think>\nFirst, let me look at the tools. The function {name} fits, it needs {' and '.join(keys)}."
                    f" {values[list(keys)[0]]} is given by the user.\n</think>\n\n"
                ),
            )
        )
        turns += [("user", request, None), ("assistant", thought, {"name": name, "arguments": values})]
        if rng.random() < 0.2:
            missing = rng.choice(list(keys))
            turns += [
                ("tool", json.dumps({"error": f"Invalid value for {missing}: {values[missing]}"}), None),
                ("assistant", f"The call failed because of `{missing}`. Let me try again.", {"name": name, "arguments": values}),
            ]
        turns.append(
            ("tool", rng.choice((json.dumps({"status": "success", **values}), f"{name} finished.", json.dumps([record(rng)]), "[]")), None)
        )
        turns.append(
            (
                "assistant",
                rng.choice(
                    (
                        f"Done. I have called {name} for you: " + ", ".join(f"{key.replace('_', ' ')} {values[key]}" for key in keys) + ".",
                        "The request has been completed successfully. Let me know if you need anything else!",
                        "I have finished this. " + "\n".join(f"- **{key.replace('_', ' ').title()}**: {values[key]}" for key in keys),
                    )
                ),
                None,
            )
        )
    return turns


def service(rng, documents):
    """A customer and an agent that reads a policy; the policy is a passage of documentation."""
    passage = "\n\n".join(passages(rng, documents, 2))
    who, item, order = rng.choice(NAMES), rng.choice(ITEMS), value(rng, "id")
    price, other = rng.randrange(500, 90000) / 100, rng.choice(ITEMS)
    turns = [
        (
            "system",
            (
                f"# Policy\n\nAs a customer service agent, you can help users with orders, returns and exchanges.\n\n{passage}\n\n- You"
                " should only make one tool call at a time.\n- You should deny requests that are against this policy."
            ),
            None,
        ),
        (
            "user",
            rng.choice(
                (
                    f"Hi, I ordered a {item} and it {value(rng, 'reason')}. My order number is {order}.",
                    f"Hello, can I exchange my {item} for a {other}? The order is {order}.",
                    f"I'd like to know where my {item} is. I have been waiting for a week now!",
                )
            ),
            None,
        ),
        (
            "assistant",
            f"{rng.choice(('I am sorry to hear that.', 'Thank you for reaching out.', 'I can help you with that.'))} {ASKS[0]}",
            None,
        ),
        (
            "user",
            rng.choice(
                (
                    f"My name is {who} and the order is {order}.",
                    f"Sure, it's {order}.",
                    f"I don't remember it, but my email is {value(rng, 'mail')}.",
                )
            ),
            None,
        ),
        ("assistant", "", {"name": "get_order_details", "arguments": {"order_id": order}}),
        (
            "tool",
            json.dumps(
                {
                    "order_id": order,
                    "user": who,
                    "items": [{"name": item, "price": price}, record(rng)],
                    "status": rng.choice(("delivered", "pending", "processed")),
                }
            ),
            None,
        ),
        (
            "assistant",
            f"Thank you, {who}. I can see your order {order} with the {item} for ${price}. {rng.choice(SORRY)} {rng.choice(ASKS[1:4])}",
            None,
        ),
        (
            "user",
            rng.choice(
                (
                    "Yes, please.",
                    f"No, I would rather keep the {item} then.",
                    f"How much would I get back for the {item}?",
                    "That is really disappointing. Can I talk to a human?",
                )
            ),
            None,
        ),
    ]
    return turns + [
        (
            "assistant",
            rng.choice(
                (
                    (
                        f"I have processed your request. The refund of ${price} will be returned to your original payment method within 5"
                        f" to 7 business days. {ASKS[4]}"
                    ),
                    f"You would get ${price} back for the {item}. {ASKS[1]}",
                    f"{rng.choice(SORRY)} I will transfer you to a human agent now.",
                )
            ),
            None,
        ),
        ("user", rng.choice(("No, that's all. Thank you!", "Great, thanks. ###STOP###", "Thanks for your help, have a nice day.")), None),
    ]


def passages(rng, documents, count):
    """Consecutive paragraphs of some document."""
    for document in rng.sample(documents, 20):
        parts = [part.strip() for part in document["text"].split("\n\n") if 100 < len(part) < 1200]
        if len(parts) > count:
            start = rng.randrange(len(parts) - count)
            return parts[start : start + count]
    return ["There is no policy for this."]


def research(rng, documents):
    """Thought, action, observation, over and over; the answer quotes what was observed."""
    first, second = passages(rng, documents, 2), passages(rng, documents, 3)
    words = re.findall(r"[A-Za-z]{5,}", first[0]) or WORDS
    topic, more = " ".join(rng.sample(words, min(2, len(words)))), rng.choice(words)
    question = rng.choice(
        (
            f"What is the relation of {topic} and {more}?",
            f"Which of the two came first, {topic} or {more}?",
            f"Is it true that {first[0][:120].rsplit(' ', 1)[0]}?",
        )
    )
    sentence = re.split(r"(?<=[.])\s+", rng.choice(first))[0]
    body = f"Question: {question}\n"
    steps = (
        (f"I need to search {topic} first.", f"search[{topic}]", first[0]),
        (f"The page does not say enough about {more}. I should look for {more}.", f"lookup[{more}]", rng.choice(second)),
        (f"It says: {sentence} So I should check {more} next.", f"search[{more}]", "\n".join(first)),
    )
    for i, (thought, act, seen) in enumerate(rng.sample(steps, rng.randrange(1, 4))):
        body += f"Thought {i + 1}: {thought}\nAction {i + 1}: {act}\nObservation {i + 1}: {seen}\n"
    return [
        ("user", "Solve a question answering task with interleaving Thought, Action, Observation steps.", None),
        ("assistant", f"{body}Thought: I now know the answer. {sentence}\nAction: finish[{sentence.split(',')[0]}]", None),
    ]


def editor(rng, documents):
    """A session with a file editor: view with line numbers, replace, run, look at the error, finish."""
    document = rng.choice(documents)
    lines = document["text"].split("\n")
    found = [
        (i, m.group(1))
        for i, line in enumerate(lines)
        if (m := re.match(r"\s*(?:async )?(?:def|function|class|const|export function) (\w{4,})", line))
    ]
    if not found or len(lines) < 30:
        return None
    at, name = rng.choice(found)
    path, start = "/workspace/" + document["path"], max(0, at - 10)
    end = min(len(lines), start + rng.randrange(20, 60))
    old = "\n".join(lines[at : at + rng.randrange(2, 6)])
    new = (
        old.replace(name, name + "_new")
        if rng.random() < 0.3
        else old
        + "\n"
        + re.match(r"\s*", lines[at + 1 if at + 1 < len(lines) else at]).group()
        + rng.choice(
            (
                "# Handle the empty case first",
                "if value is None:\n        return None",
                "return None",
                "// TODO: check this",
                'raise ValueError("not supported")',
            )
        )
    )
    fill = {"name": name, "new": name + "_new"}
    shown = f"Here's the result of running `cat -n` on {path}:\n{numbered(lines[start:end], start)}\n"
    turns = [
        (
            "user",
            (
                f"<uploaded_files>\n/workspace\n</uploaded_files>\nI've uploaded a code repository. Consider the following issue: `{name}`"
                f" in {document['path']} does not handle all cases. Can you help me implement the necessary changes?"
            ),
            None,
        ),
        ("assistant", rng.choice(OPENERS).format(**fill), {"name": "str_replace_editor", "arguments": {"command": "view", "path": path}}),
        ("tool", shown[:5000], None),
    ]
    if rng.random() < 0.5:
        turns += [
            (
                "assistant",
                rng.choice(NEXT).format(**fill),
                {"name": "bash", "arguments": {"command": f"cd /workspace && grep -rn \"{name}\" {document['path']}"}},
            ),
            ("tool", grep(lines, name)[:2000], None),
        ]
    turns += [
        (
            "assistant",
            f"I can see the problem: {name} starts at line {at + 1}. Let me change it.",
            {"name": "str_replace_editor", "arguments": {"command": "str_replace", "path": path, "old_str": old, "new_str": new}},
        ),
        (
            "tool",
            (
                f"The file {path} has been edited. Here's the result of running `cat -n` on a snippet of"
                f" {path}:\n{numbered([*lines[max(0, at - 4):at], *new.split(chr(10)), *lines[at + 3:at + 8]], max(0, at - 4))}\nReview the"
                " changes and make sure they are as expected. Edit the file again if necessary."
            ),
            None,
        ),
    ]
    if rng.random() < 0.6:
        turns += [
            (
                "assistant",
                f"Now let me create a script that reproduces the error.",
                {"name": "bash", "arguments": {"command": f"cd /workspace && python reproduce_{name}.py"}},
            ),
            ("tool", traceback(rng, document, lines, at, name), None),
            ("assistant", rng.choice(DOUBTS) + f" The error comes from `{name}` at line {at + 1}.", None),
        ]
    return turns + [("assistant", rng.choice(CLOSERS).format(**fill), {"name": "submit", "arguments": {}} if rng.random() < 0.4 else None)]


def terminal(rng, documents):
    """A shell session: prompts, listings, version control, installs, tests."""
    out, folder, files = [], rng.choice(WORDS), [d["path"].split("/")[-1] for d in rng.sample(documents, 6)]
    commit = f"{rng.randrange(16**7):07x}"
    acts = {
        "ls -la": listing(rng, files),
        "git status": (
            'On branch main\nChanges not staged for commit:\n  (use "git add <file>..." to update what will be committed)\n'
            + "\n".join(f"\tmodified:   {name}" for name in files[:3])
            + '\n\nno changes added to commit (use "git add" and/or "git commit -a")'
        ),
        f'git commit -am "Update {files[0]}"': (
            f"[main {commit}] Update {files[0]}\n {rng.randrange(1, 4)} files changed, {rng.randrange(2, 90)} insertions(+),"
            f" {rng.randrange(1, 30)} deletions(-)"
        ),
        "git log --oneline | head -3": (
            f"{commit} Update {files[0]}\n{rng.randrange(16**7):07x} Fix the tests\n{rng.randrange(16**7):07x} Initial commit"
        ),
        f"pip install {folder}": (
            f"Collecting {folder}\n  Downloading {folder}-{rng.randrange(5)}.{rng.randrange(20)}.0-py3-none-any.whl"
            f" ({rng.randrange(10, 900)} kB)\nInstalling collected packages: {folder}\nSuccessfully installed {folder}"
        ),
        f"cat {files[1]} | head -20": "\n".join(rng.choice(documents)["text"].split("\n")[:20]),
        f"python {files[2]}": traceback(rng, rng.choice(documents), ["main()"], 0, "main"),
        f"wc -l {files[3]}": f"{rng.randrange(10, 2000)} {files[3]}",
        f"cd {folder}": f"bash: cd: {folder}: No such file or directory",
        "npm test": (
            f"\n> {folder}@1.0.0 test\n> vitest run\n\n ✓ {files[4]} ({rng.randrange(2, 30)} tests) {rng.randrange(3, 900)}ms\n\n Test"
            " Files  1 passed (1)"
        ),
        "pwd": f"/home/user/{folder}",
    }
    for command in rng.sample(list(acts), rng.randrange(3, 8)):
        out.append(
            f"$ {command}\n{acts[command]}\n"
            if rng.random() < 0.7
            else (
                f"user@host:~/{folder}$ {command}\n{acts[command]}\n(Open file: {rng.choice(files)})\n(Current directory:"
                f" /home/user/{folder})\nbash-$ "
            )
        )
    return [("tool", "".join(out), None)]


def render_more(rng, turns):
    """Write the turns in a shape of rollout_text.py or one of four more."""
    if rng.random() < 0.55:
        return render(rng, turns)
    shape, out = rng.randrange(4), []
    for number, (role, text, command) in enumerate(turns):
        call = as_call(command, "bash") if command else None
        if shape == 0:  # chat template, the kind that most open models have
            extra = f"\n<tool_call>\n{json.dumps(call)}\n</tool_call>" if call else ""
            body = f"<tool_response>\n{text}\n</tool_response>" if role == "tool" else (text + extra).strip()
            out.append(f"<|im_start|>{'user' if role == 'tool' else role}\n{body}<|im_end|>\n")
        elif shape == 1:  # function tags
            extra = (
                f"\n\n<function={call['name']}>\n"
                + "".join(f"<parameter={key}>{said}</parameter>\n" for key, said in call["arguments"].items())
                + "</function>"
                if call
                else ""
            )
            out.append(("OBSERVATION:\n" if role == "tool" else "") + text + extra + "\n\n")
        elif shape == 2:  # an indented array of messages
            message = {"role": role, "content": text} | (
                {
                    "tool_calls": [
                        {
                            "id": f"call_{number}",
                            "type": "function",
                            "function": {"name": call["name"], "arguments": json.dumps(call["arguments"])},
                        }
                    ]
                }
                if call
                else {}
            )
            out.append(json.dumps(message, indent=2) + ",\n")
        else:  # the texts, and the arguments of the calls alone
            out.append("\n\n".join(part for part in (text, json.dumps(call["arguments"]) if call else "") if part) + "\n\n")
    return "".join(out).strip()


def generate_more(rng, documents, limit):
    """Return documents of the group "rollout" up to `limit` characters, of every kind, the older coding sessions among them."""
    code = [d for d in documents if d["group"] == "code" and d["path"].endswith((".py", ".ts", ".js"))]
    python, prose = [d for d in code if d["path"].endswith(".py")], [d for d in documents if d["group"] == "text"]
    makers = (
        (puzzle, None, 14),
        (programming, python, 14),
        (office, None, 6),
        (service, prose, 3),
        (research, prose, 5),
        (editor, code, 4),
        (terminal, code, 2),
        (coding, code, 2),
    )
    made, size = [], 0
    while size < limit:
        make, read, _ = rng.choices(makers, [weight for *_, weight in makers])[0]
        turns = make(rng, read)
        if turns:
            text = render_more(rng, turns)
            size += len(text)
            made.append({"source": "espalier-session-text", "path": f"second/{len(made)}", "group": "rollout", "text": text})
    return made
