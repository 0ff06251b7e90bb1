#!/usr/bin/python3
"""Makes the seeds of tests/fuzz/corpus from real runs of the program.

  tests/fuzz/seeds.py build/release/src/uringbench

Wanted after a change of the messages or of samples.jsonl; the files are kept in the repository, so
that a run of the targets needs no run of the program. Needs strace(1).
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

CORPUS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus")
SHORT = ["--duration", "20ms", "--warmup", "0s"]
RUNS = {
    "pthread": ["--mode", "pthread", "--size", "4K", "--working-set", "64K"],
    "epoll_zerocopy": ["--mode", "epoll-msg-zerocopy", "--size", "16K", "--working-set", "64K"],
    "uring_send_zc": ["--mode", "uring-send-zc", "--size", "4K", "--working-set", "64K", "--clients", "2"],
    "requests": ["--mode", "uring-two-copy", "--workload", "rr", "--size", "64"],
    "unix": ["--mode", "epoll", "--transport", "unix", "--size", "64"],
}
SENT = re.compile(r'^(\d+) +sendto\(\d+, "((?:\\x[0-9a-f]{2})*)"')


def write(target, name, text):
    folder = os.path.join(CORPUS, target)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def messages_of(trace):
    """(process, message) of every whole message of the control channel, in their order."""
    found = []
    for line in trace:
        sent = SENT.match(line)
        if not sent:
            continue
        raw = bytes.fromhex(sent.group(2).replace("\\x", ""))
        if len(raw) < 5 or int.from_bytes(raw[:4], "big") != len(raw) - 4:
            continue
        found.append((sent.group(1), json.loads(raw[4:])))
    return found


def trace_run(program, options):
    with tempfile.NamedTemporaryFile("r", suffix=".trace") as trace:
        subprocess.run(["strace", "-f", "-q", "-e", "trace=sendto", "-e", "signal=none", "-xx", "-s", "4000000",
                        "-o", trace.name, program, *options, *SHORT],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        return messages_of(trace)


def lines(messages):
    return "".join(json.dumps(each, separators=(",", ":")) + "\n" for each in messages)


def session_seeds(program):
    for name, options in RUNS.items():
        messages = trace_run(program, options)
        runner = next(process for process, each in messages if each["type"] == "prepare")
        asked = [each for process, each in messages if process == runner]
        server = next(process for process, each in messages if each["type"] == "prepared")
        # The first sample alone: what the server was told, and what both roles answered.
        last = [i for i, each in enumerate(asked) if each["type"] == "finish"][0]
        questions = []
        for each in asked[: last + 1]:
            if not questions or questions[-1]["type"] != each["type"] or questions[-1].get("edge") != each.get("edge"):
                questions.append(each)
        write("role", name, lines(questions))
        answers = {True: [], False: []}
        for process, each in messages:
            if process != runner and len(answers[process == server]) < 5:
                answers[process == server].append(each)
        # Clients of later samples are other processes: five answers each are those of the first.
        pairs = [each for pair in zip(answers[True], answers[False]) for each in pair]
        write("runner", name, lines([questions[0]["case"]] + pairs))
        framed = b"".join(len(text).to_bytes(4, "big") + text for text in
                          (json.dumps(each).encode() for each in questions))
        write("channel", name, framed.decode("latin-1"))


def recording_seeds(program):
    studies = {
        "comparison": ["--mode", "pthread,uring-send-zc,epoll-msg-zerocopy", "--size", "4K"],
        "requests": ["--workload", "rr", "--mode", "epoll,uring", "--size", "64", "--histogram"],
        "profile": ["--mode", "pthread", "--size", "64K", "--profile"],
        "sink": ["--mode", "pthread,uring-send-zc", "--link", "sink", "--size", "4K"],
    }
    for name, options in studies.items():
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "out")
            subprocess.run([program, *options, *SHORT, "--out", out], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, check=False)
            with open(os.path.join(out, "samples.jsonl"), encoding="utf-8") as file:
                records = [json.loads(line) for line in file]
            heads, samples = records[:2], records[2:]
            first = {}  # small inputs are tried often
            for each in samples:
                first.setdefault((each["case"]["mode"], each["status"], each["case"]["purpose"]), each)
            write("recording", name, lines(heads + list(first.values())[:4]))


def agent_seeds(program):
    agent = subprocess.run([program, "agent", "--stdio"], input=framed_text({"type": "describe"}),
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    words = agent.stdout.split(b"follow this line\n", 1)[1]
    messages = []
    while len(words) >= 4:
        size = int.from_bytes(words[:4], "big")
        messages.append(json.loads(words[4 : 4 + size]))
        words = words[4 + size :]
    rest = [each for each in messages if each["type"] == "description"]
    rest += [{"type": "beat"}, {"type": "card", "facts": {"driver": "virtio_net", "speed": "10G"}},
             {"type": "started", "number": 1, "id": 4711},
             {"type": "role", "number": 1, "message": {"type": "going"}},
             {"type": "ended", "number": 1, "reason": "exited with status 1"}]
    write("agent_link", "study", "Welcome to the lab\n@magic\n@hello\n" + lines(rest))
    write("agent_link", "refusal", "@magic\n@hello\n" + lines([{"type": "failed", "reason": "no such card"}]))
    write("agent_link", "other_version", "@magic\n" + lines([dict(messages[0], protocol=2)]))


def framed_text(message):
    text = json.dumps(message).encode()
    return len(text).to_bytes(4, "big") + text


def typed_seeds():
    command_lines = {
        "comparison": "--mode\nall\n--size\n64,4K,64K\n--clients\n1,8\n--reps\n5\n--seed\n7",
        "range": "-m\npthread,uring-*\n-s\n64..16M\n-d\n50ms\n--warmup=20ms\n--working-set\n256M",
        "requests": "run\n--workload\nrr\n--rate\n1000\n--recv\nrecv,multishot\n--transport\nudp",
        "hosts": "--server\nssh://me@lab:22\n--load\nexec:ip netns exec a\n--data-port\n5201-5216",
        "why": "explain\n--mode\nuring-two-copy,uring-send-zc\n--counters\ncycles\n--profile",
        "until": "--until-ci\n3%\n--max-reps\n40\n--baseline\nepoll\n-f\njson",
        "ablate": "ablate\n--sqpoll\non,off\n--defer-taskrun\noff\n--zerocopy-threshold\n4K",
    }
    for name, text in command_lines.items():
        write("argv", name, text + "\n")
    plans = {
        "lists": "mode = all\nsize = 64,4K\nclients = [1, 8]\nduration = 50ms\n",
        "quoted": "# a study\n; and more\nworkload = \"rr\"\nrate=1000\nhistogram = true\n",
        "section": "[run]\nmode=\"pthread\",'epoll'\n",
        "mark": "\ufeffsize = 4K\r\n",
    }
    for name, text in plans.items():
        write("plan_file", name, text)


def record_bytes(kind, body):
    return (kind).to_bytes(4, "little") + (0).to_bytes(2, "little") + (8 + len(body)).to_bytes(2, "little") + body


def perf_seeds():
    def number(value, size=8):
        return (value % (1 << (8 * size))).to_bytes(size, "little")

    chain = [-128 % 2**64, 0xFFFFFFFF81000000, -512 % 2**64, 0x401000]
    sample = number(1, 4) + number(1, 4) + number(10**9) + number(0, 4) * 2 + number(1000) + number(len(chain))
    sample += b"".join(number(each) for each in chain)
    records = record_bytes(9, sample) + record_bytes(2, number(1) + number(5)) + record_bytes(5, number(0) * 3)
    os.makedirs(os.path.join(CORPUS, "perf_records"), exist_ok=True)
    with open(os.path.join(CORPUS, "perf_records", "records"), "wb") as file:
        file.write(records)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    program = os.path.abspath(sys.argv[1])
    shutil.rmtree(CORPUS, ignore_errors=True)
    session_seeds(program)
    recording_seeds(program)
    agent_seeds(program)
    typed_seeds()
    perf_seeds()


if __name__ == "__main__":
    main()
