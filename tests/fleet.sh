#!/usr/bin/env bash
# bench/fleet over hosts of its own: it ends, says what is missing, leaves nothing, and goes on.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'USAGE'
usage: tests/fleet.sh [--keep DIR] [URINGBENCH]

Makes seven hosts on this machine, each an sshd with a network, processes and a root file system of its own (an
overlay in memory over this machine's), and runs bench/fleet/fleet.yml over them, three times:

  good, packaged  nothing is wrong; the second gets a Debian package
  dies            all of its processes are killed in mid-study, its disk stays; back for the second run
  full            its remote directory has room for a part of the study; for the second run it has more
  forbidden       io_uring_setup(2) is refused
  server, load    a two-host study

The first run ends with the good studies there and the others named; the second goes on with those; the third has
nothing to do. Needs root. Takes two or three minutes on two CPUs, and is ended after five.

  --keep DIR      the results, the logs and the hosts' lists of files go there
  URINGBENCH      the program (default: build/release/src/uringbench)
USAGE
}

keep=''
program=build/release/src/uringbench
while [ $# -gt 0 ]; do
  case $1 in
    --keep)
      [ $# -ge 2 ] || { echo "tests/fleet.sh: --keep needs a directory" >&2 && exit 2; }
      keep=$(realpath -m "$2")
      shift 2
      ;;
    --help | -h) usage && exit 0 ;;
    -*)
      echo "tests/fleet.sh: '$1' is not known; --help lists the options" >&2
      exit 2
      ;;
    *) program=$1 && shift ;;
  esac
done
[ -x "$program" ] || { echo "tests/fleet.sh: '$program' cannot be run; build it, or name another" >&2 && exit 2; }
[ "$(id -u)" -eq 0 ] || { echo "tests/fleet.sh: namespaces and mounts need root" >&2 && exit 2; }
cmake/install_packages.sh fleet
[ -n "${UB_FLEET_INSIDE:-}" ] || ansible-lint -q --nocolor --offline bench/fleet/fleet.yml

# In namespaces of its own: networks, mounts and processes end with the script, however it ends.
if [ -z "${UB_FLEET_INSIDE:-}" ]; then
  export UB_FLEET_INSIDE=yes
  exec timeout --kill-after=10 300 unshare --mount --net --pid --fork --kill-child --mount-proc \
    "$0" ${keep:+--keep "$keep"} "$(realpath "$program")"
fi

hosts=(good packaged dies full forbidden server load)
scratch=/mnt/fleet # hosts see their own /mnt
mount -t tmpfs none /mnt
mkdir -p $scratch/{disks,keys,bin,logs}
bring_back() {
  [ -n "$keep" ] || return 0
  mkdir -p "$keep"
  cp -r $scratch/logs "$keep"
  [ ! -e $scratch/results ] || cp -r $scratch/results "$keep"
}
trap bring_back EXIT
trap 'exit 143' TERM

fail() {
  echo "tests/fleet.sh: FAILED: $*" >&2
  exit 1
}

# eventually COMMAND...: within 20 s.
eventually() {
  local end=$((SECONDS + 20))
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.05
  done
}

