"""Ends of a peer: processes on a CPU, what they print and what they cost. Linux only."""
import os
import signal
import subprocess
import time

from program import NotRun

PATIENCE_S = 10


class End:
    """One process on one CPU. It dies with this one, however this one ends."""

    def __init__(self, cpu, command):
        pinned = ["setpriv", "--pdeathsig", "KILL", "taskset", "-c", str(cpu)]
        self.name = os.path.basename(command[0])
        self.output = ""
        self.error = ""
        self.cores = None
        self._ended = False
        try:
            self._process = subprocess.Popen(
                pinned + [str(word) for word in command], stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
        except FileNotFoundError as missing:
            raise NotRun(f"{missing.filename} is not installed") from missing
        self._begun_s = time.monotonic()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._ended:
            return
        self._signal(signal.SIGKILL)
        self._collect()

    def first_line(self):
        """What a bare loop says when it listens."""
        line = self._process.stdout.readline().strip()
        if not line:
            self._collect()
            raise NotRun(f"{self.name}: {self.error.strip()}")
        return line

    def wait_until_listening(self, port, kind="tcp"):
        """Looks at the namespace's sockets: connecting would use up a server of one client."""
        wanted = f":{port:04X}"
        deadline_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline_s:
            for table in (kind, kind + "6"):
                if listens(table, wanted):
                    return
            if self._exited():
                self._collect()
                raise NotRun(f"{self.name} ended: {(self.error or self.output).strip()[-200:]}")
            time.sleep(0.01)
        raise NotRun(f"{self.name} does not listen on port {port}")

    def finish(self, seconds=0):
        """Waits for it to end by itself; what it printed, to standard error where that is all."""
        deadline_s = time.monotonic() + seconds + PATIENCE_S
        while not self._exited():
            if time.monotonic() > deadline_s:
                raise NotRun(f"{self.name} did not end")
            time.sleep(0.01)
        status = self._collect()
        if status != 0:
            raise NotRun(f"{self.name} ended with {status}: "
                         f"{(self.error or self.output).strip()[-200:]}")
        return self.output or self.error

    def stop(self):
        """Ends a server that would serve for ever; what it printed."""
        self._signal(signal.SIGTERM)
        deadline_s = time.monotonic() + 2
        while not self._exited():
            if time.monotonic() > deadline_s:
                self._signal(signal.SIGKILL)
            time.sleep(0.01)
        self._collect()
        return self.output

    def _signal(self, number):
        """Not by Popen, which would collect one that has ended, and its usage with it."""
        os.kill(self._process.pid, number)

    def _exited(self):
        """Without collecting it, which wait4() does."""
        return os.waitid(os.P_PID, self._process.pid,
                         os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def _collect(self):
        _, status, usage = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self.cores = (usage.ru_utime + usage.ru_stime) / (time.monotonic() - self._begun_s)
        self.output += self._process.stdout.read()
        self.error += self._process.stderr.read()
        self._process.stdout.close()
        self._process.stderr.close()
        self._ended = True
        return self._process.returncode


def listens(table, wanted):
    bound = "0A" if table.startswith("tcp") else "07"
    with open(f"/proc/net/{table}", encoding="ascii") as sockets:
        return any(fields[1].endswith(wanted) and fields[3] == bound
                   for fields in map(str.split, list(sockets)[1:]))
