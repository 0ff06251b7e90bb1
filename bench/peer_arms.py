"""The arms of bench/peers.py: how each program is asked to do one piece of work, and what of its
output is the figure.

An arm is a function that runs once and gives (figure, cores of the server, cores of the client).
"Server" is the end that sends a stream, or answers requests.
"""
import json
import os
import re
from dataclasses import dataclass, field
from typing import Callable

import program
from peer_process import End
from program import NotRun

HOST = "127.0.0.1"


@dataclass
class Arm:
    name: str
    run: Callable
    peer: bool = True
    unlike: str = ""


@dataclass
class Settings:
    build: str
    duration_ms: int
    server_cpu: int
    client_cpu: int
    port: int = field(default=20000)

    def next_port(self):
        """In a namespace of our own, nobody else has one."""
        self.port = self.port + 2 if self.port < 60000 else 20000
        return self.port

    @property
    def seconds(self):
        return max(1, self.duration_ms // 1000)

    def loop(self, name):
        return f"{self.build}/bench/baseline/{name}"


def uringbench(settings, name, figure, *options):
    def run():
        sample = program.sample(
            settings.build, *options, "--duration", f"{settings.duration_ms}ms", "--warmup", "200ms",
            "--server-cpus", str(settings.server_cpu), "--client-cpus", str(settings.client_cpu))
        window_ns = sample["window_s"] * 1e9
        value = figure(sample)
        return value, sample["server"]["cpu_ns"] / window_ns, sample["client"]["cpu_ns"] / window_ns
    return Arm(name, run, peer=False)


def pair(settings, server, client, port, figure):
    """A server that is ended when its client has ended, both on their CPUs."""
    with End(settings.server_cpu, server) as serving:
        serving.wait_until_listening(port)
        with End(settings.client_cpu, client) as asking:
            output = asking.finish(settings.seconds)
        serving.stop()
        return figure(output), serving.cores, asking.cores


def receiver_first(settings, receiver, sender, port, figure, end=End.stop):
    """The same for peers whose receiver listens: figure(receiver's output, sender's output)."""
    with End(settings.client_cpu, receiver) as receiving:
        receiving.wait_until_listening(port)
        with End(settings.server_cpu, sender) as sending:
            sent = sending.finish(settings.seconds)
        end(receiving)
        return figure(receiving.output, sent), sending.cores, receiving.cores


def number(pattern, text, what):
    found = re.search(pattern, text)
    if not found:
        raise NotRun(f"{what} printed no figure: {text.strip()[-200:]}")
    return float(found.group(1))


# Streams, in Gbit/s.

def bare_stream(settings, size, fields=None):
    def run():
        flatten = [] if fields is None else [fields]
        with End(settings.server_cpu, [settings.loop("send_loop"), size, settings.server_cpu,
                                       *flatten]) as sending:
            receiver = [settings.loop("recv_loop"), sending.first_line(), settings.client_cpu, 200,
                        settings.duration_ms]
            with End(settings.client_cpu, receiver) as receiving:
                value = float(receiving.finish(settings.seconds))
            sending.finish()
            return value, sending.cores, receiving.cores
    if fields is None:
        return Arm("bare send loop", run, unlike="one hot buffer, nothing flattened")
    return Arm(f"bare loop, flattens {fields}", run)


def iperf3(settings, size, connections, *options):
    def run():
        port = settings.next_port()
        return receiver_first(
            settings, ["iperf3", "-s", "-1", "-p", port],
            ["iperf3", "-c", HOST, "-p", port, "-l", size, "-P", connections, "-t",
             settings.seconds, "-C", "cubic", "-J", *options], port,
            lambda _, sent: json.loads(sent)["end"]["sum_received"]["bits_per_second"] / 1e9,
            end=End.finish)
    name = " ".join(["iperf3", *options])
    hot = "sends one hot file" if options else "sends one hot buffer"
    return Arm(name, run, unlike=f"{hot}; receives {size} B at a time")


def neper_stream(settings, folder, size, connections):
    def run():
        port = settings.next_port()
        common = ["-C", port, "-P", port + 1, "--num-flows", connections, "--buffer-size", size,
                  "--test-length", settings.seconds, "--no-cork", "--nolog"]
        return receiver_first(
            settings, [f"{folder}/tcp_stream", *common],
            [f"{folder}/tcp_stream", "-c", "-H", HOST, *common], port,
            lambda received, _: number(r"\nthroughput=([0-9.]+)", received, "neper") / 1e3,
            end=End.finish)
    return Arm("neper tcp_stream", run, unlike=f"one hot buffer; receives {size} B at a time")


def netperf_stream(settings, folder, size):
    def run():
        port = settings.next_port()
        return receiver_first(
            settings, [f"{folder}/netserver", "-D", "-4", "-p", port],
            [f"{folder}/netperf", "-H", HOST, "-p", port, "-t", "TCP_STREAM", "-P", "0", "-l",
             settings.seconds, "--", "-m", size, "-o", "THROUGHPUT"],
            port, lambda _, sent: number(r"([0-9.]+)", sent, "netperf") / 1e3)
    return Arm("netperf TCP_STREAM", run, unlike="a ring of a few buffers")


def mib_to_gbps(text):
    mib = number(r"MB/s=([0-9.]+)", text.replace(" ", ""), "send-zerocopy")
    return mib * 8 * 2**20 / 1e9


def send_zerocopy(settings, folder, size, label, *options):
    def run():
        port = settings.next_port()
        program_file = f"{folder}/send-zerocopy"
        common = ["-4", "-p", port, "-s", size, "-t", settings.seconds]
        return receiver_first(settings, [program_file, *common, "-R", "tcp"],
                              [program_file, *common, "-D", HOST, *options, "tcp"], port,
                              lambda _, sent: mib_to_gbps(sent))
    return Arm(f"liburing send-zerocopy, {label}", run, unlike="one hot buffer; counts what it sent")


def fio_gbps(text):
    job = json.loads(text[text.index("{"):])["jobs"][0]
    return job["write"]["bw_bytes"] * 8 / 1e9


def fio_stream(settings, fio, size):
    def run():
        port = settings.next_port()
        common = [fio, "--ioengine=net", "--protocol=tcp", f"--port={port}", f"--bs={size}",
                  "--size=1t", "--time_based", "--output-format=json"]
        longer = settings.seconds + 5  # the receiver must not end first
        return receiver_first(
            settings, [*common, f"--runtime={longer}", "--name=in", "--rw=read", "--listen"],
            [*common, f"--runtime={settings.seconds}", "--name=out", "--rw=write",
             f"--hostname={HOST}"], port, lambda _, sent: fio_gbps(sent))
    return Arm("fio net", run, unlike=f"receives {size} B at a time; counts what it sent")


# Requests and responses: requests a second, or the median round trip in microseconds.

def echo_figures(column):
    return lambda output: float(output.split()[column])


def bare_rr(settings, connections, wait, column):
    def run():
        with End(settings.server_cpu,
                 [settings.loop("rr_server"), settings.server_cpu, wait]) as serving:
            client = [settings.loop("rr_client"), serving.first_line(), settings.client_cpu, 64,
                      connections, wait, 200, settings.duration_ms]
            with End(settings.client_cpu, client) as asking:
                value = echo_figures(column)(asking.finish(settings.seconds))
            serving.stop()
            return value, serving.cores, asking.cores
    return Arm("bare epoll loop", run)


def echo_server(settings, name, command, connections, column):
    def run():
        port = settings.next_port()
        words = [word.replace("{port}", str(port)) for word in command]
        client = [settings.loop("rr_client"), port, settings.client_cpu, 64, connections, "block",
                  200, settings.duration_ms]
        return pair(settings, words, client, port, echo_figures(column))
    return Arm(name, run, unlike="driven by the bare client; sets NODELAY as it likes")


def sockperf(settings, *options):
    def run():
        port = settings.next_port()
        address = ["--tcp", "-i", HOST, "-p", port, *options]
        return pair(settings, ["sockperf", "server", *address],
                    ["sockperf", "ping-pong", *address, "-m", 64, "-t", settings.seconds], port,
                    lambda output: 2 * number(r"percentile 50\.000\s*=\s*([0-9.]+)", output,
                                              "sockperf"))
    return Arm("sockperf ping-pong", run, unlike="half a round trip by its manual, doubled here")


def neper_rr(settings, folder, name, connections):
    def run():
        port = settings.next_port()
        common = ["-C", port, "-P", port + 1, "--num-flows", connections, "--test-length",
                  settings.seconds, "-Q", 64, "-R", 64, "--nolog"]
        return pair(settings, [f"{folder}/{name}", *common],
                    [f"{folder}/{name}", "-c", "-H", HOST, *common], port,
                    lambda output: number(r"\nthroughput=([0-9.]+)", output, "neper"))
    return Arm(f"neper {name}", run)


def netperf_rr(settings, folder, test):
    def run():
        port = settings.next_port()
        return pair(settings, [f"{folder}/netserver", "-D", "-4", "-p", port],
                    [f"{folder}/netperf", "-H", HOST, "-p", port, "-t", test, "-P", "0", "-l",
                     settings.seconds, "--", "-r", "64,64", "-o", "THROUGHPUT"], port,
                    lambda output: number(r"([0-9.]+)", output, "netperf"))
    return Arm(f"netperf {test}", run)


# Datagrams into a device that drops them, in Gbit/s.

def udp_sink(settings, folder, size, label, *options):
    def run():
        with End(settings.server_cpu, [f"{folder}/send-zerocopy", "-4", "-p", 9999, "-s", size, "-t",
                                       settings.seconds, "-D", "192.0.2.2", *options,
                                       "udp"]) as sending:
            sent = sending.finish(settings.seconds)
        return mib_to_gbps(sent), sending.cores, None
    return Arm(f"liburing send-zerocopy, {label}", run, unlike="one hot buffer; counts what it sent")


def folder_of(variable):
    """Where the user has a peer; None where it was not named."""
    folder = os.environ.get(variable)
    if folder and not os.path.exists(folder):
        raise SystemExit(f"bench/peers.sh: {variable}={folder}: there is no such file or directory")
    return folder