ssh-keygen -q -t ed25519 -N '' -f $scratch/keys/host
ssh-keygen -q -t ed25519 -N '' -f $scratch/keys/user
cat >$scratch/keys/config <<CONFIG
User root
IdentityFile $scratch/keys/user
StrictHostKeyChecking no
UserKnownHostsFile $scratch/keys/known
LogLevel ERROR
CONFIG
printf '#!/bin/sh\nexec /usr/bin/ssh -F %s "$@"\n' $scratch/keys/config >$scratch/bin/ssh
printf '#!/bin/sh\nexec /usr/bin/sftp -F %s "$@"\n' $scratch/keys/config >$scratch/bin/sftp
chmod +x $scratch/bin/*
mkdir $scratch/home

cat >$scratch/bin/refuse_io_uring <<'PYTHON'
#!/usr/bin/python3
import errno, os, seccomp, sys
rules = seccomp.SyscallFilter(seccomp.ALLOW)
rules.add_rule(seccomp.ERRNO(errno.EPERM), "io_uring_setup")
rules.load()
os.execvp(sys.argv[1], sys.argv[1:])
PYTHON
chmod +x $scratch/bin/refuse_io_uring

ip link set lo up
ip link add fleet type bridge
ip addr add 198.18.7.254/24 dev fleet
ip link set fleet up

# What a host is, from inside: a root over this machine's, and an sshd.
cat >$scratch/bin/host <<'HOST'
#!/usr/bin/env bash
set -euo pipefail
name=$1 disk=/mnt/fleet/disks/$1
mkdir -p "$disk"/{upper,work,root}
# What stands there before anything runs does not count as left behind.
mkdir -p "$disk"/upper/{etc/ssh,mnt,run,tmp,var/tmp}
chmod 1777 "$disk"/upper/{tmp,var/tmp}
cp /mnt/fleet/keys/{host,user.pub} "$disk/upper/etc/ssh/"
mount -t overlay overlay -o "lowerdir=/,upperdir=$disk/upper,workdir=$disk/work" "$disk/root"
mount -t proc proc "$disk/root/proc"
mount --rbind /sys "$disk/root/sys"
mount --rbind /dev "$disk/root/dev"
mount -t tmpfs none "$disk/root/run"
mount -t tmpfs none "$disk/root/dev/shm"
mkdir "$disk/root/run/sshd"
if [ "$name" = full ]; then
  mkdir -p "$disk/upper/var/tmp/uringbench-fleet" "$disk/small"
  mount --bind "$disk/small" "$disk/root/var/tmp/uringbench-fleet"
fi
wrapper=()
[ "$name" != forbidden ] || wrapper=(/mnt/fleet/bin/refuse_io_uring)
exec "${wrapper[@]}" chroot "$disk/root" /usr/sbin/sshd -D -e -f /dev/null -h /etc/ssh/host -o PidFile=none \
  -o StrictModes=no -o UsePAM=no -o PermitRootLogin=yes -o AuthorizedKeysFile=/etc/ssh/user.pub -o PrintMotd=no \
  -o 'Subsystem=sftp internal-sftp'
HOST
chmod +x $scratch/bin/host

declare -A address init
number=0
for host in "${hosts[@]}"; do
  number=$((number + 1))
  address[$host]=198.18.7.$number
done

answers() { "$scratch/bin/ssh" -o BatchMode=yes "$1" true 2>/dev/null; }

# boot HOST
boot() {
  local host=$1
  unshare --net --mount --pid --fork --kill-child --mount-proc $scratch/bin/host "$host" >>"$scratch/logs/$host.sshd" 2>&1 &
  init[$host]=$!
  eventually test -e "/proc/${init[$host]}/ns/net" || fail "$host has no namespaces"
  eventually in_its_own "${init[$host]}" || fail "$host has no network"
  ip link add "to-$host" type veth peer name e0 netns "${init[$host]}"
  ip link set "to-$host" master fleet up
  nsenter --target "${init[$host]}" --net sh -c "ip link set lo up && ip addr add ${address[$host]}/24 dev e0 && ip link set e0 up"
  eventually answers "${address[$host]}" || fail "$host does not answer: $(tail -n 3 "$scratch/logs/$host.sshd")"
}
in_its_own() { [ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }

program_bytes=$(stat -c %s "$program")
mkdir -p $scratch/disks/full/small
# The program, and a part of the study.
mount -t tmpfs -o "size=$((program_bytes + 300000))" none $scratch/disks/full/small

# What cpack's package holds is for tests/package.sh; here it is how one is installed and removed.
mkdir -p $scratch/deb/{DEBIAN,usr/bin}
install "$program" $scratch/deb/usr/bin/uringbench
cat >$scratch/deb/DEBIAN/control <<'CONTROL'
Package: uringbench
Version: 0.1.0
Architecture: amd64
Maintainer: nobody <nobody@example.org>
Description: the program, for a test
CONTROL
dpkg-deb --build --root-owner-group -Znone $scratch/deb $scratch/uringbench.deb >/dev/null

{
  echo 'all:'
  echo '  hosts:'
  for host in good packaged forbidden server dies full; do
    echo "    $host:"
    echo "      ansible_host: ${address[$host]}"
    case $host in
      packaged) echo "      uringbench_install: package" && echo "      uringbench_package: $scratch/uringbench.deb" ;;
      forbidden) echo "      uringbench_type: container" ;;
      server) echo "      uringbench_load_host: load" && echo "      uringbench_type: pair" ;;
    esac
  done
  echo '  children:'
  echo '    load_generators:'
  echo '      hosts:'
  echo "        load: {ansible_host: ${address[load]}}"
} >$scratch/inventory.yml

# play RUN: the playbook, as docs/fleet.md has it. The CPUs are shared by all of these hosts.
play() {
  local status=0
  env HOME=$scratch/home PATH="$scratch/bin:$PATH" ANSIBLE_NOCOLOR=1 ANSIBLE_SSH_CONTROL_PATH_DIR=$scratch/home/cp \
    ANSIBLE_TIMEOUT=3 ANSIBLE_LOCAL_TEMP=$scratch/home/tmp \
    ansible-playbook -i $scratch/inventory.yml bench/fleet/fleet.yml -e @$scratch/variables.yml \
    >"$scratch/logs/run$1" 2>&1 || status=$?
  return $status
}
cat >$scratch/variables.yml <<VARIABLES
uringbench_hosts: all:!load_generators
uringbench_program: $(realpath "$program")
uringbench_results: $scratch/results
uringbench_study: test
uringbench_options: --mode 'pthread,epoll,*-send-zc' --size 4K,64K --reps 4 --duration 30ms --warmup 10ms
uringbench_doctor: mark
uringbench_doctor_options: --quick
uringbench_ssh_retries: 0
uringbench_limit_s: 60
uringbench_poll_s: 2
# The second batch is one in which nothing goes well: that must not end the run.
uringbench_serial: [4, 2]
VARIABLES

# lines_in FILE
lines_in() { if [ -e "$1" ]; then wc -l <"$1"; else echo 0; fi; }
outcome_of() { jq -r .state "$scratch/results/test/$1/outcome.json"; }
is_state() { [ "$(outcome_of "$1")" = "$2" ] || fail "$1 is $(cat "$scratch/results/test/$1/outcome.json"), not $2"; }

# listing HOST: what of its root is not this machine's. The databases of dpkg and apt are their own.
listing() {
  (cd "$scratch/disks/$1/upper" && find . -path ./var/log -prune -o -print | sort) |
    if [ "$1" = packaged ]; then grep -vxE '\./usr(/bin)?|\./var/(cache|lib)(/(apt|debconf|dpkg)(/.*)?)?'; else cat; fi
}
# leaves_nothing HOST: no process but sshd's, no file that was not there.
leaves_nothing() {
  local others
  others=$(nsenter --target "$(pgrep -P "${init[$1]}")" --pid --mount ps -eo comm= | grep -vxE 'sshd|ps|nsenter' || true)
  [ -z "$others" ] || fail "$1 still runs $others"
  others=$(nsenter --target "$(pgrep -P "${init[$1]}")" --mount --root ls -A /dev/shm)
  [ -z "$others" ] || fail "in the memory of $1 is left: $others"
  listing "$1" >"$scratch/logs/$1.after"
  diff "$scratch/logs/$1.before" "$scratch/logs/$1.after" >&2 || fail "files are left on $1"
}

for host in "${hosts[@]}"; do
  boot "$host"
  listing "$host" >"$scratch/logs/$host.before"
done

echo "=== first run: a host dies, another's disk is full"
samples=$scratch/disks/dies/upper/var/tmp/uringbench-fleet/study/samples.jsonl
(
  until [ "$(lines_in "$samples")" -ge 12 ]; do sleep 0.1; done
  kill -KILL "${init[dies]}"
) &
watcher=$!
start=$SECONDS
play 1 && fail "the first run says that all is well"
wait $watcher
echo "$((SECONDS - start)) s"
sed -n '/Say what became/,/^}/p' $scratch/logs/run1
for host in good packaged forbidden server; do is_state "$host" complete; done
if grep -qx 'Package: uringbench' $scratch/disks/packaged/upper/var/lib/dpkg/status; then fail "the package is left"; fi
is_state dies lost
is_state full failed
for host in good packaged full forbidden; do leaves_nothing "$host"; done

echo "=== second run: the host is back, and the disk has room"
mount -o remount,size=100M $scratch/disks/full/small
before=$(lines_in "$samples")
ip link del to-dies 2>/dev/null || true
boot dies
start=$SECONDS
play 2 || fail "the second run ended with an error: $(tail -n 5 $scratch/logs/run2)"
echo "$((SECONDS - start)) s"
for host in good packaged dies full forbidden server; do is_state "$host" complete; done
for host in "${hosts[@]}"; do leaves_nothing "$host"; done
for host in good packaged dies forbidden server; do
  jq -e '.left == []' "$scratch/results/test/$host/outcome.json" >/dev/null || fail "something is said to be left on $host"
done
# There the directory is a mount point, which cannot be removed.
jq -e '.left | length == 1' "$scratch/results/test/full/outcome.json" >/dev/null || fail "what is left on full is not said"
# A continued study has an environment each time.
for host in dies full; do
  [ "$(grep -c '"record":"environment"' "$scratch/results/test/$host/samples.jsonl")" -eq 2 ] ||
    fail "the study of $host was begun anew, not continued"
done
[ "$before" -ge 12 ] || fail "the disk of dies lost its samples"
for format in text json csv html; do
  test -s "$scratch/results/test/matrix/all.$format" || fail "there is no matrix as $format"
done
head -n 25 $scratch/results/test/matrix/types.text

echo "=== third run: nothing is left to do"
start=$SECONDS
play 3 || fail "the third run ended with an error"
echo "$((SECONDS - start)) s"
if grep -E 'changed=[1-9]' $scratch/logs/run3; then fail "the third run changed something"; fi
echo "good studies were there after the first run, the others after the second, and nothing was left behind"
